#include "connect/postgresql/session.h"

#include <poll.h>

#include <cerrno>
#include <vector>

namespace assay::connect::postgresql {
namespace {

constexpr int look_every_ms = 200;
constexpr int64_t connect_timeout_ms = 10'000;
// A client that froze does not hold back the server's clean-up for ever.
constexpr int64_t idle_transaction_timeout_ms = 600'000;
// Nor one that keeps a snapshot for others, which reads nothing itself.
constexpr int64_t export_timeout_ms = 3'600'000;

// What pg_export_snapshot() gives. It is written into a statement, which takes no parameter there.
bool is_snapshot_id(const std::string& id) {
  return !id.empty() && id.find_first_not_of("0123456789ABCDEFabcdef-") == std::string::npos;
}

}  // namespace

Session::Session(const Options& options, std::stop_token stop)
    : stop_(std::move(stop)),
      connection_(sql::open_postgres(
          {.url = options.url,
           .connect_timeout_ms = connect_timeout_ms,
           .statement_timeout_ms = options.statement_timeout_ms,
           .idle_transaction_timeout_ms = options.exports ? export_timeout_ms : idle_transaction_timeout_ms,
           .read_only = true,
           .application_name = "assay",
           .now_ms = {}})) {
  PQsetnonblocking(connection_.get(), 1);
  if (!options.in_snapshot) return;
  query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  if (!options.snapshot.empty()) {
    if (!is_snapshot_id(options.snapshot))
      throw sql::Error(core::ErrorKind::bug, sql::Trouble::other, "PostgreSQL: no name of a snapshot");
    query("SET TRANSACTION SNAPSHOT '" + options.snapshot + "'");
  }
  if (options.exports) {
    exported_ = std::string(PQgetvalue(query("SELECT pg_export_snapshot()").get(), 0, 0));
    return;
  }
  // Row security would give fewer rows without a word; this makes it an error that says so.
  query("SET LOCAL row_security = off");
  query("SET LOCAL lock_timeout = '10s'");
  // What bytes such a database holds is not for the server to judge, which would end the table at the first that are no
  // UTF-8.
  const char* const encoding = PQparameterStatus(connection_.get(), "server_encoding");
  if (encoding != nullptr && std::string_view(encoding) == "SQL_ASCII") query("SET LOCAL client_encoding = SQL_ASCII");
  query("SAVEPOINT no_table");
}

void Session::release_tables() noexcept {
  try {
    query("ROLLBACK TO SAVEPOINT no_table");
  } catch (const std::exception&) {
    return;  // the connection is of no more use, as is_usable() says
  }
}

Session::~Session() {
  if (PQtransactionStatus(connection_.get()) == PQTRANS_ACTIVE) cancel();
}

void Session::cancel() noexcept {
  char unused[256];
  PGcancel* cancel = PQgetCancel(connection_.get());
  if (cancel == nullptr) return;
  PQcancel(cancel, unused, sizeof unused);
  PQfreeCancel(cancel);
}

void Session::throw_if_stopped() {
  if (!stop_.stop_requested()) return;
  cancel();
  throw sql::Error(core::ErrorKind::transient, sql::Trouble::cancelled, "PostgreSQL: reading was told to end");
}

void Session::wait() {
  pollfd socket{PQsocket(connection_.get()), POLLIN, 0};
  if (PQflush(connection_.get()) == 1) socket.events |= POLLOUT;
  for (;;) {
    throw_if_stopped();
    const int ready = ::poll(&socket, 1, look_every_ms);
    if (ready > 0 || (ready < 0 && errno != EINTR)) break;
  }
  take_what_came();
}

void Session::take_what_came() {
  if (PQconsumeInput(connection_.get()) == 0) throw sql::postgres_error(connection_.get(), nullptr);
}

sql::PostgresResult Session::finish(sql::PostgresResult result, int expected) {
  while (result == nullptr) {
    while (PQisBusy(connection_.get()) != 0) wait();
    result.reset(PQgetResult(connection_.get()));
    if (result == nullptr) throw sql::Error(core::ErrorKind::bug, sql::Trouble::other, "PostgreSQL: no answer came");
  }
  if (PQresultStatus(result.get()) != expected) throw sql::postgres_error(connection_.get(), result.get());
  if (expected == PGRES_COPY_OUT) return result;
  // Each statement ends with an empty result.
  for (;;) {
    while (PQisBusy(connection_.get()) != 0) wait();
    const sql::PostgresResult rest(PQgetResult(connection_.get()));
    if (rest == nullptr) return result;
  }
}

sql::PostgresResult Session::query(const std::string& sql, std::initializer_list<std::string> parameters) {
  std::vector<const char*> values;
  for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
  if (PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                        nullptr, nullptr, 0) == 0)
    throw sql::postgres_error(connection_.get(), nullptr);
  while (PQflush(connection_.get()) == 1) wait();
  sql::PostgresResult first;
  while (PQisBusy(connection_.get()) != 0) wait();
  first.reset(PQgetResult(connection_.get()));
  const bool has_rows = first != nullptr && PQresultStatus(first.get()) == PGRES_TUPLES_OK;
  return finish(std::move(first), has_rows ? PGRES_TUPLES_OK : PGRES_COMMAND_OK);
}

void Session::begin_copy(const std::string& sql) {
  // As a prepared statement, in which a second one cannot hide behind a condition of the user.
  if (PQsendQueryParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 0)
    throw sql::postgres_error(connection_.get(), nullptr);
  while (PQflush(connection_.get()) == 1) wait();
  finish(nullptr, PGRES_COPY_OUT);
}

bool Session::next_line(std::string_view& line) {
  // Whether something came shows by taking it; only where nothing did is it waited for.
  for (bool has_looked = false;; has_looked = !has_looked) {
    char* bytes = nullptr;
    const int size = PQgetCopyData(connection_.get(), &bytes, 1);
    line_.reset(bytes);
    if (size > 0) {
      line = {line_.get(), static_cast<size_t>(size)};
      return true;
    }
    if (size == -1) {
      finish(nullptr, PGRES_COMMAND_OK);
      return false;
    }
    if (size == -2) throw sql::postgres_error(connection_.get(), nullptr);
    if (has_looked) {
      wait();
    } else {
      throw_if_stopped();
      take_what_came();
    }
  }
}

}  // namespace assay::connect::postgresql
