#include "tests/support/postgres_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "sql/connection.h"
#include "sql/identifier.h"

namespace assay::test {
namespace {

namespace fs = std::filesystem;

constexpr int start_timeout_ms = 120'000;  // of a machine with much else to do
constexpr int start_attempts = 5;

fs::path find_programs() {
  fs::path best;
  std::error_code ignored;
  for (const fs::directory_entry& version : fs::directory_iterator("/usr/lib/postgresql", ignored))
    if (fs::exists(version.path() / "bin/postgres") && fs::exists(version.path() / "bin/initdb") &&
        version.path() > best)
      best = version.path();
  if (best.empty())
    throw std::runtime_error("this test needs PostgreSQL's server: run `make test`, or scripts/dependencies.sh test");
  return best / "bin";
}

/// Free when it was asked for; start() tries again when someone was quicker.
int free_port() {
  const core::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (!socket || ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no free loopback port");
  return ntohs(address.sin_port);
}

core::Fd pidfd_of(pid_t process) { return core::Fd(static_cast<int>(::syscall(SYS_pidfd_open, process, 0))); }

/// The socket on which the server says READY=1 (sd_notify(3)).
core::Fd notify_socket(const fs::path& path) {
  fs::remove(path);
  core::Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  if (!socket || ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("no socket for the server to report to");
  return socket;
}

std::vector<core::Fd> children_of(pid_t process) {
  std::vector<core::Fd> children;
  std::ifstream file(fmt::format("/proc/{}/task/{}/children", process, process));
  for (pid_t child = 0; file >> child;) children.push_back(pidfd_of(child));
  return children;
}

void wait_for_end(const core::Fd& process) {
  pollfd ended{process.get(), POLLIN, 0};
  while (::poll(&ended, 1, -1) < 0 && errno == EINTR) {
  }
}

}  // namespace

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

PostgresServer::PostgresServer(Options options)
    : options_(std::move(options)), programs_(find_programs()), user_(::getuid()), group_(::getgid()) {
  if (user_ == 0) {
    const passwd* user = ::getpwnam("postgres");
    if (!user) user = ::getpwnam("nobody");
    if (!user) throw std::runtime_error("there is no user `postgres` or `nobody` for the server to run as");
    user_ = user->pw_uid;
    group_ = user->pw_gid;
  }
  std::string name = (fs::temp_directory_path() / "assay-postgres-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  folder_ = name;
  take_ownership(folder_);
  try {
    initialise();
    start();
  } catch (...) {
    fs::remove_all(folder_);
    throw;
  }
}

PostgresServer::~PostgresServer() {
  try {
    if (is_running()) stop(Stop::immediate);
    fs::remove_all(folder_);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "a server's folder is left behind: %s\n", error.what());
  }
}

void PostgresServer::take_ownership(const fs::path& path) const {
  if (::getuid() == 0 && ::chown(path.c_str(), user_, group_) != 0) fail("cannot give away " + path.string());
}

void PostgresServer::fail(const std::string& what) const {
  throw std::runtime_error(what + "; its log:\n" + log().substr(0, 4'000));
}

std::string PostgresServer::log() const {
  std::ostringstream text;
  text << std::ifstream(folder_ / "log").rdbuf();
  return text.str();
}

/// Starts a program as the server's user, with its output in the log. Ends with the thread that calls this.
pid_t PostgresServer::launch(const std::vector<std::string>& command) const {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const std::string notify = "NOTIFY_SOCKET=" + (folder_ / "notify").string();
  std::array<const char*, 4> environment{"PATH=/usr/bin:/bin", "LC_ALL=C", notify.c_str(), nullptr};
  const std::string log_path = (folder_ / "log").string();
  const pid_t parent = ::getpid();
  const bool is_root = ::getuid() == 0;

  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child > 0) return child;
  const int output = ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int input = ::open("/dev/null", O_RDONLY);
  if (output < 0 || input < 0) ::_exit(126);
  ::dup2(input, 0);
  ::dup2(output, 1);
  ::dup2(output, 2);
  ::close_range(3, ~0U, 0);
  ::setsid();  // Ctrl-C is for the tests
  if (is_root && (::setgroups(0, nullptr) != 0 || ::setgid(group_) != 0 || ::setuid(user_) != 0)) ::_exit(126);
  ::umask(0077);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // an immediate shutdown
  if (::getppid() != parent || ::chdir("/") != 0) ::_exit(126);
  ::execve(arguments[0], arguments.data(), const_cast<char**>(environment.data()));
  ::_exit(127);
}

void PostgresServer::run(const std::vector<std::string>& command, const char* what) const {
  const pid_t child = launch(command);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail(std::string(what) + " failed");
}

void PostgresServer::copy_primary() const {
  const PostgresServer& primary = *options_.standby_of;
  run({(programs_ / "pg_basebackup").string(), "-D", (folder_ / "data").string(), "-h", primary.folder_.string(), "-p",
       std::to_string(primary.port_), "-U", "assay", "-X", "stream", "-c", "fast", "-R", "--no-sync"},
      "pg_basebackup");
}

void PostgresServer::initialise() {
  if (options_.standby_of != nullptr) return copy_primary();
  run({(programs_ / "initdb").string(), "-D", (folder_ / "data").string(), "-U", "assay", "-A", "trust", "-E", "UTF8",
       "--locale=C", "--no-sync", "--no-instructions"},
      "initdb");
  std::ofstream(folder_ / "data/pg_hba.conf") << "local all all trust\n"
                                                 "local replication all trust\n"
                                                 "host all with_password 127.0.0.1/32 scram-sha-256\n"
                                                 "host all all 127.0.0.1/32 trust\n";
}

std::vector<std::string> PostgresServer::command_line() const {
  std::vector<std::string> command{(programs_ / "postgres").string(), "-D", (folder_ / "data").string()};
  const auto set = [&](const std::string& setting) {
    command.emplace_back("-c");
    command.push_back(setting);
  };
  set(fmt::format("port={}", port_));
  set("listen_addresses=127.0.0.1");
  set("unix_socket_directories=" + folder_.string());
  set("shared_buffers=32MB");
  set("max_connections=100");
  if (!options_.fsync) {
    set("fsync=off");
    set("full_page_writes=off");
  }
  for (const std::string& setting : options_.settings) set(setting);
  return command;
}

void PostgresServer::start() {
  const core::Fd socket = notify_socket(folder_ / "notify");
  take_ownership(folder_ / "notify");
  const bool may_choose = port_ == 0;
  for (int attempt = 1;; ++attempt) {
    if (may_choose) port_ = free_port();
    process_ = launch(command_line());
    try {
      return wait_until_ready(socket);
    } catch (const std::runtime_error&) {
      if (!may_choose || attempt == start_attempts) throw;
    }
  }
}

void PostgresServer::wait_until_ready(const core::Fd& socket) {
  const core::Fd process = pidfd_of(process_);
  std::array<char, 512> message{};
  for (;;) {
    std::array<pollfd, 2> events{pollfd{socket.get(), POLLIN, 0}, pollfd{process.get(), POLLIN, 0}};
    const int ready = ::poll(events.data(), events.size(), start_timeout_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0 || events[1].revents != 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
      process_ = 0;
      fail("PostgreSQL did not start");
    }
    const ssize_t size = ::recv(socket.get(), message.data(), message.size(), 0);
    if (size > 0 && std::string_view(message.data(), static_cast<size_t>(size)).contains("READY=1")) return;
  }
}

void PostgresServer::stop(Stop how) {
  if (!is_running()) return;
  const core::Fd process = pidfd_of(process_);
  ::kill(process_, how == Stop::smart ? SIGTERM : how == Stop::fast ? SIGINT : SIGQUIT);
  wait_for_end(process);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

void PostgresServer::kill() {
  if (!is_running()) return;
  // Stopped first, so that it has no child that was not counted.
  ::kill(process_, SIGSTOP);
  int status = 0;
  ::waitpid(process_, &status, WUNTRACED);
  const std::vector<core::Fd> children = children_of(process_);
  for (const core::Fd& child : children) ::syscall(SYS_pidfd_send_signal, child.get(), SIGKILL, nullptr, 0);
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  for (const core::Fd& child : children)
    if (child) wait_for_end(child);
  process_ = 0;
}

void PostgresServer::restart(Stop how) {
  stop(how);
  start();
}

std::string PostgresServer::url(std::string_view database, std::string_view options) const {
  return fmt::format("postgresql://assay@/{}?host={}&port={}{}{}", database, folder_.string(), port_,
                     options.empty() ? "" : "&", options);
}

std::string PostgresServer::tcp_url(std::string_view database, std::string_view user) const {
  return fmt::format("postgresql://{}@127.0.0.1:{}/{}", user, port_, database);
}

std::string PostgresServer::create_database(std::string_view from_template) {
  const std::string name = fmt::format("test_{}", ++databases_);
  sql::ConnectOptions options;
  options.url = url();
  sql::connect(options)->run_script(fmt::format("CREATE DATABASE {} TEMPLATE {}",
                                                sql::quote_identifier(sql::Dialect::postgresql, name),
                                                sql::quote_identifier(sql::Dialect::postgresql, from_template)));
  return name;
}

void PostgresServer::drop_database(std::string_view name) {
  sql::ConnectOptions options;
  options.url = url();
  sql::connect(options)->run_script(
      fmt::format("DROP DATABASE {} WITH (FORCE)", sql::quote_identifier(sql::Dialect::postgresql, name)));
}

}  // namespace assay::test
