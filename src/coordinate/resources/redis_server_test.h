#pragma once

#include <sys/types.h>

#include <string>

namespace assay::coordinate::testing {

/// A redis-server of its own for a test, on a free port of the loopback interface, without files. Ends with the object.
class RedisServer {
 public:
  /// Throws core::Error when it does not start.
  RedisServer();
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }
  /// Ends it at once, as a crash would.
  void kill();

 private:
  int port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace assay::coordinate::testing
