#include <gmock/gmock.h>

#include "coordinate/fixture_test.h"
#include "core/error.h"
#include "sql/error.h"

namespace assay::coordinate {
namespace {

using ::testing::HasSubstr;
using testing::new_task;
using testing::OrchestratorTest;
using ::testing::SizeIs;

class LeaseTest : public OrchestratorTest {};

TEST_F(LeaseTest, RenewsAllLeasesWithOneStatementAtAThirdOfTheLease) {
  for (int i = 0; i < 20; ++i) submit({new_task("list")});
  open({.lease_ms = 30'000});
  parts->assigner.turn();
  EXPECT_EQ(parts->shared.jobs.size(), 20U);
  interference.counts_operations = true;
  EXPECT_EQ(parts->lease_manager.turn(), 10'000);
  EXPECT_EQ(interference.counts["renew_leases"], 0);
  clock.advance(10'000);
  parts->lease_manager.turn();
  EXPECT_EQ(interference.counts["renew_leases"], 1);
  clock.advance(25'000);
  EXPECT_EQ(parts->shared.jobs.fences().ids.size(), 20U);
  EXPECT_TRUE(parts->shared.jobs.find(parts->shared.jobs.fences().ids[0])) << "renewed 25 s ago, for 30 s";
}

TEST_F(LeaseTest, TheLeaseIsMeasuredFromBeforeItWasAskedFor) {
  const int64_t job = submit({new_task("list")});
  open({.lease_ms = 30'000});
  interference.on_before = [&](std::string_view operation) {
    if (operation == "claim_jobs") clock.advance(4'000);  // a slow way there
  };
  parts->assigner.turn();
  clock.advance(25'999);
  EXPECT_TRUE(parts->shared.jobs.find(job));
  clock.advance(1);
  EXPECT_FALSE(parts->shared.jobs.find(job)) << "by its own clock it may be over";
}

TEST_F(LeaseTest, AJobWhoseOrchestratorDiedIsTakenWithinTheLeaseAndTwoSeconds) {
  const int64_t job = submit({new_task("list")});
  open({.lease_ms = 30'000});
  real->register_orchestrator(testing::identity("dead"), 30'000);
  ASSERT_THAT(real->claim_jobs("dead", "default", 10, 30'000), SizeIs(1));
  const int64_t died = clock.monotonic_ms();
  int64_t taken = 0;
  while (clock.monotonic_ms() < died + 60'000 && taken == 0) {
    const int64_t wait_ms = parts->assigner.turn();
    if (parts->shared.jobs.find(job)) taken = clock.monotonic_ms();
    clock.advance(wait_ms);
  }
  EXPECT_GT(taken - died, 30'000);
  EXPECT_LE(taken - died, 32'000);
  EXPECT_EQ(parts->shared.jobs.find(job)->version, 2);
}

TEST_F(LeaseTest, DropsJobsThatOthersTookOver) {
  const int64_t job = submit({new_task("list")});
  open({.lease_ms = 30'000});
  parts->assigner.turn();
  clock.advance(31'000);
  ASSERT_THAT(real->claim_jobs("other", "default", 10, 30'000), SizeIs(1));
  parts->lease_manager.turn();
  EXPECT_EQ(parts->shared.jobs.size(), 0U);
  EXPECT_EQ(real->find_job(job)->orchestrator_id, "other");
}

TEST_F(LeaseTest, PokesDoNotMakeItAskForJobsAllTheTime) {
  open();
  interference.counts_operations = true;
  for (int i = 0; i < 100; ++i) {
    parts->assigner.on_poke();
    parts->assigner.turn();
    clock.advance(10);
  }
  EXPECT_LE(interference.counts["claim_jobs"], 20);
  EXPECT_GE(interference.counts["claim_jobs"], 18);
}

TEST_F(LeaseTest, LooksForJobsOfOthersOftenOnlyWhileThereAreOthers) {
  open();
  interference.counts_operations = true;
  const auto claims_in_a_minute = [&] {
    interference.counts.clear();
    for (int i = 0; i < 60; ++i) {
      clock.advance(1'000);
      parts->lease_manager.turn();
      parts->monitor.turn();
      parts->assigner.turn();
    }
    return interference.counts["claim_jobs"];
  };
  claims_in_a_minute();
  EXPECT_LE(claims_in_a_minute(), 13) << "alone";
  real->register_orchestrator(testing::identity("other"), 1'000'000);
  claims_in_a_minute();
  EXPECT_GE(claims_in_a_minute(), 30);
}

TEST_F(LeaseTest, StartsAnewWhenTheStoreForgotIt) {
  submit({new_task("list")});
  open();
  parts->assigner.turn();
  const std::string before = parts->shared.id();
  real->unregister_orchestrator(before);
  clock.advance(10'000);
  parts->lease_manager.turn();
  EXPECT_NE(parts->shared.id(), before);
  EXPECT_EQ(parts->shared.jobs.size(), 0U);
  clock.advance(2'000);
  parts->assigner.turn();
  EXPECT_EQ(parts->shared.jobs.size(), 1U);
}

TEST_F(LeaseTest, ObeysCommands) {
  const int64_t job = submit({new_task("list")});
  open();
  turn_all();
  EXPECT_EQ(status(job), model::JobStatus::running);
  real->request_command(job, model::JobCommand::pause);
  turn_all();
  EXPECT_EQ(status(job), model::JobStatus::paused);
  EXPECT_THAT(log.str(), HasSubstr("\"correlation_id\":\"c-1\""));
  real->request_command(job, model::JobCommand::resume);
  turn_all();
  EXPECT_EQ(status(job), model::JobStatus::running);
  real->request_command(job, model::JobCommand::cancel);
  turn_all();
  EXPECT_EQ(status(job), model::JobStatus::cancelled);
  EXPECT_EQ(parts->shared.jobs.size(), 0U);
}

TEST_F(LeaseTest, PausesOnlyWhenNothingRuns) {
  const int64_t job = submit({new_task("list")});
  open();
  turn_all();
  real->register_worker(testing::identity("w"), 30'000);
  const auto claimed = claim_as("w", {"list"});
  ASSERT_THAT(claimed, SizeIs(1));
  real->request_command(job, model::JobCommand::pause);
  turn_all();
  EXPECT_EQ(status(job), model::JobStatus::pausing);
  real->give_back_tasks("w", claimed);
  turn_all();
  EXPECT_EQ(status(job), model::JobStatus::paused);
}

class PipelinerTest : public OrchestratorTest {
 protected:
  void complete_first_task(std::vector<model::TaskOutput> outputs) {
    real->register_worker(testing::identity("w"), 30'000);
    const auto claimed = claim_as("w", {"list"});
    ASSERT_THAT(claimed, SizeIs(1));
    store::TaskCompletion done = completion_of(claimed[0]);
    done.outputs = std::move(outputs);
    ASSERT_THAT(real->complete_tasks("w", {&done, 1}), SizeIs(1));
  }
  static model::TaskOutput output(const std::string& payload) {
    model::TaskOutput output;
    output.child_kind = "read";
    output.items = 1;
    output.payload = payload;
    return output;
  }
};

TEST_F(PipelinerTest, PacksOutputsIntoChildTasks) {
  const int64_t job = submit({new_task("list")});
  OrchestratorOptions options;
  options.packing["read"] = {.most_items = 2, .most_bytes = 100};
  open(options);
  int told = 0;
  parts->shared.on_new_tasks = [&] { ++told; };
  turn_all();
  const int told_before = told;
  complete_first_task({output(R"([{"i":1},{"i":2},{"i":3}])"), output(R"([{"i":4}])")});
  turn_all();
  const auto tasks = real->list_tasks(job, model::TaskStatus::ready, 0, 100);
  ASSERT_THAT(tasks, SizeIs(2));
  EXPECT_EQ(tasks[0].items, 2U);
  EXPECT_GT(told, told_before);
  EXPECT_THAT(real->waiting_outputs(job, 10), SizeIs(0));
}

TEST_F(PipelinerTest, AMalformedOutputFailsTheJob) {
  const int64_t job = submit({new_task("list")});
  open();
  model::JobStatus over = model::JobStatus::queued;
  parts->shared.on_job_over = [&](int64_t, model::JobStatus status) { over = status; };
  turn_all();
  complete_first_task({output("no list")});
  turn_all();
  EXPECT_EQ(status(job), model::JobStatus::failed);
  EXPECT_EQ(over, model::JobStatus::failed);
  EXPECT_THAT(real->find_job(job)->error, HasSubstr("JSON array"));
}

TEST_F(PipelinerTest, TakesManyOutputsInBoundedBatches) {
  const int64_t job = submit({new_task("list")});
  open();
  turn_all();
  std::string large = "[\"";
  large.append(3 << 20, 'x').append("\"]");
  std::vector<model::TaskOutput> outputs(20, output(large));
  complete_first_task(outputs);
  size_t most_at_a_time = 0;
  size_t left = 20;
  while (left > 0) {
    parts->monitor.on_poke();
    parts->monitor.turn();
    const size_t before = left;
    parts->pipeliner.turn();
    left = real->waiting_outputs(job, 100).size();
    if (before < 20) most_at_a_time = std::max(most_at_a_time, before - left);
  }
  EXPECT_LE(most_at_a_time, 11U) << "32 MiB in all";
}

TEST_F(PipelinerTest, TriesAgainAfterAnErrorAlthoughNothingChangedSince) {
  submit({new_task("list")});
  open();
  turn_all();
  complete_first_task({output(R"([{"i":1}])")});
  int asked = 0;
  interference.on_before = [&](std::string_view operation) {
    if (operation == "replace_outputs" && ++asked <= 2)
      throw core::Error(core::ErrorKind::transient, "the database is away");
  };
  int failures = 0;
  for (int i = 0; i < 4; ++i) {
    parts->monitor.on_poke();
    parts->monitor.turn();
    try {
      parts->pipeliner.turn();
    } catch (const core::Error&) {
      ++failures;
    }
  }
  EXPECT_EQ(failures, 2);
  EXPECT_EQ(asked, 3);
}

TEST_F(PipelinerTest, WritesNothingWhenTheLeaseMayHaveEnded) {
  const int64_t job = submit({new_task("list")});
  open({.lease_ms = 30'000});
  turn_all();
  complete_first_task({output(R"([{"i":1}])")});
  interference.on_after = [&](std::string_view operation) {
    if (operation == "waiting_outputs") clock.advance(31'000);  // stood still
  };
  interference.counts_operations = true;
  turn_all(1);
  EXPECT_EQ(interference.counts["replace_outputs"], 0);
  EXPECT_THAT(real->waiting_outputs(job, 10), SizeIs(1));
}

class MonitorTest : public OrchestratorTest {};

TEST_F(MonitorTest, EndsAJobWhoseTasksAreDone) {
  const int64_t job = submit({new_task("list"), new_task("list")}, 1);
  open();
  std::pair<int64_t, model::JobStatus> over;
  parts->shared.on_job_over = [&](int64_t id, model::JobStatus status) { over = {id, status}; };
  turn_all();
  real->register_worker(testing::identity("w"), 30'000);
  for (const auto& task : claim_as("w", {"list"})) {
    const store::TaskFailure failure = failure_of(task, model::FailureKind::permanent);
    real->fail_tasks("w", {&failure, 1});
  }
  turn_all();
  EXPECT_EQ(over, std::pair(job, model::JobStatus::failed));
  EXPECT_EQ(progress(job).dead, 2U);
  EXPECT_THAT(metrics.render(), HasSubstr("assay_jobs_over_total{status=\"FAILED\"} 1"));
}

TEST_F(MonitorTest, TakingJobsOverAsksOnceForEachBatch) {
  for (int i = 0; i < 250; ++i) submit({new_task("list")});
  open();
  interference.counts_operations = true;
  for (int i = 0; i < 5; ++i) turn_all(1);
  ASSERT_EQ(parts->shared.jobs.size(), 250U);
  EXPECT_LE(interference.counts["digest_jobs"], 5);
  EXPECT_EQ(interference.counts["finish_job_if_done"], 0);
  EXPECT_EQ(interference.counts["waiting_outputs"], 0);
  EXPECT_EQ(interference.counts["progress"], 0);
}

/// A job whose end an earlier orchestrator left undone changes no more.
TEST_F(MonitorTest, EndsAJobThatWasDoneBeforeItWasTakenOver) {
  const int64_t job = submit({new_task("list")});
  real->register_worker(testing::identity("w"), 1'000'000);
  ASSERT_THAT(real->claim_jobs("dead", "default", 10, 1'000), SizeIs(1));
  for (const auto& task : claim_as("w", {"list"})) {
    const store::TaskCompletion done = completion_of(task);
    real->complete_tasks("w", {&done, 1});
  }
  open();
  turn_all();
  EXPECT_EQ(status(job), model::JobStatus::running);
  clock.advance(5'000);
  turn_all();
  EXPECT_EQ(status(job), model::JobStatus::completed);
}

TEST_F(MonitorTest, IdleJobsCostLessThanOneStatementASecondBeyondRenewal) {
  // A third each: paused, waiting for a worker with a task that runs last, waiting for a source that is in use.
  const int64_t source = add_source({.concurrent_tasks = 1});
  model::NewTask last = new_task("list"), bounded = new_task("list", "{}", source);
  last.priority = model::last_priority;
  last.needs_admission = bounded.needs_admission = true;
  std::vector<int64_t> to_pause;
  for (int i = 0; i < 100; ++i) {
    to_pause.push_back(submit({new_task("list")}));
    submit({new_task("list"), last});
    submit({bounded});
  }
  open();
  for (int i = 0; i < 10; ++i) turn_all(1);
  ASSERT_EQ(parts->shared.jobs.size(), 300U);
  for (const int64_t id : to_pause) real->request_command(id, model::JobCommand::pause);
  for (int i = 0; i < 5; ++i) turn_all(1);
  clock.advance(60'000);  // no longer fresh from all that, and the leases in hand are renewed
  parts->lease_manager.turn();
  for (int i = 0; i < 3; ++i) turn_all(1);
  ASSERT_EQ(parts->shared.jobs.size(), 300U);
  ASSERT_EQ(status(to_pause[7]), model::JobStatus::paused);

  interference.counts_operations = true;
  struct Turning {
    Loop* loop;
    int64_t next_ms;
  };
  std::vector<Turning> loops;
  for (Loop* loop : std::initializer_list<Loop*>{&parts->lease_manager, &parts->assigner, &parts->reaper,
                                                 &parts->pipeliner, &parts->monitor}) {
    loops.push_back({loop, clock.monotonic_ms()});
  }
  const int64_t begun = clock.monotonic_ms();
  interference.counts.clear();
  while (clock.monotonic_ms() < begun + 1'200'000) {
    auto& next = *std::min_element(loops.begin(), loops.end(), [](auto& a, auto& b) { return a.next_ms < b.next_ms; });
    if (next.next_ms > clock.monotonic_ms()) clock.advance(next.next_ms - clock.monotonic_ms());
    next.next_ms = clock.monotonic_ms() + next.loop->turn();
  }
  int others = 0, renewals = 0;
  for (const auto& [operation, count] : interference.counts) {
    const bool is_renewal = operation == "renew_leases" || operation == "heartbeat_orchestrator";
    (is_renewal ? renewals : others) += count;
  }
  EXPECT_LT(others, 1'200);
  EXPECT_LE(renewals, 2 * 121);
  EXPECT_GT(renewals, 2 * 115);
}

class ReaperTest : public OrchestratorTest {
 protected:
  void turn_for(int64_t ms) {
    const int64_t until = clock.monotonic_ms() + ms;
    while (clock.monotonic_ms() < until) {
      parts->monitor.turn();
      clock.advance(std::max<int64_t>(1, parts->reaper.turn()));
    }
  }
  std::vector<model::ClaimedTask> claim() { return claim_as("w", {"list"}); }
  void register_worker() { real->register_worker(testing::identity("w"), 30'000); }
};

TEST_F(ReaperTest, RescuesTasksOfAWorkerThatDied) {
  const int64_t job = submit({new_task("list"), new_task("list")});
  open();
  turn_all();
  register_worker();
  ASSERT_THAT(claim(), SizeIs(2));
  parts->monitor.on_poke();
  turn_for(29'000);
  EXPECT_EQ(progress(job).running, 2U);
  turn_for(4'000);
  EXPECT_EQ(progress(job).ready, 2U);
  EXPECT_THAT(metrics.render(), HasSubstr("assay_tasks_rescued_total{reason=\"worker_died\"} 2"));
}

TEST_F(ReaperTest, RetriesTasksWhoseWaitIsOver) {
  const int64_t job = submit({new_task("list")});
  open();
  turn_all();
  register_worker();
  const auto task = claim().at(0);
  const store::TaskFailure failure = failure_of(task, model::FailureKind::transient, 5'000);
  real->fail_tasks("w", {&failure, 1});
  parts->monitor.on_poke();
  turn_for(4'500);
  EXPECT_EQ(progress(job).failed, 1U);
  turn_for(2'000);
  EXPECT_EQ(progress(job).ready, 1U);
}

TEST_F(ReaperTest, TakesTasksFromAWorkerThatHoldsThemTooLong) {
  const int64_t job = submit({new_task("list")});
  open({.task_deadline_ms = 100'000});
  turn_all();
  register_worker();
  claim();
  for (int i = 0; i < 12; ++i) {
    real->heartbeat_worker("w", 30'000, false);
    turn_for(10'000);
  }
  EXPECT_EQ(progress(job).running, 0U);
  EXPECT_THAT(metrics.render(), HasSubstr("assay_tasks_rescued_total{reason=\"deadline\"} 1"));
}

TEST_F(ReaperTest, RemovesTasksOfJobsThatEndedLongAgo) {
  const int64_t job = submit({new_task("list")});
  open({.keep_tasks_ms = 1'000'000});
  turn_all();
  real->request_command(job, model::JobCommand::cancel);
  turn_all();
  ASSERT_EQ(status(job), model::JobStatus::cancelled);
  turn_for(900'000);
  EXPECT_THAT(real->list_tasks(job, std::nullopt, 0, 10), SizeIs(1));
  turn_for(800'000);
  EXPECT_THAT(real->list_tasks(job, std::nullopt, 0, 10), SizeIs(0));
}

}  // namespace
}  // namespace assay::coordinate
