#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connect/tables/server_load.h"
#include "connect/tables/table_range.h"
#include "model/row_stream.h"
#include "model/table.h"
#include "sql/error.h"

/// What an engine does for its tables to be sources; table_connector.h does the rest.
namespace assay::connect {

struct ListedTable {
  std::string schema;  ///< "" where there are none
  std::string name;
  std::string kind = "table";  ///< as TableDescription::kind; "view" and "foreign table" are read only when asked for
  uint64_t bytes = 0;          ///< 0 when the server does not tell
  std::string
      change_id{};  ///< another one after every change of its rows; "" when the server cannot be trusted with it
};

/// What a column's values are written as, and read by.
struct ColumnPlan {
  model::CellKind kind = model::CellKind::text;
  std::string expression;  ///< of a SELECT list, names quoted; cuts values beyond max_cell_bytes where the server can
  std::string
      length{};  ///< an expression of about how many bytes a value travels as; "" never many. For who bounds rows
  std::string source{};    ///< what the FROM list has for it behind the table; "" nothing
  std::string withheld{};  ///< a condition: the value is there, but not for the source's user; "" never
  /// What the value is in the server's own format, where it has one beside its text.
  enum class BinaryForm : uint8_t { other, bytes, integer };
  BinaryForm binary = BinaryForm::other;
};

struct DescribedTable {
  model::TableDescription description;
  std::vector<ColumnPlan> plans;  ///< parallel to its columns
};

/// Which rows of a table are read.
struct RowChoice {
  enum class Sample : uint8_t {
    none,
    blocks,
    rows,
    keys,  ///< rows behind random values of the key
  };
  std::string where;       ///< a condition in the server's SQL, checked by check_condition(); "" none
  uint64_t most_rows = 0;  ///< the server need not give more; 0: all
  Sample sample = Sample::none;
  double sample_percent = 100;
  uint64_t sample_rows = 0;  ///< of Sample::keys: about so many
  std::string sample_key{};  ///< of Sample::keys: the column
  std::optional<TableRange> range{};
  std::string range_key{};  ///< TableSession::range_key()
};

/// A connection that only reads. Every call returns or throws within about a second after its stop token was asked to
/// stop. Throws sql::Error: connection_lost when the server is gone, cancelled when it ended the statement, else what
/// is wrong with the one table. Used by one thread at a time.
class TableSession {
 public:
  virtual ~TableSession() = default;
  TableSession() = default;
  TableSession(const TableSession&) = delete;
  TableSession& operator=(const TableSession&) = delete;

  /// Tables of users behind (`schema`, `name`) in the order of their bytes, a page of them; empty at the end.
  virtual std::vector<ListedTable> list(const std::string& schema, const std::string& name) = 0;
  /// Throws sql::Error(not_found) when there is no such table.
  virtual DescribedTable describe(const std::string& schema, const std::string& name) = 0;
  /// Whether few rows of a large table can be chosen at random in little time: then `choice` says how.
  virtual bool choose_quick_sample(const DescribedTable&, RowChoice&) { return false; }
  /// The table as about `count` ranges that the server reads each without going through the rest; none when it has no
  /// such order.
  virtual std::vector<TableRange> ranges(const DescribedTable& table, size_t count) {
    static_cast<void>(table), static_cast<void>(count);
    return {};
  }
  /// The column whose values these ranges are of; "" none: of its blocks.
  virtual std::string range_key(const DescribedTable&) const { return {}; }
  /// Begins to read the columns that `table` has.
  virtual void begin(const DescribedTable& table, const RowChoice& choice) = 0;
  /// Appends the next row to a row stream, or nothing for one that the sample passes over; false at the end.
  virtual bool append_row(std::string& out) = 0;
  /// How many values of the rows since begin() are not for the source's user, and were left out.
  virtual uint64_t withheld_values() const noexcept { return 0; }
  /// Whether the server was told of RowChoice::most_rows and gives no more.
  virtual bool limits_rows() const noexcept { return true; }
  /// "PostgreSQL 15.3".
  virtual std::string server_version() = 0;
  /// Whether another table can be read: nothing failed, and none is being read.
  virtual bool is_usable() const noexcept = 0;
};

/// A snapshot that other sessions can read.
struct SharedSnapshot {
  std::string id;
  std::shared_ptr<void> held;  ///< the connection that keeps it
};

class TableDatabase {
 public:
  virtual ~TableDatabase() = default;
  TableDatabase() = default;
  TableDatabase(const TableDatabase&) = delete;
  TableDatabase& operator=(const TableDatabase&) = delete;

  /// As Connector::roots().
  virtual const std::vector<std::string>& roots() const = 0;
  /// Throws sql::Error, and what resolving a secret throws.
  virtual std::unique_ptr<TableSession> connect(size_t root) = 0;
  /// Keeps a snapshot by one more connection; an empty one where the engine has none that can be shared. Throws as
  /// connect().
  virtual SharedSnapshot share_snapshot(size_t root) {
    static_cast<void>(root);
    return {};
  }
  /// Connects to read what share_snapshot() keeps; nullptr when that is not there any more.
  virtual std::unique_ptr<TableSession> connect_to_snapshot(size_t root, const std::string& id) {
    static_cast<void>(root), static_cast<void>(id);
    return nullptr;
  }
  /// Connects once more, to look at what the server bears. As connect(), and sql::Error(denied), in a sentence, where
  /// the source's user may not see what has a bound. A kind that cannot look refuses the settings.
  virtual std::unique_ptr<LoadProbe> connect_probe(size_t root, const LoadBounds& bounds) {
    static_cast<void>(root), static_cast<void>(bounds);
    throw core::Error(core::ErrorKind::bug, "this kind of source cannot look at what its server bears");
  }
};

}  // namespace assay::connect
