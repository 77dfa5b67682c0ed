#include "secure/key_ring.h"

#include <fmt/format.h>
#include <sodium.h>

#include "core/error.h"
#include "secure/sealing.h"

namespace assay::secure {
namespace {

constexpr std::string_view data_purpose = "data", fingerprint_purpose = "fingerprint", audit_purpose = "audit";
constexpr size_t padding_bytes = 64;
constexpr size_t most_keys = 1000;  // generations that wait for their last value, at the very most

std::string new_envelope_id() {
  unsigned char random[8];
  randombytes_buf(random, sizeof random);
  std::string id;
  for (const unsigned char byte : random) id += fmt::format("{:02x}", byte);
  return id;
}

// The derivation is part of the place: nobody can put an easier one under the same wrapped keys.
std::string place_of_key(const KeyEnvelope& envelope, const WrappedKey& key) {
  return place_of({"key", envelope.id, envelope.derivation, std::to_string(envelope.rounds),
                   std::to_string(envelope.memory_bytes), key.purpose, std::to_string(key.generation)});
}

WrappedKey wrap(const KeyEnvelope& envelope, const LockedBytes& master, std::string_view purpose, int64_t generation,
                bool is_active, const LockedBytes& key) {
  WrappedKey wrapped{.purpose = std::string(purpose), .generation = generation, .is_active = is_active, .wrapped = {}};
  wrapped.wrapped = seal(master, place_of_key(envelope, wrapped), key.reveal());
  return wrapped;
}

KeyEnvelope new_envelope(const KeyDerivation& derivation) {
  KeyEnvelope envelope;
  envelope.id = new_envelope_id();
  envelope.version = 1;
  envelope.derivation = to_string(derivation.function);
  envelope.rounds = static_cast<int64_t>(derivation.rounds);
  envelope.memory_bytes = static_cast<int64_t>(derivation.memory_bytes);
  envelope.salt = derivation.salt;
  return envelope;
}

[[noreturn]] void refuse_damaged() {
  throw core::Error(core::ErrorKind::permanent, "the keys in the database are damaged or incomplete");
}

std::string place_of_value(std::string_view column, std::string_view row, int64_t generation) {
  return place_of({"value", column, row, std::to_string(generation)});
}

}  // namespace

std::pair<KeyEnvelope, KeyRing> KeyRing::create(const LockedBytes& password, const KeyDerivation& derivation,
                                                const LockedBytes* fingerprint_key) {
  KeyEnvelope envelope = new_envelope(derivation);
  KeyRing ring;
  ring.master_ = derive_key(password, derivation);
  const LockedBytes fingerprint = fingerprint_key ? fingerprint_key->copy() : LockedBytes::random(key_bytes);
  envelope.keys.push_back(wrap(envelope, ring.master_, audit_purpose, 1, true, LockedBytes::random(key_bytes)));
  envelope.keys.push_back(wrap(envelope, ring.master_, data_purpose, 1, true, LockedBytes::random(key_bytes)));
  envelope.keys.push_back(wrap(envelope, ring.master_, fingerprint_purpose, 1, true, fingerprint));
  ring.take(envelope);
  return {std::move(envelope), std::move(ring)};
}

KeyRing KeyRing::unlock(const KeyEnvelope& envelope, const LockedBytes& password) {
  KeyRing ring;
  ring.master_ = derive_key(
      password, known_derivation(envelope.derivation, envelope.rounds, envelope.memory_bytes, envelope.salt));
  ring.take(envelope);
  return ring;
}

KeyRing KeyRing::unlock(const KeyEnvelope& envelope, MasterKey master) {
  if (master.envelope_id != envelope.id)
    throw core::Error(core::ErrorKind::denied,
                      "the key file is for another database or for a password that was changed since; `assay key "
                      "unlock --write-key-file PATH` writes a new one");
  KeyRing ring;
  ring.master_ = std::move(master.bytes);
  ring.take(envelope);
  return ring;
}

void KeyRing::take(const KeyEnvelope& envelope) {
  if (envelope.keys.empty() || envelope.keys.size() > most_keys) refuse_damaged();
  LockedBytes fingerprint, audit;
  std::map<int64_t, LockedBytes> data;
  int64_t active = 0;
  bool is_first = true;
  for (const WrappedKey& wrapped : envelope.keys) {
    auto key = unseal(master_, place_of_key(envelope, wrapped), wrapped.wrapped);
    // One that opens shows that the password is right, so another that does not is damaged.
    if (!key && is_first)
      throw core::Error(core::ErrorKind::denied, "the password is wrong, or the keys in the database are damaged");
    if (!key || key->size() != key_bytes) refuse_damaged();
    is_first = false;
    if (wrapped.purpose == fingerprint_purpose) fingerprint = std::move(*key);
    if (wrapped.purpose == audit_purpose) audit = std::move(*key);
    if (wrapped.purpose != data_purpose) continue;
    if (wrapped.is_active) active = wrapped.generation;
    data.insert_or_assign(wrapped.generation, std::move(*key));
  }
  if (fingerprint.empty() || audit.empty() || active == 0) refuse_damaged();
  envelope_ = envelope;
  fingerprint_ = std::move(fingerprint);
  audit_ = std::move(audit);
  data_ = std::move(data);
  active_ = active;
}

void KeyRing::refresh(const KeyEnvelope& envelope) {
  if (envelope.id != envelope_.id)
    throw core::Error(core::ErrorKind::denied,
                      "the password of the database's keys was changed since they were unlocked; unlock them again");
  take(envelope);
}

std::pair<KeyEnvelope, KeyRing> KeyRing::rewrapped(const LockedBytes& password, const KeyDerivation& derivation) const {
  KeyEnvelope envelope = new_envelope(derivation);
  envelope.version = envelope_.version + 1;
  KeyRing ring;
  ring.master_ = derive_key(password, derivation);
  for (const WrappedKey& old : envelope_.keys) {
    const LockedBytes& key = old.purpose == fingerprint_purpose ? fingerprint_
                             : old.purpose == audit_purpose     ? audit_
                                                                : data_.at(old.generation);
    envelope.keys.push_back(wrap(envelope, ring.master_, old.purpose, old.generation, old.is_active, key));
  }
  ring.take(envelope);
  return {std::move(envelope), std::move(ring)};
}

WrappedKey KeyRing::next_data_key() const {
  return wrap(envelope_, master_, data_purpose, data_.rbegin()->first + 1, true, LockedBytes::random(key_bytes));
}

std::string KeyRing::seal_value(std::string_view column, std::string_view row, std::string_view plain) const {
  LockedBytes padded(plain.size() + padding_bytes - plain.size() % padding_bytes);
  size_t padded_size = 0;
  if (!plain.empty()) plain.copy(reinterpret_cast<char*>(padded.data()), plain.size());
  if (sodium_pad(&padded_size, padded.data(), plain.size(), padding_bytes, padded.size()) != 0)
    throw core::Error(core::ErrorKind::bug, "a secret cannot be padded");
  return seal(data_.at(active_), place_of_value(column, row, active_), padded.reveal());
}

std::optional<LockedBytes> KeyRing::unseal_value(std::string_view column, std::string_view row, int64_t generation,
                                                 std::string_view sealed) const {
  const auto key = data_.find(generation);
  if (key == data_.end()) throw core::Error(core::ErrorKind::bug, "there is no such generation of the data key");
  const auto padded = unseal(key->second, place_of_value(column, row, generation), sealed);
  size_t size = 0;
  if (!padded || padded->empty() || sodium_unpad(&size, padded->data(), padded->size(), padding_bytes) != 0)
    return std::nullopt;
  return LockedBytes::copy_of(padded->reveal().substr(0, size));
}

}  // namespace assay::secure
