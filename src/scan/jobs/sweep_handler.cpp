#include "scan/jobs/sweep_handler.h"

#include <algorithm>

#include "core/error.h"

namespace assay::scan {

store::TaskCompletion SweepHandler::run(const coordinate::TaskContext& context) {
  constexpr size_t most_at_a_time = 1000;
  const model::ClaimedTask& task = context.task;
  // A task that died may be the one that would have seen them.
  const auto progress = store_.progress(task.job_id);
  const bool is_whole = std::ranges::none_of(
      progress, [&](const store::ProgressRow& row) { return row.datasource_id == task.datasource_id && row.dead > 0; });
  while (is_whole &&
         store_.mark_unseen_objects_deleted(task.job_id, task.datasource_id, most_at_a_time) == most_at_a_time)
    if (context.stop.stop_requested()) throw core::Error(core::ErrorKind::transient, "the sweep was told to end");
  store::TaskCompletion completion;
  completion.task_id = task.id;
  completion.job_id = task.job_id;
  completion.epoch = task.epoch;
  completion.datasource_id = task.datasource_id;
  return completion;
}

}  // namespace assay::scan
