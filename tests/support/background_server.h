#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/fd.h"

namespace assay::test {

/// Free when it was asked for.
int free_loopback_port();

/// A program that serves on a loopback port, in a temporary folder that goes with it. It ends at the latest with the
/// thread that started it.
class BackgroundServer {
 public:
  /// What to start, given the port and the folder; begins with the program's path.
  using Command = std::function<std::vector<std::string>(int port, const std::filesystem::path& folder)>;

  /// Returns once it takes connections. Throws std::runtime_error, with the log, when it does not start.
  explicit BackgroundServer(const Command& command, const std::vector<std::string>& environment = {});
  ~BackgroundServer();
  BackgroundServer(const BackgroundServer&) = delete;
  BackgroundServer& operator=(const BackgroundServer&) = delete;

  /// Ends all its processes, which do not get to say so.
  void stop();
  /// The same command again, on the same port and in the same folder, after stop().
  void start();
  /// Its processes stand still, with their connections open, until stop().
  void freeze();

  int port() const noexcept { return port_; }
  const std::filesystem::path& folder() const noexcept { return folder_; }
  std::string log() const;

 private:
  void launch();
  bool wait_until_ready();

  const Command command_;
  const std::vector<std::string> environment_;
  std::filesystem::path folder_;
  int port_ = 0;
  pid_t process_ = 0;
  core::Fd pidfd_;
};

/// The path of a server that scripts/test_servers.sh installs. Throws std::runtime_error, with what to do, when it is
/// not there.
std::string installed_server(const std::string& name);

}  // namespace assay::test
