#include "extract/office/ods_sheets.h"

#include <algorithm>
#include <charconv>

#include "model/column_letters.h"

namespace assay::extract {
namespace {

constexpr uint64_t max_repeats = 100;
constexpr uint64_t max_rows = 1'048'576;
constexpr size_t max_cell_bytes = size_t{8} << 20;
constexpr size_t max_beside_bytes = size_t{8} << 20;  // held until the last table ends
constexpr size_t max_comments = 65'536;               // of one table
constexpr size_t max_row_bytes = size_t{16} << 20;

uint64_t repeat_count(const XmlElement& element, std::string_view attribute) {
  const std::string text = element.attribute(attribute);
  uint64_t count = 1;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return std::clamp<uint64_t>(count, 1, max_rows);
}

bool is_cell(std::string_view name) { return name == "table-cell" || name == "covered-table-cell"; }

/// What stands in a cell but is not its text.
bool is_aside(std::string_view name) { return name == "annotation" || name == "frame" || name == "custom-shape"; }

}  // namespace

void OdsSheets::start(const XmlElement& element) {
  ++depth_;
  const std::string_view name = element.name();
  if (name == "table" && element.parent() == "spreadsheet") {
    finish();
    sheet_ = element.attribute("name");
    table_ = std::make_unique<SheetTable>(sink_, sheet_);
    formulas_ = FormulaTexts(sheet_);
    row_ = 1;
  } else if (name == "table-row") {
    row_repeat_ = repeat_count(element, "number-rows-repeated");
    column_ = 0;
  } else if (is_cell(name) && cell_depth_ == 0) {
    start_cell(element);
  } else if (is_aside(name)) {
    ++asides_;
    if (name == "annotation" && cell_depth_ != 0 && comment_depth_ == 0) start_comment();
  } else if (name == "p" || name == "h") {
    if (++paragraphs_ == 1 && in_cell_text() && !cell_.text.empty()) cell_.text += '\n';
  } else if (name == "s" && in_cell_text()) {
    cell_.text += ' ';
  } else if (name == "a") {
    add_beside("links", element.attribute("href"));
  } else if (name == "content-validation") {
    add_beside("validations", element.attribute("condition"));
  } else if (name == "named-range") {
    add_beside("names", element.attribute("name"));
  }
}

void OdsSheets::start_comment() {
  if (comments_.size() >= max_comments) return;  // what comes goes beside
  comment_depth_ = depth_;
  comments_.push_back({model::column_letters(column_) + std::to_string(row_), ""});
}

void OdsSheets::give_comments() {
  for (const Comment& comment : comments_) {
    if (comment.text.empty()) continue;
    sink_.begin_text({.name = "comments", .table = sheet_, .cell = comment.cell});
    sink_.text(comment.text);
    sink_.end_text();
  }
  comments_.clear();
  comment_bytes_ = 0;
}

void OdsSheets::add_beside(std::string_view part, const std::string& line) {
  TextStream& stream = beside_.side(part);
  if (stream.size() + line.size() > max_beside_bytes) {
    clipped_ = true;
    return;
  }
  stream.write(line);
  stream.end_line();
}

void OdsSheets::start_cell(const XmlElement& element) {
  cell_depth_ = depth_;
  cell_ = {column_, static_cast<uint32_t>(repeat_count(element, "number-columns-repeated")), "", true};
  formula_ = element.attribute("formula");
  const std::string type = element.attribute("value-type");
  cell_.is_text = type == "string" || type.empty();
  // Dates and long numbers are shown as formatted; their exact value is worth more.
  value_ = type == "date"     ? element.attribute("date-value")
           : type == "time"   ? element.attribute("time-value")
           : type == "string" ? element.attribute("string-value")
                              : element.attribute("value");
}

void OdsSheets::text(std::string_view utf8) {
  if (paragraphs_ == 0) return;
  if (comment_depth_ != 0) {
    if (comment_bytes_ + utf8.size() <= max_beside_bytes) comments_.back().text += utf8;
    else clipped_ = true;
    comment_bytes_ += utf8.size();
  } else if (!in_cell_text()) {
    if (beside_.main().size() + utf8.size() <= max_beside_bytes) beside_.main().write(utf8);
    else clipped_ = true;
  } else if (cell_.text.size() + utf8.size() <= max_cell_bytes) {
    cell_.text += utf8;
  } else {
    clipped_ = true;
  }
}

void OdsSheets::end_cell() {
  cell_depth_ = 0;
  column_ = static_cast<uint32_t>(std::min<uint64_t>(uint64_t{column_} + cell_.repeat, UINT32_MAX / 2));
  // "4.11E+15" is how a narrow column shows a card number.
  const bool rounded = cell_.text.find("E+") != std::string::npos || cell_.text.starts_with("##");
  if (cell_.text.empty() || (rounded && !value_.empty())) cell_.text = value_;
  // A formula that no program has computed yet is shown itself.
  if (cell_.text.empty()) cell_.text = formula_;
  else if (!formula_.empty()) formulas_.add_formula(formula_, row_, cell_.column);
  if (cell_.text.empty()) return;
  if (row_bytes_ + cell_.text.size() > max_row_bytes || cells_.size() >= SheetTable::max_columns) {
    clipped_ = true;
    return;
  }
  row_bytes_ += cell_.text.size();
  cells_.push_back(std::move(cell_));
}

void OdsSheets::end_row() {
  if (table_ && !cells_.empty()) {
    const uint64_t rows = std::min(row_repeat_, max_repeats);
    for (uint64_t i = 0; i < rows; ++i)
      for (const Cell& cell : cells_)
        for (uint64_t k = 0; k < std::min<uint64_t>(cell.repeat, max_repeats); ++k)
          if (cell.column + k < SheetTable::max_columns)
            table_->cell(row_ + i, static_cast<uint32_t>(cell.column + k), cell.text, cell.is_text);
    sink_.tick();
  }
  row_ = std::min(row_ + row_repeat_, max_rows * 1024);
  cells_.clear();
  row_bytes_ = 0;
}

void OdsSheets::end(std::string_view name) {
  const size_t depth = depth_--;
  if (name == "p" || name == "h") {
    if (paragraphs_ > 0) --paragraphs_;
    if (comment_depth_ != 0) comments_.back().text += '\n';
    else if (!in_cell_text()) beside_.main().end_line();
  } else if (is_aside(name)) {
    if (asides_ > 0) --asides_;
    if (comment_depth_ == depth) comment_depth_ = 0;
    else beside_.main().end_line();
  } else if (cell_depth_ == depth) {
    end_cell();
  } else if (name == "table-row") {
    end_row();
  } else if (name == "table" && cell_depth_ == 0) {
    finish();
  }
}

void OdsSheets::finish() {
  if (table_) table_->finish();
  table_.reset();
  formulas_.give(sink_);
  give_comments();
  comment_depth_ = 0;
  if (clipped_) sink_.partial("text of a sheet longer than its bound");
  clipped_ = false;
}

}  // namespace assay::extract
