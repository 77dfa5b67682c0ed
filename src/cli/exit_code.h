#pragma once

namespace assay::cli {

/// What `assay` tells the shell. Documented in the man page; scripts depend on the numbers.
enum class ExitCode : int {
  clean = 0,       ///< done; nothing under --fail-on
  findings = 1,    ///< --fail-on asked for what was found
  usage = 2,       ///< the command line, a rule or a file named on it is wrong
  incomplete = 3,  ///< done, but something could not be read
  failed = 4,      ///< could not be done: the reason was printed
};

}  // namespace assay::cli
