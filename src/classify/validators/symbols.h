#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace assay::classify {

/// The letters (in upper case) and digits of a matched value, without its separators; at most 64 are kept.
/// `overflow()` tells that there were more.
class Symbols {
 public:
  explicit Symbols(std::string_view value) noexcept {
    for (char c : value) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
      if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) {
        if (size_ == kept_.size()) {
          overflow_ = true;
          return;
        }
        kept_[size_++] = c;
      }
    }
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
    for (size_t i = begin; i < end; ++i)
      if (!is_digit(i)) return false;
    return true;
  }
  /// Decimal number of the digits [begin, end), at most 18 of them.
  long long number(size_t begin, size_t end) const noexcept {
    long long n = 0;
    for (size_t i = begin; i < end && i < size_; ++i) n = n * 10 + digit(i);
    return n;
  }
  /// All symbols are the same: 000-00-0000, 1111 1111.
  bool all_same() const noexcept {
    for (size_t i = 1; i < size_; ++i)
      if (kept_[i] != kept_[0]) return false;
    return size_ != 0;
  }

 private:
  std::array<char, 64> kept_{};
  size_t size_ = 0;
  bool overflow_ = false;
};

}  // namespace assay::classify
