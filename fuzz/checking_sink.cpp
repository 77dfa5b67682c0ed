#include "fuzz/checking_sink.h"

#include <algorithm>
#include <array>

#include "extract/failure.h"
#include "extract/unicode.h"
#include "fuzz/harness.h"
#include "model/cell.h"

namespace assay::fuzz {
namespace {

constexpr size_t max_cell_bytes = size_t{1} << 20;
constexpr size_t longest_sequence = 4;

}  // namespace

void CheckingSink::charge(uint64_t bytes) {
  bytes_ += bytes;
  if (bytes_ > max_bytes) throw extract::Failure(model::VerdictKind::limit, "the fuzz target's budget");
  if (std::chrono::steady_clock::now() - begin_ > max_time)
    throw extract::Failure(model::VerdictKind::timeout, "the fuzz target's time");
}

void CheckingSink::expect(State state, const char* property) const { require(state_ == state, property); }

// A sequence may go on in the next piece; what is left over is judged with it.
void CheckingSink::check_utf8(std::string_view piece) {
  cut_ += piece;
  std::string_view rest = cut_;
  while (!rest.empty()) {
    const size_t n = extract::utf8_sequence_length(rest);
    if (n == 0) break;
    rest.remove_prefix(n);
  }
  require(rest.size() < longest_sequence, "text is UTF-8");
  cut_ = std::string(rest);
}

void CheckingSink::begin_text(const extract::Part& part) {
  expect(State::idle, "a text begins where nothing is open");
  require(extract::is_valid_utf8(part.name), "the name of a part is UTF-8");
  state_ = State::in_text;
  cut_.clear();
  charge(0);
}

void CheckingSink::left_out(std::span<const extract::LeftOut> places) {
  expect(State::in_text, "characters are left out of a text");
  require(!places.empty(), "there is something that is left out");
  for (const auto& [at, characters] : places) {
    require(characters > 0 && at > least_text_bytes_, "what is left out is told in order, behind what stands for it");
    least_text_bytes_ = at;
  }
}

void CheckingSink::text(std::string_view utf8) {
  expect(State::in_text, "text comes between its begin and end");
  require(utf8.size() >= least_text_bytes_, "what is left out is told of the text that follows");
  least_text_bytes_ = 0;
  check_utf8(utf8);
  charge(utf8.size());
}

void CheckingSink::end_text() {
  expect(State::in_text, "a text that ends has begun");
  require(cut_.empty(), "text ends with a whole sequence of UTF-8");
  state_ = State::idle;
}

void CheckingSink::begin_table(const extract::TableInfo& table) {
  expect(State::idle, "a table begins where nothing is open");
  require(table.types.empty() || table.types.size() == table.columns.size(), "types are parallel to columns");
  require(extract::is_valid_utf8(table.name), "the name of a table is UTF-8");
  require(std::ranges::all_of(table.columns, extract::is_valid_utf8), "names of columns are UTF-8");
  require(std::ranges::all_of(table.types, extract::is_valid_utf8), "types of columns are UTF-8");
  state_ = State::in_table;
  columns_ = table.columns.size();
  inner_columns_ = 0;
  charge(0);
}

void CheckingSink::add_column(const extract::InnerColumn& column) {
  expect(State::in_table, "columns come between begin and end of their table");
  require(extract::is_valid_utf8(column.name) && extract::is_valid_utf8(column.key), "names of columns are UTF-8");
  require(column.within < model::first_inner_column, "a column lies within one of the table's own");
  require(columns_ + ++inner_columns_ <= model::first_inner_column, "the columns of a table are bounded");
  charge(column.name.size());
}

void CheckingSink::inner_values(uint64_t row_number, std::span<const extract::InnerValue> values) {
  expect(State::in_table, "rows come between begin and end of their table");
  require(row_number > 0, "rows are counted from 1");
  uint64_t bytes = values.size();
  for (const auto& [column, text] : values) {
    require(column < columns_ ||
                (column >= model::first_inner_column && column - model::first_inner_column < inner_columns_),
            "a value is in a column that there is");
    require(text.size() <= max_cell_bytes, "a cell has at most 1 MiB");
    require(extract::is_valid_utf8(text), "a cell is UTF-8");
    bytes += text.size();
  }
  charge(bytes);
}

void CheckingSink::row(uint64_t row_number, std::span<const std::string_view> cells) {
  expect(State::in_table, "rows come between begin and end of their table");
  require(row_number > 0, "rows are counted from 1");
  uint64_t bytes = cells.size();
  for (const std::string_view cell : cells) {
    require(cell.size() <= max_cell_bytes, "a cell has at most 1 MiB");
    require(extract::is_valid_utf8(cell), "a cell is UTF-8");
    bytes += cell.size();
  }
  charge(bytes);
}

void CheckingSink::end_table() {
  expect(State::in_table, "a table that ends has begun");
  state_ = State::idle;
}

void CheckingSink::member(std::string_view, extract::Input& content) {
  expect(State::idle, "a member comes where nothing is open");
  try {
    std::array<char, 16384> piece{};
    uint64_t offset = 0;
    for (size_t n = 0; (n = content.read_at(offset, piece)) != 0; offset += n) {
      require(n <= piece.size(), "a read fills no more than its span");
      charge(n);
    }
    content.read_at(offset / 2, piece);
    const uint64_t size = content.size();
    require(size == offset, "the size of a member is what can be read of it");
  } catch (const extract::Failure&) {  // the member's own verdict
  }
  charge(0);
}

void CheckingSink::unread_member(std::string_view, model::Verdict verdict) {
  expect(State::idle, "a member comes where nothing is open");
  require(verdict.kind != model::VerdictKind::ok, "what was not read is not ok");
  charge(1);
}

void CheckingSink::partial(std::string_view reason) {
  require(!reason.empty(), "what is missing has a reason");
  charge(0);
}

void CheckingSink::require_closed() const { expect(State::idle, "an extractor that returns leaves nothing open"); }

}  // namespace assay::fuzz
