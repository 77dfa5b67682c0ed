#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::scan {

/// Seals what an examiner knows of a part of a table, raw values in it, for the time that it waits in the store for the
/// other parts: only an examiner with the same fingerprint key opens it. XChaCha20-Poly1305
/// (draft-irtf-cfrg-xchacha) with the plain text's keyed BLAKE2b as nonce, since there is no randomness in the sandbox:
/// two texts have the same nonce only if they are equal.
class PartSeal {
 public:
  /// Keys are made of the fingerprint key and serve nothing else.
  explicit PartSeal(std::string_view fingerprint_key);

  std::string seal(std::string_view place, std::string_view plain) const;
  /// Nothing when the key or the place is another, or a bit has changed.
  std::optional<std::string> unseal(std::string_view place, std::string_view sealed) const;

 private:
  std::array<uint8_t, 32> sealing_key_{}, nonce_key_{};
};

}  // namespace assay::scan
