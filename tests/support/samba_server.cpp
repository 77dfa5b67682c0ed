#include "tests/support/samba_server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <stdexcept>

namespace assay::test {
namespace {

constexpr const char* smbd = "/usr/sbin/smbd";

// Run by /bin/sh in the server's folder, with the port, the password and more configuration.
constexpr const char* script = R"sh(
set -eu
port=$1 password=$2 more_ports=$3 more=$4 here=$(pwd)
mkdir -p share closed dfs lock private
chmod 755 . share dfs
ln -sfn 'msdfs:127.0.0.1\share' dfs/link
cat >smb.conf <<END
[global]
  smb ports = $port $more_ports
  interfaces = lo
  bind interfaces only = yes
  server role = standalone server
  server min protocol = SMB2_10
  server signing = mandatory
  passdb backend = tdbsam:$here/private/passdb.tdb
  private dir = $here/private
  lock directory = $here/lock
  state directory = $here/lock
  cache directory = $here/lock
  pid directory = $here/lock
  ncalrpc dir = $here/lock/ncalrpc
  log file = $here/smbd.log
  disable netbios = yes
  disable spoolss = yes
  load printers = no
  printcap name = /dev/null
  mangled names = no
  host msdfs = yes
  $more
[share]
  path = $here/share
  read only = no
[closed]
  path = $here/closed
  valid users = root
[dfs]
  path = $here/dfs
  msdfs root = yes
END
grep -E '^(root|nobody):' /etc/passwd >passwd
echo "assay:x:64123:65534::$here:/bin/sh" >>passwd
exec unshare --mount --pid --fork --kill-child=KILL /bin/sh -c '
  mount --bind passwd /etc/passwd
  mount -t tmpfs tmpfs /run
  [ -e private/passdb.tdb ] || printf "%s\n%s\n" "$1" "$1" | pdbedit -s smb.conf -a -u assay -t >/dev/null
  exec /usr/sbin/smbd -F --no-process-group -s "$PWD/smb.conf"' smbd "$password"
)sh";

}  // namespace

bool SambaServer::can_run() { return ::getuid() == 0; }

SambaServer& SambaServer::shared() {
  static SambaServer server;
  return server;
}

SambaServer::SambaServer(const Options& options) {
  if (!std::filesystem::exists(smbd))
    throw std::runtime_error("this test needs Samba: run `make test`, or scripts/dependencies.sh test");
  server_ = std::make_unique<BackgroundServer>([options](int port, const std::filesystem::path&) {
    return std::vector<std::string>{"/bin/sh",
                                    "-c",
                                    script,
                                    "smbd",
                                    std::to_string(port),
                                    password,
                                    options.more_ports,
                                    options.more_configuration};
  });
}

std::string SambaServer::url(const std::string& share) const {
  return fmt::format("smb://{}@127.0.0.1:{}/{}", user, port(), share);
}

}  // namespace assay::test
