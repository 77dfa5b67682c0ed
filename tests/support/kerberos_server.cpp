#include "tests/support/kerberos_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace assay::test {
namespace {

constexpr const char* kdc = "/usr/sbin/krb5kdc";

// Run by /bin/sh in the server's folder, with the port, the realm and the host's name. Samba takes no PAC from a realm
// that is no domain of it.
constexpr const char* script = R"sh(
set -eu
port=$1 realm=$2 host=$3 here=$(pwd)
cat >krb5.conf <<END
[libdefaults]
  default_realm = $realm
  dns_lookup_kdc = false
  dns_lookup_realm = false
  rdns = false
[realms]
  $realm = {
    kdc = 127.0.0.1:$port
  }
[domain_realm]
  $host = $realm
END
cat >kdc.conf <<END
[kdcdefaults]
  kdc_listen = 127.0.0.1:$port
  kdc_tcp_listen = 127.0.0.1:$port
[realms]
  $realm = {
    database_name = $here/principal
    key_stash_file = $here/stash
    disable_pac = true
  }
END
export KRB5_CONFIG=$here/krb5.conf KRB5_KDC_PROFILE=$here/kdc.conf
/usr/sbin/kdb5_util create -s -r "$realm" -P not-a-password-of-anything
/usr/sbin/kadmin.local -q 'addprinc -pw not-a-password-of-anything assay'
/usr/sbin/kadmin.local -q "addprinc -randkey cifs/$host"
/usr/sbin/kadmin.local -q "ktadd -k $here/keys cifs/$host"
exec /usr/sbin/krb5kdc -n
)sh";

}  // namespace

std::string KerberosServer::host() {
  std::array<char, 256> name{};
  addrinfo hints{}, *list = nullptr;
  hints.ai_family = AF_INET;
  if (::gethostname(name.data(), name.size() - 1) != 0 || std::string_view(name.data()) == "localhost" ||
      ::getaddrinfo(name.data(), nullptr, &hints, &list) != 0)
    return {};
  const bool is_here = reinterpret_cast<const sockaddr_in*>(list->ai_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
  ::freeaddrinfo(list);
  return is_here ? name.data() : "";
}

KerberosServer::KerberosServer() {
  if (!std::filesystem::exists(kdc))
    throw std::runtime_error("this test needs a Kerberos server: run `make test`, or scripts/dependencies.sh test");
  server_ = std::make_unique<BackgroundServer>([](int port, const std::filesystem::path&) {
    return std::vector<std::string>{"/bin/sh", "-c", script, "krb5kdc", std::to_string(port), realm, host()};
  });
}

void KerberosServer::log_in() const {
  const std::string command = fmt::format(
      "echo not-a-password-of-anything | KRB5_CONFIG={} kinit -c {} assay >/dev/null", configuration(), tickets());
  if (std::system(command.c_str()) != 0) throw std::runtime_error("kinit failed; the server's log:\n" + server_->log());
}

}  // namespace assay::test
