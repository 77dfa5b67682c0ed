#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::classify {

/// What a validator says of a candidate whose pattern matched.
enum class Check : uint8_t {
  invalid,    ///< cannot be one: the candidate is dropped
  plausible,  ///< nothing speaks against it, but no checksum speaks for it: base confidence stands
  valid,      ///< a checksum or a closed list of codes agrees: the rule's validated confidence holds
};

/// `value` is the matched bytes, separators included. Pure, no allocation, at most a microsecond, never throws.
using CheckFunction = Check (*)(std::string_view value) noexcept;

struct Validator {
  std::string_view name;      ///< as rules name it: "us_ssn"
  std::string_view standard;  ///< the issuer's document that defines the check
  CheckFunction check;
  /// Whether it ever says valid. Where it does not, a match that is too weak without context need not be checked.
  bool can_prove = true;
};

/// All validators, every country. Names are unique.
std::span<const Validator> all_validators();

/// nullptr when there is none of that name.
const Validator* find_validator(std::string_view name) noexcept;

}  // namespace assay::classify
