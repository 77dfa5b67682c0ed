#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "secure/locked_bytes.h"

namespace assay::secure {

constexpr size_t key_bytes = 32;

/// How a password becomes a key. It is kept beside what that key wraps, so that it can be made harder later.
struct KeyDerivation {
  enum class Function : uint8_t {
    argon2id,           ///< RFC 9106
    pbkdf2_hmac_sha256  ///< RFC 8018; where only functions approved by FIPS 140-3 may be used (SP 800-132)
  };
  Function function = Function::argon2id;
  uint64_t rounds = 0;        ///< passes of Argon2, iterations of PBKDF2
  uint64_t memory_bytes = 0;  ///< of Argon2; else 0
  std::string salt;           ///< 16 random bytes
};

std::string_view to_string(KeyDerivation::Function function) noexcept;

/// With a new salt. `name`: "argon2id" (3 passes over 256 MiB, libsodium's MODERATE), "argon2id-interactive" (2 passes
/// over 64 MiB), "pbkdf2-hmac-sha256" (600,000 iterations). Throws core::Error(bad_input) for another.
KeyDerivation new_derivation(std::string_view name);

/// As it was kept. Throws core::Error(permanent) for what this Assay does not know, for fewer rounds than it would
/// choose, and for so many that someone must have put them there to occupy it.
KeyDerivation known_derivation(std::string_view function, int64_t rounds, int64_t memory_bytes, std::string salt);

/// `key_bytes` of key. Takes most of a second, on purpose. Throws core::Error(transient) without enough memory.
LockedBytes derive_key(const LockedBytes& password, const KeyDerivation& derivation);

/// PBKDF2 with HMAC-SHA-256 alone; for derive_key() and for the vectors of its test.
void pbkdf2_hmac_sha256(std::string_view password, std::string_view salt, uint64_t iterations, LockedBytes& key);

}  // namespace assay::secure
