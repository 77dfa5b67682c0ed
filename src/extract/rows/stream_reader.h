#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "extract/input.h"

namespace assay::extract {

/// Takes values from the front of an input, reading it forwards only. Every take...() throws Failure(partial) where the
/// input ends too early.
class StreamReader {
 public:
  explicit StreamReader(Input& input) : input_(input), buffer_(size_t{256} << 10, '\0') {}

  /// What was read and not taken yet; valid until the next take...().
  std::string_view ready() const { return std::string_view(buffer_).substr(begin_, end_ - begin_); }
  /// Takes so many bytes of what is ready.
  void skip(size_t size) { begin_ += size; }

  uint8_t take_byte() {
    if (begin_ == end_) refill();
    return static_cast<uint8_t>(buffer_[begin_++]);
  }
  uint32_t take_u32() { return take_number<uint32_t>(); }
  uint64_t take_u64() { return take_number<uint64_t>(); }
  /// Calls `use` with the next `size` bytes, in pieces.
  template <typename Use>
  void take(size_t size, const Use& use) {
    while (size != 0) {
      if (begin_ == end_) refill();
      const size_t n = std::min(size, end_ - begin_);
      use(std::string_view(buffer_).substr(begin_, n));
      begin_ += n;
      size -= n;
    }
  }
  void append_to(std::string& out, size_t size) {
    take(size, [&out](std::string_view piece) { out += piece; });
  }

 private:
  template <typename Number>
  Number take_number() {
    Number value = 0;
    if (end_ - begin_ >= sizeof value) {
      std::memcpy(&value, buffer_.data() + begin_, sizeof value);
      begin_ += sizeof value;
      return value;
    }
    char bytes[sizeof value];
    for (char& byte : bytes) byte = static_cast<char>(take_byte());
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
  void refill();

  Input& input_;
  std::string buffer_;
  size_t begin_ = 0, end_ = 0;
  uint64_t offset_ = 0;  // in the input, of what is behind the buffer
};

}  // namespace assay::extract
