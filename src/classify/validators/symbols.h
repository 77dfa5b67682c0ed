#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace assay::classify {

/// The letters (in upper case) and digits of a matched value, without its separators; at most 64 are kept.
/// `overflow()` tells that there were more.
class Symbols {
 public:
  explicit Symbols(std::string_view value) noexcept {
    // Most are runs of digits, taken eight at a time. What is no symbol is written too, and written over.
    size_t size = 0;
    for (size_t i = 0; i < value.size(); ++i) {
      if (i + 8 <= value.size() && size + 8 <= max_symbols && are_digits(load_eight(value.data() + i))) {
        std::memcpy(kept_.data() + size, value.data() + i, 8);
        size += 8;
        i += 7;
        continue;
      }
      const char c = value[i];
      const char symbol = symbol_of[static_cast<unsigned char>(c)];
      if (size == max_symbols && symbol != 0) {
        overflow_ = true;
        break;
      }
      kept_[size] = symbol;
      size += symbol != 0 ? 1 : 0;
    }
    size_ = size;
  }

  size_t size() const noexcept { return size_; }
  bool overflow() const noexcept { return overflow_; }
  char operator[](size_t i) const noexcept { return kept_[i]; }
  std::string_view view() const noexcept { return {kept_.data(), size_}; }

  bool is_digit(size_t i) const noexcept { return kept_[i] >= '0' && kept_[i] <= '9'; }
  /// 0-9 for digits; A=10 ... Z=35 for letters, as ISO 7064 and ISO 13616 count them.
  int value(size_t i) const noexcept { return is_digit(i) ? kept_[i] - '0' : kept_[i] - 'A' + 10; }
  int digit(size_t i) const noexcept { return kept_[i] - '0'; }

  bool all_digits() const noexcept { return digits_in(0, size_); }
  bool digits_in(size_t begin, size_t end) const noexcept {
    if (end > size_) return false;
    size_t i = begin;
    for (; i + 8 <= end; i += 8)
      if (!eight_are_digits(i)) return false;
    for (; i < end; ++i)
      if (!is_digit(i)) return false;
    return true;
  }
  /// Decimal number of the digits [begin, end), at most 18 of them.
  long long number(size_t begin, size_t end) const noexcept {
    long long n = 0;
    for (size_t i = begin; i < end && i < size_; ++i) n = n * 10 + digit(i);
    return n;
  }
  /// The eight symbols from `i` on, all of which exist, are digits.
  constexpr bool eight_are_digits(size_t i) const noexcept { return are_digits(load_eight(kept_.data() + i)); }
  /// The digits of eight symbols, all of which exist and are digits: a byte each, the first the lowest.
  constexpr uint64_t eight_values(size_t i) const noexcept { return load_eight(kept_.data() + i) & 0x0F0F0F0F0F0F0F0F; }
  /// Their value, eight digits at a time: pairs, then fours, then all, each in its own part of the word.
  constexpr uint32_t eight_digits(size_t i) const noexcept {
    uint64_t v = eight_values(i);
    v = (v * 10 + (v >> 8)) & 0x00FF00FF00FF00FF;
    v = (v * 100 + (v >> 16)) & 0x0000FFFF0000FFFF;
    return static_cast<uint32_t>(v * 10000 + (v >> 32));
  }
  /// All symbols are the same: 000-00-0000, 1111 1111.
  bool all_same() const noexcept {
    for (size_t i = 1; i < size_; ++i)
      if (kept_[i] != kept_[0]) return false;
    return size_ != 0;
  }

 private:
  /// The first is the lowest byte, whatever the machine's order.
  static constexpr uint64_t load_eight(const char* at) noexcept {
    uint64_t eight = 0;
    if consteval {
      for (size_t k = 0; k < 8; ++k) eight |= static_cast<uint64_t>(static_cast<unsigned char>(at[k])) << (8 * k);
    } else {  // one load, which not every compiler makes of the loop
      std::memcpy(&eight, at, sizeof eight);
      if constexpr (std::endian::native == std::endian::big) eight = std::byteswap(eight);
    }
    return eight;
  }
  // '0' to '9' are 0x30 to 0x39, and six more stays below 0x40 for digits only.
  static constexpr bool are_digits(uint64_t eight) noexcept {
    constexpr uint64_t every = 0x0101010101010101;
    return (((eight ^ (0x30 * every)) | ((eight + 6 * every) ^ (0x30 * every))) & (0xF0 * every)) == 0;
  }

  static constexpr size_t max_symbols = 64;
  /// The letter or digit that a byte stands for; 0 for others.
  static constexpr std::array<char, 256> symbol_of = [] {
    std::array<char, 256> table{};
    for (unsigned c = '0'; c <= '9'; ++c) table[c] = static_cast<char>(c);
    for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = table[c - 'A' + 'a'] = static_cast<char>(c);
    return table;
  }();

  std::array<char, max_symbols + 1> kept_{};
  size_t size_ = 0;
  bool overflow_ = false;
};

}  // namespace assay::classify
