#pragma once

#include <memory>
#include <string>

#include "tests/support/background_server.h"

namespace assay::test {

/// An HTTPS server with a certificate of its own for 127.0.0.1: OpenSSL's test server.
class TlsServer {
 public:
  TlsServer();
  std::string url() const;
  std::string ca_file() const;

 private:
  std::unique_ptr<BackgroundServer> server_;
};

}  // namespace assay::test
