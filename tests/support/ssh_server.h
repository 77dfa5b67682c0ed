#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/background_server.h"

namespace assay::test {

/// A real OpenSSH server, as Debian packages it, that knows one user: when the tests run as root, one that exists for
/// it alone, in a mount namespace of its own; else the user who runs the tests, who has no password for it.
class SshServer {
 public:
  static constexpr const char* password = "not-a-password-of-anything";

  struct Options {
    std::string subsystem = "internal-sftp";  ///< what answers as SFTP
    std::string more_configuration{};         ///< lines of sshd_config
  };

  /// The server that a test program's tests share.
  static SshServer& shared();

  SshServer() : SshServer(Options{}) {}
  explicit SshServer(const Options& options);

  BackgroundServer& process() { return *server_; }
  int port() const { return server_->port(); }
  std::string user() const;
  bool has_passwords() const;
  /// For a folder of this machine.
  std::string url(const std::filesystem::path& path) const;
  /// The user's own folder; tests may write in it.
  std::filesystem::path home() const { return server_->folder() / "home"; }

  /// Files: the key that lets the user in, the same with a passphrase, which is the password, one that nobody knows.
  std::string key() const { return (server_->folder() / "key").string(); }
  std::string locked_key() const { return (server_->folder() / "locked_key").string(); }
  std::string other_key() const { return (server_->folder() / "other_key").string(); }
  std::string known_hosts() const { return (server_->folder() / "known_hosts").string(); }
  /// "SHA256:..." of the host key.
  std::string fingerprint() const;

 private:
  std::unique_ptr<BackgroundServer> server_;
};

}  // namespace assay::test
