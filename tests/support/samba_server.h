#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/background_server.h"

namespace assay::test {

/// A real Samba, as Debian packages it, with one user who exists for it alone, in a mount namespace of its own. Its
/// shares: `share`, read and written; `closed`, into which nobody is let; `dfs`, whose folder `link` refers to `share`.
/// Only where tests run as root.
class SambaServer {
 public:
  static constexpr const char* user = "assay";
  static constexpr const char* password = "not-a-password-of-anything";
  static bool can_run();

  /// The server that a test program's tests share.
  static SambaServer& shared();

  struct Options {
    std::string more_configuration{};  ///< lines of smb.conf, [global]
    std::string more_ports{};          ///< "445" too, where referrals of DFS lead
  };
  SambaServer() : SambaServer(Options{}) {}
  explicit SambaServer(const Options& options);

  BackgroundServer& process() { return *server_; }
  int port() const { return server_->port(); }
  /// "smb://assay@127.0.0.1:PORT/SHARE".
  std::string url(const std::string& share = "share") const;
  std::filesystem::path folder() const { return server_->folder() / "share"; }

 private:
  std::unique_ptr<BackgroundServer> server_;
};

}  // namespace assay::test
