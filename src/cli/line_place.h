#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace assay::cli {

/// A place in a file, as editors and compilers write it.
struct LinePlace {
  std::string path;
  uint64_t line = 0;               ///< 1-based
  std::optional<uint64_t> column;  ///< 1-based
};

/// Reads FILE:LINE or FILE:LINE:COLUMN. A path may hold colons, even before digits: where both readings are possible,
/// FILE:LINE wins when `exists` says that there is such a file. Throws core::Error(bad_input) for anything else.
LinePlace parse_line_place(const std::string& text, const std::function<bool(const std::string&)>& exists);

}  // namespace assay::cli
