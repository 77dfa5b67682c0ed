#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/background_server.h"

namespace assay::test {

/// A real server that speaks MongoDB's protocol, FerretDB over SQLite, built by scripts/test_servers.sh. It asks for a
/// user and a password.
class MongodbServer {
 public:
  static constexpr const char* user = "assay-test";
  static constexpr const char* password = "opens:nothing/else@all";

  /// The server that a test program's tests share.
  static MongodbServer& shared();

  MongodbServer();
  int port() const { return server_->port(); }
  /// Without a password.
  std::string url(const std::string& database = {}) const { return url(port(), database); }
  static std::string url(int port, const std::string& database);

  /// Documents as extended JSON.
  void insert(const std::string& database, const std::string& collection,
              const std::vector<std::string>& documents) const;
  /// One command; its answer as JSON. Throws std::runtime_error when it fails.
  std::string run(const std::string& database, const std::string& command) const;

 private:
  std::unique_ptr<BackgroundServer> server_;
};

}  // namespace assay::test
