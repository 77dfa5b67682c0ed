#include "classify/mask.h"

#include <algorithm>

namespace assay::classify {
namespace {

constexpr size_t max_shown = 64;

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// One character a symbol: separators as they are, the rest hidden.
std::string hide(std::string_view value) {
  std::string out(value.size(), '*');
  size_t size = 0;
  for (char c : value) {
    if (continues(c)) continue;
    char& shown = out[size++];
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) shown = ' ';
    else if (!is_alnum(c) && static_cast<unsigned char>(c) < 0x80) shown = c;
  }
  out.resize(size);
  return out;
}

std::string mask_email(std::string_view value) {
  const size_t at = value.rfind('@');
  const size_t dot = value.rfind('.');
  if (at == std::string_view::npos || dot == std::string_view::npos || dot < at) return hide(value);
  return hide(value.substr(0, dot)) + hide(value.substr(dot, 1)) + hide(value.substr(dot + 1));
}

std::string mask_secret(std::string_view value) {
  // A prefix that ends in '_' or '-' names the kind of key and is no part of the secret.
  size_t shown = 0;
  if (value.size() >= 20)
    for (size_t i = 1; i < 8; ++i)
      if (value[i] == '_' || value[i] == '-') shown = i + 1;
  for (size_t i = 0; i < shown; ++i)
    if (!is_alnum(value[i]) && value[i] != '_' && value[i] != '-') shown = 0;
  return std::string(value.substr(0, shown)) + std::string(std::clamp<size_t>(value.size() - shown, 3, 12), '*');
}

}  // namespace

std::string mask(std::string_view value, std::string_view entity, bool is_secret) {
  std::string out;
  if (is_secret) {
    out = mask_secret(value);
  } else if (entity == "EMAIL_ADDRESS") {
    out = mask_email(value);
  } else {
    const auto symbols = static_cast<size_t>(std::ranges::count_if(value, is_alnum));
    const bool ascii = std::ranges::all_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    size_t show = !ascii ? 0 : symbols >= 12 ? 4 : symbols >= 8 ? 2 : 0;
    out = hide(value);
    for (size_t i = out.size(); ascii && i-- > 0 && show > 0;)
      if (is_alnum(value[i])) {
        out[i] = value[i];
        --show;
      }
  }
  if (out.size() > max_shown) out = out.substr(0, max_shown - 3) + "...";
  return out;
}

}  // namespace assay::classify
