#include "scan/jobs/sweep_handler.h"

#include "core/error.h"

namespace assay::scan {

store::TaskCompletion SweepHandler::run(const coordinate::TaskContext& context) {
  constexpr size_t most_at_a_time = 1000;
  const model::ClaimedTask& task = context.task;
  while (store_.mark_unseen_objects_deleted(task.job_id, task.datasource_id, most_at_a_time) == most_at_a_time)
    if (context.stop.stop_requested()) throw core::Error(core::ErrorKind::transient, "the sweep was told to end");
  store::TaskCompletion completion;
  completion.task_id = task.id;
  completion.job_id = task.job_id;
  completion.epoch = task.epoch;
  completion.datasource_id = task.datasource_id;
  return completion;
}

}  // namespace assay::scan
