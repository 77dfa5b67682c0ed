#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/error.h"
#include "sql/rows.h"
#include "sql/value.h"

/// One way to talk to SQL databases, for Assay's own store and for the databases that it scans.
namespace assay::sql {

enum class Dialect : uint8_t { sqlite, postgresql };

std::string_view to_string(Dialect dialect) noexcept;

/// How a transaction begins. PostgreSQL: READ COMMITTED for read_write; REPEATABLE READ, READ ONLY for snapshot.
/// SQLite: BEGIN IMMEDIATE for read_write, so that two writers wait for each other at the beginning and never at the
/// end.
enum class TransactionMode : uint8_t { read_write, snapshot };

/// One connection to one database. Not thread-safe, except cancel(). Blocking: never to be called from an event loop.
///
/// Parameters are written `$1`, `$2`, ... in either dialect; a cast for PostgreSQL's sake, `$1::bigint`, means nothing
/// to SQLite. Statements are prepared once and kept by their text (the 256 used last). Text must be UTF-8 without NUL.
/// Every failure is a sql::Error; after one inside a transaction only rollback() is allowed, and after a lost
/// connection is_usable() is false and stays so. A message never holds a parameter's value.
class Connection {
 public:
  virtual ~Connection() = default;
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  virtual Dialect dialect() const noexcept = 0;

  /// Runs one statement and keeps all its rows: for results that the caller has bounded.
  virtual Rows query(std::string_view sql, std::span<const Value> parameters = {}) = 0;
  /// Runs one statement and shows its rows one at a time, in bounded memory, until `visit` returns false. `visit` may
  /// not use this connection. What a statement changes is kept for certain only when all its rows are read.
  virtual void stream(std::string_view sql, std::span<const Value> parameters,
                      const std::function<bool(const RowView&)>& visit) = 0;
  /// Runs one statement; how many rows it changed: 0 for a query.
  virtual uint64_t execute(std::string_view sql, std::span<const Value> parameters = {}) = 0;
  /// Runs the statement once for each row of parameters (`width` values a row), to be called inside a transaction; how
  /// many rows were changed in all. PostgreSQL sends them in a pipeline, without waiting for each.
  virtual uint64_t execute_many(std::string_view sql, size_t width, std::span<const Value> parameters) = 0;
  /// Runs any number of statements without parameters, separated by `;`. Outside a transaction, those before one that
  /// fails may stand.
  virtual void run_script(std::string_view sql) = 0;

  virtual void begin(TransactionMode mode = TransactionMode::read_write) = 0;
  /// Throws a sql::Error whose outcome_unknown() is true when the connection broke before the answer came.
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;
  virtual bool in_transaction() const noexcept = 0;

  /// Asks the server to end the statement in work, from any thread; that statement then fails with a transient error.
  virtual void cancel() noexcept = 0;
  virtual bool is_usable() const noexcept = 0;

  /// Waits until another session says NOTIFY on a channel listened to, or the time is up; whether one did. SQLite has
  /// no such thing and returns false at once.
  virtual bool wait_for_notification(int64_t timeout_ms) = 0;
  /// Begins to listen; nothing with SQLite.
  virtual void listen(std::string_view channel) = 0;
};

/// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection, TransactionMode mode = TransactionMode::read_write)
      : connection_(connection) {
    connection_.begin(mode);
  }
  ~Transaction() {
    if (!done_) connection_.rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    connection_.commit();
    done_ = true;
  }

 private:
  Connection& connection_;
  bool done_ = false;
};

struct ConnectOptions {
  std::string url;  ///< sqlite:PATH, sqlite::memory:, postgresql://user@host:port/database?..., as libpq takes it
  int64_t connect_timeout_ms = 10'000;
  int64_t statement_timeout_ms = 0;  ///< 0: none
  /// PostgreSQL: how long a transaction may wait for its client's next statement; then the server ends the session, so
  /// that a client that froze does not hold its locks. 0: for ever.
  int64_t idle_transaction_timeout_ms = 0;
  int64_t busy_timeout_ms = 10'000;  ///< SQLite: how long to wait for another writer
  bool read_only = false;
  bool durable = true;           ///< SQLite: synchronous=FULL with WAL; else OFF, for stores that end with the process
  std::string application_name;  ///< PostgreSQL shows it in pg_stat_activity
  /// SQLite: the function assay_now_ms(), milliseconds since 1970; empty: the machine's clock. Simulations set it.
  std::function<int64_t()> now_ms;
};

/// Throws sql::Error: bad_input for a URL that is none, not_found, denied, or transient when the server does not
/// answer.
std::unique_ptr<Connection> connect(const ConnectOptions& options);

}  // namespace assay::sql
