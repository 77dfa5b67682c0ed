#include "extract/text/sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "extract/text/chunks.h"
#include "extract/text/decoder.h"
#include "extract/text/sql_reader.h"
#include "extract/text/text.h"
#include "model/cell.h"
#include "model/column_letters.h"

namespace assay::extract {
namespace {

constexpr size_t head_bytes = size_t{1} << 20;
constexpr size_t most_held_bytes = size_t{8} << 20;
constexpr size_t most_held_tables = 256;

/// The script with spaces in the place of its values, so that lines and columns are those of the file.
class Statements final : public SqlHandler {
 public:
  explicit Statements(Sink& sink) : sink_(sink) {}

  void on_text(std::string_view text) override { sink_.text(text); }
  void on_values(std::string_view values) override {
    has_values = true;
    blanks_.assign(values);
    std::ranges::replace_if(blanks_, [](char c) { return c != '\n'; }, ' ');
    sink_.text(blanks_);
  }

  bool has_values = false;

 private:
  Sink& sink_;
  std::string blanks_;
};

constexpr size_t null_cell = SIZE_MAX, long_cell = SIZE_MAX - 1;

/// Rows of a table that wait for more of them.
struct HeldTable {
  SqlTable table;
  std::string values;
  struct Row {
    uint64_t line;
    std::vector<std::pair<size_t, size_t>> cells;  // begin and end in values; or a mark of what is none, twice
  };
  std::vector<Row> rows;
};

/// Gives the rows table by table. Scripts often go to and fro between tables, of which each is to be judged as a whole:
/// rows are held back, as many as memory may take, and those of one table that goes on and on are passed through.
class Tables final : public SqlHandler {
 public:
  explicit Tables(Sink& sink) : sink_(sink) {}

  void on_table(const SqlTable& table) override {
    close();
    const auto held = std::ranges::find(held_, table, &HeldTable::table);
    current_ = static_cast<size_t>(held - held_.begin());
    if (held == held_.end()) {
      if (held_.size() >= most_held_tables) give_all();
      current_ = held_.size();
      held_.push_back({.table = table, .values = {}, .rows = {}});
    }
  }

  void on_row(uint64_t line, std::span<const std::string_view> cells) override {
    if (is_open_) return sink_.row(line, cells);
    HeldTable& held = held_[current_];
    HeldTable::Row row{.line = line, .cells = {}};
    const size_t before = held.values.size();
    for (const std::string_view cell : cells) {
      if (model::is_null(cell) || model::is_elsewhere(cell)) {
        const size_t mark = model::is_null(cell) ? null_cell : long_cell;
        row.cells.emplace_back(mark, mark);
        continue;
      }
      row.cells.emplace_back(held.values.size(), held.values.size() + cell.size());
      held.values += cell;
    }
    held_bytes_ += held.values.size() - before + sizeof row + row.cells.size() * sizeof row.cells[0];
    held.rows.push_back(std::move(row));
    if (held_bytes_ > most_held_bytes) keep_current_open();
  }

  void on_long_value_begin(uint64_t line, size_t column) override {
    const SqlTable table = is_open_ ? open_ : held_[current_].table;
    close();
    give_all();
    const std::string name = column < table.columns.size() ? table.columns[column] : model::column_letters(column);
    sink_.begin_text(Part{.name = fmt::format("{}, row {}, column {}", table.name, line, name)});
    held_.push_back({.table = table, .values = {}, .rows = {}});
    current_ = 0;
  }
  void on_long_value_text(std::string_view text) override { sink_.text(text); }
  void on_long_value_end() override { sink_.end_text(); }

  void finish() {
    close();
    give_all();
  }

 private:
  void close() {
    if (is_open_) sink_.end_table();
    if (is_open_) held_.push_back({.table = open_, .values = {}, .rows = {}});  // its rows may go on
    is_open_ = false;
  }
  void begin(const SqlTable& table) {
    sink_.begin_table({.name = table.name, .columns = table.columns, .types = table.types, .rows_are_lines = true});
  }
  void give_rows(const HeldTable& held) {
    std::vector<std::string_view> cells;
    for (const auto& row : held.rows) {
      cells.clear();
      for (const auto& [begin, end] : row.cells)
        cells.push_back(begin == null_cell   ? std::string_view()
                        : begin == long_cell ? model::value_elsewhere
                                             : std::string_view(held.values).substr(begin, end - begin));
      sink_.row(row.line, cells);
    }
  }
  void give_all() {
    for (const HeldTable& held : held_) {
      if (held.rows.empty()) continue;
      begin(held.table);
      give_rows(held);
      sink_.end_table();
    }
    held_.clear();
    held_bytes_ = 0;
  }
  void keep_current_open() {
    HeldTable current = std::move(held_[current_]);
    held_.erase(held_.begin() + static_cast<ptrdiff_t>(current_));
    give_all();
    open_ = std::move(current.table);
    begin(open_);
    give_rows(current);
    is_open_ = true;
  }

  Sink& sink_;
  std::vector<HeldTable> held_;  // in the order of the script
  size_t current_ = 0, held_bytes_ = 0;
  SqlTable open_;
  bool is_open_ = false;
};

// MySQL quotes names as nobody else does.
bool has_backslash_escapes(std::string_view head) {
  return head.find('`') != std::string_view::npos || head.find("MySQL") != std::string_view::npos ||
         head.find("MariaDB") != std::string_view::npos;
}

void read(Input& input, bool backslash_escapes, SqlHandler& handler) {
  SqlReader reader(handler);
  if (backslash_escapes) reader.set_backslash_escapes();
  Decoder decoder([&](std::string_view utf8) { reader.feed(utf8); });
  for_each_chunk(input, [&](std::string_view bytes) {
    decoder.feed(bytes);
    return true;
  });
  decoder.finish();
  reader.finish();
}

}  // namespace

void extract_sql(Input& input, const Context& context, Sink& sink) {
  std::string head(head_bytes, '\0');
  head.resize(input.read_at(0, head));
  if (head.find("assay:ignore") != std::string::npos) return extract_text(input, context, sink);
  const bool backslash_escapes = has_backslash_escapes(head);
  Statements statements(sink);
  sink.begin_text(Part{.name = "", .page = 0, .has_lines = true});
  read(input, backslash_escapes, statements);
  sink.end_text();
  if (!statements.has_values) return;
  Tables tables(sink);
  read(input, backslash_escapes, tables);
  tables.finish();
}

}  // namespace assay::extract
