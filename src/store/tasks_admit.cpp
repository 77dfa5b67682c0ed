#include "store/sql_store.h"

// Tasks on their way to READY: how they are born, what the assigner admits, what the pipeliner makes of outputs.
namespace assay::store {
namespace {

model::TaskStatus born_status(const model::NewTask& task) {
  return task.needs_admission ? model::TaskStatus::pending : model::TaskStatus::ready;
}

struct TaskColumns {
  std::vector<std::string_view> kinds, packets, statuses;
  std::vector<int64_t> datasources, parents, priorities, items, bytes;

  explicit TaskColumns(std::span<const model::NewTask> tasks) {
    for (const model::NewTask& task : tasks) {
      kinds.emplace_back(task.kind);
      packets.emplace_back(task.work_packet);
      statuses.push_back(to_string(born_status(task)));
      datasources.push_back(task.datasource_id);
      parents.push_back(task.parent_task_id);
      priorities.push_back(task.priority);
      items.push_back(static_cast<int64_t>(task.items));
      bytes.push_back(static_cast<int64_t>(task.bytes));
    }
  }
};

constexpr size_t tasks_a_statement = 1'000;

}  // namespace

void SqlStore::insert_tasks(sql::Connection& connection, int64_t job_id, std::span<const model::NewTask> tasks,
                            Counters& counters) {
  for (const model::NewTask& task : tasks) counters.born(job_id, task.datasource_id, born_status(task));
  if (dialect_ == sql::Dialect::sqlite) {
    Batch batch(9);
    for (const model::NewTask& task : tasks)
      batch.add(job_id, task.parent_task_id, task.kind, task.datasource_id, task.work_packet,
                to_string(born_status(task)), task.priority, task.items, task.bytes);
    batch.run(connection,
              text_("INSERT INTO tasks (job_id, parent_task_id, kind, datasource_id, work_packet, status, "
                    "priority, items, bytes, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, @now)"));
    return;
  }
  for (size_t at = 0; at < tasks.size(); at += tasks_a_statement) {
    const TaskColumns columns(tasks.subspan(at, std::min(tasks_a_statement, tasks.size() - at)));
    execute(
        connection,
        text_("INSERT INTO tasks (job_id, parent_task_id, kind, datasource_id, work_packet, status, priority, items, "
              "bytes, created_at) SELECT $1, parent, kind, datasource, packet, status, priority, items, bytes, @now "
              "FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], "
              "$8::bigint[], $9::bigint[]) "
              "AS t (parent, kind, datasource, packet, status, priority, items, bytes)"),
        job_id, columns.parents, columns.kinds, columns.datasources, columns.packets, columns.statuses,
        columns.priorities, columns.items, columns.bytes);
  }
}

void SqlStore::insert_outputs(sql::Connection& connection, int64_t job_id, int64_t task_id,
                              std::span<const model::TaskOutput> outputs, Counters& counters) {
  Batch batch(7);
  for (const model::TaskOutput& output : outputs) {
    batch.add(job_id, task_id, output.child_kind, output.datasource_id, output.items, output.bytes, output.payload);
    ++counters.of(job_id, output.datasource_id).outputs_waiting;
  }
  batch.run(connection,
            "INSERT INTO task_outputs (job_id, task_id, child_kind, datasource_id, items, bytes, payload) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7)");
}

std::vector<TaskRow> SqlStore::pending_tasks(int64_t job_id, size_t most) {
  return reading<std::vector<TaskRow>>([&](sql::Connection& c) {
    return task_rows(query(c,
                           "SELECT id, job_id, parent_task_id, datasource_id, kind, status, priority, attempt, epoch, "
                           "worker_id, error, items, bytes, not_before, created_at, claimed_at, finished_at "
                           "FROM tasks WHERE job_id = $1 AND status = 'PENDING' ORDER BY priority, id LIMIT $2",
                           job_id, most));
  });
}

size_t SqlStore::admit_tasks(int64_t job_id, int64_t version, std::span<const int64_t> task_ids) {
  constexpr model::TaskEvent event = model::TaskEvent::admit;
  bool is_held = false;
  std::vector<int64_t> admitted;
  const Body body = [&](sql::Connection& c) {
    admitted.clear();
    const auto job = lock_job(c, job_id, version);
    is_held = job && !is_over(job->status);
    if (!is_held) return;
    const sql::Rows rows =
        query(c,
              text_("UPDATE tasks SET status = $3 WHERE job_id = $1 AND id @in_ids(2) AND status = $4 "
                    "RETURNING id, datasource_id"),
              job_id, task_ids, to_string(target_of(event)), to_string(source_of(event)));
    Counters counters;
    for (size_t i = 0; i < rows.size(); ++i) {
      admitted.push_back(rows.integer(i, 0));
      counters.move(job_id, rows.integer(i, 1), event);
    }
    counters.write(c);
    remember_group(job_id, job->node_group);
  };
  // The row locks wait for the transaction that nobody knows the end of.
  const Question was_recorded = [&](sql::Connection& c) {
    if (admitted.empty()) return false;
    const sql::Rows rows = query(
        c, text_("SELECT status FROM tasks WHERE job_id = $1 AND id @in_ids(2) ORDER BY id @lock"), job_id, admitted);
    for (size_t i = 0; i < rows.size(); ++i)
      if (rows.text(i, 0) == to_string(source_of(event))) return false;
    return true;
  };
  write("admit_tasks", body, was_recorded);
  log_.write("admit_tasks", "", job_id, 0, version, is_held);
  if (!admitted.empty()) announce_ready_tasks(job_id);
  return admitted.size();
}

std::vector<std::pair<int64_t, model::TaskOutput>> SqlStore::waiting_outputs(int64_t job_id, size_t most) {
  return reading<std::vector<std::pair<int64_t, model::TaskOutput>>>([&](sql::Connection& c) {
    const sql::Rows rows = query(c,
                                 "SELECT id, child_kind, datasource_id, items, bytes, payload FROM task_outputs "
                                 "WHERE job_id = $1 ORDER BY id LIMIT $2",
                                 job_id, most);
    std::vector<std::pair<int64_t, model::TaskOutput>> outputs;
    for (size_t i = 0; i < rows.size(); ++i) {
      model::TaskOutput output;
      output.child_kind = rows.text(i, 1);
      output.datasource_id = rows.integer(i, 2);
      output.items = static_cast<uint64_t>(rows.integer(i, 3));
      output.bytes = static_cast<uint64_t>(rows.integer(i, 4));
      output.payload = rows.text(i, 5);
      outputs.emplace_back(rows.integer(i, 0), std::move(output));
    }
    return outputs;
  });
}

bool SqlStore::replace_outputs(int64_t job_id, int64_t version, std::span<const int64_t> output_ids,
                               std::span<const model::NewTask> children, std::span<const model::TaskOutput> rest) {
  struct Gone {};
  bool replaced = false;
  const Body body = [&](sql::Connection& c) {
    replaced = false;
    const auto job = lock_job(c, job_id, version);
    if (!job || is_over(job->status)) return;
    const sql::Rows rows =
        query(c, text_("DELETE FROM task_outputs WHERE job_id = $1 AND id @in_ids(2) RETURNING datasource_id, task_id"),
              job_id, output_ids);
    if (rows.size() != output_ids.size()) throw Gone{};
    Counters counters;
    for (size_t i = 0; i < rows.size(); ++i) --counters.of(job_id, rows.integer(i, 0)).outputs_waiting;
    insert_tasks(c, job_id, children, counters);
    insert_outputs(c, job_id, rows.empty() ? 0 : rows.integer(0, 1), rest, counters);
    counters.write(c);
    remember_group(job_id, job->node_group);
    replaced = true;
  };
  try {
    write("replace_outputs", body);
  } catch (const Gone&) {
    replaced = false;
  }
  log_.write("replace_outputs", "", job_id, 0, version, replaced);
  if (replaced && !children.empty()) {
    announce_ready_tasks(job_id);
    announce_job(job_id);
  }
  return replaced;
}

}  // namespace assay::store
