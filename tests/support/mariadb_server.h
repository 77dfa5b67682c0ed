#pragma once

#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/fd.h"

namespace assay::test {

/// A real MariaDB, as Debian packages it, in a temporary folder and on a loopback port. User `assay` may do everything
/// and has no password; `with_password` has one and may do nothing; both take part in plain and in encrypted
/// connections. It ends with the thread that started it. Throws std::runtime_error, with what to do, when it is not
/// installed or does not start.
class MariadbServer {
 public:
  /// The server that a test program's tests share; started when it is first asked for, ended with the program.
  static MariadbServer& shared();

  MariadbServer() : MariadbServer(std::vector<std::string>()) {}
  /// `settings`: more of the command line, each as `--name=value`, behind what it has anyway.
  explicit MariadbServer(std::vector<std::string> settings);
  ~MariadbServer();
  MariadbServer(const MariadbServer&) = delete;
  MariadbServer& operator=(const MariadbServer&) = delete;

  void restart();
  int port() const noexcept { return port_; }
  std::string url(std::string_view database, std::string_view user = "assay") const;
  /// The authority that its certificate, for 127.0.0.1, is of.
  std::filesystem::path authority() const { return folder_ / "ca.pem"; }

  const std::filesystem::path& folder() const noexcept { return folder_; }

  std::string create_database();
  void drop_database(const std::string& name) const;
  /// One statement, in a session of its own, as a superuser.
  void run(const std::string& database, const std::string& sql) const;
  /// Whether a statement in this database waits for who uses a table.
  bool has_waiting(const std::string& database) const;

 private:
  void initialise();
  void start();
  void stop();
  pid_t launch(const std::vector<std::string>& command) const;
  std::string first_value(const std::string& database, const std::string& sql) const;
  [[noreturn]] void fail(const std::string& what) const;

  const std::vector<std::string> settings_;
  std::filesystem::path folder_;
  int port_ = 0;
  pid_t process_ = 0;
  std::atomic<int> databases_ = 0;
};

}  // namespace assay::test
