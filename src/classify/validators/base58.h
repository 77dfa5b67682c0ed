#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace assay::classify {

/// Bitcoin's base 58 alphabet: no 0, O, I, l.
inline constexpr std::string_view bitcoin_alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// The XRP ledger's order of the same characters.
inline constexpr std::string_view ripple_alphabet = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/// Decodes base58check into `bytes`, which must have exactly the size of version + payload + checksum (at most 32).
/// False when a character is foreign, the size differs, or the last four bytes are not the double SHA-256 of the rest.
bool decode_base58check(std::string_view text, std::string_view alphabet, std::span<uint8_t> bytes) noexcept;

}  // namespace assay::classify
