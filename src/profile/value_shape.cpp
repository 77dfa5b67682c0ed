#include "profile/value_shape.h"

#include <algorithm>

namespace assay::profile {
namespace {

constexpr size_t longest_run = 4;

// '\0': the byte continues a character.
constexpr std::array<char, 256> make_kinds() {
  std::array<char, 256> kinds{};
  for (int c = 0; c < 256; ++c) {
    char kind = static_cast<char>(c);
    if (c >= '0' && c <= '9') kind = '9';
    else if (c >= 'A' && c <= 'Z') kind = 'A';
    else if ((c >= 'a' && c <= 'z') || c >= 0xC0) kind = 'a';
    else if (c >= 0x80) kind = '\0';
    else if (c <= ' ' || c == 0x7F) kind = ' ';
    kinds[static_cast<size_t>(c)] = kind;
  }
  return kinds;
}
constexpr auto kinds = make_kinds();

}  // namespace

ValueShape::ValueShape(std::string_view value) noexcept {
  constexpr std::string_view more = "...";
  value = value.substr(0, max_read_bytes);
  char last = '\0';
  size_t run = 0;
  for (const char c : value) {
    const char kind = kinds[static_cast<unsigned char>(c)];
    if (kind == '\0') continue;
    run = kind == last ? run + 1 : 1;
    last = kind;
    if (run == longest_run + 1) {
      size_ -= longest_run - 1;
      bytes_[size_++] = '+';
    } else if (run <= longest_run) {
      if (size_ == max_bytes) {
        std::ranges::copy(more, bytes_.end() - static_cast<ptrdiff_t>(more.size()));
        return;
      }
      bytes_[size_++] = kind;
    }
  }
}

}  // namespace assay::profile
