#include "extract/legacy/biff_reader.h"

#include <algorithm>

#include "extract/failure.h"
#include "extract/ole/bytes.h"
#include "extract/unicode.h"

namespace assay::extract {
namespace {

constexpr size_t buffer_bytes = size_t{128} << 10;  // more than the largest record: 4 + 65,535

}  // namespace

bool BiffReader::fill(size_t bytes) {
  if (buffer_.size() - at_ >= bytes) return true;
  buffer_offset_ += at_;
  buffer_.erase(0, at_);
  at_ = 0;
  const size_t kept = buffer_.size();
  buffer_.resize(buffer_bytes);
  size_t n = 0;
  try {
    n = stream_.read_at(buffer_offset_ + kept, std::span(buffer_).subspan(kept));
  } catch (const Failure& failure) {
    if (failure.verdict().kind != model::VerdictKind::partial) throw;
    whole_ = false;
  }
  buffer_.resize(kept + n);
  return buffer_.size() >= bytes;
}

bool BiffReader::next(BiffRecord& record) {
  if (!fill(4)) {
    // Some writers fill the stream up with zeros, which are no record.
    cut_ = buffer_.find_first_not_of('\0', at_) != std::string::npos;
    return false;
  }
  const size_t length = Bytes(buffer_).u16(at_ + 2);
  if (!fill(4 + length)) {
    cut_ = true;
    return false;
  }
  record.type = Bytes(buffer_).u16(at_);
  record.offset = buffer_offset_ + at_;
  record.data = std::string_view(buffer_).substr(at_ + 4, length);
  at_ += 4 + length;
  return true;
}

uint16_t BiffReader::peek_type() { return fill(4) ? Bytes(buffer_).u16(at_) : 0; }

bool ContinuedData::move_on() {
  if (reader_.peek_type() != biff_continue) return false;
  BiffRecord record;
  if (!reader_.next(record)) return false;
  data_ = record.data;
  return true;
}

bool ContinuedData::at_end() {
  while (data_.empty())
    if (!move_on()) return true;
  return false;
}

uint8_t ContinuedData::u8() {
  if (at_end()) throw Failure(model::VerdictKind::partial, "damaged record");
  const auto value = static_cast<uint8_t>(data_[0]);
  data_.remove_prefix(1);
  return value;
}

uint16_t ContinuedData::u16() {
  const uint8_t low = u8();
  return static_cast<uint16_t>(u8() << 8 | low);
}

uint32_t ContinuedData::u32() {
  const uint32_t low = u16();
  return uint32_t{u16()} << 16 | low;
}

void ContinuedData::skip(uint64_t bytes) {
  while (bytes > 0) {
    if (at_end()) throw Failure(model::VerdictKind::partial, "damaged record");
    const size_t step = std::min<uint64_t>(bytes, data_.size());
    data_.remove_prefix(step);
    bytes -= step;
  }
}

std::string ContinuedData::characters(size_t count, bool wide) {
  std::string units;
  while (count > 0) {
    if (data_.empty()) {
      if (!move_on()) throw Failure(model::VerdictKind::partial, "damaged string");
      wide = (u8() & 1) != 0;
    }
    const size_t width = wide ? 2 : 1;
    const size_t take = std::min(count, data_.size() / width);
    if (take == 0) throw Failure(model::VerdictKind::partial, "damaged string");
    if (wide) {
      units += data_.substr(0, take * 2);
    } else {
      for (const char c : data_.substr(0, take)) {
        units += c;
        units += '\0';
      }
    }
    data_.remove_prefix(take * width);
    count -= take;
  }
  return utf16le_to_utf8(units);
}

}  // namespace assay::extract
