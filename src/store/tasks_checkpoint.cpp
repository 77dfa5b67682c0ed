#include "store/sql_store.h"

// What a long task has done so far, so that another attempt need not do it again.
namespace assay::store {

bool SqlStore::checkpoint_task(std::string_view worker_id, const TaskCompletion& part, std::string_view work_packet) {
  const std::vector<Fence> fence = {{part.job_id, part.task_id, part.epoch}};
  const std::vector<size_t> order = {0};
  bool is_held = false;
  write(
      "checkpoint_task",
      [&](sql::Connection& c) {
        const std::vector<HeldTask> held = lock_held_tasks(c, worker_id, fence).held;
        is_held = !held.empty();
        if (!is_held) return;
        Counters counters;
        counters.add(part.job_id, held.front().datasource_id, part.progress);
        if (!part.outputs.empty()) insert_outputs(c, part.job_id, part.task_id, part.outputs, counters);
        write_results(c, {&part, 1}, order, held);
        write_catalog(c, {&part, 1}, order, held);
        execute(c, "UPDATE tasks SET work_packet = $3 WHERE job_id = $1 AND id = $2", part.job_id, part.task_id,
                work_packet);
        counters.write(c);
      },
      // Recorded twice, its outputs would be there twice: the packet tells. The row's lock waits for the transaction
      // that nobody knows the end of.
      [&](sql::Connection& c) {
        const sql::Rows rows = query(c, text_("SELECT work_packet FROM tasks WHERE job_id = $1 AND id = $2 @lock"),
                                     part.job_id, part.task_id);
        return !rows.empty() && rows.text(0, 0) == work_packet;
      });
  log_.write("checkpoint_task", worker_id, part.job_id, part.task_id, part.epoch, is_held);
  if (is_held && !part.outputs.empty()) announce_job(part.job_id);
  return is_held;
}

}  // namespace assay::store
