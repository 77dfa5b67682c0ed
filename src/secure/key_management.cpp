#include "secure/key_management.h"

#include <utility>

#include "core/error.h"
#include "secure/store_credentials.h"

namespace assay::secure {
namespace {

constexpr int most_tries = 5;
constexpr size_t batch = 100;

[[noreturn]] void give_up() {
  throw core::Error(core::ErrorKind::transient, "others change the keys at the same time; try again");
}

bool has_old_keys(const KeyEnvelope& envelope) {
  for (const WrappedKey& key : envelope.keys)
    if (!key.is_active) return true;
  return false;
}

void add_data_key(SecretStore& store, KeyRing& ring) {
  for (int i = 0; i < most_tries; ++i) {
    const bool is_added = store.add_data_key(ring.next_data_key(), ring.version());
    const KeyEnvelope envelope = existing_envelope(store);
    ring.refresh(envelope);
    if (is_added || has_old_keys(envelope)) return;  // or another began a rotation: then that one
  }
  give_up();
}

bool reseal(SecretStore& store, const KeyRing& ring, const SealedCredential& old) {
  const CredentialFacts& facts = old.facts;
  const auto plain = ring.unseal_value(credential_column, facts.name, facts.key_generation, old.sealed);
  if (!plain)
    throw core::Error(core::ErrorKind::permanent, "the credential '" + facts.name +
                                                      "' is damaged: set it again or remove it, then go on with "
                                                      "`assay key rotate`");
  SealedCredential replacement{.facts = facts,
                               .sealed = ring.seal_value(credential_column, facts.name, plain->reveal())};
  replacement.facts.key_generation = ring.active_generation();
  return store.reseal_credential(replacement);
}

}  // namespace

KeyEnvelope existing_envelope(SecretStore& store) {
  if (auto envelope = store.find_key_envelope()) return *envelope;
  throw core::Error(core::ErrorKind::not_found, "the database has no keys yet; `assay key init` makes them");
}

KeyRing create_keys(SecretStore& store, const LockedBytes& password, const KeyDerivation& derivation,
                    const LockedBytes* fingerprint_key) {
  const auto refuse = [] {
    throw core::Error(core::ErrorKind::bad_input,
                      "the database has keys already; `assay key change-password` changes their password");
  };
  if (store.find_key_envelope()) refuse();
  auto [envelope, ring] = KeyRing::create(password, derivation, fingerprint_key);
  if (!store.create_key_envelope(envelope)) refuse();
  return std::move(ring);
}

KeyRing change_password(SecretStore& store, KeyRing ring, const LockedBytes& password,
                        const KeyDerivation& derivation) {
  for (int i = 0; i < most_tries; ++i) {
    ring.refresh(existing_envelope(store));
    auto [envelope, next] = ring.rewrapped(password, derivation);
    if (store.rewrap_keys(envelope, ring.version())) return std::move(next);
  }
  give_up();
}

Rotation rotate_data_key(SecretStore& store, KeyRing& ring, const std::function<void(size_t)>& resealed) {
  Rotation rotation;
  const KeyEnvelope before = existing_envelope(store);
  ring.refresh(before);
  rotation.resumed = has_old_keys(before);
  if (!rotation.resumed) add_data_key(store, ring);
  int lost = 0;  // batches that began with the same row and of which none could be sealed
  std::string first;
  for (;;) {
    const auto old = store.credentials_of_old_keys(batch);
    if (old.empty()) break;
    const size_t resealed_before = rotation.resealed;
    const bool is_same = std::exchange(first, old.front().facts.name) == old.front().facts.name;
    for (const SealedCredential& credential : old) {
      if (!ring.has_generation(credential.facts.key_generation)) continue;  // another rotation has overtaken this one
      if (!reseal(store, ring, credential)) continue;                       // set or removed meanwhile
      ++rotation.resealed;
      if (resealed) resealed(rotation.resealed);
    }
    if (rotation.resealed != resealed_before) continue;
    lost = is_same ? lost + 1 : 0;
    if (lost >= most_tries) give_up();
    ring.refresh(existing_envelope(store));
  }
  rotation.removed_keys = store.remove_unused_data_keys();
  // Whoever changed the password meanwhile did not undo the rotation.
  if (const KeyEnvelope after = existing_envelope(store); after.id == ring.envelope_id()) ring.refresh(after);
  return rotation;
}

}  // namespace assay::secure
