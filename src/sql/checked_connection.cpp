#include "sql/checked_connection.h"

#include "sql/parameters.h"

namespace assay::sql {
namespace {

class SetWhile {
 public:
  explicit SetWhile(bool& flag) : flag_(flag) { flag_ = true; }
  ~SetWhile() { flag_ = false; }
  SetWhile(const SetWhile&) = delete;
  SetWhile& operator=(const SetWhile&) = delete;

 private:
  bool& flag_;
};

[[noreturn]] void throw_misuse(const char* what) { throw Error(core::ErrorKind::bug, Trouble::other, what); }

}  // namespace

void CheckedConnection::require_ready() const {
  if (working_) throw_misuse("a connection was used while one of its statements was in work");
  if (!usable_)
    throw Error(core::ErrorKind::transient, Trouble::connection_lost, "the connection to the database was lost");
}

template <typename Work>
auto CheckedConnection::guarded(const Work& work) {
  require_ready();
  if (state_ == State::failed)
    throw Error(core::ErrorKind::permanent, Trouble::other,
                "the transaction has failed before; it can only be rolled back");
  const SetWhile in_work(working_);
  try {
    return work();
  } catch (const Error&) {
    if (state_ == State::open) state_ = State::failed;
    throw;
  }
}

Rows CheckedConnection::query(std::string_view sql, std::span<const Value> parameters) {
  return guarded([&] {
    check_parameters(parameters);
    return run_query(sql, parameters);
  });
}

void CheckedConnection::stream(std::string_view sql, std::span<const Value> parameters, const RowVisitor& visit) {
  guarded([&] {
    check_parameters(parameters);
    run_stream(sql, parameters, visit);
  });
}

uint64_t CheckedConnection::execute(std::string_view sql, std::span<const Value> parameters) {
  return guarded([&] {
    check_parameters(parameters);
    return run_execute(sql, parameters);
  });
}

uint64_t CheckedConnection::execute_many(std::string_view sql, size_t width, std::span<const Value> parameters) {
  return guarded([&]() -> uint64_t {
    if (!in_transaction()) throw_misuse("many rows are written inside a transaction only");
    if (width == 0 || parameters.size() % width != 0) throw_misuse("the parameters do not make whole rows");
    check_parameters(parameters, width);
    return parameters.empty() ? 0 : run_many(sql, width, parameters);
  });
}

void CheckedConnection::run_script(std::string_view sql) {
  guarded([&] {
    if (sql.find('\0') != std::string_view::npos) throw_misuse("a statement with a NUL in it");
    run_statements(sql);
  });
}

void CheckedConnection::begin(TransactionMode mode) {
  guarded([&] {
    if (in_transaction()) throw_misuse("a transaction was begun inside another");
    run_begin(mode);
    mode_ = mode;
    state_ = State::open;
  });
}

void CheckedConnection::commit() {
  if (state_ == State::none) throw_misuse("a commit without a transaction");
  guarded([&] { run_commit(mode_); });
  state_ = State::none;
}

void CheckedConnection::rollback() noexcept {
  if (state_ == State::none) return;
  state_ = State::none;
  if (working_) give_up();  // in the middle of a statement's rows there is no way to say it
  if (!usable_) return;
  const SetWhile in_work(working_);
  try {
    run_rollback(mode_);
  } catch (...) {
    give_up();
  }
}

bool CheckedConnection::wait_for_notification(int64_t timeout_ms) {
  return guarded([&] {
    if (in_transaction()) throw_misuse("notifications do not come inside a transaction");
    return run_wait(timeout_ms);
  });
}

void CheckedConnection::listen(std::string_view channel) {
  guarded([&] { run_listen(channel); });
}

}  // namespace assay::sql
