#pragma once

#include <array>
#include <string>
#include <string_view>

namespace assay::connect {

using Digest = std::array<unsigned char, 32>;

/// SHA-256 (FIPS 180-4) and HMAC with it (RFC 2104), for the signatures that object stores ask for.
Digest sha256(std::string_view bytes);
Digest hmac_sha256(std::string_view key, std::string_view bytes);

std::string_view bytes_of(const Digest& digest) noexcept;
std::string hex(std::string_view bytes);

/// Base64 (RFC 4648, 4).
std::string base64(std::string_view bytes);
/// With the alphabet of section 5 and without padding.
std::string base64_url(std::string_view bytes);
/// Throws core::Error(bad_input) for what is no base64, without showing it.
std::string from_base64(std::string_view text);

}  // namespace assay::connect
