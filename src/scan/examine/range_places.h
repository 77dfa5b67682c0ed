#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "extract/extractor.h"
#include "model/finding.h"

namespace assay::scan {

/// Where places stand.
struct TextMeasure {
  uint64_t bytes = 0, code_points = 0, newlines = 0;
  uint64_t tail_code_points = 0;  ///< of the file, behind the last newline
  void add(std::string_view utf8, std::span<const extract::LeftOut> left_out);
};

/// Tells which matches belong to a range of a text, and where in it they stand. The scanner is given the range and what
/// stands around it; all of that passes here first.
class RangePlaces {
 public:
  void pass(std::string_view utf8, std::span<const extract::LeftOut> left_out);
  void begin() { has_begun_ = true; }
  void end() { has_ended_ = true; }

  /// `offset` of a match's begin in what passed.
  bool has(uint64_t offset) const {
    return has_begun_ && offset >= before_.bytes && (!has_ended_ || offset < before_.bytes + range_.bytes);
  }
  uint64_t begin_offset() const { return before_.bytes; }
  const TextMeasure& measure() const { return range_; }
  /// Turns the places of a finding in what passed into places in the range: its first line is 1, and the columns in it
  /// count from the range's begin.
  void relate(model::Finding& finding) const;

 private:
  TextMeasure before_, range_;
  bool has_begun_ = false, has_ended_ = false;
};

}  // namespace assay::scan
