#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "sql/connection.h"

namespace assay::sql {

/// At most so many connections to one database, opened when first needed and lent to one user at a time. Thread-safe.
/// A connection that comes back in the middle of a transaction or is not usable any more is closed, and so are idle
/// ones that the server has left.
class ConnectionPool {
  struct State;

 public:
  /// The right to use one connection until the lease ends. It may outlive the pool.
  class Lease {
   public:
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&& other) noexcept;
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    Connection& operator*() const noexcept { return *connection_; }
    Connection* operator->() const noexcept { return connection_.get(); }
    Connection* get() const noexcept { return connection_.get(); }

   private:
    friend class ConnectionPool;
    Lease(std::shared_ptr<State> state, std::unique_ptr<Connection> connection) noexcept
        : state_(std::move(state)), connection_(std::move(connection)) {}
    void give_back() noexcept;

    std::shared_ptr<State> state_;
    std::unique_ptr<Connection> connection_;
  };

  /// Opens nothing yet. With `sqlite::memory:` each connection has a database of its own, so that one is the limit.
  ConnectionPool(ConnectOptions options, size_t max_connections);
  ~ConnectionPool();
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  /// Waits for a free connection at most so long, and then throws sql::Error(transient, busy). Throws what connect()
  /// throws, and sql::Error(transient, cancelled) once the pool is closed.
  Lease acquire(int64_t timeout_ms);

  /// Closes the idle connections now and the others when they come back; whoever waits gets an error. Does not wait.
  void close() noexcept;

  /// How many connections are open, lent or idle.
  size_t open_connections() const;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace assay::sql
