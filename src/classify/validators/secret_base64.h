#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace assay::classify {

/// The first bytes of a text in Base64 (RFC 4648, sections 4 and 5: both alphabets, padding optional). Decoding ends
/// at the first byte that is not of the alphabet and when the room is full; `clean()` tells that neither cut it short.
class Base64Head {
 public:
  static constexpr size_t room_bytes = 192;

  explicit Base64Head(std::string_view encoded) noexcept;

  std::string_view bytes() const noexcept { return {decoded_.data(), size_}; }
  bool clean() const noexcept { return clean_; }
  /// At least one byte, and all of them printable ASCII.
  bool printable() const noexcept;
  /// At least one byte, and all of them printable ASCII, the white space of JSON, or UTF-8. A character that the room
  /// cut at its end counts as whole.
  bool readable() const noexcept;

 private:
  std::array<char, room_bytes> decoded_{};
  size_t size_ = 0;
  bool clean_ = true;
};

}  // namespace assay::classify
