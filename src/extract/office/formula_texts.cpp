#include "extract/office/formula_texts.h"

#include <algorithm>

#include "model/column_letters.h"

namespace assay::extract {
namespace {

constexpr size_t least_text_bytes = 4;
constexpr size_t max_bytes = size_t{1} << 20;
constexpr size_t bytes_beside_text = 64;

}  // namespace

void FormulaTexts::add_formula(std::string_view formula, uint64_t row, uint32_t column) {
  std::string text;
  for (size_t at = formula.find('"'); at != std::string_view::npos; at = formula.find('"', at)) {
    text.clear();
    for (++at; at < formula.size(); ++at) {
      if (formula[at] == '"' && !formula.substr(at + 1).starts_with('"')) break;
      if (formula[at] == '"') ++at;
      text += formula[at];
    }
    add_text(text, row, column);
    if (at < formula.size()) ++at;
  }
}

void FormulaTexts::add_text(std::string_view text, uint64_t row, uint32_t column) {
  if (text.size() < least_text_bytes) return;
  if (bytes_ + text.size() + bytes_beside_text > max_bytes) {
    is_full_ = is_full_ || !known_.contains(std::string(text));
    return;
  }
  if (!known_.emplace(text).second) return;
  texts_.push_back({std::string(text), model::column_letters(column) + std::to_string(row)});
  bytes_ += text.size() + bytes_beside_text;
}

void FormulaTexts::give(Sink& sink) {
  for (const Text& text : texts_) {
    sink.begin_text({.name = "formulas", .table = sheet_, .cell = text.cell});
    sink.text(text.text);
    sink.end_text();
  }
  if (is_full_) sink.partial("texts in formulas beyond what is kept");
  texts_.clear();
  known_.clear();
  bytes_ = 0;
  is_full_ = false;
}

}  // namespace assay::extract
