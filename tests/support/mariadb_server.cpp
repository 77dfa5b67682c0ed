#include "tests/support/mariadb_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <mysql.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "tests/support/background_server.h"

namespace assay::test {
namespace {

namespace fs = std::filesystem;

constexpr int start_timeout_ms = 120'000;
constexpr int start_attempts = 5;
constexpr const char* program = "/usr/sbin/mariadbd";

constexpr const char* make_certificates_script = R"(
set -e
cd "$0"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 \
  -subj "/CN=A test's authority" -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign"
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.csr -subj "/CN=mariadb"
printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' > extensions
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out server.pem
)";

// A statement a line.
constexpr const char* users =
    "CREATE USER IF NOT EXISTS assay@'%';\n"
    "GRANT ALL ON *.* TO assay@'%' WITH GRANT OPTION;\n"
    "CREATE USER IF NOT EXISTS with_password@'%' IDENTIFIED BY 'p@ss/w:rd%';\n"
    "CREATE USER IF NOT EXISTS reader@'%';\n";

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

bool waited_for(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

MariadbServer& MariadbServer::shared() {
  static MariadbServer server;
  return server;
}

MariadbServer::MariadbServer(std::vector<std::string> settings) : settings_(std::move(settings)) {
  if (!fs::exists(program))
    throw std::runtime_error("this test needs MariaDB's server: run `make test`, or scripts/dependencies.sh test");
  std::string name = (fs::temp_directory_path() / "assay-mariadb-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  folder_ = name;
  try {
    initialise();
    start();
  } catch (...) {
    fs::remove_all(folder_);
    throw;
  }
}

MariadbServer::~MariadbServer() {
  stop();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void MariadbServer::fail(const std::string& what) const {
  std::ostringstream log;
  log << std::ifstream(folder_ / "log").rdbuf();
  throw std::runtime_error(what + "; its log:\n" + log.str().substr(0, 4'000));
}

pid_t MariadbServer::launch(const std::vector<std::string>& command) const {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const std::string notify = "NOTIFY_SOCKET=" + (folder_ / "notify").string();
  std::array<const char*, 4> environment{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", notify.c_str(), nullptr};
  const std::string log_path = (folder_ / "log").string();
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child > 0) return child;
  const int output = ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int input = ::open("/dev/null", O_RDONLY);
  if (output < 0 || input < 0) ::_exit(126);
  ::dup2(input, 0);
  ::dup2(output, 1);
  ::dup2(output, 2);
  ::close_range(3, ~0U, 0);
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent || ::chdir("/") != 0) ::_exit(126);
  ::execve(arguments[0], arguments.data(), const_cast<char**>(environment.data()));
  ::_exit(127);
}

void MariadbServer::initialise() {
  std::vector<std::string> install{"/usr/bin/mariadb-install-db",
                                   "--no-defaults",
                                   "--datadir=" + (folder_ / "data").string(),
                                   "--auth-root-authentication-method=normal",
                                   "--skip-test-db",
                                   "--skip-name-resolve"};
  if (::getuid() == 0) install.emplace_back("--user=root");
  if (!waited_for(launch(install))) fail("mariadb-install-db failed");
  if (!waited_for(launch({"/bin/sh", "-c", make_certificates_script, folder_.string()}))) fail("openssl failed");
  std::ofstream(folder_ / "users.sql") << users;
}

void MariadbServer::start() {
  const core::Fd socket = notify_socket(folder_ / "notify");
  const bool may_choose = port_ == 0;
  for (int attempt = 1;; ++attempt) {
    if (may_choose) port_ = free_loopback_port();
    std::vector<std::string> command{program,
                                     "--no-defaults",
                                     "--datadir=" + (folder_ / "data").string(),
                                     "--socket=" + (folder_ / "socket").string(),
                                     fmt::format("--port={}", port_),
                                     "--bind-address=127.0.0.1",
                                     "--skip-name-resolve",
                                     "--skip-log-bin",
                                     "--innodb-flush-log-at-trx-commit=0",
                                     "--innodb-buffer-pool-size=64M",
                                     "--innodb-log-file-size=32M",
                                     "--max-allowed-packet=1G",
                                     "--init-file=" + (folder_ / "users.sql").string(),
                                     "--ssl-ca=" + (folder_ / "ca.pem").string(),
                                     "--ssl-cert=" + (folder_ / "server.pem").string(),
                                     "--ssl-key=" + (folder_ / "server.key").string()};
    command.insert(command.end(), settings_.begin(), settings_.end());
    if (::getuid() == 0) command.emplace_back("--user=root");
    process_ = launch(command);
    const core::Fd process(static_cast<int>(::syscall(SYS_pidfd_open, process_, 0)));
    std::array<char, 512> message{};
    for (;;) {
      std::array<pollfd, 2> events{pollfd{socket.get(), POLLIN, 0}, pollfd{process.get(), POLLIN, 0}};
      const int ready = ::poll(events.data(), events.size(), start_timeout_ms);
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0 || events[1].revents != 0) break;
      const ssize_t size = ::recv(socket.get(), message.data(), message.size(), 0);
      if (size > 0 && std::string_view(message.data(), static_cast<size_t>(size)).contains("READY=1")) return;
    }
    ::kill(process_, SIGKILL);
    waited_for(process_);
    process_ = 0;
    if (!may_choose || attempt == start_attempts) fail("MariaDB did not start");
  }
}

void MariadbServer::stop() {
  if (process_ == 0) return;
  ::kill(process_, SIGTERM);
  waited_for(process_);
  process_ = 0;
}

void MariadbServer::restart() {
  stop();
  start();
}

std::string MariadbServer::url(std::string_view database, std::string_view user) const {
  return fmt::format("mysql://{}@127.0.0.1:{}/{}", user, port_, database);
}

std::string MariadbServer::create_database() {
  const std::string name = fmt::format("test_{}", ++databases_);
  run("", "CREATE DATABASE " + name);
  return name;
}

void MariadbServer::drop_database(const std::string& name) const { run("", "DROP DATABASE " + name); }

void MariadbServer::run(const std::string& database, const std::string& sql) const { first_value(database, sql); }

bool MariadbServer::has_waiting(const std::string& database) const {
  return first_value(
             database,
             "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table%lock' AND "
             "DB = DATABASE()") != "0";
}

std::string MariadbServer::first_value(const std::string& database, const std::string& sql) const {
  const std::unique_ptr<MYSQL, decltype(&mysql_close)> handle(mysql_init(nullptr), &mysql_close);
  const unsigned protocol = MYSQL_PROTOCOL_SOCKET;
  mysql_optionsv(handle.get(), MYSQL_OPT_PROTOCOL, &protocol);
  mysql_optionsv(handle.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (mysql_real_connect(handle.get(), nullptr, "root", nullptr, database.empty() ? nullptr : database.c_str(), 0,
                         (folder_ / "socket").c_str(), 0) == nullptr ||
      mysql_real_query(handle.get(), sql.data(), sql.size()) != 0)
    throw std::runtime_error(sql.substr(0, 200) + ": " + mysql_error(handle.get()));
  const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> result(mysql_store_result(handle.get()),
                                                                        &mysql_free_result);
  // What goes wrong with a row is only said instead of it.
  if (mysql_errno(handle.get()) != 0) throw std::runtime_error(sql.substr(0, 200) + ": " + mysql_error(handle.get()));
  const MYSQL_ROW row = result != nullptr ? mysql_fetch_row(result.get()) : nullptr;
  return row != nullptr && row[0] != nullptr ? row[0] : "";
}

}  // namespace assay::test
