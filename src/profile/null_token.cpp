#include "profile/null_token.h"

#include <algorithm>
#include <array>

namespace assay::profile {
namespace {

constexpr size_t longest = 14;

// In lower case, in order.
constexpr std::string_view tokens[] = {"#n/a",
                                       "#null!",
                                       "(null)",
                                       "-",
                                       "--",
                                       "---",
                                       ".",
                                       "..",
                                       "<na>",
                                       "<null>",
                                       "?",
                                       "??",
                                       "\\n",
                                       "k. a.",
                                       "k.a.",
                                       "leer",
                                       "missing",
                                       "n. a.",
                                       "n.a",
                                       "n.a.",
                                       "n.d.",
                                       "n/a",
                                       "n/d",
                                       "na",
                                       "nan",
                                       "nicht bekannt",
                                       "nil",
                                       "none",
                                       "not available",
                                       "null",
                                       "s/o",
                                       "tba",
                                       "tbd",
                                       "undefined",
                                       "unknown",
                                       "\xE2\x80\x93",
                                       "\xE2\x80\x94"};

// The first bytes of tokens, in both cases: most values end here.
constexpr std::array<bool, 256> make_first() {
  std::array<bool, 256> first{};
  for (const std::string_view token : tokens) {
    const auto c = static_cast<unsigned char>(token.front());
    first[c] = true;
    if (c >= 'a' && c <= 'z') first[c - 0x20U] = true;
  }
  return first;
}
constexpr auto may_begin = make_first();

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

bool is_null_token(std::string_view value) noexcept {
  while (!value.empty() && is_blank(value.front())) value.remove_prefix(1);
  if (value.empty() || !may_begin[static_cast<unsigned char>(value.front())]) return false;
  while (is_blank(value.back())) value.remove_suffix(1);
  if (value.size() > longest) return false;
  std::array<char, longest> folded{};
  for (size_t i = 0; i < value.size(); ++i)
    folded[i] = value[i] >= 'A' && value[i] <= 'Z' ? static_cast<char>(value[i] - 'A' + 'a') : value[i];
  return std::ranges::find(tokens, std::string_view(folded.data(), value.size())) != std::end(tokens);
}

}  // namespace assay::profile
