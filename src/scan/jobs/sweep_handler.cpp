#include "scan/jobs/sweep_handler.h"

#include <algorithm>

#include "core/error.h"

namespace assay::scan {
namespace {

constexpr size_t most_at_a_time = 1000;

}  // namespace

void SweepHandler::end_discovery(const coordinate::TaskContext& context) {
  const model::ClaimedTask& task = context.task;
  const JobConfiguration configuration = job_configuration_from_json(context.configuration);
  const auto source = access_.open(configuration, task.datasource_id, context.stop);
  const std::vector<std::string_view> roots(source->roots().begin(), source->roots().end());
  for (int64_t after = 0;;) {
    after = store_.record_vanished_tables(task.job_id, task.datasource_id, roots, after, most_at_a_time);
    if (after == 0) break;
    if (context.stop.stop_requested()) throw core::Error(core::ErrorKind::transient, "the sweep was told to end");
  }
  store_.close_discovery_run(task.job_id, task.datasource_id);
}

store::TaskCompletion SweepHandler::run(const coordinate::TaskContext& context) {
  const model::ClaimedTask& task = context.task;
  // A task that died may be the one that would have seen them.
  const auto progress = store_.progress(task.job_id);
  const bool is_whole = std::ranges::none_of(
      progress, [&](const store::ProgressRow& row) { return row.datasource_id == task.datasource_id && row.dead > 0; });
  while (is_whole &&
         store_.mark_unseen_objects_deleted(task.job_id, task.datasource_id, most_at_a_time) == most_at_a_time)
    if (context.stop.stop_requested()) throw core::Error(core::ErrorKind::transient, "the sweep was told to end");
  if (is_whole) end_discovery(context);
  return coordinate::completion_of(task);
}

}  // namespace assay::scan
