#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include "bench.h"
#include "connect/sftp/sftp_connector.h"
#include "connect/smb/smb_connector.h"
#include "core/error.h"
#include "tests/support/samba_server.h"
#include "tests/support/ssh_server.h"

// One file of a GiB from servers on this machine, by our connectors and by the programs that people use.
namespace assay::bench {
namespace {

namespace fs = std::filesystem;
using namespace connect;

constexpr uint64_t file_bytes = uint64_t{1} << 30;
constexpr int rounds = 3;

/// Servers and the file are in memory, so that no disk is measured.
void use_memory() {
  if (fs::is_directory("/dev/shm")) ::setenv("TMPDIR", "/dev/shm", 1);
}

void write_file(const fs::path& path) {
  const std::string block = log_lines(16 << 20);
  std::ofstream file(path, std::ios::binary);
  for (uint64_t written = 0; written < file_bytes; written += block.size()) file << block;
  if (!file.flush()) throw core::Error(core::ErrorKind::transient, "there is no room for the file");
  fs::permissions(path, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
}

core::Sensitive<std::string> secret_of(std::string_view reference) {
  if (!reference.starts_with("file:")) return core::Sensitive<std::string>(test::SambaServer::password);
  std::ifstream file{std::string(reference.substr(5))};
  return core::Sensitive<std::string>({std::istreambuf_iterator<char>(file), {}});
}

/// MB/s.
double our_speed(const ConnectorKind& kind, const SourceAddress& address) {
  uint64_t bytes = 0;
  const double seconds = best_seconds(rounds, [&] {
    bytes = 0;
    const auto connector = ConnectorKinds({kind}).make(kind.name, address, {.resolve_secret = secret_of, .stop = {}});
    auto opened = connector->open(0, "");
    if (!opened) throw core::Error(core::ErrorKind::permanent, opened.error().reason);
    std::string piece(256 << 10, '\0');
    while (const size_t n = opened->reader->read(piece)) bytes += n;
  });
  if (bytes < file_bytes) throw core::Error(core::ErrorKind::permanent, "the file came cut");
  return static_cast<double>(bytes) / seconds / 1e6;
}

double speed_of(const std::string& command) {
  const double seconds = best_seconds(rounds, [&] {
    // NOLINTNEXTLINE(bugprone-command-processor,cert-env33-c): a benchmark of programs
    if (std::system((command + " >/dev/null 2>&1").c_str()) != 0)
      throw core::Error(core::ErrorKind::permanent, "failed: " + command);
  });
  return static_cast<double>(file_bytes) / seconds / 1e6;
}

void measure_sftp() {
  const test::SshServer server;
  const fs::path path = server.home() / "large";
  write_file(path);
  const SourceAddress address{
      .roots = {server.url(path)},
      .settings = {{"private_key", "file:" + server.key()}, {"known_hosts", server.known_hosts()}},
      .include = {},
      .exclude = {}};
  const double ours = our_speed(sftp::sftp_kind(), address);
  row("sftp: a file of 1 GiB", ours, "MB/s", "sftp",
      speed_of(fmt::format("sftp -q -i {} -o UserKnownHostsFile={} -P {} {}@127.0.0.1:{} /dev/null", server.key(),
                           server.known_hosts(), server.port(), server.user(), path.string())),
      0.8, true);
  row("sftp: a file of 1 GiB", ours, "MB/s", "curl",
      speed_of(fmt::format("curl -s --key {} --pubkey {}.pub -k -o /dev/null {}", server.key(), server.key(),
                           server.url(path))),
      0.8, true);
}

void measure_smb() {
  if (!test::SambaServer::can_run()) return;
  const test::SambaServer server;
  write_file(server.folder() / "large");
  const SourceAddress address{
      .roots = {server.url() + "/large"}, .settings = {{"password", "env:P"}}, .include = {}, .exclude = {}};
  row("smb: a file of 1 GiB, signed", our_speed(smb::smb_kind(), address), "MB/s", "smbclient",
      speed_of(fmt::format("smbclient -U {}%{} -p {} --option='client signing=required' //127.0.0.1/share -c 'get "
                           "large /dev/null'",
                           test::SambaServer::user, test::SambaServer::password, server.port())),
      0.8, true);
}

}  // namespace

void run_shares_bench() {
  use_memory();
  measure_sftp();
  measure_smb();
}

}  // namespace assay::bench
