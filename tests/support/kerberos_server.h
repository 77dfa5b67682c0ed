#pragma once

#include <memory>
#include <string>

#include "tests/support/background_server.h"

namespace assay::test {

/// A real Kerberos server, MIT's as Debian packages it, for the realm ASSAY.TEST: the user `assay` and the service cifs
/// on this machine.
class KerberosServer {
 public:
  static constexpr const char* realm = "ASSAY.TEST";
  /// The name of this machine for which a ticket is given: one that leads to 127.0.0.1 and is not "localhost", which
  /// clients ask no ticket for. "" when there is none.
  static std::string host();

  KerberosServer();

  /// Files: what KRB5_CONFIG and KRB5CCNAME name, and the service's keys.
  std::string configuration() const { return (server_->folder() / "krb5.conf").string(); }
  std::string tickets() const { return (server_->folder() / "tickets").string(); }
  std::string keys() const { return (server_->folder() / "keys").string(); }
  /// Logs the user in: writes tickets().
  void log_in() const;

 private:
  std::unique_ptr<BackgroundServer> server_;
};

}  // namespace assay::test
