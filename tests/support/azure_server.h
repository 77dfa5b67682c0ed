#pragma once

#include <memory>
#include <string>

#include "tests/support/background_server.h"

namespace assay::test {

/// Azure's own emulator of its blob service, installed by scripts/test_servers.sh.
class AzureServer {
 public:
  static constexpr const char* account = "assaytest";
  static constexpr const char* account_key = "YS1rZXktdGhhdC1vcGVucy1ub3RoaW5nLWVsc2UtaW4tdGhlLXdvcmxk";

  /// The server that a test program's tests share.
  static AzureServer& shared();

  AzureServer();
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/" + account; }

 private:
  std::unique_ptr<BackgroundServer> server_;
};

}  // namespace assay::test
