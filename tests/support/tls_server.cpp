#include "tests/support/tls_server.h"

namespace assay::test {

TlsServer::TlsServer() {
  server_ = std::make_unique<BackgroundServer>([](int port, const std::filesystem::path&) {
    return std::vector<std::string>{"/bin/sh", "-c",
                                    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "
                                    "key.pem -out cert.pem -days 2 "
                                    "-subj /CN=assay-test -addext subjectAltName=IP:127.0.0.1 && "
                                    "exec openssl s_server -accept 127.0.0.1:" +
                                        std::to_string(port) + " -cert cert.pem -key key.pem -www"};
  });
}

std::string TlsServer::url() const { return "https://127.0.0.1:" + std::to_string(server_->port()) + "/"; }
std::string TlsServer::ca_file() const { return (server_->folder() / "cert.pem").string(); }

}  // namespace assay::test
