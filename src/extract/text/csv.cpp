#include "extract/text/csv.h"

#include <fmt/format.h>

#include "extract/delimiters.h"
#include "extract/text/chunks.h"
#include "extract/text/csv_header.h"
#include "extract/text/csv_rows.h"
#include "extract/text/decoder.h"
#include "extract/text/text.h"
#include "model/column_letters.h"

namespace assay::extract {
namespace {

constexpr size_t head_bytes = size_t{64} << 10;
constexpr size_t rows_looked_at = 100;

/// Keeps the first rows for a judgement.
class HeadRows final : public RowHandler {
 public:
  void on_row(RowPlace place, std::span<const std::string_view> cells) override {
    if (rows.size() >= rows_looked_at) return;
    rows.emplace_back(cells.begin(), cells.end());
    numbers.push_back(place.row);
  }
  void on_long_cell_begin(RowPlace, size_t) override {}
  void on_long_cell_text(std::string_view) override {}
  void on_long_cell_end() override {}

  std::vector<CsvRow> rows;
  std::vector<uint64_t> numbers;
};

struct Plan {
  char delimiter = ',';
  bool carriage_return_rows = false;
  size_t columns = 0;
  uint64_t directive_row = 0;  ///< Excel's "sep=;", which it does not count as a row; 0 when there is none
  uint64_t header_row = 0;     ///< 0: no header
  TableInfo table;
};

void configure(RowSplitter& splitter, const Plan& plan) {
  if (plan.carriage_return_rows) splitter.set_carriage_return_rows();
}

/// A table of one column has no delimiter: only a header above cells of another kind shows that it is one.
std::optional<TableShape> shape_of(std::string_view head, bool whole) {
  if (const auto shape = guess_table_shape(head, whole, true)) return shape;
  if (head.find('\n') == std::string_view::npos && head.find('\r') == std::string_view::npos) return std::nullopt;
  return TableShape{.delimiter = ',', .columns = 1};
}

std::optional<Plan> make_plan(std::string_view head, bool whole) {
  Plan plan;
  plan.table.rows_are_lines = true;
  plan.carriage_return_rows = head.find('\n') == std::string_view::npos && head.find('\r') != std::string_view::npos;
  std::string_view body = head;
  if (head.size() > 5 && head.starts_with("sep=") && (head[5] == '\r' || head[5] == '\n')) {
    plan.directive_row = 1;
    plan.delimiter = head[4];
    body.remove_prefix(6);
  }
  const auto shape = shape_of(body, whole);
  if (!shape) return std::nullopt;
  if (plan.directive_row == 0) plan.delimiter = shape->delimiter;
  plan.columns = shape->columns;

  HeadRows found;
  RowSplitter splitter(plan.delimiter, plan.columns, found);
  configure(splitter, plan);
  splitter.feed(head);
  if (whole) splitter.finish();
  if (plan.directive_row != 0 && !found.rows.empty()) {
    found.rows.erase(found.rows.begin());
    found.numbers.erase(found.numbers.begin());
  }
  const auto header = find_header(found.rows, plan.columns);
  if (plan.columns == 1 && (!header || *header != 0)) return std::nullopt;
  if (header) {
    plan.header_row = found.numbers[*header];
    plan.table.columns = found.rows[*header];
  }
  return plan;
}

std::string decoded_head(Input& input, bool& whole) {
  std::string bytes(head_bytes, '\0');
  bytes.resize(input.read_at(0, bytes));
  whole = bytes.size() < head_bytes;
  std::string text;
  Decoder decoder([&](std::string_view utf8) { text += utf8; });
  decoder.feed(bytes);
  if (whole) decoder.finish();
  return text;
}

/// Hands rows to the sink; a cell that is too long for a row interrupts the table.
class TableWriter final : public RowHandler {
 public:
  TableWriter(const Plan& plan, Sink& sink) : plan_(plan), sink_(sink) { sink_.begin_table(plan_.table); }

  void on_row(RowPlace place, std::span<const std::string_view> cells) override {
    if (place.row == plan_.header_row || place.row == plan_.directive_row) return;
    const uint64_t number = place.row - plan_.directive_row;
    if (place.line - number != lines_below_) {
      lines_below_ = place.line - number;
      sink_.lines_below(lines_below_);
    }
    sink_.row(number, cells);
  }
  void on_long_cell_begin(RowPlace place, size_t column) override {
    sink_.end_table();
    const auto& names = plan_.table.columns;
    const std::string name = column < names.size() ? names[column] : model::column_letters(column);
    sink_.begin_text(Part{.name = fmt::format("row {}, column {}", place.row - plan_.directive_row, name)});
  }
  void on_long_cell_text(std::string_view piece) override { sink_.text(piece); }
  void on_long_cell_end() override {
    sink_.end_text();
    sink_.begin_table(plan_.table);
    lines_below_ = 0;
  }
  void finish() { sink_.end_table(); }

 private:
  const Plan& plan_;
  Sink& sink_;
  uint64_t lines_below_ = 0;
};

}  // namespace

void extract_csv(Input& input, const Context& context, Sink& sink) {
  bool whole = false;
  const auto plan = make_plan(decoded_head(input, whole), whole);
  if (!plan) {
    extract_text(input, context, sink);
    return;
  }
  TableWriter writer(*plan, sink);
  RowSplitter splitter(plan->delimiter, plan->columns, writer);
  configure(splitter, *plan);
  Decoder decoder([&](std::string_view utf8) { splitter.feed(utf8); });
  for_each_chunk(input, [&](std::string_view bytes) {
    decoder.feed(bytes);
    return true;
  });
  decoder.finish();
  splitter.finish();
  writer.finish();
}

}  // namespace assay::extract
