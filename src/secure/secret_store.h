#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the database keeps of keys and credentials: only what was sealed. Plain values, and the operations that
/// `store/` implements (docs/operations.md).
namespace assay::secure {

/// A key as the database has it: sealed with the key that the master password gives.
struct WrappedKey {
  std::string purpose;     ///< "data", "fingerprint" or "audit"
  int64_t generation = 1;  ///< of its purpose
  bool is_active = true;   ///< data: new values are sealed with this one
  std::string wrapped;
  int64_t created_at = 0;
};

/// All keys of a database, and how their key comes from the password.
struct KeyEnvelope {
  std::string id;       ///< 16 hex digits; another one after each change of the password
  int64_t version = 0;  ///< grows with every change
  std::string derivation;
  int64_t rounds = 0, memory_bytes = 0;
  std::string salt;
  int64_t created_at = 0, changed_at = 0;
  std::vector<WrappedKey> keys;  ///< by purpose and generation
};

struct CredentialFacts {
  std::string name;
  int64_t key_generation = 0;
  int64_t version = 0;  ///< grows whenever its row is written
  int64_t created_at = 0;
  int64_t changed_at = 0;  ///< when its value was last set
};
struct SealedCredential {
  CredentialFacts facts;
  std::string sealed;
};

class SecretStore {
 public:
  SecretStore() = default;
  SecretStore(const SecretStore&) = delete;
  SecretStore& operator=(const SecretStore&) = delete;
  virtual ~SecretStore() = default;

  // -- keys. Whatever changes them checks the envelope's version, and returns false when it is another.
  virtual std::optional<KeyEnvelope> find_key_envelope() = 0;
  virtual bool create_key_envelope(const KeyEnvelope& envelope) = 0;  ///< false: there is one
  /// The same keys, wrapped by another.
  virtual bool rewrap_keys(const KeyEnvelope& envelope, int64_t version) = 0;
  /// It becomes the active one for data; values of the others are still to be read.
  virtual bool add_data_key(const WrappedKey& key, int64_t version) = 0;
  /// Data keys that are not active and that no credential needs; how many.
  virtual size_t remove_unused_data_keys() = 0;

  // -- credentials
  /// New, or another value. False: the generation is not the active one (any more).
  virtual bool put_credential(std::string_view name, int64_t key_generation, std::string_view sealed) = 0;
  virtual std::optional<SealedCredential> find_credential(std::string_view name) = 0;
  virtual std::vector<CredentialFacts> list_credentials() = 0;
  virtual bool remove_credential(std::string_view name) = 0;  ///< false: there is none
  /// Those whose key is not the active one, by name.
  virtual std::vector<SealedCredential> credentials_of_old_keys(size_t most) = 0;
  /// The same value under the active key. False: the row's version or the active key is another.
  virtual bool reseal_credential(const SealedCredential& credential) = 0;
};

}  // namespace assay::secure
