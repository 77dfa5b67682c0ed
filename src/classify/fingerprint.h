#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace assay::classify {

/// Tells equal values apart from different ones without keeping them: SipHash-2-4 with 128 bits of output (Aumasson and
/// Bernstein, 2012), keyed, over the entity and the value's letters and digits in lower case, so that "123-45-6789" and
/// "123 45 6789" agree. Secrets are taken as they are. Without the key a fingerprint cannot be tried against guesses.
class Fingerprinter {
 public:
  static constexpr size_t key_bytes = 32;

  /// `key`: key_bytes bytes; throws core::Error(bug) otherwise.
  explicit Fingerprinter(std::string_view key);

  std::array<uint8_t, 16> operator()(std::string_view entity, std::string_view value, bool is_secret) const;

 private:
  std::array<uint8_t, 16> key_{};
};

std::string to_hex(std::string_view bytes);

}  // namespace assay::classify
