#include "classify/validators/secret_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace assay::classify {

namespace {

constexpr size_t entropy_window_bytes = 256;

/// n * log2(n), looked up because the logarithms would cost more than the rest of the check.
const std::array<double, entropy_window_bytes + 1>& n_log2_n() noexcept {
  static const auto table = [] {
    std::array<double, entropy_window_bytes + 1> values{};
    for (size_t n = 2; n < values.size(); ++n) {
      const auto count = static_cast<double>(n);
      values[n] = count * std::log2(count);
    }
    return values;
  }();
  return table;
}

}  // namespace

CharacterCounts count_characters(std::string_view text) noexcept {
  CharacterCounts counts;
  for (const char c : text) {
    if (is_lower(c)) {
      ++counts.lower;
    } else if (is_upper(c)) {
      ++counts.upper;
    } else if (is_decimal(c)) {
      ++counts.digits;
    } else {
      ++counts.other;
    }
  }
  return counts;
}

double entropy_bits(std::string_view text) noexcept {
  text = text.substr(0, entropy_window_bytes);
  if (text.empty()) return 0;
  std::array<uint16_t, 256> seen{};
  for (const char c : text) ++seen[static_cast<unsigned char>(c)];
  const auto& cost = n_log2_n();
  double sum = 0;
  for (const uint16_t n : seen) sum += cost[n];
  const auto size = static_cast<double>(text.size());
  return std::log2(size) - sum / size;
}

size_t longest_repeat(std::string_view text) noexcept {
  size_t longest = text.empty() ? 0 : 1;
  size_t run = 1;
  for (size_t i = 1; i < text.size(); ++i) {
    run = text[i] == text[i - 1] ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  return longest;
}

size_t longest_ladder(std::string_view text) noexcept {
  size_t longest = text.empty() ? 0 : 1;
  size_t run = 1;
  int direction = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    const int step = to_lower(text[i]) - to_lower(text[i - 1]);
    if (step != 1 && step != -1) {
      run = 1;
      direction = 0;
      continue;
    }
    run = step == direction ? run + 1 : 2;
    direction = step;
    longest = std::max(longest, run);
  }
  return longest;
}

bool contains_folded(std::string_view text, std::string_view needle) noexcept {
  return !std::ranges::search(text, needle, {}, to_lower).empty() || needle.empty();
}

bool equals_folded(std::string_view text, std::string_view word) noexcept {
  return std::ranges::equal(text, word, {}, to_lower);
}

bool is_mixed_hex(std::string_view text) noexcept {
  const auto counts = count_characters(text);
  if (counts.other != 0 || counts.digits == 0 || counts.letters() == 0) return false;
  if (counts.lower != 0 && counts.upper != 0) return false;
  return std::ranges::all_of(text, [](char c) { return is_decimal(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f'); });
}

bool has_swapped_digit(std::string_view text) noexcept {
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  if (std::ranges::none_of(text, [](char c) { return c >= 'A' && c <= 'Z'; })) return false;
  for (size_t i = 1; i < text.size(); ++i) {
    if (!is_decimal(text[i]) || !is_letter(text[i - 1])) continue;
    size_t end = i;
    while (end < text.size() && is_decimal(text[end])) ++end;
    if (end - i <= 2 && end < text.size() && is_small(text[end])) return true;
  }
  return false;
}

}  // namespace assay::classify
