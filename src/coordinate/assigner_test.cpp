#include "coordinate/assigner.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "coordinate/fixture_test.h"

namespace assay::coordinate {
namespace {

using testing::identity;
using testing::OrchestratorTest;
using ::testing::SizeIs;

class AssignerTest : public OrchestratorTest {
 protected:
  static model::NewTask waiting_task(int64_t datasource_id, uint64_t bytes = 0) {
    model::NewTask task = testing::new_task("read", "[]", datasource_id);
    task.needs_admission = true;
    task.bytes = bytes;
    return task;
  }
  static std::vector<model::NewTask> tasks(int64_t datasource_id, size_t count, uint64_t bytes = 0) {
    return std::vector<model::NewTask>(count, waiting_task(datasource_id, bytes));
  }
  void finish(size_t count) {
    real->register_worker(identity("w"), 1'000'000);
    for (const auto& task : claim_as("w", {"read"}, count)) {
      const auto done = completion_of(task);
      ASSERT_THAT(real->complete_tasks("w", {&done, 1}), SizeIs(1));
    }
  }
};

TEST_F(AssignerTest, AdmitsAsManyAsTheDatasourceAllows) {
  const int64_t source = add_source({.concurrent_tasks = 3});
  const int64_t job = submit(tasks(source, 10));
  open();
  turn_all();
  EXPECT_EQ(progress(job).ready, 3U);
  EXPECT_EQ(resources->in_use("datasource/" + std::to_string(source) + "/tasks"), 3U);
  finish(2);
  turn_all();
  EXPECT_EQ(progress(job).ready, 3U);
  EXPECT_EQ(progress(job).completed, 2U);
}

TEST_F(AssignerTest, GivesTheBudgetBackWhenTheTasksAreOver) {
  const int64_t source = add_source({.concurrent_tasks = 3});
  submit(tasks(source, 3));
  open();
  turn_all();
  finish(3);
  turn_all();
  EXPECT_EQ(resources->in_use("datasource/" + std::to_string(source) + "/tasks"), 0U);
}

TEST_F(AssignerTest, TwoJobsShareABudget) {
  const int64_t source = add_source({.concurrent_tasks = 4});
  const int64_t one = submit(tasks(source, 3)), other = submit(tasks(source, 3));
  open();
  turn_all();
  EXPECT_EQ(progress(one).ready + progress(other).ready, 4U);
  finish(4);
  turn_all();
  EXPECT_EQ(progress(one).ready + progress(other).ready, 2U);
}

TEST_F(AssignerTest, ConnectionsAndMemoryBoundTasksToo) {
  const int64_t source = add_source({.connections = 5, .memory_bytes = 3 << 20});
  const int64_t job = submit(tasks(source, 10));
  open({.task_memory_bytes = 1 << 20});
  turn_all();
  EXPECT_EQ(progress(job).ready, 3U);
}

TEST_F(AssignerTest, ATinyBudgetStillLetsOneTaskThrough) {
  const int64_t source = add_source({.memory_bytes = 1});
  const int64_t job = submit(tasks(source, 3));
  open();
  turn_all();
  EXPECT_EQ(progress(job).ready, 1U);
}

TEST_F(AssignerTest, TheNodeGroupHasABudgetOfItsOwn) {
  const int64_t one = add_source({.concurrent_tasks = 4}, "one"), other = add_source({.concurrent_tasks = 4}, "other");
  auto all = tasks(one, 4);
  for (auto& task : tasks(other, 4)) all.push_back(task);
  const int64_t job = submit(all);
  open({.group_budget = {.concurrent_tasks = 5}});
  turn_all();
  EXPECT_EQ(progress(job).ready, 5U);
  EXPECT_EQ(resources->in_use("group/default/tasks"), 5U);
}

TEST_F(AssignerTest, ASaturatedSourceAtTheHeadDoesNotHideAnotherBehindIt) {
  const int64_t saturated = add_source({.concurrent_tasks = 1}, "saturated");
  const int64_t free = add_source({.concurrent_tasks = 2}, "free");
  auto all = tasks(saturated, 1'500);
  for (auto& task : tasks(free, 2)) all.push_back(task);
  const int64_t job = submit(all);
  open();
  turn_all(6);
  uint64_t ready = 0;
  for (const auto& row : real->progress(job)) {
    if (row.datasource_id == free) ready = row.ready;
  }
  EXPECT_EQ(ready, 2U);
}

TEST_F(AssignerTest, BytesASecondAreSpentAndEarned) {
  const int64_t source = add_source({.bytes_per_s = 1'000});
  const int64_t job = submit(tasks(source, 20, 500));
  open();
  turn_all();
  EXPECT_EQ(progress(job).ready, 2U) << "a second's worth";
  uint64_t admitted = 0;
  for (int i = 0; i < 50; ++i) {
    clock.advance(100);
    turn_all(1);
    admitted = progress(job).ready;
  }
  EXPECT_GE(admitted, 10U);
  EXPECT_LE(admitted, 12U) << "in five seconds and the first";
}

TEST_F(AssignerTest, ALargeTaskPaysForItsWholeSize) {
  const int64_t source = add_source({.bytes_per_s = 1'000});
  const int64_t job = submit(tasks(source, 2, 10'000));
  open();
  turn_all();
  EXPECT_EQ(progress(job).ready, 1U);
  for (int i = 0; i < 9; ++i) {
    clock.advance(1'000);
    turn_all(1);
  }
  EXPECT_EQ(progress(job).ready, 1U);
  clock.advance(1'001);
  turn_all(1);
  EXPECT_EQ(progress(job).ready, 2U);
}

TEST_F(AssignerTest, ManyJobsThatWaitForOneSourceCostAFewStatements) {
  const int64_t source = add_source({.concurrent_tasks = 2});
  std::vector<int64_t> jobs;
  for (int i = 0; i < 200; ++i) jobs.push_back(submit(tasks(source, 1)));
  open();
  for (int i = 0; i < 4; ++i) turn_all(1);
  const auto ready = [&] { return std::ranges::count_if(jobs, [&](int64_t job) { return progress(job).ready == 1; }); };
  EXPECT_EQ(ready(), 2);
  interference.counts_operations = true;
  for (int i = 0; i < 40; ++i) {
    clock.advance(10'000);
    parts->lease_manager.turn();
    turn_all(1);
  }
  EXPECT_GE(interference.counts["progress"], 8) << "it is tried again";
  EXPECT_LE(interference.counts["progress"], 30);
  finish(1);
  turn_all(2);
  EXPECT_EQ(ready(), 2) << "another has the share of the one that ended";
  EXPECT_EQ(std::ranges::count_if(jobs, [&](int64_t job) { return progress(job).completed == 1; }), 1);
}

TEST_F(AssignerTest, AnOpenBreakerHoldsTasksOfItsSourceOnly) {
  const int64_t down = add_source({.concurrent_tasks = 5}, "down"), up = add_source({.concurrent_tasks = 5}, "up");
  auto all = tasks(down, 3);
  for (auto& task : tasks(up, 3)) all.push_back(task);
  const int64_t job = submit(all);
  for (int i = 0; i < 3; ++i) real->record_source_outcome(down, false, 3, 10'000);
  open();
  turn_all();
  EXPECT_EQ(progress(job).ready, 3U);
  clock.advance(10'001);
  turn_all();
  EXPECT_EQ(progress(job).ready, 4U) << "one to try";
  real->record_source_outcome(down, true, 3, 10'000);
  clock.advance(1'001);
  turn_all();
  EXPECT_EQ(progress(job).ready, 6U);
}

TEST_F(AssignerTest, APausedJobHoldsNoBudget) {
  const int64_t source = add_source({.concurrent_tasks = 3});
  const int64_t job = submit(tasks(source, 5));
  open();
  turn_all();
  real->request_command(job, model::JobCommand::pause);
  turn_all();
  ASSERT_EQ(status(job), model::JobStatus::paused);
  turn_all();
  EXPECT_EQ(resources->in_use("datasource/" + std::to_string(source) + "/tasks"), 0U);
  real->request_command(job, model::JobCommand::resume);
  turn_all();
  EXPECT_EQ(resources->in_use("datasource/" + std::to_string(source) + "/tasks"), 3U);
}

TEST_F(AssignerTest, WhoTakesAJobOverGoesOnWithItsShare) {
  const int64_t source = add_source({.concurrent_tasks = 3});
  const int64_t job = submit(tasks(source, 5));
  open();
  turn_all();
  auto shared = std::move(resources);
  auto first = std::move(parts);
  clock.advance(29'000);
  resources = memory_resources(clock);
  OrchestratorParts second(runtime(), {.seed = 9}, *shared);
  second.lease_manager.enlist();
  clock.advance(2'000);
  for (int i = 0; i < 3; ++i) {
    second.assigner.on_poke();
    second.assigner.turn();
    second.monitor.turn();
  }
  EXPECT_EQ(progress(job).ready, 3U);
  EXPECT_EQ(shared->in_use("datasource/" + std::to_string(source) + "/tasks"), 3U);
  first->assigner.turn();
  EXPECT_EQ(shared->in_use("datasource/" + std::to_string(source) + "/tasks"), 3U) << "the first does not touch it";
}

}  // namespace
}  // namespace assay::coordinate
