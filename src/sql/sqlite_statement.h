#pragma once

#include <sqlite3.h>

#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "sql/rows.h"
#include "sql/value.h"

namespace assay::sql {

/// One prepared statement and which of its parameters is `$1`, `$2`, ... (SQLite counts them as they appear; and it
/// takes `$1::bigint` for one name, which is left to mean `$1`, so that a cast that PostgreSQL needs does no harm).
class SqliteStatement {
 public:
  /// Throws sql::Error for a text that is no statement, is several, or leaves a gap in its parameters.
  SqliteStatement(sqlite3* database, std::string_view sql);

  /// Throws sql::Error(bug) when the count is wrong. The values must live until reset().
  void bind(std::span<const Value> parameters);
  /// Ends the run and forgets the values.
  void reset() noexcept;
  sqlite3_stmt* get() const noexcept { return statement_.get(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };

  void bind_value(int index, const Value& value);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  std::vector<size_t> parameter_of_;  // by SQLite's index less one
  size_t parameters_ = 0;
};

/// The row that a statement stands on.
class SqliteRow : public RowView {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  /// Looks at the row that the statement has just stepped to.
  void refresh();
  size_t columns() const noexcept override { return types_.size(); }
  bool is_null(size_t column) const override;
  int64_t integer(size_t column) const override;
  double real(size_t column) const override;
  bool boolean(size_t column) const override;
  std::string_view text(size_t column) const override;

 private:
  int type(size_t column) const;
  /// All digits, as PostgreSQL gives them; SQLite's own text has 15.
  std::string_view real_text(size_t column) const;

  sqlite3_stmt* statement_;
  std::vector<int> types_;  // SQLite forgets a cell's type once its text was asked for
  mutable std::vector<std::array<char, 32>> reals_;
};

}  // namespace assay::sql
