#include "extract/delimiters.h"

#include <algorithm>
#include <array>
#include <map>

namespace assay::extract {
namespace {

constexpr size_t max_rows = 100;

struct Counts {
  std::map<size_t, size_t> rows_by_cells;
  size_t rows = 0;
  size_t delimiters = 0;
  size_t followed_by_space = 0;
  size_t at_line_end = 0;
  bool ends_in_quotes = false;
};

/// One pass over the rows with one candidate.
class RowCounter {
 public:
  RowCounter(char delimiter, bool quotes) : delimiter_(delimiter), quotes_(quotes) {}

  Counts count(std::string_view head, bool whole) {
    for (size_t i = 0; i < head.size() && counts_.rows < max_rows; ++i)
      take(head[i], i + 1 < head.size() ? head[i + 1] : '\n');
    if (whole && counts_.rows < max_rows) finish_row();
    counts_.ends_in_quotes = in_quotes_;
    return counts_;
  }

 private:
  void take(char c, char next) {
    if (in_quotes_) {
      if (c == '"') in_quotes_ = false;
    } else if (quotes_ && c == '"' && (cell_empty_ || after_quote_)) {
      in_quotes_ = true;  // after a closing quote it is the second of a doubled one
    } else if (c == delimiter_) {
      ++cells_;
      ++counts_.delimiters;
      counts_.followed_by_space += next == ' ';
      counts_.at_line_end += next == '\n' || next == '\r';
    } else if (c == '\n' || (c == '\r' && next != '\n')) {
      finish_row();
      return;
    }
    after_quote_ = c == '"' && !in_quotes_;
    cell_empty_ = c == delimiter_;
    row_empty_ = row_empty_ && c == '\r';
  }

  void finish_row() {
    if (!row_empty_) {
      ++counts_.rows;
      ++counts_.rows_by_cells[cells_];
    }
    cells_ = 1;
    row_empty_ = cell_empty_ = true;
    after_quote_ = false;
  }

  char delimiter_;
  bool quotes_;
  Counts counts_;
  size_t cells_ = 1;
  bool in_quotes_ = false;
  bool after_quote_ = false;
  bool cell_empty_ = true;
  bool row_empty_ = true;
};

std::optional<TableShape> judge(char delimiter, const Counts& counts, bool hinted) {
  if (counts.rows < (hinted ? 1U : 2U)) return std::nullopt;
  const auto most = std::ranges::max_element(counts.rows_by_cells, {}, [](const auto& entry) { return entry.second; });
  const TableShape shape{delimiter, most->first, counts.rows, most->second};
  if (shape.columns < 2) return std::nullopt;
  if (hinted) {
    if (shape.regular_rows * 2 < shape.rows) return std::nullopt;
    return shape;
  }
  if (shape.regular_rows * 20 < shape.rows * 19) return std::nullopt;
  // Prose has a space after each comma, source code ends lines with the delimiter: both may look regular by chance.
  const bool like_prose = counts.followed_by_space * 2 > counts.delimiters;
  const bool like_code = counts.at_line_end * 10 > counts.delimiters * 9 && shape.columns == 2;
  if (like_code) return std::nullopt;
  const size_t rows_wanted = like_prose ? (shape.columns == 2 ? 20 : 5) : shape.columns == 2 ? 4 : 2;
  if (delimiter == '|' && shape.columns == 2 && shape.rows < 10) return std::nullopt;
  if (shape.rows < rows_wanted) return std::nullopt;
  return shape;
}

}  // namespace

std::optional<TableShape> guess_table_shape(std::string_view head, bool whole, bool hinted) {
  std::optional<TableShape> best;
  for (const char delimiter : std::array{',', ';', '\t', '|'}) {
    const Counts counts = RowCounter(delimiter, true).count(head, whole);
    auto shape = judge(delimiter, counts, hinted);
    if (counts.ends_in_quotes) {
      // A stray quote hides all rows behind it: without quotes there are many more of them, and regular.
      const auto unquoted = judge(delimiter, RowCounter(delimiter, false).count(head, whole), hinted);
      if (unquoted && (!shape || unquoted->regular_rows > shape->regular_rows * 2)) shape = unquoted;
    }
    if (!shape) continue;
    // More regular first, then more columns: free text in cells often holds the other candidates.
    const auto rank = [](const TableShape& s) { return std::pair(s.regular_rows * 10 / s.rows, s.columns); };
    if (!best || rank(*shape) > rank(*best)) best = shape;
  }
  return best;
}

}  // namespace assay::extract
