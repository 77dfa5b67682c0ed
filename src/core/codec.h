#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace assay::core {

/// Appends values to a byte string, little-endian, strings with a 32-bit length before them.
class WireWriter {
 public:
  explicit WireWriter(std::string& out) : out_(out) {}

  void u8(uint8_t v) { out_ += static_cast<char>(v); }
  void u32(uint32_t v) { raw(&v, sizeof v); }
  void u64(uint64_t v) { raw(&v, sizeof v); }
  void f32(float v) { u32(std::bit_cast<uint32_t>(v)); }
  void f64(double v) { u64(std::bit_cast<uint64_t>(v)); }
  void flag(bool v) { u8(v ? 1 : 0); }
  void text(std::string_view v) {
    u32(static_cast<uint32_t>(v.size()));
    out_ += v;
  }
  void texts(const std::vector<std::string>& list) {
    u32(static_cast<uint32_t>(list.size()));
    for (const auto& item : list) text(item);
  }

 private:
  void raw(const void* p, size_t n) { out_.append(static_cast<const char*>(p), n); }
  std::string& out_;
};

/// Reads what a WireWriter wrote. The writer may be a process that was taken over: whatever does not fit is thrown as
/// core::Error(permanent), and nothing is allocated beyond what the bytes at hand can hold.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : bytes_(bytes) {}

  uint8_t u8() { return static_cast<uint8_t>(take(1)[0]); }
  uint32_t u32() { return number<uint32_t>(); }
  uint64_t u64() { return number<uint64_t>(); }
  float f32() { return std::bit_cast<float>(u32()); }
  double f64() { return std::bit_cast<double>(u64()); }
  bool flag() { return u8() != 0; }
  std::string_view text() { return take(u32()); }
  std::vector<std::string> texts() {
    std::vector<std::string> list;
    const uint32_t n = u32();
    list.reserve(std::min<size_t>(n, bytes_.size() / sizeof(uint32_t)));
    for (uint32_t i = 0; i < n; ++i) list.emplace_back(text());
    return list;
  }
  bool at_end() const { return bytes_.empty(); }
  size_t left() const { return bytes_.size(); }  ///< bytes

 private:
  template <typename T>
  T number() {
    T v{};
    const std::string_view piece = take(sizeof v);
    std::memcpy(&v, piece.data(), piece.size());
    return v;
  }
  std::string_view take(size_t n) {
    if (n > bytes_.size()) throw Error(ErrorKind::permanent, "what is there is less than it says it is");
    const auto piece = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return piece;
  }
  std::string_view bytes_;
};

/// Numbers beyond it are no count, size or time of anything.
inline constexpr double most_saved_number = 1e18;

/// Of what was saved by nobody who saves such things.
[[noreturn]] inline void refuse_saved() { throw Error(ErrorKind::permanent, "what was saved does not fit"); }

}  // namespace assay::core
