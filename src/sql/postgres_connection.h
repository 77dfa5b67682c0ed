#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

#include "sql/checked_connection.h"
#include "sql/postgres_connect.h"
#include "sql/postgres_error.h"
#include "sql/postgres_parameters.h"
#include "sql/statement_cache.h"

namespace assay::sql {

/// A session with a PostgreSQL server, through libpq.
class PostgresConnection final : public CheckedConnection {
 public:
  explicit PostgresConnection(const ConnectOptions& options);

  Dialect dialect() const noexcept override { return Dialect::postgresql; }
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
  bool still_connected() const noexcept override;

 private:
  struct FreeCancel {
    void operator()(PGcancel* cancel) const noexcept { PQfreeCancel(cancel); }
  };
  struct Statement {
    std::string name;
    ParameterTypes types;
  };
  struct Sent {
    size_t rows = 0;
    size_t bytes = 0;
  };

  PostgresResult command(const std::string& sql);
  PostgresResult checked(PostgresResult result);
  bool is_lost(const PGresult* result) const noexcept;
  [[noreturn]] void fail(const PGresult* result);
  const Statement& prepared(std::string_view sql, const ParameterTypes& types);
  void forget(std::string_view sql);
  PostgresResult run_prepared(std::string_view sql, std::span<const Value> parameters);
  bool send(const Statement& statement);
  bool show_rows(const RowVisitor& visit, PostgresResult& failure);
  bool is_end_near() noexcept;
  void leave_rows() noexcept;
  Sent send_some(const Statement& statement, size_t width, std::span<const Value> parameters);
  uint64_t receive_some(size_t rows, PostgresResult& failure);

  bool is_read_only_ = false;
  PostgresHandle connection_;
  std::unique_ptr<PGcancel, FreeCancel> cancel_;
  StatementCache<Statement> statements_;
  std::vector<std::string> dropped_;  // names of statements that the server still has
  uint64_t statements_made_ = 0;
  PostgresParameters parameters_;
};

}  // namespace assay::sql
