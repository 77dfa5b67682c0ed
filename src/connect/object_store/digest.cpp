#include "connect/object_store/digest.h"

#include <sodium.h>

#include "core/error.h"

namespace assay::connect {
namespace {

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

std::string encoded(std::string_view bytes, int variant) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), variant), '\0');
  ::sodium_bin2base64(text.data(), text.size(), raw(bytes), bytes.size(), variant);
  text.pop_back();  // a NUL
  return text;
}

}  // namespace

Digest sha256(std::string_view bytes) {
  Digest digest;
  ::crypto_hash_sha256(digest.data(), raw(bytes), bytes.size());
  return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  Digest digest;
  crypto_auth_hmacsha256_state state;
  ::crypto_auth_hmacsha256_init(&state, raw(key), key.size());
  ::crypto_auth_hmacsha256_update(&state, raw(bytes), bytes.size());
  ::crypto_auth_hmacsha256_final(&state, digest.data());
  ::sodium_memzero(&state, sizeof state);
  return digest;
}

std::string_view bytes_of(const Digest& digest) noexcept {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string hex(std::string_view bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  ::sodium_bin2hex(text.data(), text.size(), raw(bytes), bytes.size());
  text.pop_back();
  return text;
}

std::string base64(std::string_view bytes) { return encoded(bytes, sodium_base64_VARIANT_ORIGINAL); }
std::string base64_url(std::string_view bytes) { return encoded(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING); }

std::string from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  size_t size = 0;
  if (::sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(),
                          " \r\n", &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
    throw core::Error(core::ErrorKind::bad_input, "a key is not base64");
  bytes.resize(size);
  return bytes;
}

}  // namespace assay::connect
