#include "sql/sqlite_connection.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "core/fd.h"
#include "core/printable.h"

namespace assay::sql {
namespace {

constexpr int progress_instructions = 1'000;  // between two looks at the clock
constexpr std::chrono::milliseconds longest_pause{20};
constexpr const char* settings =
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA cache_size = -8192;"              // 8 MiB
    "PRAGMA journal_size_limit = 67108864;";  // a long transaction's WAL does not stay that long

/// Makes the file, so that it is never readable by others. Closing any descriptor of a database drops the locks that
/// this process holds on it: nobody may open the new file before this has closed it.
void create_privately(const std::string& path) {
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const core::Fd made(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

Error open_error(sqlite3* database, int code, const std::string& path) {
  const std::string what = fmt::format("cannot open database {}", core::printable(path, 300));
  if ((code & 0xFF) != SQLITE_CANTOPEN) {
    const Error error = sqlite_error(database, code, SqliteStage::prepare);
    return {error.kind(), error.trouble(), fmt::format("{}: {}", what, error.what())};
  }
  const core::Error error = core::error_from_errno(what, sqlite3_system_errno(database));
  return {error.kind(), Trouble::connection_lost, error.what()};
}

}  // namespace

/// One run of a statement: values are forgotten at its end, however it ends.
class SqliteConnection::Run {
 public:
  Run(SqliteConnection& connection, SqliteStatement& statement, std::span<const Value> parameters)
      : connection_(connection), statement_(statement) {
    statement_.bind(parameters);
  }
  ~Run() { statement_.reset(); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Whether there is a row.
  bool step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) connection_.fail(code, SqliteStage::run);
    return false;
  }

 private:
  SqliteConnection& connection_;
  SqliteStatement& statement_;
};

SqliteConnection::SqliteConnection(const ConnectOptions& options, const std::string& path)
    : options_(options), is_file_(path != ":memory:") {
  // A path that begins with "file:" is a URI to this build of SQLite, and ":x" may come to mean something.
  const std::string literal = is_file_ && !path.starts_with('/') ? "./" + path : path;
  open(literal);
  try {
    configure();
  } catch (const Error& error) {
    throw Error(error.kind(), error.trouble(),
                fmt::format("cannot open database {}: {}", core::printable(path, 300), error.what()));
  }
}

void SqliteConnection::open(const std::string& path) {
  if (is_file_ && !options_.read_only) create_privately(path);
  const int access = options_.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* database = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &database,
                      access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE, nullptr);
  database_.reset(database);
  if (code != SQLITE_OK) throw open_error(database, code, path);
}

void SqliteConnection::configure() {
  sqlite3* database = database_.get();
  sqlite3_busy_handler(
      database,
      [](void* self, int attempt) {
        return static_cast<SqliteConnection*>(self)->wait_for_other_writer(attempt) ? 1 : 0;
      },
      this);
  for (const auto& [option, value] : {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
                                      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                      {SQLITE_DBCONFIG_DQS_DDL, 0},
                                      {SQLITE_DBCONFIG_DQS_DML, 0}})
    sqlite3_db_config(database, option, value, nullptr);
  sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
  define_now();
  if (options_.statement_timeout_ms > 0)
    sqlite3_progress_handler(
        database, progress_instructions,
        [](void* self) { return static_cast<const SqliteConnection*>(self)->is_out_of_time() ? 1 : 0; }, this);
  start_clock();
  run_statements(settings);
  run_statements(options_.durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
  if (is_file_ && !options_.read_only) switch_to_wal();
}

/// The first connections to a new file meet here, and SQLite does not let them wait for each other.
void SqliteConnection::switch_to_wal() {
  for (int attempt = 0;; ++attempt) {
    try {
      const Rows mode = run_query("PRAGMA journal_mode = WAL", {});
      if (mode.empty() || mode.text(0, 0) != "wal")
        throw Error(core::ErrorKind::permanent, Trouble::other, "its file system does not allow WAL mode");
      return;
    } catch (const Error& error) {
      if (error.trouble() != Trouble::busy || !wait_for_other_writer(attempt)) throw;
    }
  }
}

void SqliteConnection::define_now() {
  const auto now = [](sqlite3_context* context, int, sqlite3_value**) {
    const auto& own = static_cast<SqliteConnection*>(sqlite3_user_data(context))->options_.now_ms;
    try {
      const auto clock = std::chrono::system_clock::now().time_since_epoch();
      sqlite3_result_int64(context, own ? own() : std::chrono::duration_cast<std::chrono::milliseconds>(clock).count());
    } catch (...) {
      sqlite3_result_error(context, "assay_now_ms() failed", -1);
    }
  };
  const int code = sqlite3_create_function_v2(database_.get(), "assay_now_ms", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS, this,
                                              now, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw sqlite_error(database_.get(), code, SqliteStage::prepare);
}

void SqliteConnection::start_clock() noexcept {
  cancelled_ = false;
  statement_began_ = Clock::now();
}

bool SqliteConnection::is_out_of_time() const noexcept {
  return options_.statement_timeout_ms > 0 &&
         Clock::now() - statement_began_ >= std::chrono::milliseconds(options_.statement_timeout_ms);
}

bool SqliteConnection::wait_for_other_writer(int attempt) noexcept {
  const auto now = Clock::now();
  if (attempt == 0) wait_began_ = now;
  const auto last = wait_began_ + std::chrono::milliseconds(options_.busy_timeout_ms);
  if (now >= last || is_out_of_time()) return false;
  const auto pause = std::min(longest_pause, std::chrono::milliseconds(1 + attempt));
  std::unique_lock lock(mutex_);
  wake_.wait_until(lock, std::min(now + pause, last), [this] { return cancelled_.load(); });
  return !cancelled_;
}

void SqliteConnection::cancel() noexcept {
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
  }
  wake_.notify_all();
  sqlite3_interrupt(database_.get());
}

void SqliteConnection::fail(int code, SqliteStage stage) {
  if (is_sqlite_lost(code)) give_up();
  const int primary = code & 0xFF;
  if (primary == SQLITE_BUSY && cancelled_)
    throw Error(core::ErrorKind::transient, Trouble::cancelled, "SQLite: interrupted while waiting for another writer");
  if ((primary == SQLITE_INTERRUPT || primary == SQLITE_BUSY) && is_out_of_time())
    throw Error(core::ErrorKind::transient, Trouble::cancelled, "SQLite: the statement took longer than allowed");
  throw sqlite_error(database_.get(), code, stage);
}

SqliteStatement& SqliteConnection::prepared(std::string_view sql) {
  if (SqliteStatement* known = statements_.find(sql)) return *known;
  try {
    SqliteStatement fresh(database_.get(), sql);
    statements_.make_room();
    return statements_.insert(sql, std::move(fresh));
  } catch (const Error&) {
    if (is_sqlite_lost(sqlite3_extended_errcode(database_.get()))) give_up();
    throw;
  }
}

uint64_t SqliteConnection::changes_since(int64_t total_before) const noexcept {
  // What no statement has changed, sqlite3_changes64() still tells of the one before.
  if (sqlite3_total_changes64(database_.get()) == total_before) return 0;
  return static_cast<uint64_t>(sqlite3_changes64(database_.get()));
}

template <typename Visit>
uint64_t SqliteConnection::run(std::string_view sql, std::span<const Value> parameters, const Visit& visit) {
  start_clock();
  SqliteStatement& statement = prepared(sql);
  const int64_t total_before = sqlite3_total_changes64(database_.get());
  Run run(*this, statement, parameters);
  SqliteRow row(statement.get());
  while (run.step()) {
    row.refresh();
    if (!visit(row)) break;
  }
  return changes_since(total_before);
}

Rows SqliteConnection::run_query(std::string_view sql, std::span<const Value> parameters) {
  std::optional<Rows> rows;
  run(sql, parameters, [&](const SqliteRow& row) {
    if (!rows) rows.emplace(row.columns());
    for (size_t i = 0; i < row.columns(); ++i) {
      if (row.is_null(i)) rows->push_null();
      else rows->push(row.text(i));
    }
    return true;
  });
  if (!rows) rows.emplace(static_cast<size_t>(sqlite3_column_count(prepared(sql).get())));
  return std::move(*rows);
}

void SqliteConnection::run_stream(std::string_view sql, std::span<const Value> parameters, const RowVisitor& visit) {
  run(sql, parameters, visit);
}

uint64_t SqliteConnection::run_execute(std::string_view sql, std::span<const Value> parameters) {
  return run(sql, parameters, [](const SqliteRow&) { return true; });
}

uint64_t SqliteConnection::run_many(std::string_view sql, size_t width, std::span<const Value> parameters) {
  start_clock();
  SqliteStatement& statement = prepared(sql);
  uint64_t changed = 0;
  for (; !parameters.empty(); parameters = parameters.subspan(width)) {
    if (cancelled_) fail(SQLITE_INTERRUPT, SqliteStage::run);
    const int64_t total_before = sqlite3_total_changes64(database_.get());
    Run run(*this, statement, parameters.first(width));
    while (run.step()) {
    }
    changed += changes_since(total_before);
  }
  return changed;
}

void SqliteConnection::run_statements(std::string_view sql) {
  start_clock();
  const int code = sqlite3_exec(database_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, SqliteStage::prepare);
}

void SqliteConnection::query_only(bool on) { run_execute(on ? "PRAGMA query_only = 1" : "PRAGMA query_only = 0", {}); }

void SqliteConnection::run_begin(TransactionMode mode) {
  if (mode == TransactionMode::read_write) {
    run_execute(options_.read_only ? "BEGIN" : "BEGIN IMMEDIATE", {});
    return;
  }
  run_execute("BEGIN", {});
  try {
    run_query("SELECT 1 FROM sqlite_schema LIMIT 1", {});  // what is seen is settled by the first read
    query_only(true);
  } catch (...) {
    run_rollback(mode);
    throw;
  }
}

void SqliteConnection::run_commit(TransactionMode mode) {
  run_execute("COMMIT", {});
  if (mode == TransactionMode::snapshot) query_only(false);
}

void SqliteConnection::run_rollback(TransactionMode mode) {
  // Some failures, a full disk for one, have rolled back already.
  if (server_in_transaction()) run_execute("ROLLBACK", {});
  if (mode == TransactionMode::snapshot) query_only(false);
}

bool SqliteConnection::run_wait(int64_t) { return false; }

void SqliteConnection::run_listen(std::string_view) {}

bool SqliteConnection::server_in_transaction() const noexcept { return sqlite3_get_autocommit(database_.get()) == 0; }

}  // namespace assay::sql
