#include "tests/support/ssh_server.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace assay::test {
namespace {

constexpr const char* sshd = "/usr/sbin/sshd";

// Run by /bin/sh in the server's folder, with the port, the password, the subsystem and more configuration.
constexpr const char* script = R"sh(
set -eu
port=$1 password=$2 subsystem=$3 more=$4 here=$(pwd)
if [ ! -e key ]; then
  mkdir -p home
  chmod 755 . home
  ssh-keygen -q -t ed25519 -N '' -f host_key
  ssh-keygen -q -t ed25519 -N '' -f key
  ssh-keygen -q -t ed25519 -N '' -f other_key
  cp key locked_key
  chmod 600 locked_key
  ssh-keygen -q -p -P '' -N "$password" -f locked_key
  cp key.pub authorized_keys
  ssh-keygen -lf host_key.pub | cut -d ' ' -f 2 >fingerprint
  echo "[127.0.0.1]:$port $(cut -d ' ' -f 1,2 host_key.pub)" >known_hosts
fi
cat >sshd_config <<END
Port $port
ListenAddress 127.0.0.1
HostKey $here/host_key
AuthorizedKeysFile $here/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication yes
KbdInteractiveAuthentication no
UseDNS no
MaxStartups 200
LogLevel ERROR
Subsystem sftp $subsystem
$more
END
[ "$(id -u)" -eq 0 ] || exec SSHD -D -e -f sshd_config
grep -E '^(root|sshd|nobody):' /etc/passwd >passwd
echo "assay:x:64123:65534::$here/home:/bin/sh" >>passwd
echo "assay:$(openssl passwd -6 "$password"):19000:0:99999:7:::" >shadow
chmod 600 shadow
chown 64123 home
exec unshare --mount --pid --fork --kill-child=KILL sh -c '
  mount --bind passwd /etc/passwd
  mount --bind shadow /etc/shadow
  mount -t tmpfs tmpfs /run
  mkdir /run/sshd
  exec SSHD -D -e -f sshd_config'
)sh";

std::string with_sshd(std::string text) {
  for (size_t at = 0; (at = text.find("SSHD")) != std::string::npos;) text.replace(at, 4, sshd);
  return text;
}

}  // namespace

SshServer& SshServer::shared() {
  static SshServer server;
  return server;
}

SshServer::SshServer(const Options& options) {
  if (!std::filesystem::exists(sshd))
    throw std::runtime_error("this test needs OpenSSH's server: run `make test`, or scripts/dependencies.sh test");
  server_ = std::make_unique<BackgroundServer>([options](int port, const std::filesystem::path&) {
    return std::vector<std::string>{"/bin/sh",
                                    "-c",
                                    with_sshd(script),
                                    "sshd",
                                    std::to_string(port),
                                    password,
                                    options.subsystem,
                                    options.more_configuration};
  });
}

bool SshServer::has_passwords() const { return ::getuid() == 0; }

std::string SshServer::user() const {
  if (has_passwords()) return "assay";
  const passwd* user = ::getpwuid(::getuid());
  if (user == nullptr) throw std::runtime_error("the user who runs the tests has no name");
  return user->pw_name;
}

std::string SshServer::url(const std::filesystem::path& path) const {
  return fmt::format("sftp://{}@127.0.0.1:{}{}", user(), port(), path.string());
}

std::string SshServer::fingerprint() const {
  std::string text;
  std::getline(std::ifstream(server_->folder() / "fingerprint"), text);
  return text;
}

}  // namespace assay::test
