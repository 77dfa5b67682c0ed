#pragma once

#include <string>

#include "extract/office/cell_format.h"
#include "extract/office/formula_texts.h"
#include "extract/office/shared_strings.h"
#include "extract/office/sheet_table.h"
#include "extract/office/xml_stream.h"

namespace assay::extract {

/// A worksheet part (ECMA-376-1, 18.3): its cells go to a table, texts in formulas to `formulas`; headers, footers,
/// validation lists and link texts are kept (1 MiB each at most) for after the table.
class SheetXml final : public XmlHandler {
 public:
  SheetXml(SheetTable& table, FormulaTexts& formulas, const CellFormats& formats, SharedStrings& strings, Sink& sink)
      : table_(table), formulas_(formulas), formats_(formats), strings_(strings), sink_(sink) {}

  void start(const XmlElement& element) override;
  void end(std::string_view name) override;
  void text(std::string_view utf8) override;

  const std::string& headers() const { return headers_; }
  const std::string& validations() const { return validations_; }
  const std::string& links() const { return links_; }

 private:
  enum class Type { number, shared, text, inline_text, boolean, error, date };
  enum class Capture { none, value, formula, header, validation };

  void start_cell(const XmlElement& element);
  void end_cell();
  void capture(Capture what) { capture_ = what; }

  SheetTable& table_;
  FormulaTexts& formulas_;
  const CellFormats& formats_;
  SharedStrings& strings_;
  Sink& sink_;
  uint64_t row_ = 0;
  uint32_t column_ = 0;  // 0-based
  uint32_t next_column_ = 0;
  Type type_ = Type::number;
  size_t style_ = 0;
  Capture capture_ = Capture::none;
  size_t phonetic_ = 0;
  bool in_cell_ = false;
  std::string value_;
  std::string formula_;
  std::string headers_;
  std::string validations_;
  std::string links_;
};

}  // namespace assay::extract
