#pragma once

#include <string>
#include <string_view>

#include "extract/input.h"

namespace assay::extract {

/// A record of a BIFF stream ([MS-XLS] 2.1.4).
struct BiffRecord {
  uint16_t type = 0;
  uint64_t offset = 0;    ///< of its header in the stream
  std::string_view data;  ///< valid until the next record is read
};

/// Reads the records of a Workbook or Book stream one after another.
class BiffReader {
 public:
  explicit BiffReader(Input& stream) : stream_(stream) {}

  /// False at the end of the stream, or where no whole record follows: then `cut()` is true.
  bool next(BiffRecord& record);
  /// Type of the record that follows, 0 at the end.
  uint16_t peek_type();
  bool cut() const noexcept { return cut_; }
  /// False when the stream could not be read to its end.
  bool whole() const noexcept { return whole_; }

 private:
  bool fill(size_t bytes);

  Input& stream_;
  std::string buffer_;
  uint64_t buffer_offset_ = 0;  ///< of buffer_[0] in the stream
  size_t at_ = 0;
  bool cut_ = false;
  bool whole_ = true;
};

inline constexpr uint16_t biff_continue = 0x003C;

/// The data of a record and the CONTINUE records behind it, as one row of bytes. Characters of a string that goes on
/// in the next record begin there with a new flag byte ([MS-XLS] 2.5.293). Throws Failure(partial) at the end.
class ContinuedData {
 public:
  ContinuedData(BiffReader& reader, const BiffRecord& record) : reader_(reader), data_(record.data) {}

  bool at_end();
  uint8_t u8();
  uint16_t u16();
  uint32_t u32();
  void skip(uint64_t bytes);
  /// `count` characters as UTF-8; `wide` is the flag of the first of them.
  std::string characters(size_t count, bool wide);
  /// Whether a CONTINUE record follows when this one is used up, and if so moves there.
  bool move_on();
  size_t left_in_record() const noexcept { return data_.size(); }

 private:
  BiffReader& reader_;
  std::string_view data_;
};

}  // namespace assay::extract
