#pragma once

#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "sql/checked_connection.h"
#include "sql/sqlite_error.h"
#include "sql/sqlite_statement.h"
#include "sql/statement_cache.h"

namespace assay::sql {

/// A database in a file or, with `sqlite::memory:`, one of this connection alone. In WAL mode: readers and one writer
/// do not wait for each other. The path is taken literally; a new file can be read by its owner only.
class SqliteConnection final : public CheckedConnection {
 public:
  SqliteConnection(const ConnectOptions& options, const std::string& path);
  ~SqliteConnection() override = default;

  Dialect dialect() const noexcept override { return Dialect::sqlite; }
  void cancel() noexcept override;

 protected:
  Rows run_query(std::string_view sql, std::span<const Value> parameters) override;
  void run_stream(std::string_view sql, std::span<const Value> parameters, const RowVisitor& visit) override;
  uint64_t run_execute(std::string_view sql, std::span<const Value> parameters) override;
  uint64_t run_many(std::string_view sql, size_t width, std::span<const Value> parameters) override;
  void run_statements(std::string_view sql) override;
  void run_begin(TransactionMode mode) override;
  void run_commit(TransactionMode mode) override;
  void run_rollback(TransactionMode mode) override;
  bool run_wait(int64_t timeout_ms) override;
  void run_listen(std::string_view channel) override;
  bool server_in_transaction() const noexcept override;
  bool still_connected() const noexcept override { return true; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Close {
    void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
  };
  class Run;

  void open(const std::string& path);
  void configure();
  void switch_to_wal();
  void define_now();
  SqliteStatement& prepared(std::string_view sql);
  void start_clock() noexcept;
  void query_only(bool on);
  [[noreturn]] void fail(int code, SqliteStage stage);
  template <typename Visit>
  uint64_t run(std::string_view sql, std::span<const Value> parameters, const Visit& visit);
  uint64_t changes_since(int64_t total_before) const noexcept;
  bool wait_for_other_writer(int attempt) noexcept;
  bool is_out_of_time() const noexcept;

  ConnectOptions options_;
  bool is_file_ = false;
  std::mutex mutex_;  // for wake_ only
  std::condition_variable wake_;
  std::atomic<bool> cancelled_ = false;
  Clock::time_point statement_began_;
  Clock::time_point wait_began_;
  std::unique_ptr<sqlite3, Close> database_;
  StatementCache<SqliteStatement> statements_;  // behind the database, so that it goes first
};

}  // namespace assay::sql
