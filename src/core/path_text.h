#pragma once

#include <string>
#include <string_view>

namespace assay::core {

/// A path, which may be any bytes, as valid UTF-8 on one line that tells them all: a backslash becomes `\\`, control
/// characters and bytes that are no UTF-8 become `\xNN` with capital digits. Databases and JSON hold paths so.
std::string path_to_text(std::string_view path);

/// The bytes again. Throws core::Error(bad_input) for what path_to_text() does not write.
std::string path_from_text(std::string_view text);

}  // namespace assay::core
