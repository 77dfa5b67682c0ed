#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "extract/failure.h"

namespace assay::extract {

/// Little-endian fields of a byte string that may be too short: then any access throws Failure(partial).
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  size_t size() const noexcept { return bytes_.size(); }
  std::string_view view() const noexcept { return bytes_; }

  uint8_t u8(size_t offset) const { return number<uint8_t>(offset); }
  uint16_t u16(size_t offset) const { return number<uint16_t>(offset); }
  uint32_t u32(size_t offset) const { return number<uint32_t>(offset); }
  uint64_t u64(size_t offset) const { return number<uint64_t>(offset); }
  double f64(size_t offset) const { return std::bit_cast<double>(u64(offset)); }

  std::string_view slice(size_t offset, size_t length) const {
    if (offset > bytes_.size() || length > bytes_.size() - offset)
      throw Failure(model::VerdictKind::partial, "damaged structure");
    return bytes_.substr(offset, length);
  }

 private:
  template <class T>
  T number(size_t offset) const {
    static_assert(std::endian::native == std::endian::little);
    const std::string_view bytes_of = slice(offset, sizeof(T));
    T value;
    std::memcpy(&value, bytes_of.data(), bytes_of.size());
    return value;
  }

  std::string_view bytes_;
};

}  // namespace assay::extract
