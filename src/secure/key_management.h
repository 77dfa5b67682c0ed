#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "secure/key_ring.h"
#include "secure/secret_store.h"

/// What is done with the keys of a database. Each step is one transaction of the store, so a process that dies between
/// any two leaves every value readable, and whoever comes next goes on.
namespace assay::secure {

/// The envelope. Throws core::Error(not_found) with what to do when there is none.
KeyEnvelope existing_envelope(SecretStore& store);

/// Throws core::Error(bad_input) when the database has keys already.
KeyRing create_keys(SecretStore& store, const LockedBytes& password, const KeyDerivation& derivation,
                    const LockedBytes* fingerprint_key = nullptr);

/// Wraps all keys by another password, in one transaction; values are not touched. Whoever holds keys goes on with
/// them; key files of the old password do not unlock any more.
KeyRing change_password(SecretStore& store, KeyRing ring, const LockedBytes& password, const KeyDerivation& derivation);

struct Rotation {
  bool resumed = false;  ///< one that had been interrupted was ended, and no further key was made
  size_t resealed = 0;
  size_t removed_keys = 0;
};

/// Makes a new data key, seals every value with it, one by one, and removes the old one. Where values of an old key are
/// left from a rotation that was interrupted, goes on with that one instead. `resealed` is told of each value.
/// Processes that read meanwhile find the new key by themselves.
Rotation rotate_data_key(SecretStore& store, KeyRing& ring, const std::function<void(size_t)>& resealed = nullptr);

}  // namespace assay::secure
