#include "table_in_memory.h"

#include <fstream>

#include "classify/rule_loader.h"
#include "classify/table_scanner.h"
#include "core/error.h"
#include "extract/nested/unfolding_sink.h"
#include "extract/rows/rows.h"
#include "model/row_stream.h"

namespace assay::bench {
namespace {

class Ignore final : public classify::TableSink {
 public:
  void on_cell_match(const classify::Match&, uint64_t, uint32_t, size_t, size_t, std::string_view) override {}
  void on_column(const classify::ColumnVerdict&) override {}
};

/// Rows to a classifier; nothing else comes of such a stream.
class ToScanner final : public extract::Sink {
 public:
  explicit ToScanner(classify::TableScanner& scanner) : scanner_(scanner) {}
  void begin_text(const extract::Part&) override {}
  void text(std::string_view) override {}
  void end_text() override {}
  void begin_table(const extract::TableInfo& table) override { scanner_.begin(table.columns); }
  void row(uint64_t number, std::span<const std::string_view> cells) override { scanner_.row(number, cells); }
  void add_column(const extract::InnerColumn& column) override { scanner_.add_inner(column.name, column.key); }
  void inner_values(uint64_t number, std::span<const extract::InnerValue> values) override {
    for (const auto& [column, text] : values) scanner_.inner_value(number, column, text);
  }
  void end_table() override { scanner_.finish(); }
  void member(std::string_view, extract::Input&) override {}
  void unread_member(std::string_view, model::Verdict) override {}
  void partial(std::string_view) override {}
  void tick() override {}

 private:
  classify::TableScanner& scanner_;
};

std::string stream_of(const Cells& cells) {
  std::string stream;
  model::RowStreamWriter writer(stream);
  std::vector<model::StreamColumn> columns;
  for (const std::string_view name : mixed_columns)
    columns.push_back({.name = std::string(name), .native_type = "text", .comment = {}});
  writer.header("orders", columns);
  for (uint64_t n = 0; n < cells.rows(); ++n) {
    writer.begin_row();
    for (const std::string_view cell : cells.row(n)) {
      if (cell.empty()) writer.null();
      else writer.cell(model::CellKind::text, cell);
    }
  }
  writer.end();
  return stream;
}

}  // namespace

Cells::Cells(const std::string& file, uint64_t rows, uint64_t every) : rows_(rows) {
  std::ofstream out(file, std::ios::binary);
  ends_.reserve(rows * mixed_columns.size());
  for (uint64_t n = 0; n < rows; ++n) {
    const MixedRow row = mixed_row(n, every);
    for (size_t i = 0; i < row.size(); ++i) {
      text_ += row[i];
      ends_.push_back(text_.size());
      out << (i == 0 ? "" : "\t") << (row[i].empty() ? "\\N" : row[i]);
    }
    out << '\n';
  }
  if (!out.flush()) throw core::Error(core::ErrorKind::transient, "there is no room for the table");
}

Cells::Row Cells::row(uint64_t n) const {
  Row cells;
  for (size_t i = 0; i < cells.size(); ++i) {
    const size_t at = n * cells.size() + i, begin = at == 0 ? 0 : ends_[at - 1];
    cells[i] = std::string_view(text_).substr(begin, ends_[at] - begin);
  }
  return cells;
}

ClassifierAlone::ClassifierAlone(const Cells& cells)
    : cells_(cells),
      classifier_(classify::load_rules(classify::builtin_rule_sources())),
      scratch_(classifier_.rules()) {}

void ClassifierAlone::operator()() {
  Ignore sink;
  classify::TableScanner scanner(classifier_, scratch_, 0.5F, sink);
  scanner.begin(std::vector<std::string>(mixed_columns.begin(), mixed_columns.end()));
  for (uint64_t n = 0; n < cells_.rows(); ++n) scanner.row(n + 1, cells_.row(n));
  scanner.finish();
}

StreamAlone::StreamAlone(const Cells& cells)
    : stream_(stream_of(cells)),
      classifier_(classify::load_rules(classify::builtin_rule_sources())),
      scratch_(classifier_.rules()) {}

void StreamAlone::operator()() {
  Ignore sink;
  classify::TableScanner scanner(classifier_, scratch_, 0.5F, sink);
  ToScanner to_scanner(scanner);
  extract::UnfoldingSink unfolding(to_scanner);
  extract::MemoryInput input(stream_);
  extract::Scratch spool(-1, 0);
  const model::Limits limits;
  extract::extract_rows(input, {.limits = limits, .scratch = spool, .name = {}}, unfolding);
}

}  // namespace assay::bench
