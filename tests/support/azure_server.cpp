#include "tests/support/azure_server.h"

namespace assay::test {

AzureServer& AzureServer::shared() {
  static AzureServer server;
  return server;
}

AzureServer::AzureServer() {
  const std::string program = installed_server("azure/node_modules/.bin/azurite-blob");
  server_ = std::make_unique<BackgroundServer>(
      [&](int port, const std::filesystem::path& folder) {
        return std::vector<std::string>{
            "/usr/bin/env",       "node",       program,         "--blobHost", "127.0.0.1",         "--blobPort",
            std::to_string(port), "--location", folder.string(), "--silent",   "--disableTelemetry"};
      },
      std::vector<std::string>{std::string("AZURITE_ACCOUNTS=") + account + ":" + account_key});
}

}  // namespace assay::test
