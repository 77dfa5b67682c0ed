#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace assay::classify {

/// Keccak-256 with the original padding (0x01), as Ethereum uses it; not SHA3-256. For messages of at most 135 bytes,
/// which is one block; longer ones are cut.
std::array<uint8_t, 32> keccak256_of_one_block(std::string_view message) noexcept;

}  // namespace assay::classify
