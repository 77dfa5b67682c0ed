#include "tests/support/s3_server.h"

namespace assay::test {

S3Server& S3Server::shared() {
  static S3Server server;
  return server;
}

S3Server::S3Server() {
  const std::string program = installed_server("versitygw");
  server_ = std::make_unique<BackgroundServer>([&](int port, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder / "data");
    std::filesystem::create_directories(folder / "meta");  // not every temporary folder bears extended attributes
    return std::vector<std::string>{program,
                                    "--port",
                                    "127.0.0.1:" + std::to_string(port),
                                    "--access",
                                    access_key_id,
                                    "--secret",
                                    secret_access_key,
                                    "--region",
                                    region,
                                    "--virtual-domain",
                                    virtual_domain,
                                    "--keep-alive",
                                    "--quiet",
                                    "posix",
                                    "--sidecar",
                                    (folder / "meta").string(),
                                    (folder / "data").string()};
  });
}

}  // namespace assay::test
