#include "connect/smb/smb_connector.h"

#include <fmt/format.h>

#include <utility>

#include "connect/setting_reader.h"
#include "connect/smb/smb_tree.h"
#include "connect/tree/share_url.h"
#include "connect/tree/tree_connector.h"
#include "core/error.h"
#include "core/printable.h"

namespace assay::connect::smb {
namespace {

constexpr std::string_view schemes[] = {"smb"};
constexpr SettingKey setting_keys[] = {
    {.name = "user", .help = "default the URL's; neither: a guest, which takes signing=offered"},
    {.name = "password", .help = "of the user", .is_secret = true},
    {.name = "domain", .help = "of the user: its Windows domain; default WORKGROUP"},
    {.name = "kerberos", .help = "true: log in with the ticket that KRB5CCNAME names, and no other way; default false"},
    {.name = "signing", .help = "required: every message is signed; offered: as the server has it; default required"},
    {.name = "encryption",
     .help = "wanted: wherever the server can; offered: where the server demands it; default offered"},
    {.name = "owners", .help = "true: ask who owns each file that is opened, at port 445 only; default false"},
};

constexpr uint16_t usual_port = 445;

[[noreturn]] void refuse(const std::string& why) { throw core::Error(core::ErrorKind::bad_input, why); }

// A line break would end a line of the helper's configuration.
std::string plain(const std::string& value, std::string_view name) {
  for (const char c : value)
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') refuse(fmt::format("{} holds a control character", name));
  return value;
}

void take_url(const std::string& url, Setup& setup, std::vector<TreeConnector::Root>& roots) {
  const ShareUrl parsed = parse_share_url(url, "smb");
  if (parsed.path.size() < 2)
    refuse(fmt::format("{} names no share: write smb://{}/SHARE", core::printable(url, 1000), parsed.host));
  if (parsed.path.find("//") != std::string::npos) refuse("an empty name stands in " + core::printable(url, 1000));
  if (!roots.empty() && (parsed.host != setup.host || parsed.port != setup.port || parsed.user != setup.user))
    refuse("all URLs of one source must name the same user and server");
  setup.host = parsed.host;
  setup.port = parsed.port;
  setup.user = parsed.user;
  roots.push_back({.url = url, .path = parsed.path});
}

std::unique_ptr<Connector> make_smb(const SourceAddress& address, ConnectorContext context) {
  const SettingReader given(address);
  Settings settings;
  Setup& setup = settings.setup;
  std::vector<TreeConnector::Root> roots;
  for (const std::string& url : address.roots) take_url(url, setup, roots);
  const std::string user = given.text("user");
  if (!user.empty() && !setup.user.empty() && user != setup.user) refuse("the URL and the setting user name two users");
  setup.user = plain(user.empty() ? setup.user : user, "user");
  setup.domain = plain(given.text("domain"), "domain");
  setup.uses_kerberos = given.flag("kerberos");
  setup.requires_signing = given.choice("signing", "required", "offered", true);
  setup.wants_encryption = given.choice("encryption", "wanted", "offered", false);
  // Whatever port it was told, the library asks for owners at the usual one.
  setup.tells_owners = given.flag("owners") && (setup.port == 0 || setup.port == usual_port);
  const std::string password = given.text("password");
  if (!password.empty() && setup.user.empty()) refuse("password is of no use without a user");
  if (password.empty() && !setup.user.empty() && !setup.uses_kerberos)
    refuse("a way to log in is needed: password, or kerberos=true");
  if (setup.uses_kerberos && setup.user.empty()) refuse("kerberos=true needs the user whose ticket it is");
  if (!password.empty() && setup.uses_kerberos) refuse("password is of no use with kerberos=true");
  if (!password.empty())
    settings.password = [resolve = std::move(context.resolve_secret), password] { return resolve(password); };
  return std::make_unique<TreeConnector>(address, std::move(roots), make_tree(std::move(settings), context.stop),
                                         context.stop);
}

}  // namespace

const ConnectorKind& smb_kind() {
  static constexpr ConnectorKind kind{
      .name = "smb", .schemes = schemes, .settings = setting_keys, .has_tables = false, .make = make_smb};
  return kind;
}

}  // namespace assay::connect::smb
