#include "coordinate/pipeliner.h"

#include <algorithm>

#include "coordinate/packer.h"

namespace assay::coordinate {
namespace {

constexpr uint64_t most_payload_bytes = 32ULL << 20;
constexpr size_t most_outputs = 256;
constexpr size_t most_children = 2'000;  // in one transaction, give or take those of one output
constexpr int64_t rest_ms = 1'000;       // it is told when there is work

}  // namespace

Pipeliner::Pipeliner(Orchestration& shared)
    : shared_(shared),
      outputs_(
          shared.runtime.metrics.counter("assay_outputs_packed_total", "Outputs of tasks that became child tasks.")),
      children_(shared.runtime.metrics.counter("assay_child_tasks_total", "Tasks made from outputs.")) {}

int64_t Pipeliner::turn() {
  for (size_t left = shared_.jobs.waiting(Need::pipeliner); left > 0; --left) {
    const auto job = shared_.jobs.next(Need::pipeliner);
    if (!job) break;
    shared_.see_to(*job, [&] { pack(*job); });
  }
  return shared_.jobs.waiting(Need::pipeliner) > 0 ? 0 : rest_ms;
}

void Pipeliner::pack(const HeldJob& job) {
  store::Store& store = shared_.runtime.store;
  const size_t most = std::clamp<size_t>(most_payload_bytes / std::max<uint64_t>(payload_bytes_, 1), 1, most_outputs);
  const auto outputs = store.waiting_outputs(job.id, most);
  if (outputs.empty()) return;
  Packer packer(shared_.options.packing);
  std::vector<int64_t> taken;
  uint64_t bytes = 0;
  try {
    for (const auto& [id, output] : outputs) {
      if (packer.size() >= most_children) break;
      packer.add(output);
      bytes += output.payload.size();
      taken.push_back(id);
    }
  } catch (const core::Error& error) {
    if (!shared_.jobs.holds(job)) return;
    store.fail_job(job.id, job.version, error.what());
    shared_.jobs.drop(job.id, job.version);
    log_of(shared_, job).error("failed the job", {{"error", error.what()}});
    if (shared_.on_job_over) shared_.on_job_over(job.id, model::JobStatus::failed);
    return;
  }
  payload_bytes_ = std::max<uint64_t>(bytes / taken.size(), payload_bytes_ / 2);
  std::vector<model::NewTask> children = packer.take();
  bool some_wait = false;
  for (model::NewTask& child : children) {
    child.needs_admission = child.needs_admission || restrains(shared_.budgets.budget(child.datasource_id)) ||
                            restrains(shared_.options.group_budget);
    some_wait |= child.needs_admission;
  }
  if (!shared_.jobs.holds(job)) return;  // the lease may have ended while outputs were read
  if (!store.replace_outputs(job.id, job.version, taken, children, {})) {
    shared_.jobs.note_quietly(Need::digest, job.id);
    return;
  }
  outputs_.add(taken.size());
  children_.add(children.size());
  shared_.tell_of_new_tasks();
  if (some_wait) shared_.jobs.note(Need::assigner, job.id);
  if (taken.size() >= most || taken.size() < outputs.size()) shared_.jobs.note_quietly(Need::pipeliner, job.id);
}

}  // namespace assay::coordinate
