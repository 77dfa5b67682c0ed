#include "secure/key_derivation.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sodium.h>

#include "core/error.h"

namespace assay::secure {
namespace {

using Function = KeyDerivation::Function;

constexpr size_t salt_bytes = crypto_pwhash_argon2id_SALTBYTES;
constexpr uint64_t pbkdf2_iterations = 600'000;  // OWASP, Password Storage Cheat Sheet, 2023
constexpr uint64_t most_pbkdf2_iterations = 100'000'000;
constexpr uint64_t least_memory_bytes = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;
constexpr uint64_t most_memory_bytes = 4ULL << 30;
constexpr uint64_t least_passes = 2, most_passes = 64;

std::string new_salt() {
  std::string salt(salt_bytes, '\0');
  randombytes_buf(salt.data(), salt.size());
  return salt;
}

[[noreturn]] void refuse(const std::string& what) {
  throw core::Error(core::ErrorKind::permanent, "the keys of the database cannot be used: " + what);
}

}  // namespace

std::string_view to_string(Function function) noexcept {
  return function == Function::argon2id ? "argon2id" : "pbkdf2-hmac-sha256";
}

KeyDerivation new_derivation(std::string_view name) {
  const LockedBytes starts_the_library(1);
  if (name == "argon2id")
    return {.function = Function::argon2id,
            .rounds = crypto_pwhash_argon2id_OPSLIMIT_MODERATE,
            .memory_bytes = crypto_pwhash_argon2id_MEMLIMIT_MODERATE,
            .salt = new_salt()};
  if (name == "argon2id-interactive")
    return {.function = Function::argon2id,
            .rounds = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
            .memory_bytes = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE,
            .salt = new_salt()};
  if (name == "pbkdf2-hmac-sha256")
    return {
        .function = Function::pbkdf2_hmac_sha256, .rounds = pbkdf2_iterations, .memory_bytes = 0, .salt = new_salt()};
  throw core::Error(core::ErrorKind::bad_input, fmt::format("there is no key derivation '{}'", name));
}

KeyDerivation known_derivation(std::string_view function, int64_t rounds, int64_t memory_bytes, std::string salt) {
  KeyDerivation derivation{.function = Function::argon2id,
                           .rounds = static_cast<uint64_t>(rounds),
                           .memory_bytes = static_cast<uint64_t>(memory_bytes),
                           .salt = std::move(salt)};
  if (derivation.salt.size() != salt_bytes) refuse("their salt is damaged");
  if (function == to_string(Function::pbkdf2_hmac_sha256)) {
    derivation.function = Function::pbkdf2_hmac_sha256;
    if (derivation.rounds < pbkdf2_iterations || derivation.rounds > most_pbkdf2_iterations)
      refuse(fmt::format("{} iterations are out of range", rounds));
    return derivation;
  }
  if (function != to_string(Function::argon2id)) refuse("a newer Assay made them");
  if (derivation.rounds < least_passes || derivation.rounds > most_passes ||
      derivation.memory_bytes < least_memory_bytes || derivation.memory_bytes > most_memory_bytes)
    refuse(fmt::format("{} passes over {} bytes are out of range", rounds, memory_bytes));
  return derivation;
}

void pbkdf2_hmac_sha256(std::string_view password, std::string_view salt, uint64_t iterations, LockedBytes& key) {
  if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                        reinterpret_cast<const unsigned char*>(salt.data()), static_cast<int>(salt.size()),
                        static_cast<int>(iterations), EVP_sha256(), static_cast<int>(key.size()), key.data()) != 1)
    throw core::Error(core::ErrorKind::permanent, "the cryptography library OpenSSL cannot derive a key here");
}

LockedBytes derive_key(const LockedBytes& password, const KeyDerivation& derivation) {
  LockedBytes key(key_bytes);
  if (derivation.function == Function::pbkdf2_hmac_sha256) {
    pbkdf2_hmac_sha256(password.reveal(), derivation.salt, derivation.rounds, key);
    return key;
  }
  const std::string_view text = password.reveal();
  if (crypto_pwhash(key.data(), key.size(), text.data(), text.size(),
                    reinterpret_cast<const unsigned char*>(derivation.salt.data()), derivation.rounds,
                    derivation.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw core::Error(core::ErrorKind::transient,
                      fmt::format("the key cannot be derived from the password: that takes {} MiB of memory",
                                  derivation.memory_bytes >> 20));
  return key;
}

}  // namespace assay::secure
