#include "extract/office/sheet_xml.h"

#include <charconv>

namespace assay::extract {
namespace {

constexpr size_t max_value_bytes = size_t{8} << 20;
constexpr size_t max_side_bytes = size_t{1} << 20;

uint64_t parse_unsigned(std::string_view text, uint64_t otherwise) {
  uint64_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Rows are counted from 1 (ECMA-376-1, 18.3.1.73); any other number leaves `otherwise`.
uint64_t parse_row(std::string_view text, uint64_t otherwise) {
  constexpr uint64_t last_row = UINT32_MAX;
  const uint64_t row = parse_unsigned(text, otherwise);
  return row == 0 || row > last_row ? otherwise : row;
}

/// Reads "BC23"; leaves row and column alone where the reference does not tell them.
void parse_reference(std::string_view reference, uint64_t& row, uint32_t& column) {
  uint32_t letters = 0;
  size_t at = 0;
  constexpr size_t max_letters = 4;
  for (; at < reference.size() && at < max_letters && reference[at] >= 'A' && reference[at] <= 'Z'; ++at)
    letters = letters * 26 + static_cast<uint32_t>(reference[at] - 'A' + 1);
  if (letters > 0) column = letters - 1;
  row = parse_row(reference.substr(at), row);
}

void add_line(std::string& lines, std::string_view line) {
  if (line.empty() || lines.size() + line.size() > max_side_bytes) return;
  lines += line;
  lines += '\n';
}

}  // namespace

void SheetXml::start(const XmlElement& element) {
  const std::string_view name = element.name();
  if (name == "row") {
    row_ = parse_row(element.attribute("r"), row_ + 1);
    next_column_ = 0;
  } else if (name == "c" && element.parent() == "row") {
    start_cell(element);
  } else if (in_cell_) {
    if (name == "v" || (name == "t" && phonetic_ == 0)) capture(Capture::value);
    if (name == "f") capture(Capture::formula);
    if (name == "rPh") ++phonetic_;
  } else if (element.parent() == "headerFooter") {
    capture(Capture::header);
  } else if (name == "formula1" || name == "formula2" || (name == "f" && element.parent() != "cfRule")) {
    capture(Capture::validation);
  } else if (name == "dataValidation") {
    add_line(validations_, element.attribute("prompt"));
    add_line(validations_, element.attribute("error"));
  } else if (name == "hyperlink") {
    for (const std::string_view what : {"display", "tooltip", "location"}) add_line(links_, element.attribute(what));
  }
}

void SheetXml::start_cell(const XmlElement& element) {
  column_ = next_column_;
  if (row_ == 0) row_ = 1;
  parse_reference(element.attribute("r"), row_, column_);
  next_column_ = column_ + 1;
  style_ = parse_unsigned(element.attribute("s"), 0);
  const std::string type = element.attribute("t");
  type_ = type == "s"           ? Type::shared
          : type == "str"       ? Type::text
          : type == "inlineStr" ? Type::inline_text
          : type == "b"         ? Type::boolean
          : type == "e"         ? Type::error
          : type == "d"         ? Type::date
                                : Type::number;
  in_cell_ = true;
  phonetic_ = 0;
  value_.clear();
  formula_.clear();
}

void SheetXml::text(std::string_view utf8) {
  if (capture_ == Capture::none) return;
  std::string& target = capture_ == Capture::value     ? value_
                        : capture_ == Capture::formula ? formula_
                        : capture_ == Capture::header  ? headers_
                                                       : validations_;
  const bool of_cell = capture_ == Capture::value || capture_ == Capture::formula;
  if (target.size() + utf8.size() > (of_cell ? max_value_bytes : max_side_bytes)) {
    sink_.partial("text of a sheet longer than its bound");
    capture_ = Capture::none;
    return;
  }
  target += utf8;
}

void SheetXml::end_cell() {
  in_cell_ = false;
  const bool is_shown = type_ == Type::number && value_.empty();
  if (!formula_.empty() && !is_shown) formulas_.add_formula(formula_, row_, column_);
  switch (type_) {
    case Type::number:
      // A formula that no program has computed yet is shown itself.
      if (is_shown && !formula_.empty()) table_.cell(row_, column_, "=" + formula_, false);
      else table_.cell(row_, column_, formats_.show(value_, style_), false);
      break;
    case Type::shared: table_.cell(row_, column_, strings_.get(parse_unsigned(value_, UINT64_MAX)), true); break;
    case Type::text:
    case Type::inline_text: table_.cell(row_, column_, value_, true); break;
    case Type::boolean: table_.cell(row_, column_, value_ == "1" ? "TRUE" : "FALSE", false); break;
    case Type::error:
    case Type::date: table_.cell(row_, column_, value_, false); break;
  }
}

void SheetXml::end(std::string_view name) {
  if (capture_ == Capture::header) headers_ += '\n';
  if (capture_ == Capture::validation) validations_ += '\n';
  capture_ = Capture::none;
  if (name == "rPh" && phonetic_ > 0) --phonetic_;
  if (name == "c" && in_cell_) end_cell();
}

}  // namespace assay::extract
