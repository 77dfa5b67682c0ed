#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/fd.h"

namespace assay::tests {

/// A program in the background, in a process group of its own. It ends at the latest with this object, and with the
/// thread that started it.
class Service {
 public:
  struct Options {
    std::vector<std::string> arguments;              ///< begins with the program's path
    std::map<std::string, std::string> environment;  ///< on top of a small fixed one; "" unsets
    std::string log_path;                            ///< gets standard output and error, at its end
    uint64_t most_file_bytes = 0;                    ///< no file grows larger; 0: no bound
  };
  explicit Service(const Options& options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  pid_t pid() const { return pid_; }
  bool is_running();
  /// It was stopped by SIGSTOP and has not been continued.
  bool is_stopped() const;
  void signal(int number) const;
  /// SIGKILL to this process alone, and waits until it is gone.
  void kill();
  /// Waits for its end: what it returned, 128 + signal when one ended it; nothing when the time was up.
  std::optional<int> wait(std::chrono::milliseconds limit);
  /// What it wrote, with what was in the file before.
  std::string log() const;

 private:
  bool wait_until_gone(std::chrono::milliseconds limit);

  std::string log_path_;
  pid_t pid_ = -1;
  core::Fd process_;
  std::optional<int> exit_code_;
};

}  // namespace assay::tests
