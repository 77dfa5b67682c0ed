#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::scan {

/// Bytes of the file that is called as the one behind `fd` is now, with this suffix; 0 when there is none, nullopt when
/// that cannot be told.
std::optional<uint64_t> bytes_beside(int fd, std::string_view suffix);

}  // namespace assay::scan
