#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "sql/connection.h"

namespace assay::store {

/// At most so many connections, made when they are needed and kept; lost ones are thrown away. Thread-safe.
class Connections {
 public:
  /// One connection while a call has it.
  class Lease {
   public:
    Lease(Connections& owner, std::unique_ptr<sql::Connection> connection)
        : owner_(owner), connection_(std::move(connection)) {}
    ~Lease() { owner_.give_back(std::move(connection_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    sql::Connection& operator*() { return *connection_; }
    sql::Connection* operator->() { return connection_.get(); }

   private:
    Connections& owner_;
    std::unique_ptr<sql::Connection> connection_;
  };

  Connections(sql::ConnectOptions options, unsigned most);
  /// Waits for a free one. Throws what sql::connect() throws, and core::Error(transient) after 30 s without a free one.
  Lease take();
  /// Throws away those that nobody has: after one was lost the others are, too.
  void drop_idle();
  /// A further one, outside the count, for the caller to keep.
  std::unique_ptr<sql::Connection> open_another() const { return sql::connect(options_); }

 private:
  void give_back(std::unique_ptr<sql::Connection> connection);

  sql::ConnectOptions options_;
  unsigned free_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<sql::Connection>> idle_;
};

}  // namespace assay::store
