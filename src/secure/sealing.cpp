#include "secure/sealing.h"

#include <sodium.h>

#include <algorithm>

#include "core/error.h"

namespace assay::secure {
namespace {

constexpr char version = 1;
constexpr size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string place_of(std::initializer_list<std::string_view> parts) {
  std::string place = "assay";
  for (const auto part : parts) {
    for (int shift = 0; shift < 64; shift += 8) place += static_cast<char>((part.size() >> shift) & 0xFF);
    place += part;
  }
  return place;
}

std::string seal(const LockedBytes& key, std::string_view place, std::string_view plain) {
  if (key.size() != crypto_aead_xchacha20poly1305_ietf_KEYBYTES)
    throw core::Error(core::ErrorKind::bug, "a key of the wrong size");
  std::string sealed(1 + nonce_bytes + plain.size() + tag_bytes, '\0');
  sealed[0] = version;
  auto* const nonce = reinterpret_cast<unsigned char*>(sealed.data()) + 1;
  randombytes_buf(nonce, nonce_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_bytes, nullptr, bytes(plain), plain.size(), bytes(place),
                                             place.size(), nullptr, nonce, key.data());
  return sealed;
}

std::optional<LockedBytes> unseal(const LockedBytes& key, std::string_view place, std::string_view sealed) {
  if (key.size() != crypto_aead_xchacha20poly1305_ietf_KEYBYTES)
    throw core::Error(core::ErrorKind::bug, "a key of the wrong size");
  if (sealed.size() < 1 + nonce_bytes + tag_bytes) return std::nullopt;
  if (sealed[0] != version)
    throw core::Error(core::ErrorKind::permanent, "a newer Assay sealed this value; it takes that Assay to open it");
  const std::string_view nonce = sealed.substr(1, nonce_bytes), box = sealed.substr(1 + nonce_bytes);
  LockedBytes plain(box.size() - tag_bytes);
  unsigned char none = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain.empty() ? &none : plain.data(), nullptr, nullptr, bytes(box),
                                                 box.size(), bytes(place), place.size(), bytes(nonce), key.data()) != 0)
    return std::nullopt;
  return plain;
}

}  // namespace assay::secure
