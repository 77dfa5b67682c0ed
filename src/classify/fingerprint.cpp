#include "classify/fingerprint.h"

#include <sodium.h>

#include "core/error.h"

namespace assay::classify {

Fingerprinter::Fingerprinter(std::string_view key) {
  if (key.size() != key_bytes) throw core::Error(core::ErrorKind::bug, "the fingerprint key must have 32 bytes");
  // The subkey binds the key to this use.
  crypto_generichash(key_.data(), key_.size(), reinterpret_cast<const unsigned char*>("assay fingerprint v1"), 20,
                     reinterpret_cast<const unsigned char*>(key.data()), key.size());
}

std::array<uint8_t, 16> Fingerprinter::operator()(std::string_view entity, std::string_view value,
                                                  bool is_secret) const {
  std::string text;
  text.reserve(entity.size() + 1 + value.size());
  text += entity;
  text += '\0';
  for (char c : value) {
    if (!is_secret && c >= 'A' && c <= 'Z') text += static_cast<char>(c | 0x20);
    else if (is_secret || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80 ||
             c == '@')
      text += c;
  }
  std::array<uint8_t, 16> out{};
  crypto_shorthash_siphashx24(out.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                              key_.data());
  return out;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out(bytes.size() * 2, '0');
  char* to = out.data();
  for (char c : bytes) {
    *to++ = digits[static_cast<unsigned char>(c) >> 4];
    *to++ = digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

}  // namespace assay::classify
