#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

#include "extract/extractor.h"
#include "extract/sqlite/input_vfs.h"

namespace assay::extract {

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// nullptr when SQLite refuses the text.
Statement prepare(sqlite3* database, const std::string& sql);

/// A name as SQL writes it: "na""me".
std::string quoted(std::string_view name);

/// Gives one table: its rows, then as members or texts the values that no cell can hold.
class TableReader {
 public:
  /// `is_index`: its binary values are no content (extract/sqlite/virtual_table.h).
  TableReader(sqlite3* database, DatabaseSource& source, std::string name, bool is_index, Sink& sink)
      : database_(database), source_(source), name_(std::move(name)), is_index_(is_index), sink_(sink) {}

  void read();

 private:
  struct Column {
    std::string name;
    bool has_binary = false;  ///< values to be given as members
    bool has_long = false;    ///< texts too long for a cell
  };

  bool prepare_rows(Statement& rows);
  bool give_rows(sqlite3_stmt* rows);
  void give_rows_behind_damage();
  void give_row(sqlite3_stmt* rows);
  std::string_view cell(sqlite3_stmt* rows, int index);
  void give_large_values();
  void give_large_value(sqlite3_stmt* value, const Column& column, int64_t row);

  sqlite3* database_;
  DatabaseSource& source_;
  std::string name_;
  bool is_index_;
  Sink& sink_;
  bool has_rowid_ = true;
  std::vector<Column> columns_;
  std::vector<std::string> repaired_;  ///< cells of the current row whose text was not UTF-8
  std::vector<std::string_view> cells_;
  uint64_t rows_given_ = 0;
  sqlite3_int64 last_rowid_ = 0;
};

}  // namespace assay::extract
