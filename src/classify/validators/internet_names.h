#pragma once

#include <cstdint>
#include <string_view>

namespace assay::classify {

enum class TopLevelDomain : uint8_t {
  impossible,  ///< digits, or the extension of a common kind of file that is no domain
  unlisted,    ///< looks like one, but is not in the list below
  known,       ///< a country's or one of the widely used generic domains (IANA root zone database)
};

/// `label` is the part after the last dot, in any case, UTF-8 or punycode.
TopLevelDomain top_level_domain(std::string_view label) noexcept;

/// A host name of two labels or more by the rules of RFC 1123 section 2.1; labels may hold UTF-8 (RFC 5890).
bool is_host_name(std::string_view host) noexcept;

/// Four decimal octets without leading zeros, or any text form of RFC 4291 section 2.2.
bool is_ipv4(std::string_view text) noexcept;
bool is_ipv6(std::string_view text) noexcept;

}  // namespace assay::classify
