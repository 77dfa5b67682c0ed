#pragma once

#include <memory>
#include <string>

#include "tests/support/background_server.h"

namespace assay::test {

/// A server that speaks the JSON API of Google Cloud Storage, fake-gcs-server, built by scripts/test_servers.sh. It
/// looks at no credentials.
class GcsServer {
 public:
  /// The server that a test program's tests share.
  static GcsServer& shared();

  GcsServer();
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

 private:
  std::unique_ptr<BackgroundServer> server_;
};

}  // namespace assay::test
