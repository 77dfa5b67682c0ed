#include "tests/support/soundness.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <vector>

namespace assay::tests {
namespace {

constexpr std::string_view postgresql_witnesses = R"sql(
CREATE TABLE test_violations (what TEXT NOT NULL, id BIGINT NOT NULL);
CREATE TABLE test_completions (task_id BIGINT NOT NULL, epoch BIGINT NOT NULL);
CREATE TABLE test_statuses (job_id BIGINT NOT NULL, status TEXT NOT NULL);
CREATE FUNCTION test_watch_task() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.epoch < OLD.epoch THEN INSERT INTO test_violations VALUES ('epoch shrank', OLD.id); END IF;
  IF NEW.status = 'RUNNING' AND OLD.status <> 'RUNNING' AND NEW.epoch = OLD.epoch THEN
    INSERT INTO test_violations VALUES ('claimed at an old epoch', OLD.id); END IF;
  IF OLD.status = 'RUNNING' AND NEW.worker_id <> OLD.worker_id AND NEW.epoch = OLD.epoch THEN
    INSERT INTO test_violations VALUES ('another worker at the same epoch', OLD.id); END IF;
  IF OLD.status = 'COMPLETED' THEN INSERT INTO test_violations VALUES ('a completed task changed', OLD.id); END IF;
  IF NEW.status = 'COMPLETED' THEN
    IF OLD.status <> 'RUNNING' THEN INSERT INTO test_violations VALUES ('completed without running', OLD.id); END IF;
    INSERT INTO test_completions VALUES (OLD.id, NEW.epoch); END IF;
  RETURN NULL; END $$;
CREATE TRIGGER test_watch_tasks AFTER UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION test_watch_task();
CREATE FUNCTION test_watch_job() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.version < OLD.version THEN INSERT INTO test_violations VALUES ('version shrank', OLD.id); END IF;
  IF NEW.orchestrator_id <> OLD.orchestrator_id AND NEW.version = OLD.version THEN
    INSERT INTO test_violations VALUES ('another orchestrator at the same version', OLD.id); END IF;
  IF OLD.status IN ('COMPLETED', 'CANCELLED', 'FAILED') AND NEW.status <> OLD.status AND NEW.version = OLD.version THEN
    INSERT INTO test_violations VALUES ('a job that was over changed', OLD.id); END IF;
  IF NEW.status <> OLD.status THEN INSERT INTO test_statuses VALUES (OLD.id, NEW.status); END IF;
  RETURN NULL; END $$;
CREATE TRIGGER test_watch_jobs AFTER UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION test_watch_job();
)sql";

constexpr std::string_view sqlite_witnesses = R"sql(
CREATE TABLE test_violations (what TEXT NOT NULL, id INTEGER NOT NULL);
CREATE TABLE test_completions (task_id INTEGER NOT NULL, epoch INTEGER NOT NULL);
CREATE TABLE test_statuses (job_id INTEGER NOT NULL, status TEXT NOT NULL);
CREATE TRIGGER test_epoch AFTER UPDATE ON tasks WHEN NEW.epoch < OLD.epoch
  BEGIN INSERT INTO test_violations VALUES ('epoch shrank', OLD.id); END;
CREATE TRIGGER test_claim AFTER UPDATE ON tasks
  WHEN NEW.status = 'RUNNING' AND OLD.status <> 'RUNNING' AND NEW.epoch = OLD.epoch
  BEGIN INSERT INTO test_violations VALUES ('claimed at an old epoch', OLD.id); END;
CREATE TRIGGER test_over AFTER UPDATE ON tasks WHEN OLD.status = 'COMPLETED'
  BEGIN INSERT INTO test_violations VALUES ('a completed task changed', OLD.id); END;
CREATE TRIGGER test_completed AFTER UPDATE ON tasks WHEN NEW.status = 'COMPLETED'
  BEGIN INSERT INTO test_completions VALUES (OLD.id, NEW.epoch); END;
CREATE TRIGGER test_version AFTER UPDATE ON jobs WHEN NEW.version < OLD.version OR
  (NEW.orchestrator_id <> OLD.orchestrator_id AND NEW.version = OLD.version)
  BEGIN INSERT INTO test_violations VALUES ('version shrank, or another owner at the same', OLD.id); END;
CREATE TRIGGER test_status AFTER UPDATE ON jobs WHEN NEW.status <> OLD.status
  BEGIN INSERT INTO test_statuses VALUES (OLD.id, NEW.status); END;
)sql";

void expect_no_violations(const Cluster& cluster) {
  const auto seen = cluster.ask("SELECT what, id FROM test_violations LIMIT 10");
  for (size_t i = 0; i < seen.size(); ++i)
    ADD_FAILURE() << "witnessed: " << seen.text(i, 0) << ", of " << seen.integer(i, 1);
  EXPECT_EQ(cluster.number("SELECT COUNT(*) FROM (SELECT task_id FROM test_completions GROUP BY task_id "
                           "HAVING COUNT(*) > 1) AS twice"),
            0)
      << "tasks were completed twice";
}

/// Of every job and source, each status that is counted against the number of tasks in it.
void expect_counters_equal_a_count(const Cluster& cluster, int64_t job_id) {
  const auto counted = cluster.ask(
      "SELECT SUM(pending), SUM(ready), SUM(running), SUM(completed), SUM(failed), SUM(dead), SUM(isolated), "
      "SUM(outputs_waiting) FROM job_progress WHERE job_id = $1",
      {job_id});
  const auto real = cluster.ask(
      "SELECT SUM(CASE WHEN status = 'PENDING' THEN 1 ELSE 0 END), SUM(CASE WHEN status = 'READY' THEN 1 ELSE 0 END), "
      "SUM(CASE WHEN status = 'RUNNING' THEN 1 ELSE 0 END), SUM(CASE WHEN status = 'COMPLETED' THEN 1 ELSE 0 END), "
      "SUM(CASE WHEN status = 'FAILED' THEN 1 ELSE 0 END), SUM(CASE WHEN status = 'DEAD' THEN 1 ELSE 0 END), "
      "SUM(CASE WHEN status = 'READY' AND isolated THEN 1 ELSE 0 END), "
      "(SELECT COUNT(*) FROM task_outputs WHERE job_id = $1) FROM tasks WHERE job_id = $1",
      {job_id});
  constexpr const char* names[] = {"pending", "ready", "running", "completed", "failed", "dead", "isolated", "outputs"};
  for (size_t i = 0; i < std::size(names); ++i)
    EXPECT_EQ(counted.integer(0, i), real.integer(0, i)) << "counter '" << names[i] << "' of job " << job_id;
}

struct Line {
  std::string operation, who;
  int64_t job = 0, task = 0, fence = 0;
  bool recorded = false;
};

std::vector<Line> operation_log_of(const Cluster& cluster) {
  std::vector<Line> lines;
  std::ifstream in(cluster.operation_log());
  for (std::string text; std::getline(in, text);) {
    // Who is killed while it writes may leave the beginning of a line, on which the next one's goes on: the kernel ends
    // a write at a page of the file. It might as well have died before it wrote.
    const size_t begin = text.rfind(R"({"at_ms":)");
    if (begin == std::string::npos || !text.ends_with('}')) continue;
    const auto value = boost::json::parse(std::string_view(text).substr(begin));
    const auto& object = value.as_object();
    const auto number = [&object](const char* key) {
      const auto* found = object.if_contains(key);
      return found == nullptr ? int64_t{0} : found->to_number<int64_t>();
    };
    lines.push_back({.operation = std::string(object.at("operation").as_string()),
                     .who = std::string(object.at("who").as_string()),
                     .job = number("job"),
                     .task = number("task"),
                     .fence = number("fence"),
                     .recorded = object.at("recorded").as_bool()});
  }
  return lines;
}

std::map<int64_t, int64_t> epochs_of(const Cluster& cluster, int64_t job_id) {
  std::map<int64_t, int64_t> epochs;
  const auto rows = cluster.ask("SELECT id, epoch FROM tasks WHERE job_id = $1 AND status = 'COMPLETED'", {job_id});
  for (size_t i = 0; i < rows.size(); ++i) epochs[rows.integer(i, 0)] = rows.integer(i, 1);
  return epochs;
}

void expect_log_without_strangers(const Cluster& cluster, int64_t job_id) {
  const auto epochs = epochs_of(cluster, job_id);
  std::map<std::pair<int64_t, int64_t>, std::string> task_holder, job_holder;
  std::map<int64_t, int> completed;
  const auto lines = operation_log_of(cluster);
  for (const auto& line : lines) {
    if (!line.recorded) continue;
    auto* holders = line.operation == "claim_ready_tasks" ? &task_holder
                    : line.operation == "claim_jobs"      ? &job_holder
                                                          : nullptr;
    if (holders == nullptr) continue;
    const auto [place, is_new] = holders->try_emplace({line.task != 0 ? line.task : line.job, line.fence}, line.who);
    EXPECT_EQ(place->second, line.who) << line.operation << " gave " << line.job << "/" << line.task << " at fence "
                                       << line.fence << " to two";
  }
  for (const auto& line : lines) {
    if (!line.recorded || line.task == 0 || line.job != job_id || line.who.empty()) continue;
    if (const auto holder = task_holder.find({line.task, line.fence}); holder != task_holder.end())
      EXPECT_EQ(holder->second, line.who) << line.operation << " of task " << line.task << " by one who had lost it";
    if (line.operation != "complete_tasks") continue;
    EXPECT_EQ(++completed[line.task], 1) << "task " << line.task << " was recorded as completed twice";
    const auto epoch = epochs.find(line.task);
    if (epoch == epochs.end()) ADD_FAILURE() << "task " << line.task << " was completed, and is not";
    else EXPECT_EQ(epoch->second, line.fence) << "task " << line.task << " was completed behind its fence";
  }
}

}  // namespace

void add_witnesses(const std::string& url) {
  sql::ConnectOptions options;
  options.url = url;
  const auto connection = sql::connect(options);
  connection->run_script(connection->dialect() == sql::Dialect::postgresql ? postgresql_witnesses : sqlite_witnesses);
}

std::multiset<std::string> findings_of(const Cluster& cluster) {
  const auto rows = cluster.ask(
      "SELECT path, member, entity, part, page, row_number, cell, line, line_column, start_byte, fingerprint "
      "FROM findings");
  std::multiset<std::string> findings;
  for (size_t i = 0; i < rows.size(); ++i) {
    std::string text;
    for (size_t column = 0; column < rows.columns(); ++column) text += std::string(rows.text(i, column)) + "|";
    findings.insert(std::move(text));
  }
  return findings;
}

void expect_sound(const Cluster& cluster, int64_t job_id) {
  SCOPED_TRACE("job " + std::to_string(job_id) + ", logs in " + cluster.folder().string());
  expect_no_violations(cluster);
  expect_counters_equal_a_count(cluster, job_id);
  EXPECT_EQ(cluster.number("SELECT COUNT(*) FROM tasks WHERE job_id = $1 AND status = 'RUNNING'", {job_id}), 0);
  expect_log_without_strangers(cluster, job_id);
}

void expect_complete(const Cluster& cluster, int64_t job_id, const Expected& expected) {
  SCOPED_TRACE("job " + std::to_string(job_id) + ", logs in " + cluster.folder().string());
  EXPECT_EQ(cluster.job_status(job_id), "COMPLETED");
  EXPECT_EQ(cluster.number("SELECT COUNT(*) FROM tasks WHERE job_id = $1 AND status <> 'COMPLETED'", {job_id}), 0);
  const auto found = findings_of(cluster);
  std::vector<std::string> lost, surplus;
  std::ranges::set_difference(expected.findings, found, std::back_inserter(lost));
  std::ranges::set_difference(found, expected.findings, std::back_inserter(surplus));
  EXPECT_TRUE(lost.empty()) << lost.size() << " findings were lost, the first: " << lost.front();
  EXPECT_TRUE(surplus.empty()) << surplus.size() << " findings too many, the first: " << surplus.front();
  EXPECT_EQ(cluster.number("SELECT COUNT(*) FROM objects WHERE member = '' AND deleted_at = 0 AND seen_job_id = $1",
                           {job_id}),
            expected.objects);
  EXPECT_EQ(cluster.number("SELECT COUNT(*) FROM (SELECT path, member FROM objects GROUP BY path, member "
                           "HAVING COUNT(*) > 1) AS twice"),
            0);
  const auto work = cluster.ask(
      "SELECT SUM(objects_discovered), SUM(objects_done + objects_skipped + objects_failed), SUM(findings) "
      "FROM job_progress WHERE job_id = $1",
      {job_id});
  EXPECT_EQ(work.integer(0, 0), expected.objects) << "objects counted as discovered";
  EXPECT_EQ(work.integer(0, 1), expected.objects) << "objects counted as done";
  EXPECT_EQ(work.integer(0, 2), static_cast<int64_t>(expected.findings.size())) << "findings counted";
}

void expect_swept_last(const Cluster& cluster, int64_t job_id) {
  EXPECT_EQ(cluster.number("SELECT COUNT(*) FROM tasks s JOIN tasks e ON e.job_id = s.job_id AND e.kind <> s.kind "
                           "WHERE s.job_id = $1 AND s.kind = 'scan.sweep' AND s.claimed_at < e.finished_at",
                           {job_id}),
            0)
      << "what was not seen was looked for before all was seen";
}

}  // namespace assay::tests
