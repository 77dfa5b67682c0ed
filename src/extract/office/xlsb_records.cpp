#include "extract/office/xlsb_records.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr size_t max_record_bytes = size_t{1} << 20;

/// A number in groups of seven bits, the lowest first; nullopt when it is not there whole.
std::optional<uint32_t> read_variable(std::string_view bytes, size_t& at, size_t max_bytes, unsigned shift_bits) {
  uint32_t value = 0;
  for (size_t i = 0; i < max_bytes; ++i) {
    if (at >= bytes.size()) return std::nullopt;
    const auto byte = static_cast<uint8_t>(bytes[at++]);
    value |= static_cast<uint32_t>(byte & 0x7F) << (shift_bits * i);
    if ((byte & 0x80) == 0) break;
  }
  return value;
}

}  // namespace

void XlsbRecords::feed(std::string_view bytes) {
  if (to_skip_ > 0) {
    const size_t n = std::min<uint64_t>(to_skip_, bytes.size());
    to_skip_ -= n;
    bytes.remove_prefix(n);
  }
  buffer_ += bytes;
  size_t done = 0;
  while (true) {
    size_t at = done;
    const auto type = read_variable(buffer_, at, 2, 7);
    const auto size = type ? read_variable(buffer_, at, 4, 7) : std::nullopt;
    if (!size) break;
    if (*size > max_record_bytes) {
      passed_over_any_ = true;
      const size_t here = std::min<size_t>(*size, buffer_.size() - at);
      to_skip_ = *size - here;
      done = at + here;
      continue;
    }
    if (buffer_.size() - at < *size) break;
    on_record_(*type, std::string_view(buffer_).substr(at, *size));
    done = at + *size;
  }
  buffer_.erase(0, done);
}

uint64_t XlsbFields::number(size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes && i < data_.size(); ++i)
    value |= static_cast<uint64_t>(static_cast<uint8_t>(data_[i])) << (8 * i);
  skip(bytes);
  return value;
}

double XlsbFields::real() { return std::bit_cast<double>(number(8)); }

double XlsbFields::rk() {
  const uint32_t bits = u32();
  constexpr uint32_t hundredths = 1, integer = 2;
  double value = 0;
  if ((bits & integer) != 0) value = static_cast<int32_t>(bits) >> 2;
  else value = std::bit_cast<double>(static_cast<uint64_t>(bits & ~3U) << 32);
  return (bits & hundredths) != 0 ? value / 100 : value;
}

std::string XlsbFields::wide_string() {
  const uint32_t units = u32();
  constexpr uint32_t null_string = 0xFFFFFFFF;
  if (units == null_string) return {};
  const std::string_view text = data_.substr(0, size_t{units} * 2);
  skip(text.size());
  return utf16le_to_utf8(text);
}

}  // namespace assay::extract
