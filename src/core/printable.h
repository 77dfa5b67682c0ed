#pragma once

#include <string>
#include <string_view>

namespace assay::core {

/// `bytes` as valid UTF-8 on one line: control characters and bytes that are no UTF-8 become \xNN. At most `max_bytes`
/// in all: what is longer ends in "...". What was made printable stays as it is when it is made so again.
std::string printable(std::string_view bytes, size_t max_bytes);

/// Whether it is ASCII that printable() leaves as it is.
bool is_printable(std::string_view bytes, size_t max_bytes);

}  // namespace assay::core
