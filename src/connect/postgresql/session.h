#pragma once

#include <libpq-fe.h>

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "sql/postgres_connect.h"
#include "sql/postgres_error.h"

namespace assay::connect::postgresql {

/// A session that only reads, in one snapshot if it is not told otherwise, and lets go of the server within a second of
/// being asked to stop. Throws sql::Error: transient and cancelled once stopped.
class Session {
 public:
  struct Options {
    std::string url;  ///< with its password, if any
    int64_t statement_timeout_ms = 0;
    bool in_snapshot = true;  ///< false: each statement sees the server as it is
    std::string snapshot{};   ///< one that another session exports; "": its own
    bool exports = false;     ///< its snapshot is for others, and nothing is read here
  };
  Session(const Options& options, std::stop_token stop);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// The rows of a statement, all of them: for catalogs. Values are texts.
  sql::PostgresResult query(const std::string& sql, std::initializer_list<std::string> parameters = {});
  /// Of one that exports.
  const std::string& exported() const noexcept { return exported_; }
  /// Begins to copy; next_line() then gives its lines, or messages in the binary format.
  void begin_copy(const std::string& sql);
  /// Valid until the next call; false at the end.
  bool next_line(std::string_view& line);
  /// Lets go of the tables that were read, whose owners would wait to change them for as long as the transaction lasts,
  /// and others behind them; the snapshot stays.
  void release_tables() noexcept;

  /// Whether another statement can be asked: nothing failed, and nothing is being copied.
  bool is_usable() const noexcept { return PQtransactionStatus(connection_.get()) == PQTRANS_INTRANS; }

 private:
  struct FreeMemory {
    void operator()(char* memory) const noexcept { PQfreemem(memory); }
  };
  void throw_if_stopped();
  void take_what_came();
  void wait();
  sql::PostgresResult finish(sql::PostgresResult result, int expected);
  void cancel() noexcept;

  std::stop_token stop_;
  sql::PostgresHandle connection_;
  std::unique_ptr<char, FreeMemory> line_;
  std::string exported_;
};

}  // namespace assay::connect::postgresql
