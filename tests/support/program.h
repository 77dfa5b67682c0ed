#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace assay::tests {

/// How a program is to be run.
struct ProgramOptions {
  std::string input;                               ///< standard input
  bool keep_input_open = false;                    ///< standard input does not end
  std::map<std::string, std::string> environment;  ///< on top of a small fixed one; "" unsets
  uid_t user = 0;                                  ///< when not 0 and this process is root: run as this user and group
  std::string output_to;                           ///< a file for standard output, instead of a pipe
  std::chrono::milliseconds time_limit{60'000};
  int signal = 0;               ///< sent to the program ...
  bool signal_group = false;    ///< ... and to its children, as a terminal does ...
  size_t signal_examiners = 0;  ///< ... as soon as it has so many examiners; the zygote is one
};

/// "NAME=value" of each: a small fixed environment, what sanitizer runs set, and these; "" unsets.
std::vector<std::string> program_environment(const std::map<std::string, std::string>& environment);

struct ProgramResult {
  int exit_code = -1;  ///< 128 + signal when a signal ended it; -1 when it ran past its time limit
  std::string out, err;
  std::chrono::milliseconds elapsed{};
  std::chrono::milliseconds elapsed_since_signal{};
  size_t strays = 0;  ///< examiners that still lived half a second after it
};

/// Runs a program to its end in a process group of its own, which is killed at the end or the time limit.
/// `arguments` begins with the program's path.
ProgramResult run_program(const std::vector<std::string>& arguments, const ProgramOptions& options = {});

/// The `assay` of this build.
std::string assay_program();

/// `assay` with these arguments, a fixed fingerprint key and no terminal.
ProgramResult run_assay(std::vector<std::string> arguments, ProgramOptions options = {});

/// Ids of the living processes that descend from this one and are called so.
std::vector<pid_t> descendants_named(const std::string& name);

}  // namespace assay::tests
