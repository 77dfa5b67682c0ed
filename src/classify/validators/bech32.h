#pragma once

#include <cstdint>
#include <string_view>

namespace assay::classify {

enum class Bech32 : uint8_t { broken, bech32, bech32m };

/// Which checksum `text` (at most `longest` characters, one case throughout) carries; BIP 173 and BIP 350.
Bech32 bech32_checksum(std::string_view text, size_t longest = 90) noexcept;

/// A segregated-witness address of the network with the human-readable part `network` in lower case ("bc").
bool is_segwit_address(std::string_view text, std::string_view network) noexcept;

}  // namespace assay::classify
