#pragma once

#include <memory>
#include <string>

#include "tests/support/background_server.h"

namespace assay::test {

/// A real S3 server, versitygw over a folder, built by scripts/test_servers.sh.
class S3Server {
 public:
  static constexpr const char* region = "eu-test-1";
  static constexpr const char* virtual_domain = "s3.test";
  static constexpr const char* access_key_id = "assay-test";
  static constexpr const char* secret_access_key = "a-key-that-opens-nothing-else";

  /// The server that a test program's tests share.
  static S3Server& shared();

  S3Server();
  int port() const { return server_->port(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }

 private:
  std::unique_ptr<BackgroundServer> server_;
};

}  // namespace assay::test
