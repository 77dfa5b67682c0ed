#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace assay::bench {

/// Runs a program to its end, without any configuration of the user; what it writes goes nowhere. `arguments` begins
/// with its path, or with a name that is looked for in PATH. Throws core::Error when it ends with another exit code
/// than 0, or 3, by which `assay` says that something could not be read. Returns the seconds of processor time, of the
/// user's and the system's, that it and the children that it waited for took.
double run_program(const std::vector<std::string>& arguments);

/// The same, and how many bytes it and its children had resident at one moment, all together: pages that several share
/// are counted once (smaps_rollup's Pss, proc(5)). Looks a hundred times a second, so it is no run to measure times by.
uint64_t peak_memory_of(const std::vector<std::string>& arguments);

/// Seconds of processor time of this thread so far.
double processor_seconds();

/// The `assay` of this build.
std::string assay_program();

}  // namespace assay::bench
