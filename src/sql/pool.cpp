#include "sql/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

namespace assay::sql {

struct ConnectionPool::State {
  ConnectOptions options;
  size_t max_connections = 0;
  mutable std::mutex mutex;
  std::condition_variable came_free;
  std::vector<std::unique_ptr<Connection>> idle;  // used last comes last
  size_t open = 0;                                // lent, idle, and being opened
  bool is_closed = false;

  void one_less_open() noexcept {
    {
      const std::lock_guard lock(mutex);
      --open;
    }
    came_free.notify_one();
  }

  void put_back(std::unique_ptr<Connection> connection) noexcept {
    const bool is_good = connection->is_usable() && !connection->in_transaction();
    {
      const std::lock_guard lock(mutex);
      if (is_good && !is_closed) {
        idle.push_back(std::move(connection));  // has room: see the pool's constructor
      } else {
        --open;
      }
    }
    came_free.notify_one();
  }

  /// An idle connection, or null for the right to open one.
  std::unique_ptr<Connection> wait_for_turn(int64_t timeout_ms) {
    const auto last = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
    std::unique_lock lock(mutex);
    const bool has_turn =
        came_free.wait_until(lock, last, [this] { return is_closed || !idle.empty() || open < max_connections; });
    if (is_closed)
      throw Error(core::ErrorKind::transient, Trouble::cancelled, "the connections to the database are being closed");
    if (!has_turn)
      throw Error(
          core::ErrorKind::transient, Trouble::busy,
          fmt::format("none of {} connections to the database came free within {} ms", max_connections, timeout_ms));
    if (idle.empty()) {
      ++open;
      return nullptr;
    }
    std::unique_ptr<Connection> connection = std::move(idle.back());
    idle.pop_back();
    return connection;
  }
};

ConnectionPool::ConnectionPool(ConnectOptions options, size_t max_connections) : state_(std::make_shared<State>()) {
  state_->max_connections = options.url == "sqlite::memory:" ? 1 : std::max<size_t>(max_connections, 1);
  state_->options = std::move(options);
  state_->idle.reserve(state_->max_connections);
}

ConnectionPool::~ConnectionPool() { close(); }

ConnectionPool::Lease ConnectionPool::acquire(int64_t timeout_ms) {
  std::unique_ptr<Connection> connection = state_->wait_for_turn(timeout_ms);
  if (connection && connection->is_usable()) return {state_, std::move(connection)};
  try {
    connection = connect(state_->options);  // in the place of one that the server has left
  } catch (...) {
    state_->one_less_open();
    throw;
  }
  return {state_, std::move(connection)};
}

void ConnectionPool::close() noexcept {
  std::vector<std::unique_ptr<Connection>> idle;
  {
    const std::lock_guard lock(state_->mutex);
    state_->is_closed = true;
    idle.swap(state_->idle);
    state_->open -= idle.size();
  }
  state_->came_free.notify_all();
}

size_t ConnectionPool::open_connections() const {
  const std::lock_guard lock(state_->mutex);
  return state_->open;
}

ConnectionPool::Lease& ConnectionPool::Lease::operator=(Lease&& other) noexcept {
  if (this != &other) {
    give_back();
    state_ = std::move(other.state_);
    connection_ = std::move(other.connection_);
  }
  return *this;
}

ConnectionPool::Lease::~Lease() { give_back(); }

void ConnectionPool::Lease::give_back() noexcept {
  if (connection_) state_->put_back(std::move(connection_));
}

}  // namespace assay::sql
