#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "extract/extractor.h"

namespace assay::extract {

/// The texts that formulas of a sheet hold between quotes, each once, with the first cell that has it: a formula is
/// copied to many cells. Keeps 1 MiB at most.
class FormulaTexts {
 public:
  explicit FormulaTexts(std::string sheet) : sheet_(std::move(sheet)) {}

  /// A formula as it is written in XLSX and OpenDocument: texts stand between double quotes, a quote in them is
  /// doubled. `column` is 0-based.
  void add_formula(std::string_view formula, uint64_t row, uint32_t column);
  void add_text(std::string_view text, uint64_t row, uint32_t column);

  /// Gives each as a text of its own, of the part "formulas". Not to be called while the table is open.
  void give(Sink& sink);

 private:
  struct Text {
    std::string text;
    std::string cell;
  };
  std::string sheet_;
  std::vector<Text> texts_;
  std::unordered_set<std::string> known_;
  size_t bytes_ = 0;
  bool is_full_ = false;
};

}  // namespace assay::extract
