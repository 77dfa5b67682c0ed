#include "scan/examine/part_seal.h"

#include <sodium.h>

#include "core/error.h"

namespace assay::scan {
namespace {

constexpr size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const uint8_t* bytes(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

void derive(std::array<uint8_t, 32>& key, std::string_view purpose, std::string_view from) {
  crypto_generichash(key.data(), key.size(), bytes(purpose), purpose.size(), bytes(from), from.size());
}

}  // namespace

static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);

PartSeal::PartSeal(std::string_view fingerprint_key) {
  if (sodium_init() < 0) throw core::Error(core::ErrorKind::permanent, "libsodium cannot be used on this machine");
  derive(sealing_key_, "assay: seal of a table's part", fingerprint_key);
  derive(nonce_key_, "assay: nonce of a table's part", fingerprint_key);
}

std::string PartSeal::seal(std::string_view place, std::string_view plain) const {
  std::string sealed(nonce_bytes + plain.size() + tag_bytes, '\0');
  auto* const nonce = reinterpret_cast<uint8_t*>(sealed.data());
  crypto_generichash_state hash;
  crypto_generichash_init(&hash, nonce_key_.data(), nonce_key_.size(), nonce_bytes);
  const uint64_t place_bytes = place.size();
  crypto_generichash_update(&hash, reinterpret_cast<const uint8_t*>(&place_bytes), sizeof place_bytes);
  crypto_generichash_update(&hash, bytes(place), place.size());
  crypto_generichash_update(&hash, bytes(plain), plain.size());
  crypto_generichash_final(&hash, nonce, nonce_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonce_bytes, nullptr, bytes(plain), plain.size(), bytes(place),
                                             place.size(), nullptr, nonce, sealing_key_.data());
  return sealed;
}

std::optional<std::string> PartSeal::unseal(std::string_view place, std::string_view sealed) const {
  if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
  const std::string_view nonce = sealed.substr(0, nonce_bytes), box = sealed.substr(nonce_bytes);
  std::string plain(box.size() - tag_bytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<uint8_t*>(plain.data()), nullptr, nullptr, bytes(box),
                                                 box.size(), bytes(place), place.size(), bytes(nonce),
                                                 sealing_key_.data()) != 0)
    return std::nullopt;
  return plain;
}

}  // namespace assay::scan
