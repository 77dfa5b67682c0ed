#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace assay::extract {

/// Splits a binary part of an .xlsb workbook into its records ([MS-XLSB] 2.1.4). Bytes come in any pieces. Records
/// longer than 1 MiB are passed over.
class XlsbRecords {
 public:
  using OnRecord = std::function<void(uint32_t type, std::string_view data)>;
  explicit XlsbRecords(OnRecord on_record) : on_record_(std::move(on_record)) {}

  void feed(std::string_view bytes);
  bool passed_over_any() const { return passed_over_any_; }

 private:
  OnRecord on_record_;
  std::string buffer_;
  uint64_t to_skip_ = 0;
  bool passed_over_any_ = false;
};

/// Reads the fields of a record; past the end it gives zeros and empty strings.
class XlsbFields {
 public:
  explicit XlsbFields(std::string_view data) : data_(data) {}
  uint8_t u8() { return static_cast<uint8_t>(number(1)); }
  uint16_t u16() { return static_cast<uint16_t>(number(2)); }
  uint32_t u32() { return static_cast<uint32_t>(number(4)); }
  double real();
  double rk();                ///< RkNumber, [MS-XLSB] 2.5.122
  std::string wide_string();  ///< XLWideString, 2.5.169, as UTF-8; the null string is empty
  void skip(size_t n) { data_.remove_prefix(n < data_.size() ? n : data_.size()); }

 private:
  uint64_t number(size_t bytes);
  std::string_view data_;
};

}  // namespace assay::extract
