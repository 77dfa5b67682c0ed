#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::core {

/// Reads "4096", "64K", "64 KiB", "1g": a number of bytes with an optional binary unit (1K = 1024; K, M, G, T, each
/// also with B or iB; case does not matter). nullopt for anything else and for what 64 bits do not hold.
std::optional<uint64_t> parse_byte_size(std::string_view text) noexcept;

}  // namespace assay::core
