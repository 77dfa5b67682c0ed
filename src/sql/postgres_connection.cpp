#include "sql/postgres_connection.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <new>

#include "sql/identifier.h"
#include "sql/postgres_row.h"

namespace assay::sql {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t max_identifier_bytes = 63;  // longer ones are cut in silence
constexpr int max_rows_read_to_the_end = 1'000;

[[noreturn]] void throw_bug(const char* message) { throw Error(core::ErrorKind::bug, Trouble::other, message); }

[[noreturn]] void throw_stale() {
  throw Error(core::ErrorKind::transient, Trouble::conflict,
              "PostgreSQL: a table was changed behind a prepared statement");
}

uint64_t changed_rows(PGresult* result) {
  const std::string_view tag = PQcmdStatus(result);
  if (tag.starts_with("SELECT") || tag.starts_with("FETCH")) return 0;
  const std::string_view count = PQcmdTuples(result);
  uint64_t rows = 0;
  std::from_chars(count.data(), count.data() + count.size(), rows);
  return rows;
}

bool is_readable(const PGconn* connection, int timeout_ms) noexcept {
  pollfd socket{PQsocket(connection), POLLIN, 0};
  return socket.fd >= 0 && ::poll(&socket, 1, timeout_ms) > 0;
}

}  // namespace

PostgresConnection::PostgresConnection(const ConnectOptions& options)
    : is_read_only_(options.read_only), connection_(open_postgres(options)), cancel_(PQgetCancel(connection_.get())) {
  if (!cancel_) throw std::bad_alloc();
}

void PostgresConnection::cancel() noexcept {
  char message[256];
  PQcancel(cancel_.get(), message, sizeof message);  // a server that is gone has nothing to end
}

/// Whether the failure is that of the connection. When libpq could not send, it says so before it has read that the
/// server left, and the connection still looks good.
bool PostgresConnection::is_lost(const PGresult* result) const noexcept {
  if (PQstatus(connection_.get()) == CONNECTION_BAD) return true;
  const bool is_from_server = result && PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return !is_from_server && !still_connected();
}

void PostgresConnection::fail(const PGresult* result) {
  if (is_lost(result)) give_up();
  throw postgres_error(connection_.get(), result);
}

PostgresResult PostgresConnection::checked(PostgresResult result) {
  switch (PQresultStatus(result.get())) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE: return result;
    case PGRES_EMPTY_QUERY: throw_bug("an empty statement");
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH: give_up(); throw_bug("COPY is not among what a connection runs");
    default: fail(result.get());
  }
}

PostgresResult PostgresConnection::command(const std::string& sql) {
  return checked(PostgresResult(PQexec(connection_.get(), sql.c_str())));
}

const PostgresConnection::Statement& PostgresConnection::prepared(std::string_view sql, const ParameterTypes& types) {
  if (sql.find('\0') != std::string_view::npos) throw_bug("a statement with a NUL in it");
  Statement fresh{fmt::format("assay_{}", ++statements_made_), types};
  if (const Statement* known = statements_.find(sql)) {
    if (fits(known->types, types)) return *known;
    fresh.types = merged(known->types, types);
    forget(sql);
  }
  if (auto last = statements_.make_room()) dropped_.push_back(std::move(last->name));
  while (!dropped_.empty()) {
    command("DEALLOCATE " + dropped_.back());
    dropped_.pop_back();
  }
  std::vector<Oid> oids;
  oids.reserve(fresh.types.size());
  for (const std::optional<Oid>& type : fresh.types) oids.push_back(type.value_or(0));
  checked(PostgresResult(PQprepare(connection_.get(), fresh.name.c_str(), std::string(sql).c_str(),
                                   static_cast<int>(oids.size()), oids.data())));
  return statements_.insert(sql, std::move(fresh));
}

void PostgresConnection::forget(std::string_view sql) {
  if (auto statement = statements_.remove(sql)) dropped_.push_back(std::move(statement->name));
}

PostgresResult PostgresConnection::run_prepared(std::string_view sql, std::span<const Value> parameters) {
  parameters_.set(parameters);
  const ParameterTypes types = parameter_types(parameters);
  for (bool is_first = true;; is_first = false) {
    const Statement& statement = prepared(sql, types);
    PostgresResult result(PQexecPrepared(connection_.get(), statement.name.c_str(), parameters_.count(),
                                         parameters_.values(), parameters_.lengths(), parameters_.formats(), 0));
    if (!is_stale_plan(result.get())) return checked(std::move(result));
    forget(sql);
    if (!is_first || server_in_transaction()) throw_stale();
  }
}

Rows PostgresConnection::run_query(std::string_view sql, std::span<const Value> parameters) {
  return postgres_rows(run_prepared(sql, parameters).get());
}

uint64_t PostgresConnection::run_execute(std::string_view sql, std::span<const Value> parameters) {
  return changed_rows(run_prepared(sql, parameters).get());
}

bool PostgresConnection::send(const Statement& statement) {
  return PQsendQueryPrepared(connection_.get(), statement.name.c_str(), parameters_.count(), parameters_.values(),
                             parameters_.lengths(), parameters_.formats(), 0) == 1;
}

/// Only a savepoint lets a transaction outlive a statement that is cancelled because its rows are not wanted any more.
void PostgresConnection::run_stream(std::string_view sql, std::span<const Value> parameters, const RowVisitor& visit) {
  const bool is_inside = server_in_transaction();
  parameters_.set(parameters);
  const Statement& statement = prepared(sql, parameter_types(parameters));
  if (is_inside) command("SAVEPOINT assay_stream");
  if (!send(statement) || PQsetSingleRowMode(connection_.get()) == 0) fail(nullptr);
  PostgresResult failure;
  bool is_whole = false;
  try {
    is_whole = show_rows(visit, failure);
  } catch (...) {
    leave_rows();
    if (is_inside) PQclear(PQexec(connection_.get(), "ROLLBACK TO SAVEPOINT assay_stream"));
    throw;
  }
  if (failure && is_stale_plan(failure.get())) {  // no row was shown yet
    forget(sql);
    if (is_inside) throw_stale();
    return run_stream(sql, parameters, visit);
  }
  if (failure) checked(std::move(failure));
  if (!is_whole) leave_rows();
  if (!is_inside) return;
  if (!is_whole) command("ROLLBACK TO SAVEPOINT assay_stream");
  command("RELEASE SAVEPOINT assay_stream");
}

/// Whether all rows were seen, or there was a failure.
bool PostgresConnection::show_rows(const RowVisitor& visit, PostgresResult& failure) {
  while (PostgresResult result{PQgetResult(connection_.get())}) {
    const ExecStatusType status = PQresultStatus(result.get());
    const bool is_good = status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    if (!is_good && !failure) failure = std::move(result);
    if (!is_good && (status == PGRES_COPY_IN || status == PGRES_COPY_OUT)) return true;  // there is no end to wait for
    if (is_good && PQntuples(result.get()) > 0 && !visit(PostgresRow(result.get()))) return is_end_near();
  }
  if (PQstatus(connection_.get()) == CONNECTION_BAD) fail(failure.get());
  return true;
}

/// Reads on where that takes no waiting: a cancelled statement costs more than a few rows.
bool PostgresConnection::is_end_near() noexcept {
  for (int i = 0; i < max_rows_read_to_the_end; ++i) {
    if (PQisBusy(connection_.get()) != 0) return false;
    const PostgresResult result(PQgetResult(connection_.get()));
    if (!result) return true;
    if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) return false;
  }
  return false;
}

void PostgresConnection::leave_rows() noexcept {
  if (PQtransactionStatus(connection_.get()) == PQTRANS_ACTIVE) cancel();
  while (PostgresResult{PQgetResult(connection_.get())}) {
  }
  if (PQstatus(connection_.get()) == CONNECTION_BAD) give_up();
}

void PostgresConnection::run_statements(std::string_view sql) { command(std::string(sql)); }

void PostgresConnection::run_begin(TransactionMode mode) {
  // What a snapshot sees is settled by its first statement.
  if (mode == TransactionMode::snapshot) command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1");
  else  // not READ WRITE: a database that is read-only by default is so for a reason
    command(is_read_only_ ? "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY" : "BEGIN ISOLATION LEVEL READ COMMITTED");
}

void PostgresConnection::run_commit(TransactionMode) {
  if (!still_connected()) {  // then the server does not get to see it
    give_up();
    throw Error(core::ErrorKind::transient, Trouble::connection_lost,
                "PostgreSQL: the connection was lost before the commit");
  }
  const PostgresResult result(PQexec(connection_.get(), "COMMIT"));
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK && is_lost(result.get())) {
    const Error error = postgres_error(connection_.get(), result.get());
    give_up();
    throw Error(error.kind(), Trouble::connection_lost, error.what(), true);
  }
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) fail(result.get());
  if (std::string_view(PQcmdStatus(result.get())) != "COMMIT")
    throw Error(core::ErrorKind::permanent, Trouble::other,
                "PostgreSQL: the transaction had failed and was rolled back");
}

void PostgresConnection::run_rollback(TransactionMode) {
  if (server_in_transaction()) command("ROLLBACK");
}

void PostgresConnection::run_listen(std::string_view channel) {
  if (channel.size() > max_identifier_bytes)
    throw Error(core::ErrorKind::bad_input, Trouble::other, "the name of a channel has at most 63 bytes");
  command("LISTEN " + quote_identifier(Dialect::postgresql, channel));
}

bool PostgresConnection::run_wait(int64_t timeout_ms) {
  struct FreeNotify {
    void operator()(PGnotify* notify) const noexcept { PQfreemem(notify); }
  };
  const auto last = Clock::now() + std::chrono::milliseconds(timeout_ms);
  for (;;) {
    if (PQconsumeInput(connection_.get()) == 0) fail(nullptr);
    bool has_come = false;
    while (const std::unique_ptr<PGnotify, FreeNotify> notify{PQnotifies(connection_.get())}) has_come = true;
    if (has_come) return true;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(last - Clock::now()).count();
    if (left <= 0) return false;
    is_readable(connection_.get(), static_cast<int>(std::min<int64_t>(left, 60'000)));
  }
}

bool PostgresConnection::server_in_transaction() const noexcept {
  const PGTransactionStatusType status = PQtransactionStatus(connection_.get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

bool PostgresConnection::still_connected() const noexcept {
  // Between statements a socket is readable for two reasons: a notification, or the server's farewell and the end.
  for (int look = 0; look < 4; ++look) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) return false;
    if (!is_readable(connection_.get(), 0)) return true;
    if (PQconsumeInput(connection_.get()) == 0) return false;
  }
  return true;
}

}  // namespace assay::sql
