#include "store/keys.h"

#include <sodium.h>

#include <array>
#include <cstring>

#include "store/text.h"

namespace assay::store {
namespace {

using Digest = std::array<unsigned char, 16>;

Digest digest(std::string_view bytes) {
  Digest out;
  crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     nullptr, 0);
  return out;
}

std::string hex(const Digest& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace

std::string digest_hex(std::string_view bytes) { return hex(digest(bytes)); }

std::string object_key(std::string_view path) {
  // A long key is longer than any short one, so that neither can be taken for the other.
  constexpr size_t longest_short_key = 190, beginning = 168;
  const std::string text = to_text(path);
  if (text.size() <= longest_short_key) return text;
  return std::string(cut_text(text, beginning)) + digest_hex(path);
}

int64_t lock_key(std::string_view name) {
  const Digest bytes = digest(name);
  int64_t key = 0;
  std::memcpy(&key, bytes.data(), sizeof key);
  return key;
}

std::string random_key() {
  Digest bytes;
  randombytes_buf(bytes.data(), bytes.size());
  return hex(bytes);
}

}  // namespace assay::store
