#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extractor.h"

namespace assay::scan {

/// Writes characters that stand for those of ASCII as these, which rules expect: blanks and hyphens of which a line may
/// not break and blanks of other widths, as word processors and web pages put them between the groups of a number;
/// digits, letters and marks that are as wide as ideographs, and the comma and full stop of East Asian text. A
/// character stays a character. Cells and pieces of UTF-8 without any are given as they are.
class PlainCharacters {
 public:
  /// `left_out` are places in the text, and become places in what is given. Both are valid until the next call.
  std::string_view text(std::string_view utf8, std::span<const extract::LeftOut>& left_out);
  std::span<const std::string_view> cells(std::span<const std::string_view> cells);

 private:
  std::string text_;
  std::vector<extract::LeftOut> left_out_;
  std::vector<std::string> rewritten_;
  std::vector<std::string_view> cells_;
};

}  // namespace assay::scan
