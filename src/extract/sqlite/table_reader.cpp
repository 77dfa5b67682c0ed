#include "extract/sqlite/table_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "extract/unicode.h"
#include "model/cell.h"

namespace assay::extract {
namespace {

constexpr int max_cell_bytes = 1 << 20;
constexpr int max_member_value_bytes = 16 << 20;

std::string_view bytes_of(sqlite3_stmt* statement, int index) {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, index));
  const int size = sqlite3_column_bytes(statement, index);
  return data == nullptr ? std::string_view() : std::string_view(data, static_cast<size_t>(size));
}

bool is_text_like(std::string_view bytes) {
  return is_valid_utf8(bytes) && std::ranges::none_of(bytes, [](char c) {
           return (static_cast<uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
         });
}

}  // namespace

Statement prepare(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database, sql.c_str(), static_cast<int>(sql.size()), &statement, nullptr);
  return Statement(statement);
}

std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

bool TableReader::prepare_rows(Statement& rows) {
  rows = prepare(database_, fmt::format("SELECT _rowid_, * FROM {}", quoted(name_)));
  has_rowid_ = rows != nullptr;
  if (!rows) rows = prepare(database_, fmt::format("SELECT 0, * FROM {}", quoted(name_)));
  return rows != nullptr;
}

void TableReader::read() {
  Statement rows;
  if (!prepare_rows(rows)) {
    source_.rethrow_failure();
    return sink_.partial("damaged table");
  }
  TableInfo info;
  info.name = valid_utf8(name_);
  for (int i = 1; i < sqlite3_column_count(rows.get()); ++i) {
    const char* column = sqlite3_column_name(rows.get(), i);
    const char* type = sqlite3_column_decltype(rows.get(), i);
    columns_.push_back({column == nullptr ? "" : column});
    info.columns.push_back(valid_utf8(columns_.back().name));
    info.types.push_back(type == nullptr ? "" : valid_utf8(type));
  }
  sink_.begin_table(info);
  const bool whole = give_rows(rows.get());
  if (!whole) give_rows_behind_damage();
  sink_.end_table();
  rows.reset();
  source_.rethrow_failure();
  if (!whole) sink_.partial("damaged table");
  give_large_values();
}

bool TableReader::give_rows(sqlite3_stmt* rows) {
  int status;
  while ((status = sqlite3_step(rows)) == SQLITE_ROW) give_row(rows);
  source_.rethrow_failure();
  return status == SQLITE_DONE;
}

/// The rows between the damage and the end of the table, read from the end.
void TableReader::give_rows_behind_damage() {
  if (!has_rowid_) return;
  const Statement rows = prepare(
      database_, fmt::format("SELECT _rowid_, * FROM {} WHERE _rowid_ > ?1 ORDER BY _rowid_ DESC", quoted(name_)));
  if (!rows) return;
  sqlite3_bind_int64(rows.get(), 1, rows_given_ == 0 ? INT64_MIN : last_rowid_);
  give_rows(rows.get());
}

void TableReader::give_row(sqlite3_stmt* rows) {
  cells_.resize(columns_.size());
  repaired_.clear();
  repaired_.reserve(columns_.size());
  for (size_t i = 0; i < cells_.size(); ++i) cells_[i] = cell(rows, static_cast<int>(i));
  last_rowid_ = sqlite3_column_int64(rows, 0);
  ++rows_given_;
  sink_.row(has_rowid_ && last_rowid_ > 0 ? static_cast<uint64_t>(last_rowid_) : rows_given_, cells_);
}

std::string_view TableReader::cell(sqlite3_stmt* rows, int index) {
  // One look-up a cell. A value of a column may be asked only while no other thread uses the connection: none does.
  sqlite3_value* const value = sqlite3_column_value(rows, index + 1);
  Column& column = columns_[static_cast<size_t>(index)];
  const int type = sqlite3_value_type(value);
  if (type == SQLITE_NULL) return {};
  if (type == SQLITE_BLOB) {
    const auto* data = static_cast<const char*>(sqlite3_value_blob(value));
    const auto size = static_cast<size_t>(sqlite3_value_bytes(value));
    if (data == nullptr || size == 0) return "";
    const std::string_view bytes(data, size);
    if (size <= max_cell_bytes && is_text_like(bytes)) return bytes;
    if (is_index_) return model::value_elsewhere;
    column.has_binary = true;
    return model::value_elsewhere;
  }
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  const auto size = static_cast<size_t>(sqlite3_value_bytes(value));
  if (text == nullptr) return {};
  if (size > max_cell_bytes) {
    column.has_long = true;
    return model::value_elsewhere;
  }
  const std::string_view view(text, size);
  return is_valid_utf8(view) ? view : std::string_view(repaired_.emplace_back(valid_utf8(view)));
}

void TableReader::give_large_values() {
  for (const Column& column : columns_) {
    if (!column.has_binary && !column.has_long) continue;
    const std::string name = quoted(column.name), table = quoted(name_);
    std::string wanted = fmt::format("typeof({}) = 'blob'", name);
    if (column.has_long) wanted += fmt::format(" OR length({}) > {}", name, max_cell_bytes / 4);
    // Rows without an id are counted, in the order of the table.
    const Statement values = prepare(
        database_, has_rowid_
                       ? fmt::format("SELECT _rowid_, {} FROM {} WHERE {}", name, table, wanted)
                       : fmt::format("SELECT 0, CASE WHEN {} THEN {} END FROM {} NOT INDEXED", wanted, name, table));
    if (!values) continue;
    for (int64_t counted = 1; sqlite3_step(values.get()) == SQLITE_ROW; ++counted)
      give_large_value(values.get(), column, has_rowid_ ? sqlite3_column_int64(values.get(), 0) : counted);
    source_.rethrow_failure();
  }
}

void TableReader::give_large_value(sqlite3_stmt* value, const Column& column, int64_t row) {
  if (sqlite3_column_type(value, 1) == SQLITE_NULL) return;
  const std::string place = fmt::format("{}/{}/{}", valid_utf8(name_), valid_utf8(column.name), row);
  const bool binary = sqlite3_column_type(value, 1) == SQLITE_BLOB;
  const std::string_view bytes = bytes_of(value, 1);
  if (binary && bytes.size() <= max_cell_bytes && is_text_like(bytes)) return;
  if (!binary && bytes.size() <= max_cell_bytes) return;
  if (binary && bytes.size() > max_member_value_bytes)
    return sink_.unread_member(place, {model::VerdictKind::limit, "size of a value"});
  if (binary) {
    MemoryInput content(bytes);
    return sink_.member(place, content);
  }
  sink_.begin_text({.name = place});
  for (size_t at = 0; at < bytes.size();) {
    std::string_view piece = bytes.substr(at, max_cell_bytes);
    while (at + piece.size() < bytes.size() && piece.size() > 1 && (bytes[at + piece.size()] & 0xC0) == 0x80)
      piece.remove_suffix(1);
    sink_.text(valid_utf8(piece));
    at += piece.size();
  }
  sink_.end_text();
}

}  // namespace assay::extract
