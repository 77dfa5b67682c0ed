#pragma once

#include <string>
#include <string_view>

namespace assay::core {

/// `bytes` as valid UTF-8 on one line: control characters and bytes that are no UTF-8 become \xNN. At most `max_bytes`,
/// cut with "..." behind.
std::string printable(std::string_view bytes, size_t max_bytes);

}  // namespace assay::core
