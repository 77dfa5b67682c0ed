#include "classify/key_words.h"

#include <algorithm>
#include <cstdint>

namespace assay::classify {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

size_t KeyWords::bucket_of(const char* three) noexcept {
  const uint32_t head = static_cast<uint8_t>(three[0]) | static_cast<uint32_t>(static_cast<uint8_t>(three[1])) << 8 |
                        static_cast<uint32_t>(static_cast<uint8_t>(three[2])) << 16;
  return (head * 0x9E3779B1U) >> 22;
}

void KeyWords::add(std::string_view word) {
  std::string small(word);
  std::ranges::transform(small, small.begin(), lower);
  if (small.size() < 3) return;
  auto& bucket = words_[bucket_of(small.data())];
  if (std::ranges::find(bucket, small) == bucket.end()) bucket.push_back(std::move(small));
}

bool KeyWords::occur_in(std::string_view name) const {
  std::array<char, max_name_bytes> small;
  const size_t size = std::min(name.size(), small.size());
  std::transform(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(size), small.begin(), lower);
  const std::string_view all(small.data(), size);
  for (size_t at = 0; at + 3 <= size; ++at) {
    const auto& bucket = words_[bucket_of(small.data() + at)];
    if (std::ranges::any_of(bucket, [&](const std::string& word) { return all.substr(at).starts_with(word); }))
      return true;
  }
  return false;
}

}  // namespace assay::classify
