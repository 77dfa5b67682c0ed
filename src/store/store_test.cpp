#include "store/store_test.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "tests/support/postgres_server.h"

namespace assay::store {
namespace {

/// Migrated once; each test's database is a copy.
const std::string& migrated_template() {
  static const std::string name = [] {
    auto& server = test::PostgresServer::shared();
    std::string database = server.create_database();
    StoreOptions options;
    options.url = server.url(database);
    Store::migrate(options);
    return database;
  }();
  return name;
}

}  // namespace

StoreTest::StoreTest() {
  if (is_sqlite()) {
    std::string name = (std::filesystem::temp_directory_path() / "assay-store-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    place_ = name;
    options_.url = "sqlite:" + place_ + "/store.db";
  } else {
    place_ = test::PostgresServer::shared().create_database(migrated_template());
    options_.url = test::PostgresServer::shared().url(place_);
  }
  options_.durable = false;
  store_ = Store::open(options_, true);
  sql::ConnectOptions connect;
  connect.url = options_.url;
  connect.busy_timeout_ms = 60'000;
  raw_ = sql::connect(connect);
}

StoreTest::~StoreTest() {
  raw_.reset();
  store_.reset();
  if (is_sqlite()) std::filesystem::remove_all(place_);
  else test::PostgresServer::shared().drop_database(place_);
}

model::NewTask StoreTest::task(int64_t datasource_id, int32_t priority) {
  model::NewTask task;
  task.kind = "work";
  task.datasource_id = datasource_id;
  task.work_packet = R"({"paths":["a"]})";
  task.priority = priority;
  task.items = 1;
  task.bytes = 10;
  return task;
}

int64_t StoreTest::submit(size_t tasks, NewMasterJob job) {
  return submit_tasks(std::vector(tasks, task()), std::move(job));
}

int64_t StoreTest::submit_tasks(std::vector<model::NewTask> tasks, NewMasterJob job) {
  if (job.children.empty()) job.children.emplace_back();
  if (job.children[0].node_group.empty()) job.children[0].node_group = "default";
  job.children[0].configuration = "{}";
  job.children[0].first_tasks = std::move(tasks);
  return store_->submit_job(job).job_ids.at(0);
}

OwnedJob StoreTest::take(int64_t job_id) {
  for (const OwnedJob& job : store_->claim_jobs("o", store_->find_job(job_id).value().node_group, 100, 60'000))
    if (job.id == job_id) return job;
  ADD_FAILURE() << "job " << job_id << " could not be claimed";
  return {};
}

void StoreTest::add_worker(const std::string& id, std::string group) {
  store_->register_worker({.id = id, .name = id, .node_group = std::move(group), .host = "h", .pid = 1}, 60'000);
}

std::vector<model::ClaimedTask> StoreTest::claim(std::string worker, size_t most, bool isolated, std::string group) {
  return store_->claim_ready_tasks({.worker_id = std::move(worker),
                                    .node_group = std::move(group),
                                    .kinds = {"work"},
                                    .most = most,
                                    .may_take_isolated = isolated});
}

TaskCompletion StoreTest::completion(const model::ClaimedTask& task) {
  TaskCompletion completion;
  completion.task_id = task.id;
  completion.job_id = task.job_id;
  completion.epoch = task.epoch;
  completion.datasource_id = task.datasource_id;
  return completion;
}

TaskFailure StoreTest::failure(const model::ClaimedTask& task, model::FailureKind kind) {
  TaskFailure failure;
  failure.task_id = task.id;
  failure.job_id = task.job_id;
  failure.epoch = task.epoch;
  failure.kind = kind;
  failure.error = "the share does not answer";
  failure.retry_after_ms = 60'000;
  return failure;
}

void StoreTest::let_expire(std::string_view worker) {
  ASSERT_EQ(execute(*raw_, "UPDATE workers SET expires_at = 1 WHERE id = $1", worker), 1U);
}

void StoreTest::let_come_due() { execute(*raw_, "UPDATE tasks SET not_before = 1 WHERE status = 'FAILED'"); }

ProgressRow StoreTest::sum_of(int64_t job_id) {
  ProgressRow sum;
  for (const ProgressRow& row : store_->progress(job_id)) {
    sum.pending += row.pending;
    sum.ready += row.ready;
    sum.running += row.running;
    sum.completed += row.completed;
    sum.failed += row.failed;
    sum.dead += row.dead;
    sum.outputs_waiting += row.outputs_waiting;
    sum.retries += row.retries;
    sum.rescues += row.rescues;
    sum.work.objects_done += row.work.objects_done;
    sum.work.bytes_done += row.work.bytes_done;
    sum.work.findings += row.work.findings;
  }
  return sum;
}

int64_t StoreTest::number(std::string_view sql) { return query(*raw_, sql).integer(0, 0); }

void StoreTest::expect_counters_to_equal_a_count() {
  constexpr std::string_view counted =
      "SELECT job_id, datasource_id, SUM(pending), SUM(ready), SUM(isolated), SUM(running), SUM(completed), "
      "SUM(failed), "
      "SUM(dead), SUM(outputs) FROM (SELECT job_id, datasource_id, CASE WHEN status = 'PENDING' THEN 1 ELSE 0 END AS "
      "pending, CASE WHEN status = 'READY' THEN 1 ELSE 0 END AS ready, CASE WHEN status = 'READY' AND isolated THEN 1 "
      "ELSE 0 END AS isolated, CASE WHEN status = 'RUNNING' THEN 1 ELSE 0 END AS running, CASE WHEN status = "
      "'COMPLETED' "
      "THEN 1 ELSE 0 END AS completed, CASE WHEN status = 'FAILED' THEN 1 ELSE 0 END AS failed, CASE WHEN status = "
      "'DEAD' "
      "THEN 1 ELSE 0 END AS dead, 0 AS outputs FROM tasks UNION ALL SELECT job_id, datasource_id, 0, 0, 0, 0, 0, 0, 0, "
      "1 "
      "FROM task_outputs) AS x GROUP BY job_id, datasource_id ORDER BY job_id, datasource_id";
  constexpr std::string_view kept =
      "SELECT job_id, datasource_id, SUM(pending), SUM(ready), SUM(isolated), SUM(running), SUM(completed), "
      "SUM(failed), "
      "SUM(dead), SUM(outputs_waiting) FROM job_progress GROUP BY job_id, datasource_id HAVING SUM(pending + ready + "
      "running + completed + failed + dead + outputs_waiting) <> 0 ORDER BY job_id, datasource_id";
  const auto text_of = [&](std::string_view sql) {
    const sql::Rows rows = query(*raw_, sql);
    std::string text;
    for (size_t i = 0; i < rows.size(); ++i) {
      for (size_t column = 0; column < rows.columns(); ++column) text += fmt::format("{} ", rows.text(i, column));
      text += '\n';
    }
    return text;
  };
  EXPECT_EQ(text_of(kept), text_of(counted));
}

}  // namespace assay::store
