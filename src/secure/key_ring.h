#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "secure/key_derivation.h"
#include "secure/locked_bytes.h"
#include "secure/secret_store.h"

namespace assay::secure {

/// The key that wraps all others, and the envelope that it is for. What a key file holds.
struct MasterKey {
  std::string envelope_id;
  LockedBytes bytes;
};

/// The keys of one database, in the open:
///
///     password -> Argon2id or PBKDF2 -> master key -> wraps random keys: data (generations), fingerprint, audit
///
/// Keys are bound to their purpose, generation and envelope. Values are sealed with the active data key, and bound to
/// their column and row. Not thread-safe.
class KeyRing {
 public:
  /// New keys under a password; the envelope is still to be kept. `fingerprint_key`: 32 bytes to go on with.
  static std::pair<KeyEnvelope, KeyRing> create(const LockedBytes& password, const KeyDerivation& derivation,
                                                const LockedBytes* fingerprint_key = nullptr);

  /// Throws core::Error: denied for a wrong password, permanent for an envelope that is damaged or newer.
  static KeyRing unlock(const KeyEnvelope& envelope, const LockedBytes& password);
  /// Throws core::Error(denied) when it is for another database or an earlier password.
  static KeyRing unlock(const KeyEnvelope& envelope, MasterKey master);

  /// The same keys, wrapped by another password. Its version is the next one.
  std::pair<KeyEnvelope, KeyRing> rewrapped(const LockedBytes& password, const KeyDerivation& derivation) const;
  /// The next generation of the data key, as the envelope would have it.
  WrappedKey next_data_key() const;
  /// Takes in what changed since; throws as unlock() does when the password was changed.
  void refresh(const KeyEnvelope& envelope);

  int64_t active_generation() const noexcept { return active_; }
  bool has_generation(int64_t generation) const { return data_.contains(generation); }
  size_t generations() const noexcept { return data_.size(); }
  int64_t version() const noexcept { return envelope_.version; }
  const std::string& envelope_id() const noexcept { return envelope_.id; }

  /// Sealed with the active data key. Its length tells that of the secret to within 64 bytes only.
  std::string seal_value(std::string_view column, std::string_view row, std::string_view plain) const;
  /// Nothing when it was sealed for another place, or damaged. Throws core::Error(bug) for a generation that is not
  /// here.
  std::optional<LockedBytes> unseal_value(std::string_view column, std::string_view row, int64_t generation,
                                          std::string_view sealed) const;

  const LockedBytes& fingerprint_key() const noexcept { return fingerprint_; }
  const LockedBytes& audit_key() const noexcept { return audit_; }
  MasterKey master_key() const { return {envelope_.id, master_.copy()}; }

 private:
  KeyRing() = default;
  void take(const KeyEnvelope& envelope);

  KeyEnvelope envelope_;  // as it was last read
  LockedBytes master_, fingerprint_, audit_;
  std::map<int64_t, LockedBytes> data_;
  int64_t active_ = 0;
};

}  // namespace assay::secure
