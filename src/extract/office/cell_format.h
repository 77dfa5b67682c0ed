#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assay::extract {

/// Shows numbers of a workbook as its user sees them where that decides what they are: dates as ISO 8601, long
/// integers without an exponent, numbers under a mask of digits (000-00-0000) with its separators.
/// Number format codes: ECMA-376-1, 18.8.30 and 18.8.31.
class CellFormats {
 public:
  void add_number_format(uint32_t id, std::string_view code);  ///< numFmt
  void add_cell_format(uint32_t number_format_id);             ///< xf of cellXfs, in order
  void count_days_from_1904() { from_1904_ = true; }

  /// `raw` is the number as stored; `style` the index of the cell's format. Returns `raw` when it is no number.
  std::string show(std::string_view raw, size_t style) const;
  std::string show(double value, size_t style) const;

 private:
  struct Format {
    bool date = false;
    bool time = false;
    std::string mask = {};  ///< with escapes removed: digits are '0' '#' '?', literals are marked by a preceding '\'
  };
  static Format judge(std::string_view code);
  const Format* format_of(size_t style) const;
  std::string show_date(double serial, const Format& format) const;

  std::unordered_map<uint32_t, Format> custom_;
  std::vector<uint32_t> cell_formats_;
  bool from_1904_ = false;
};

/// A number in general format: integers in full, other numbers to 15 significant digits.
std::string show_general(double value);

}  // namespace assay::extract
