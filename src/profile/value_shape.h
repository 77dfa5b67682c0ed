#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace assay::profile {

/// What a value looks like, character by character: "A" for a capital letter, "a" for another letter (all of other
/// scripts than ASCII too), "9" for a digit, white space as a blank, other signs as they are. A run of more than four
/// of one kind is the kind and "+": "AA9 9AA", "a+@a+.aaa", "99.99.9999". No character of the value but signs is in it.
class ValueShape {
 public:
  static constexpr size_t max_bytes = 32;        ///< of a shape; one that would be longer ends with "..."
  static constexpr size_t max_read_bytes = 256;  ///< of a value; the rest does not count

  explicit ValueShape(std::string_view value) noexcept;
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, max_bytes> bytes_{};
  size_t size_ = 0;
};

}  // namespace assay::profile
