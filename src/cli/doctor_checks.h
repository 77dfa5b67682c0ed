#pragma once

#include <string>
#include <vector>

#include "model/limits.h"
#include "scan/self_check.h"

namespace assay::cli {

enum class Health { good, warning, bad };

std::string_view to_string(Health health) noexcept;

/// One line of `assay doctor`.
struct Check {
  std::string name;
  Health health = Health::good;
  std::string detail;
  std::vector<std::string> notes;  ///< reasons, and what to do
};

/// Everything that decides how scans run on this machine, checked now. A `bad` check means that scans cannot run.
std::vector<Check> run_doctor_checks();

// Judgements, apart from how the facts are got.
Check sandbox_check(const sandbox::SandboxStatus& status);
Check examiner_check(const scan::SelfCheck& self);
Check memory_check(uint64_t available_bytes, unsigned workers, uint64_t worker_bytes);
Check open_files_check(uint64_t limit, unsigned workers);
Check temporary_directory_check(const std::string& path, bool is_writable, uint64_t free_bytes, uint64_t wanted_bytes);

/// Limits that scans have unless told otherwise, as names and values.
std::vector<std::pair<std::string, std::string>> limits_in_force(const model::Limits& limits);

}  // namespace assay::cli
