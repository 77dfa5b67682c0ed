#include "cli/doctor_checks.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <set>
#include <thread>

#include "classify/rule_loader.h"
#include "classify/validators/validator.h"
#include "cli/fingerprint_key.h"
#include "cli/human.h"
#include "cli/library_versions.h"
#include "core/error.h"

namespace assay::cli {
namespace {

constexpr uint64_t no_limit = std::numeric_limits<uint64_t>::max();

std::string yes_no(bool value) { return value ? "yes" : "no"; }

// What the kernel says can be had without swapping, or less where the control group allows less.
uint64_t available_memory() {
  uint64_t available = no_limit;
  std::ifstream meminfo("/proc/meminfo");
  for (std::string name, unit; meminfo >> name;) {
    uint64_t kib = 0;
    meminfo >> kib;
    std::getline(meminfo, unit);
    if (name == "MemAvailable:") available = kib * 1024;
  }
  std::ifstream group_limit("/sys/fs/cgroup/memory.max"), group_use("/sys/fs/cgroup/memory.current");
  uint64_t most = 0, used = 0;
  if (group_limit >> most && group_use >> used) available = std::min(available, most - std::min(most, used));
  return available;
}

uint64_t open_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return no_limit;
  return limit.rlim_cur;
}

Check temporary_directory(uint64_t wanted_bytes) {
  const char* tmpdir = std::getenv("TMPDIR");
  const std::string path = tmpdir != nullptr && *tmpdir != '\0' ? tmpdir : "/var/tmp";
  struct statvfs status{};
  const bool is_known = ::statvfs(path.c_str(), &status) == 0;
  return temporary_directory_check(path, is_known && ::access(path.c_str(), W_OK | X_OK) == 0,
                                   is_known ? status.f_bavail * status.f_frsize : 0, wanted_bytes);
}

Check rules_check(const std::vector<model::Rule>& rules) {
  std::set<std::string> entities;
  for (const auto& rule : rules) entities.insert(rule.entity);
  return {.name = "rules",
          .health = rules.empty() ? Health::bad : Health::good,
          .detail = fmt::format("{} built in, for {} entities, with {} validators", rules.size(), entities.size(),
                                classify::all_validators().size()),
          .notes = {}};
}

Check key_check() {
  try {
    return {.name = "fingerprint key", .health = Health::good, .detail = fingerprint_key_place(), .notes = {}};
  } catch (const core::Error& error) {
    return {.name = "fingerprint key", .health = Health::bad, .detail = error.what(), .notes = {}};
  }
}

}  // namespace

std::string_view to_string(Health health) noexcept {
  switch (health) {
    case Health::good: return "ok";
    case Health::warning: return "warning";
    case Health::bad: return "bad";
  }
  return "bad";
}

Check sandbox_check(const sandbox::SandboxStatus& status) {
  Check check{.name = "sandbox", .health = Health::good, .detail = {}, .notes = status.reasons};
  if (status.level == sandbox::Level::none) check.health = Health::bad;
  else if (status.level == sandbox::Level::reduced) check.health = Health::warning;
  check.detail = fmt::format(
      "{} (system-call filter: {}; Landlock: {}; resource limits: {}; no new privileges: {}; unprivileged: {})",
      to_string(status.level), yes_no(status.seccomp),
      status.landlock ? fmt::format("yes, ABI {}", status.landlock_abi) : "no", yes_no(status.rlimits),
      yes_no(status.no_new_privileges), yes_no(status.unprivileged));
  if (check.health == Health::bad)
    check.notes.emplace_back(
        "without a system-call filter a broken parser could do what you can do: do not scan what you do not trust");
  return check;
}

Check examiner_check(const scan::SelfCheck& self) {
  if (!self.ok)
    return {.name = "examiner",
            .health = Health::bad,
            .detail = self.examiner.empty() ? self.problem : fmt::format("{}: {}", self.examiner, self.problem),
            .notes = {}};
  return {.name = "examiner",
          .health = Health::good,
          .detail = fmt::format("{}, ready in {} ms, examined a small text in {} ms with {}", self.examiner,
                                self.start_ms, self.examine_ms, human_bytes(self.peak_rss_bytes)),
          .notes = {}};
}

Check memory_check(uint64_t available_bytes, unsigned workers, uint64_t worker_bytes) {
  const uint64_t wanted = workers * worker_bytes;
  Check check{.name = "memory", .health = Health::good, .detail = {}, .notes = {}};
  if (available_bytes == no_limit) {
    check.detail = "not known";
    return check;
  }
  check.detail = fmt::format("{} free; {} examiners may use {} each", human_bytes(available_bytes), workers,
                             human_bytes(worker_bytes));
  if (available_bytes < wanted) {
    check.health = Health::warning;
    check.notes.push_back(
        fmt::format("all together may use {}: lower --threads or --max-worker-memory", human_bytes(wanted)));
  }
  return check;
}

Check open_files_check(uint64_t limit, unsigned workers) {
  // A queue of open objects, and channels, pages and scratch files of each worker.
  const uint64_t wanted = 128 + uint64_t{32} * workers;
  Check check{.name = "open files",
              .health = Health::good,
              .detail = limit == no_limit ? "no limit" : fmt::format("{} at most", human_count(limit)),
              .notes = {}};
  if (limit < wanted) {
    check.health = Health::warning;
    check.notes.push_back(fmt::format("{} or more are wanted: raise it with ulimit -n", wanted));
  }
  return check;
}

Check temporary_directory_check(const std::string& path, bool is_writable, uint64_t free_bytes, uint64_t wanted_bytes) {
  Check check{.name = "temporary files",
              .health = Health::good,
              .detail = fmt::format("{}, {} free", path, human_bytes(free_bytes)),
              .notes = {}};
  if (!is_writable) {
    check.health = Health::bad;
    check.detail = fmt::format("{} cannot be written", path);
    check.notes.emplace_back("set TMPDIR to a directory that can");
  } else if (free_bytes < wanted_bytes) {
    check.health = Health::warning;
    check.notes.push_back(
        fmt::format("one member of an archive may need {} (--max-member-bytes)", human_bytes(wanted_bytes)));
  }
  return check;
}

std::vector<Check> run_doctor_checks() {
  scan::ScanOptions options;
  options.rules = classify::builtin_rule_sources();
  options.fingerprint_key = std::string(32, '\0');  // these fingerprints are seen by nobody
  const auto rules = classify::load_rules(options.rules);
  const auto self = scan::check_examiner(options);
  const unsigned workers = std::max(1U, std::thread::hardware_concurrency());
  return {sandbox_check(self.sandbox),
          examiner_check(self),
          rules_check(rules),
          {.name = "processors",
           .health = Health::good,
           .detail = fmt::format("{}; a scan starts as many examiners", workers),
           .notes = {}},
          memory_check(available_memory(), workers, options.limits.max_worker_memory_bytes),
          open_files_check(open_file_limit(), workers),
          temporary_directory(options.limits.max_member_bytes),
          key_check(),
          {.name = "libraries", .health = Health::good, .detail = library_versions(), .notes = {}}};
}

std::vector<std::pair<std::string, std::string>> limits_in_force(const model::Limits& l) {
  return {{"--max-object-bytes", l.max_object_bytes == 0 ? "no limit" : human_bytes(l.max_object_bytes)},
          {"--max-expanded-bytes", human_bytes(l.max_expanded_bytes)},
          {"--max-member-bytes", human_bytes(l.max_member_bytes)},
          {"--max-expansion-ratio", human_count(l.max_expansion_ratio)},
          {"--max-depth", human_count(l.max_depth)},
          {"--max-members", human_count(l.max_members)},
          {"--max-findings-per-object", human_count(l.max_findings_per_object)},
          {"--max-object-ms", human_duration(static_cast<double>(l.max_object_wall_ms) / 1000)},
          {"--max-worker-memory", human_bytes(l.max_worker_memory_bytes)}};
}

}  // namespace assay::cli
