#include "tests/support/gcs_server.h"

namespace assay::test {

GcsServer& GcsServer::shared() {
  static GcsServer server;
  return server;
}

GcsServer::GcsServer() {
  const std::string program = installed_server("fake-gcs-server");
  server_ = std::make_unique<BackgroundServer>([&](int port, const std::filesystem::path&) {
    const std::string where = std::to_string(port);
    return std::vector<std::string>{program, "-scheme",  "http",   "-host",        "127.0.0.1",          "-port",
                                    where,   "-backend", "memory", "-public-host", "127.0.0.1:" + where, "-log-level",
                                    "error"};
  });
}

}  // namespace assay::test
