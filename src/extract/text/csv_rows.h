#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::extract {

/// Where a row stands, both 1-based.
struct RowPlace {
  uint64_t row = 0;   ///< as a spreadsheet counts: blank lines are rows, and a row may have several lines
  uint64_t line = 0;  ///< in which it begins

  bool operator==(const RowPlace&) const = default;
};

/// Takes the rows that a RowSplitter finds.
class RowHandler {
 public:
  virtual ~RowHandler() = default;
  /// Views are valid during the call. A row of very many cells, or one with a long cell, comes in several calls with
  /// the same place; cells that were given before are empty then.
  virtual void on_row(RowPlace place, std::span<const std::string_view> cells) = 0;
  /// A cell longer than 1 MiB comes in pieces.
  virtual void on_long_cell_begin(RowPlace place, size_t column) = 0;
  virtual void on_long_cell_text(std::string_view piece) = 0;
  virtual void on_long_cell_end() = 0;
};

/// Splits UTF-8 that comes in pieces of any size into rows and cells (RFC 4180, with LF, CRLF or mixed line ends).
/// Quotes count only at the start of a cell. Memory is bounded whatever comes.
class RowSplitter {
 public:
  /// `expected_cells` helps to tell a long quoted cell from a stray quote.
  RowSplitter(char delimiter, size_t expected_cells, RowHandler& handler)
      : delimiter_(delimiter), expected_cells_(expected_cells), handler_(handler) {}

  /// Ends rows at CR alone, as old Macintosh files do.
  void set_carriage_return_rows() { newline_ = '\r'; }

  void feed(std::string_view utf8);
  void finish();

 private:
  void scan();
  void scan_mask(uint64_t mask, size_t base);
  void scan_plain(uint64_t mask, size_t base);
  void take(size_t at);
  void finish_cell(size_t end);
  void finish_row(size_t end);
  void flush_cells();
  void reset_cell(size_t start);
  void keep_unfinished_row();
  void bound_memory();
  void begin_long_cell();
  void pass_long_cell(size_t end);
  bool quote_looks_stray() const;
  void reread_quote_as_text();
  std::string_view unescaped(std::string_view quoted);

  char delimiter_;
  char newline_ = '\n';
  size_t expected_cells_;
  RowHandler& handler_;

  std::string buffer_;  ///< from the start of the unfinished row on
  size_t scanned_ = 0;
  size_t row_start_ = 0;
  RowPlace place_{1, 1};
  uint64_t newlines_in_row_ = 0;
  std::vector<std::string_view> cells_;
  std::deque<std::string> unescaped_;
  size_t unescaped_used_ = 0;

  size_t cell_start_ = 0;
  size_t after_quote_ = 0;  ///< place behind the last closing quote; 0: none in this cell
  bool quoted_ = false;
  bool in_quotes_ = false;
  bool escaped_ = false;
  bool in_long_cell_ = false;
  bool quotes_off_ = false;
  int stray_quotes_ = 0;
};

}  // namespace assay::extract
