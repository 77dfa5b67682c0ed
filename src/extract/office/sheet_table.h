#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extractor.h"

namespace assay::extract {

/// Turns the cells of a sheet, which come one by one and with gaps, into rows for the sink. The first rows are held
/// back until it is known which of them names the columns: the first that is no title (one cell, above wider rows),
/// when all its cells are text that looks like names. It is given as a row too, since it may hold values after all.
class SheetTable {
 public:
  SheetTable(Sink& sink, std::string name);

  static constexpr uint32_t max_columns = 16384;

  /// `row` is 1-based, `column` 0-based. Cells past max_columns are told as partial. Empty text is no cell.
  void cell(uint64_t row, uint32_t column, std::string_view text, bool is_text);
  /// Gives the last row and ends the table. To be called once.
  void finish();

 private:
  struct Cell {
    uint32_t column;
    size_t begin;
    size_t size;
  };
  struct HeldRow {
    uint64_t number;
    std::vector<std::string> cells;
    bool is_text;
  };
  void give_row();
  void hold_row();
  void judge_header();
  void give(uint64_t number);
  void give_long_cell(uint64_t row, uint32_t column, std::string_view text);
  void close();

  Sink& sink_;
  TableInfo info_;
  std::vector<Cell> cells_;
  std::string bytes_;
  std::vector<std::string_view> views_;
  std::vector<HeldRow> held_;
  size_t held_bytes_ = 0;
  uint64_t row_ = 0;
  bool row_is_text_ = true;
  bool header_judged_ = false;
  bool open_ = false;
  bool beyond_told_ = false;
};

}  // namespace assay::extract
