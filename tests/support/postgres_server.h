#pragma once

#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/fd.h"

namespace assay::test {

/// A real PostgreSQL, as Debian packages it, in a temporary folder: on a unix socket and on a loopback port, trusting
/// everyone but the role `with_password`. It runs as an ordinary user also when the tests run as root, and ends with
/// the thread that started it. Throws std::runtime_error, with what to do, when it is not installed or does not start.
class PostgresServer {
 public:
  struct Options {
    bool fsync = false;                          ///< outlives a power cut; what ends processes needs none
    std::vector<std::string> settings;           ///< each as `name=value`
    const PostgresServer* standby_of = nullptr;  ///< follows that one, which runs as long, from a copy of it
  };
  enum class Stop { smart, fast, immediate };

  /// The server that a test program's tests share; started when it is first asked for, ended with the program.
  static PostgresServer& shared();

  PostgresServer() : PostgresServer(Options{}) {}
  explicit PostgresServer(Options options);
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// Returns once connections are taken.
  void start();
  /// Return once no process of the server is left.
  void stop(Stop how = Stop::fast);
  void kill();  ///< SIGKILL, to all its processes
  void restart(Stop how = Stop::fast);
  bool is_running() const noexcept { return process_ > 0; }

  /// For superuser `assay` through the unix socket; `options` are more parameters of the URL, joined by `&`.
  std::string url(std::string_view database = "postgres", std::string_view options = {}) const;
  /// `user` may be `name:password`.
  std::string tcp_url(std::string_view database = "postgres", std::string_view user = "assay") const;

  /// A fresh database's name. A template must have no connections.
  std::string create_database(std::string_view from_template = "template0");
  void drop_database(std::string_view name);

  int port() const noexcept { return port_; }
  const std::filesystem::path& folder() const noexcept { return folder_; }
  /// What the server wrote to its log.
  std::string log() const;

 private:
  pid_t launch(const std::vector<std::string>& command) const;
  void run(const std::vector<std::string>& command, const char* what) const;
  void initialise();
  void copy_primary() const;
  std::vector<std::string> command_line() const;
  void wait_until_ready(const core::Fd& socket);
  [[noreturn]] void fail(const std::string& what) const;
  void take_ownership(const std::filesystem::path& path) const;

  Options options_;
  std::filesystem::path programs_;
  std::filesystem::path folder_;
  uid_t user_ = 0;
  gid_t group_ = 0;
  int port_ = 0;
  pid_t process_ = 0;
  std::atomic<int> databases_ = 0;
};

}  // namespace assay::test
