#pragma once

#include <cstddef>
#include <string_view>

namespace assay::core {

/// Length of the UTF-8 character (RFC 3629) at the front of `bytes`, which is not empty; 0 when it is none.
size_t utf8_character_bytes(std::string_view bytes) noexcept;

}  // namespace assay::core
