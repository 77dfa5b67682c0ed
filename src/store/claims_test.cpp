#include <fmt/format.h>

#include <set>
#include <thread>

#include "store/claim_statement.h"
#include "store/store_test.h"

namespace assay::store {
namespace {

using model::JobCommand;
using model::JobStatus;
using model::TaskStatus;

class Claims : public StoreTest {
 protected:
  Claims() { add_worker("w"); }
  std::vector<int64_t> ids(const std::vector<model::ClaimedTask>& tasks) {
    std::vector<int64_t> out;
    for (const auto& each : tasks) out.push_back(each.id);
    return out;
  }
};
ASSAY_FOR_ALL_STORES(Claims);

TEST_P(Claims, TakeTasksByPriorityThenAge) {
  const int64_t job = submit_tasks({task(1, 5), task(1, 0), task(1, 5), task(1, -1)});
  take(job);
  const auto tasks = claim("w", 3);
  ASSERT_EQ(tasks.size(), 3U);
  const auto all = store_->list_tasks(job, std::nullopt, 0, 10);
  EXPECT_EQ(ids(tasks), (std::vector{all[3].id, all[1].id, all[0].id}));
  EXPECT_EQ(tasks[0].epoch, 1);
  EXPECT_EQ(tasks[0].attempt, 1);
  EXPECT_EQ(tasks[0].kind, "work");
  EXPECT_EQ(tasks[0].work_packet, R"({"paths":["a"]})");
  EXPECT_EQ(tasks[0].datasource_id, 1);
  EXPECT_EQ(claim("w", 3).size(), 1U);
  EXPECT_TRUE(claim("w", 3).empty());
  EXPECT_EQ(sum_of(job).running, 4U);
  expect_counters_to_equal_a_count();
}

TEST_P(Claims, TakeNothingFromJobsThatDoNotRun) {
  const int64_t job = submit(3);
  EXPECT_TRUE(claim().empty());  // queued
  const OwnedJob held = take(job);
  EXPECT_EQ(claim("w", 1).size(), 1U);
  store_->request_command(job, JobCommand::pause);
  EXPECT_TRUE(store_->execute_pending_command(job, held.version));
  EXPECT_EQ(status(job), JobStatus::pausing);
  EXPECT_TRUE(claim().empty());
}

TEST_P(Claims, TakeNothingForWorkersThatAreNotKnown) {
  submit_and_take(3);
  EXPECT_TRUE(claim("stranger").empty());
  EXPECT_EQ(claim("w").size(), 3U);
}

TEST_P(Claims, TakeOnlyKindsAndGroupsOfTheWorker) {
  auto other = task();
  other.kind = "enumerate";
  take(submit_tasks({other, task()}));
  NewMasterJob elsewhere;
  elsewhere.children.push_back({.node_group = "berlin"});
  take(submit(2, elsewhere));
  EXPECT_EQ(claim("w").size(), 1U);
  EXPECT_TRUE(store_->claim_ready_tasks({.worker_id = "w", .node_group = "default", .kinds = {}}).empty());
  EXPECT_EQ(claim("w", 100, false, "berlin").size(), 2U);
}

TEST_P(Claims, OfManyWorkersNeverOverlap) {
  submit_and_take(2'000);
  std::vector<std::vector<model::ClaimedTask>> taken(8);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < taken.size(); ++i) {
    add_worker(fmt::format("w{}", i));
    threads.emplace_back([&, i] {
      for (;;) {
        const auto tasks = claim(fmt::format("w{}", i), 37);
        if (tasks.empty()) return;
        taken[i].insert(taken[i].end(), tasks.begin(), tasks.end());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<int64_t> seen;
  size_t count = 0;
  for (const auto& tasks : taken) {
    count += tasks.size();
    for (const auto& each : tasks) seen.insert(each.id);
  }
  // A claim may find nothing while others hold the last tasks for a moment; none is taken twice.
  EXPECT_EQ(seen.size(), count);
  count += claim("w", 2'000).size();
  EXPECT_EQ(count, 2'000U);
  expect_counters_to_equal_a_count();
}

TEST_P(Claims, ServeJobsInTurn) {
  const int64_t huge = submit_and_take(1'000), small = submit_and_take(10);
  std::set<int64_t> jobs;
  for (int i = 0; i < 2; ++i)
    for (const auto& each : claim("w", 10)) jobs.insert(each.job_id);
  EXPECT_EQ(jobs, (std::set{huge, small}));
}

TEST_P(Claims, TakeTheUrgentFirst) {
  NewMasterJob urgent;
  urgent.priority = -1;
  submit_and_take(100);
  const int64_t first = take(submit(100, urgent)).id;
  for (int i = 0; i < 3; ++i)
    for (const auto& each : claim("w", 10)) EXPECT_EQ(each.job_id, first);
}

TEST_P(Claims, FillUpFromTheNextJob) {
  submit_and_take(3);
  submit_and_take(5);
  EXPECT_EQ(claim("w", 100).size(), 8U);
}

TEST_P(Claims, GivenBackCostNothing) {
  const int64_t job = submit_and_take(5);
  const auto tasks = claim();
  EXPECT_EQ(store_->give_back_tasks("w", tasks), 5U);
  EXPECT_EQ(store_->give_back_tasks("w", tasks), 0U);
  EXPECT_TRUE(store_->complete_tasks("w", std::vector{completion(tasks[0])}).empty());
  expect_counters_to_equal_a_count();
  const auto again = claim();
  ASSERT_EQ(again.size(), 5U);
  EXPECT_EQ(again[0].attempt, 1);
  EXPECT_GT(again[0].epoch, tasks[0].epoch);
  EXPECT_EQ(sum_of(job).running, 5U);
}

TEST_P(Claims, FindTasksThatCameBackBehindTheCursor) {
  submit_and_take(300);
  const auto first = claim("w", 100);
  ASSERT_EQ(first.size(), 100U);
  ASSERT_EQ(claim("w", 100).size(), 100U);
  ASSERT_EQ(store_->give_back_tasks("w", first), 100U);
  size_t left = 0;
  for (;;) {
    const auto tasks = claim("w", 100);
    if (tasks.empty()) break;
    left += tasks.size();
  }
  EXPECT_EQ(left, 200U);
}

TEST_P(Claims, PassOverSourcesWhoseBreakerIsOpen) {
  std::vector<model::NewTask> tasks(50, task(1));
  tasks.insert(tasks.end(), 5, task(2));
  take(submit_tasks(tasks));
  for (int i = 0; i < 3; ++i) store_->record_source_outcome(1, false, 3, 60'000);
  ASSERT_EQ(store_->breakers().at(0).state, model::BreakerState::open);
  const auto taken = claim("w", 100);
  EXPECT_EQ(taken.size(), 5U);
  for (const auto& each : taken) EXPECT_EQ(each.datasource_id, 2);
}

TEST_P(Claims, ProbeASourceWithOneTask) {
  take(submit_tasks(std::vector(10, task(1))));
  for (int i = 0; i < 3; ++i) store_->record_source_outcome(1, false, 3, 60'000);
  execute(*raw_, "UPDATE source_breakers SET open_until = 1");
  EXPECT_EQ(store_->breakers().at(0).state, model::BreakerState::half_open);
  EXPECT_EQ(claim("w", 100).size(), 1U);
  EXPECT_EQ(store_->breakers().at(0).state, model::BreakerState::open);
  EXPECT_TRUE(claim("w", 100).empty());
  store_->record_source_outcome(1, true, 3, 60'000);
  EXPECT_EQ(claim("w", 100).size(), 9U);
}

TEST_P(Claims, ProbeWithASuspectWhenASourceHasNothingElse) {
  take(submit_tasks(std::vector(4, task(1))));
  ASSERT_EQ(claim("w", 100).size(), 4U);
  let_expire("w");
  ASSERT_EQ(store_->rescue_tasks_of_dead_workers(100), 4U);  // now all of them are isolated
  add_worker("w2");
  for (int i = 0; i < 3; ++i) store_->record_source_outcome(1, false, 3, 60'000);
  execute(*raw_, "UPDATE source_breakers SET open_until = 1");
  ASSERT_EQ(store_->breakers().at(0).state, model::BreakerState::half_open);
  EXPECT_TRUE(claim("w2", 100).empty());
  EXPECT_EQ(store_->breakers().at(0).state, model::BreakerState::half_open) << "the probe is left to an idle worker";
  const auto probe = claim("w2", 100, true);
  ASSERT_EQ(probe.size(), 1U);
  EXPECT_TRUE(probe[0].isolated);
  EXPECT_EQ(store_->breakers().at(0).state, model::BreakerState::open);
  EXPECT_TRUE(claim("w2", 100, true).empty());
}

TEST_P(Claims, UseTheIndexInClaimOrder) {
  const int64_t job = submit_and_take(2'000);
  add_worker("w2");
  ASSERT_EQ(claim("w2", 500).size(), 500U);
  const std::vector<std::string_view> kinds{"work"};
  const std::vector<int64_t> blocked{7};
  for (const bool has_statistics : {false, true}) {
    if (has_statistics) raw_->run_script("ANALYZE");
    for (const auto& [from, has_blocked] : {std::pair(ClaimFrom::queue, false),
                                            {ClaimFrom::queue, true},
                                            {ClaimFrom::quarantine, false},
                                            {ClaimFrom::probed_source, false}}) {
      std::vector<sql::Value> values{value_of(job), value_of("w"), value_of(kinds)};
      if (from == ClaimFrom::queue) values.insert(values.end(), {value_of(int64_t{-5}), value_of(int64_t{0})});
      if (has_blocked) values.push_back(value_of(blocked));
      if (from == ClaimFrom::probed_source) values.push_back(value_of(int64_t{1}));
      const sql::Rows rows = raw_->query(std::string(is_sqlite() ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") +
                                             claim_statement(GetParam(), from, has_blocked, 200),
                                         values);
      std::string plan;
      for (size_t i = 0; i < rows.size(); ++i) plan += std::string(rows.text(i, rows.columns() - 1)) + "\n";
      SCOPED_TRACE(plan);
      EXPECT_THAT(plan, testing::HasSubstr(from == ClaimFrom::quarantine ? "tasks_isolated" : "tasks_ready"));
      EXPECT_THAT(plan, testing::Not(testing::HasSubstr("Seq Scan on tasks")));
      EXPECT_THAT(plan, testing::Not(testing::HasSubstr("Sort")));
      EXPECT_THAT(plan, testing::Not(testing::HasSubstr("SCAN tasks")));
      EXPECT_THAT(plan, testing::Not(testing::HasSubstr("TEMP B-TREE")));
    }
  }
}

TEST_P(Claims, AreCompletedByTheKeyOfTheTasks) {
  if (is_sqlite()) return;                      // looks each up by its number
  const int64_t job = submit_and_take(50'000);  // of a few, reading all is as good
  std::vector<int64_t> taken = ids(claim("w", 400));
  for (const bool has_statistics : {false, true}) {
    if (has_statistics) raw_->run_script("ANALYZE");
    const std::vector<sql::Value> values{value_of(job), value_of(taken), value_of(int64_t{1}), value_of("w"),
                                         value_of("COMPLETED")};
    const sql::Rows rows = raw_->query("EXPLAIN " + expand(completion_statement, GetParam()), values);
    std::string plan;
    for (size_t i = 0; i < rows.size(); ++i) plan += std::string(rows.text(i, 0)) + "\n";
    SCOPED_TRACE(plan);
    EXPECT_THAT(plan, testing::HasSubstr("tasks_pkey"));
    EXPECT_THAT(plan, testing::Not(testing::HasSubstr("tasks_running")));
  }
}

TEST_P(Claims, OfAnySizeAreFilled) {
  submit_and_take(2'000);
  for (const size_t most : {1U, 3U, 7U, 99U, 101U, 333U, 501U}) EXPECT_EQ(claim("w", most).size(), most);
  for (size_t wanted = 1; wanted < 600; ++wanted) EXPECT_LE(claim_limit(wanted), wanted);
}

}  // namespace
}  // namespace assay::store
