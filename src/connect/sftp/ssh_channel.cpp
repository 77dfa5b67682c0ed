#include "connect/sftp/ssh_channel.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "connect/tcp.h"
#include "core/error.h"
#include "core/printable.h"
#include "http/retry.h"

namespace assay::connect::sftp {
namespace {

using core::ErrorKind;
using Clock = std::chrono::steady_clock;

constexpr auto connect_timeout = std::chrono::seconds(10);
constexpr auto no_progress_timeout = std::chrono::seconds(60);
constexpr int look_every_ms = 100;
constexpr size_t most_shown = 300;
constexpr int most_rounds_of_questions = 3;

struct FreeKey {
  void operator()(ssh_key key) const noexcept { ::ssh_key_free(key); }
};
using Key = std::unique_ptr<ssh_key_struct, FreeKey>;

struct FreeText {
  void operator()(char* text) const noexcept { ::ssh_string_free_char(text); }
};

void initialise_library() {
  static const int result = ::ssh_init();
  if (result != SSH_OK) throw core::Error(ErrorKind::bug, "libssh cannot be initialised");
}

/// "SHA256:..." as ssh and ssh-keygen show it.
std::string fingerprint(ssh_key key) {
  unsigned char* hash = nullptr;
  size_t size = 0;
  if (::ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != SSH_OK) throw std::bad_alloc();
  const std::unique_ptr<char, FreeText> text(::ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size));
  ::ssh_clean_pubkey_hash(&hash);
  if (!text) throw std::bad_alloc();
  return text.get();
}

void set(ssh_session session, ssh_options_e option, const void* value, std::string_view name) {
  if (::ssh_options_set(session, option, value) != SSH_OK)
    throw core::Error(ErrorKind::bad_input, fmt::format("{} cannot be used: {}", name,
                                                        core::printable(::ssh_get_error(session), most_shown)));
}

}  // namespace

void SshChannel::FreeSession::operator()(ssh_session session) const noexcept {
  if (::ssh_is_connected(session) != 0) ::ssh_disconnect(session);
  ::ssh_free(session);
}

void SshChannel::FreeChannel::operator()(ssh_channel channel) const noexcept { ::ssh_channel_free(channel); }

SshChannel::SshChannel(const Settings& settings, const ConnectorContext& context)
    : settings_(settings), context_(context) {
  initialise_library();
  core::Fd socket =
      connect_tcp(settings_.host, settings_.port, connect_timeout, [this] { return context_.stop.stop_requested(); });
  session_.reset(::ssh_new());
  if (!session_) throw std::bad_alloc();
  set_options(socket.get());
  socket.release();  // it is the session's now
  ::ssh_set_blocking(session_.get(), 0);
  if (finish([this] { return ::ssh_connect(session_.get()); }, SSH_AGAIN) != SSH_OK) {
    const std::string why = said();
    const bool has_nothing_in_common = why.contains("no match for method");
    throw core::Error(has_nothing_in_common ? ErrorKind::permanent : ErrorKind::transient,
                      fmt::format("{} port {} does not speak SSH with us: {}", settings_.host, settings_.port, why));
  }
  check_host_key();
  authenticate();
  open_subsystem();
}

SshChannel::~SshChannel() = default;

void SshChannel::set_options(int socket) {
  ssh_session session = session_.get();
  // Nothing of what this user's ssh is told: hosts, keys, commands to run.
  const bool reads_configuration = false;
  const unsigned port = settings_.port;
  const long timeout_s = connect_timeout.count();
  const int no_log = SSH_LOG_NOLOG;
  set(session, SSH_OPTIONS_PROCESS_CONFIG, &reads_configuration, "the configuration");
  set(session, SSH_OPTIONS_LOG_VERBOSITY, &no_log, "the log");
  set(session, SSH_OPTIONS_HOST, settings_.host.c_str(), "the host");
  set(session, SSH_OPTIONS_PORT, &port, "the port");
  set(session, SSH_OPTIONS_USER, settings_.user.c_str(), "the user");
  set(session, SSH_OPTIONS_TIMEOUT, &timeout_s, "the timeout");
  if (!settings_.known_hosts.empty()) {
    set(session, SSH_OPTIONS_KNOWNHOSTS, settings_.known_hosts.c_str(), "known_hosts");
    set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, settings_.known_hosts.c_str(), "known_hosts");
  }
  set(session, SSH_OPTIONS_FD, &socket, "the connection");
}

void SshChannel::check_host_key() const {
  ssh_key raw = nullptr;
  if (::ssh_get_server_publickey(session_.get(), &raw) != SSH_OK) fail("shows no host key");
  const Key key(raw);
  const std::string shown = fingerprint(key.get());
  const std::string place =
      settings_.port == 22 ? settings_.host : fmt::format("[{}]:{}", settings_.host, settings_.port);
  const std::string type = ::ssh_key_type_to_char(::ssh_key_type(key.get()));
  const auto refuse = [&](const std::string& why) {
    throw core::Error(ErrorKind::denied, fmt::format("{}: it shows the {} key {}. {}", place, type, shown, why));
  };
  if (!settings_.host_keys.empty()) {
    if (std::ranges::find(settings_.host_keys, shown) == settings_.host_keys.end())
      refuse(
          "That is none of the setting host_key: either the server has another key too, whose fingerprint can be "
          "added behind a comma, or somebody stands between");
    return;
  }
  switch (::ssh_session_is_known_server(session_.get())) {
    case SSH_KNOWN_HOSTS_OK: return;
    case SSH_KNOWN_HOSTS_CHANGED:
      refuse(
          "known_hosts has another key for it: either the server got a new one, or somebody stands between. When "
          "its administrator confirms the new one, put it into known_hosts in place of the old one");
      return;
    case SSH_KNOWN_HOSTS_OTHER:
      refuse("known_hosts has only keys of other types for it. When its administrator confirms this one, add it");
      return;
    case SSH_KNOWN_HOSTS_ERROR: refuse("known_hosts cannot be read: " + said()); return;
    default:
      refuse("That host is not known. When its administrator confirms the fingerprint, set host_key=" + shown +
             ", or add the host to known_hosts, as `ssh` does at the first visit");
  }
}

void SshChannel::authenticate() {
  const int none = finish([this] { return ::ssh_userauth_none(session_.get(), nullptr); }, SSH_AUTH_AGAIN);
  if (none == SSH_AUTH_ERROR) fail("ended the connection before anybody logged in");
  if (none == SSH_AUTH_SUCCESS || authenticate_with_key() || authenticate_with_password()) return;
  const int methods = ::ssh_userauth_list(session_.get(), nullptr);
  std::string list;
  for (const auto& [bit, name] :
       {std::pair{SSH_AUTH_METHOD_PUBLICKEY, "keys"}, std::pair{SSH_AUTH_METHOD_PASSWORD, "passwords"},
        std::pair{SSH_AUTH_METHOD_INTERACTIVE, "answers to questions"},
        std::pair{SSH_AUTH_METHOD_GSSAPI_MIC, "Kerberos"}})
    if ((static_cast<unsigned>(methods) & static_cast<unsigned>(bit)) != 0)
      list += (list.empty() ? "" : ", ") + std::string(name);
  std::string given;
  if (!settings_.private_key.empty()) given += "private_key";
  if (settings_.uses_agent) given += given.empty() ? "agent" : ", agent";
  if (!settings_.password.empty()) given += given.empty() ? "password" : ", password";
  throw core::Error(ErrorKind::denied, fmt::format("{} does not let {} in with what was given ({}); it takes: {}",
                                                   settings_.host, core::printable(settings_.user, most_shown),
                                                   given.empty() ? "nothing" : given, list.empty() ? "nothing" : list));
}

bool SshChannel::authenticate_with_key() {
  if (settings_.uses_agent &&
      finish([this] { return ::ssh_userauth_agent(session_.get(), nullptr); }, SSH_AUTH_AGAIN) == SSH_AUTH_SUCCESS)
    return true;
  if (settings_.private_key.empty()) return false;
  const core::Sensitive<std::string> text = context_.resolve_secret(settings_.private_key);
  core::Sensitive<std::string> passphrase;
  if (!settings_.passphrase.empty()) passphrase = context_.resolve_secret(settings_.passphrase);
  ssh_key raw = nullptr;
  const int imported = ::ssh_pki_import_privkey_base64(
      text.reveal().c_str(), passphrase.reveal().empty() ? nullptr : passphrase.reveal().c_str(), nullptr, nullptr,
      &raw);
  const Key key(raw);
  if (imported != SSH_OK)
    throw core::Error(ErrorKind::bad_input,
                      "private_key is no private key, or one whose passphrase is missing or wrong");
  const int result =
      finish([&] { return ::ssh_userauth_publickey(session_.get(), nullptr, key.get()); }, SSH_AUTH_AGAIN);
  if (result == SSH_AUTH_ERROR) fail("broke off while a key was tried");
  return result == SSH_AUTH_SUCCESS;
}

bool SshChannel::authenticate_with_password() {
  if (settings_.password.empty()) return false;
  const core::Sensitive<std::string> password = context_.resolve_secret(settings_.password);
  const auto methods = static_cast<unsigned>(::ssh_userauth_list(session_.get(), nullptr));
  if ((methods & SSH_AUTH_METHOD_PASSWORD) != 0) {
    const int result = finish(
        [&] { return ::ssh_userauth_password(session_.get(), nullptr, password.reveal().c_str()); }, SSH_AUTH_AGAIN);
    if (result == SSH_AUTH_ERROR) fail("broke off while a password was tried");
    if (result == SSH_AUTH_SUCCESS) return true;
  }
  return (methods & SSH_AUTH_METHOD_INTERACTIVE) != 0 && authenticate_by_answers(password.reveal());
}

// A server that asks one hidden question asks for the password; to others there is no answer here.
bool SshChannel::authenticate_by_answers(const std::string& password) {
  for (int round = 0; round < most_rounds_of_questions; ++round) {
    const int result =
        finish([this] { return ::ssh_userauth_kbdint(session_.get(), nullptr, nullptr); }, SSH_AUTH_AGAIN);
    if (result == SSH_AUTH_ERROR) fail("broke off while a password was tried");
    if (result != SSH_AUTH_INFO) return result == SSH_AUTH_SUCCESS;
    const int questions = ::ssh_userauth_kbdint_getnprompts(session_.get());
    if (questions <= 0) continue;
    char is_shown = 0;
    ::ssh_userauth_kbdint_getprompt(session_.get(), 0, &is_shown);
    if (questions > 1 || is_shown != 0) return false;
    if (::ssh_userauth_kbdint_setanswer(session_.get(), 0, password.c_str()) != 0) throw std::bad_alloc();
  }
  return false;
}

void SshChannel::open_subsystem() {
  channel_.reset(::ssh_channel_new(session_.get()));
  if (!channel_) throw std::bad_alloc();
  if (finish([this] { return ::ssh_channel_open_session(channel_.get()); }, SSH_AGAIN) != SSH_OK)
    fail("opens no session");
  if (finish([this] { return ::ssh_channel_request_sftp(channel_.get()); }, SSH_AGAIN) == SSH_OK) return;
  if (::ssh_is_connected(session_.get()) == 0) fail("ended the connection");
  throw core::Error(ErrorKind::permanent, fmt::format("{} has no SFTP for {}: {}", settings_.host,
                                                      core::printable(settings_.user, most_shown), said()));
}

int SshChannel::finish(const Step& step, int again) {
  const Clock::time_point since = Clock::now();
  for (;;) {
    const int result = step();
    if (result != again) return result;
    wait_for_server(since);
  }
}

void SshChannel::wait_for_server(Clock::time_point since) const {
  if (context_.stop.stop_requested()) http::throw_stopped();
  if (Clock::now() - since > no_progress_timeout) fail("does not answer");
  pollfd event{::ssh_get_fd(session_.get()), POLLIN, 0};
  if ((static_cast<unsigned>(::ssh_get_poll_flags(session_.get())) & SSH_WRITE_PENDING) != 0) event.events |= POLLOUT;
  if (::poll(&event, 1, look_every_ms) < 0 && errno != EINTR)
    throw core::Error(ErrorKind::bug, "poll: " + std::generic_category().message(errno));
}

void SshChannel::write(std::string_view bytes) {
  const Clock::time_point since = Clock::now();
  while (!bytes.empty()) {
    const int n = ::ssh_channel_write(channel_.get(), bytes.data(), static_cast<uint32_t>(bytes.size()));
    if (n == SSH_ERROR) fail("ended the connection");
    if (n > 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
      continue;
    }
    if (context_.stop.stop_requested()) http::throw_stopped();
    if (Clock::now() - since > no_progress_timeout) fail("does not take what is sent to it");
    // Makes room: it reads that the server took something.
    if (::ssh_channel_poll_timeout(channel_.get(), look_every_ms, 0) == SSH_ERROR) fail("ended the connection");
  }
}

size_t SshChannel::read(std::span<char> out) {
  const Clock::time_point since = Clock::now();
  for (;;) {
    if (context_.stop.stop_requested()) http::throw_stopped();
    const int n = ::ssh_channel_read_nonblocking(channel_.get(), out.data(), static_cast<uint32_t>(out.size()), 0);
    if (n > 0) return static_cast<size_t>(n);
    if (n == SSH_ERROR || n == SSH_EOF || ::ssh_channel_is_eof(channel_.get()) != 0) fail("ended the connection");
    if (Clock::now() - since > no_progress_timeout) fail("does not answer");
    if (::ssh_channel_poll_timeout(channel_.get(), look_every_ms, 0) == SSH_ERROR) fail("ended the connection");
  }
}

std::string SshChannel::server() const {
  const char* banner = ::ssh_get_serverbanner(session_.get());
  return banner == nullptr ? "" : banner;
}

std::string SshChannel::said() const {
  const char* text = ::ssh_get_error(session_.get());
  return text == nullptr || *text == '\0' ? "no reason was given" : core::printable(text, most_shown);
}

void SshChannel::fail(std::string_view what) const {
  throw core::Error(ErrorKind::transient, fmt::format("{} {} ({})", settings_.host, what, said()));
}

}  // namespace assay::connect::sftp
