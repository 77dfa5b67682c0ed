#pragma once

#include <cstddef>
#include <string_view>

namespace assay::classify {

/// How many bytes of a text belong to each class. Bytes above 0x7f count as `other`.
struct CharacterCounts {
  size_t lower = 0;
  size_t upper = 0;
  size_t digits = 0;
  size_t other = 0;

  size_t letters() const noexcept { return lower + upper; }
};

constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) noexcept { return is_lower(c) || is_upper(c); }
constexpr bool is_decimal(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_word(char c) noexcept { return is_letter(c) || is_decimal(c) || c == '_'; }
constexpr char to_lower(char c) noexcept { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

CharacterCounts count_characters(std::string_view text) noexcept;

/// Shannon entropy in bits per byte of the text's own byte frequencies (C. E. Shannon, 1948), 0 for an empty text.
/// Only the first 256 bytes are looked at.
double entropy_bits(std::string_view text) noexcept;

/// Length of the longest run of one repeated byte.
size_t longest_repeat(std::string_view text) noexcept;

/// Length of the longest run whose bytes climb or fall by one: "abcdef", "7654". Letter case is ignored.
size_t longest_ladder(std::string_view text) noexcept;

/// Both compare ASCII letters without case; `needle` and `word` are written in lower case.
bool contains_folded(std::string_view text, std::string_view needle) noexcept;
bool equals_folded(std::string_view text, std::string_view word) noexcept;

/// The text has only hexadecimal digits, all its letters being of one case, and has both letters and digits.
bool is_mixed_hex(std::string_view text) noexcept;

/// A digit in the place of a letter, in text that has a capital: "Wh33t.ear", "h4rvest.Moon". People make passwords so,
/// and hardly ever names in programs.
bool has_swapped_digit(std::string_view text) noexcept;

}  // namespace assay::classify
