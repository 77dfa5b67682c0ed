#include "app/process_options.h"

#include <algorithm>
#include <string>
#include <thread>

#include "scan/jobs/packing.h"

namespace assay::app {
namespace {

constexpr int64_t day_ms = 24LL * 3'600'000;

int64_t milliseconds(const cli::Configuration& configuration, std::string_view key) {
  return static_cast<int64_t>(configuration.number(key));
}

model::Budget budget(const cli::Configuration& configuration, const std::string& prefix) {
  return {.concurrent_tasks = static_cast<uint32_t>(configuration.number(prefix + ".concurrent_tasks")),
          .connections = static_cast<uint32_t>(configuration.number(prefix + ".connections")),
          .bytes_per_s = configuration.number(prefix + ".bytes_per_s"),
          .memory_bytes = configuration.number(prefix + ".memory_bytes")};
}

}  // namespace

coordinate::WorkerOptions worker_options(const cli::Configuration& configuration) {
  coordinate::WorkerOptions options;
  options.name = configuration.text("name");
  options.node_group = configuration.text("node_group");
  const auto slots = static_cast<unsigned>(configuration.number("worker.concurrency"));
  // One that walks and one that examines at least, so that neither waits for the other.
  options.slots = slots != 0 ? slots : std::max(2U, std::thread::hardware_concurrency());
  options.claim_batch = configuration.number("worker.batch");
  options.ttl_ms = 3 * milliseconds(configuration, "worker.heartbeat_ms");
  options.deadline_ms = milliseconds(configuration, "worker.task_deadline_ms");
  options.drain_grace_ms = milliseconds(configuration, "worker.grace_ms");
  options.process_budget = budget(configuration, "budgets.process");
  return options;
}

coordinate::OrchestratorOptions orchestrator_options(const cli::Configuration& configuration) {
  coordinate::OrchestratorOptions options;
  options.name = configuration.text("name");
  options.node_group = configuration.text("node_group");
  options.lease_ms = milliseconds(configuration, "orchestrator.lease_ms");
  options.most_jobs = configuration.number("orchestrator.most_jobs");
  // The worker's own deadline comes first; the reaper's is for workers that do not keep it.
  options.task_deadline_ms = 2 * milliseconds(configuration, "worker.task_deadline_ms");
  options.keep_tasks_ms = milliseconds(configuration, "retention.tasks_keep_days") * day_ms;
  options.keep_catalog_runs = configuration.number("retention.catalog_runs");
  options.group_budget = budget(configuration, "budgets.node_group");
  options.packing = scan::packing();
  return options;
}

}  // namespace assay::app
