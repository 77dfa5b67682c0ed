#pragma once

#include <sys/types.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/fd.h"

namespace assay::test {

/// A server in a process of its own that speaks the part of Vault's API that Assay uses (vault_server.py), on a
/// loopback port. It ends with this object. Throws std::runtime_error when it does not start.
class VaultServer {
 public:
  enum class Transport { http, tls };
  explicit VaultServer(Transport transport = Transport::http);
  ~VaultServer();
  VaultServer(const VaultServer&) = delete;
  VaultServer& operator=(const VaultServer&) = delete;

  std::string address() const;
  /// Of the authority that signed its certificate, for 127.0.0.1; TLS only.
  std::string ca_file() const { return (folder_ / "ca.pem").string(); }

  /// One command as JSON, with its answer: secret, token, revoke, role, set, advance, requests.
  std::string tell(const std::string& command);
  /// How many requests it got that begin so, as "POST /v1/auth/approle/login".
  size_t count(std::string_view request);

 private:
  void make_certificates() const;

  Transport transport_;
  std::filesystem::path folder_;
  pid_t process_ = -1;
  core::Fd input_;
  std::FILE* output_ = nullptr;
  int port_ = 0;
};

}  // namespace assay::test
