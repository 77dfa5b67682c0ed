#pragma once

#include <memory>
#include <string>

#include "extract/office/formula_texts.h"
#include "extract/office/sheet_table.h"
#include "extract/office/text_streams.h"
#include "extract/office/xml_stream.h"

namespace assay::extract {

/// The content of an OpenDocument spreadsheet: a table a sheet. Rows and cells that repeat with content are given at
/// most 100 times; empty ones are counted only. Annotations of cells and texts in formulas are given after their table,
/// each as a text of its own; drawings and validations go to `beside`, which is to be finished after the last table.
class OdsSheets final : public XmlHandler {
 public:
  OdsSheets(Sink& sink, TextStreams& beside) : sink_(sink), beside_(beside) {}

  void start(const XmlElement& element) override;
  void end(std::string_view name) override;
  void text(std::string_view utf8) override;

  /// Ends the table when the part broke off inside one.
  void finish();

 private:
  struct Cell {
    uint32_t column;
    uint32_t repeat;
    std::string text;
    bool is_text;
  };

  struct Comment {
    std::string cell;
    std::string text;
  };

  void start_comment();
  void give_comments();
  void start_cell(const XmlElement& element);
  void end_cell();
  void end_row();
  void add_beside(std::string_view part, const std::string& line);
  bool in_cell_text() const { return cell_depth_ != 0 && asides_ == 0; }

  Sink& sink_;
  TextStreams& beside_;
  std::unique_ptr<SheetTable> table_;
  FormulaTexts formulas_{""};
  size_t depth_ = 0;
  size_t cell_depth_ = 0;     // 0: outside of cells
  size_t comment_depth_ = 0;  // 0: outside of the annotations of cells
  std::vector<Comment> comments_;
  size_t comment_bytes_ = 0;
  std::string sheet_;
  size_t asides_ = 0;  // annotations and drawings that are open
  size_t paragraphs_ = 0;
  uint64_t row_ = 1;
  uint64_t row_repeat_ = 1;
  uint32_t column_ = 0;
  std::vector<Cell> cells_;
  size_t row_bytes_ = 0;
  Cell cell_{};
  std::string formula_;
  std::string value_;  // of the attribute, used where the cell shows no text
  bool clipped_ = false;
};

}  // namespace assay::extract
