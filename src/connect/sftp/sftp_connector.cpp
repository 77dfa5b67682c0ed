#include "connect/sftp/sftp_connector.h"

#include <fmt/format.h>

#include <utility>

#include "connect/setting_reader.h"
#include "connect/sftp/settings.h"
#include "connect/sftp/sftp_tree.h"
#include "connect/tree/share_url.h"
#include "connect/tree/tree_connector.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::connect::sftp {
namespace {

constexpr std::string_view schemes[] = {"sftp"};
constexpr SettingKey setting_keys[] = {
    {.name = "password", .help = "of the user", .is_secret = true},
    {.name = "private_key", .help = "of the user, in the format of OpenSSH or PEM", .is_secret = true},
    {.name = "passphrase", .help = "of private_key, when it has one", .is_secret = true},
    {.name = "agent", .help = "true: use the keys of the SSH agent that SSH_AUTH_SOCK names; default false"},
    {.name = "known_hosts", .help = "file of known host keys; default ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts"},
    {.name = "host_key", .help = "SHA256:... of the server's key, several behind commas, in place of known_hosts"},
};
constexpr uint16_t default_port = 22;
constexpr size_t fingerprint_characters = 7 + 43;  // base64 of 32 bytes, without padding

[[noreturn]] void refuse(const std::string& why) { throw core::Error(core::ErrorKind::bad_input, why); }

std::vector<std::string> read_fingerprints(std::string_view list) {
  std::vector<std::string> fingerprints;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    std::string_view one = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ') || one.ends_with('=')) one.remove_suffix(1);
    if (!one.starts_with("SHA256:") || one.size() != fingerprint_characters)
      refuse("host_key must be SHA256: and 43 characters, as `ssh-keygen -lf` shows it");
    fingerprints.emplace_back(one);
  }
  return fingerprints;
}

// "/~" is the user's own folder, which the server calls ".".
std::string path_of(const ShareUrl& url) {
  if (url.path == "/~") return "";
  if (url.path.starts_with("/~/")) return url.path.substr(3);
  return url.path.empty() ? "/" : url.path;
}

std::unique_ptr<Connector> make_sftp(const SourceAddress& address, ConnectorContext context) {
  std::vector<TreeConnector::Root> roots;
  roots.reserve(address.roots.size());
  for (const std::string& url : address.roots)
    roots.push_back({.url = url, .path = path_of(parse_share_url(url, "sftp"))});
  std::stop_token stop = context.stop;
  return std::make_unique<TreeConnector>(address, std::move(roots),
                                         make_tree(read_settings(address), std::move(context)), std::move(stop));
}

}  // namespace

Settings read_settings(const SourceAddress& address) {
  const ShareUrl first = parse_share_url(address.roots.at(0), "sftp");
  for (const std::string& root : address.roots) {
    const ShareUrl other = parse_share_url(root, "sftp");
    if (other.host != first.host || other.port != first.port || other.user != first.user)
      refuse("all URLs of one source must name the same user and server");
  }
  if (first.user.empty())
    refuse(fmt::format("{} names no user: write sftp://USER@{}", core::printable(address.roots[0], 1000), first.host));
  const SettingReader given(address);
  Settings settings;
  settings.host = first.host;
  settings.user = first.user;
  settings.port = first.port == 0 ? default_port : first.port;
  settings.password = given.text("password");
  settings.private_key = given.text("private_key");
  settings.passphrase = given.text("passphrase");
  settings.known_hosts = given.text("known_hosts");
  settings.host_keys = read_fingerprints(given.text("host_key"));
  settings.uses_agent = given.flag("agent");
  if (!settings.passphrase.empty() && settings.private_key.empty())
    refuse("passphrase is of no use without private_key");
  if (!settings.known_hosts.empty() && !settings.host_keys.empty())
    refuse("known_hosts and host_key are two ways to know the server: give one");
  if (settings.password.empty() && settings.private_key.empty() && !settings.uses_agent)
    refuse("a way to log in is needed: password, private_key, or agent=true");
  return settings;
}

const ConnectorKind& sftp_kind() {
  static constexpr ConnectorKind kind{
      .name = "sftp", .schemes = schemes, .settings = setting_keys, .has_tables = false, .make = make_sftp};
  return kind;
}

}  // namespace assay::connect::sftp
