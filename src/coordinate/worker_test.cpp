#include "coordinate/worker.h"

#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
#include <latch>

#include "coordinate/fixture_test.h"
#include "sql/error.h"

namespace assay::coordinate {
namespace {

using ::testing::ElementsAre;
using testing::handler;
using ::testing::HasSubstr;
using testing::new_task;
using ::testing::Not;
using ::testing::SizeIs;
using testing::WorkerTest;

store::TaskCompletion nothing(const TaskContext&) { return {}; }

sql::Error broken(bool outcome_unknown) {
  return {core::ErrorKind::transient, sql::Trouble::connection_lost, "the connection broke", outcome_unknown};
}

class WorkerLoopsTest : public WorkerTest {};

TEST_F(WorkerLoopsTest, RunsTasksAndRecordsThem) {
  const int64_t job = submit({new_task("read", "1"), new_task("read", "2")});
  hold_jobs();
  std::vector<std::string> seen;
  std::vector<int64_t> recorded;
  options.on_recorded = [&](const store::TaskCompletion& done) { recorded.push_back(done.task_id); };
  open({handler("read", [&](const TaskContext& context) {
    seen.push_back(context.task.work_packet);
    EXPECT_THAT(context.configuration, HasSubstr("\"x\":1"));
    store::TaskCompletion done;
    done.progress.objects_done = 3;
    return done;
  })});
  work_once();
  EXPECT_THAT(seen, ElementsAre("1", "2"));
  EXPECT_THAT(recorded, SizeIs(2));
  EXPECT_EQ(progress(job).completed, 2U);
  EXPECT_EQ(progress(job).work.objects_done, 6U);
}

TEST_F(WorkerLoopsTest, OneClaimTakesABatchAndAnIdleWorkerAsksLessOften) {
  open({handler("read", nothing)});
  int64_t last = 0;
  for (int i = 0; i < 10; ++i) last = worker->claimer.turn();
  EXPECT_GE(last, 375);
  EXPECT_LE(last, 500);
  worker->claimer.on_poke();
  EXPECT_LE(worker->claimer.turn(), 20);
}

TEST_F(WorkerLoopsTest, ErrorsDecideWhetherATaskIsTriedAgain) {
  const int64_t job =
      submit({new_task("read", "t"), new_task("read", "p"), new_task("read", "b"), new_task("read", "x")});
  hold_jobs();
  open({handler("read", [](const TaskContext& context) -> store::TaskCompletion {
    if (context.task.work_packet == "t") throw core::Error(core::ErrorKind::transient, "not now");
    if (context.task.work_packet == "p") throw core::Error(core::ErrorKind::permanent, "never");
    if (context.task.work_packet == "b") throw core::Error(core::ErrorKind::bad_input, "no");
    throw std::runtime_error("secret-value");
  })});
  work_once();
  EXPECT_EQ(progress(job).failed, 1U);
  EXPECT_EQ(progress(job).dead, 3U);
  for (const auto& task : real->list_tasks(job, std::nullopt, 0, 10)) EXPECT_THAT(task.error, Not(HasSubstr("secret")));
  EXPECT_THAT(log.str(), Not(HasSubstr("secret")));
}

TEST_F(WorkerLoopsTest, TransientFailuresOpenTheBreakerOfTheirSource) {
  const int64_t source = add_source();
  submit({new_task("read", "1", source), new_task("read", "2", source), new_task("read", "3", source)});
  hold_jobs();
  options.breaker = {.threshold = 3, .open_ms = 10'000};
  bool fails = true;
  open({handler("read", [&](const TaskContext&) -> store::TaskCompletion {
    if (fails) throw core::Error(core::ErrorKind::transient, "down");
    return {};
  })});
  work_once();
  ASSERT_THAT(real->breakers(), SizeIs(1));
  EXPECT_EQ(real->breakers()[0].state, model::BreakerState::open);
  fails = false;
  clock.advance(400'000);
  real->retry_due_tasks(10);
  for (int i = 0; i < 4; ++i) {
    worker->heart.turn();
    worker->heart.turn();
    clock.advance(1'000);
    work_once();
  }
  for (const auto& breaker : real->breakers()) EXPECT_EQ(breaker.state, model::BreakerState::closed);
}

TEST_F(WorkerLoopsTest, KeepsABatchUntilTheStoreAnswers) {
  const int64_t job = submit({new_task("read")});
  hold_jobs();
  std::vector<int64_t> recorded;
  options.on_recorded = [&](const store::TaskCompletion& done) { recorded.push_back(done.task_id); };
  open({handler("read", nothing)});
  worker->claimer.turn();
  worker->runner->run(worker->bench->try_begin());
  bool is_down = true;
  interference.on_before = [&](std::string_view operation) {
    if (is_down && operation == "complete_tasks") throw broken(false);
  };
  EXPECT_THROW(worker->recorder.turn(), core::Error);
  EXPECT_THROW(worker->recorder.turn(), core::Error);
  is_down = false;
  worker->recorder.turn();
  EXPECT_EQ(progress(job).completed, 1U);
  EXPECT_THAT(recorded, SizeIs(1));
}

TEST_F(WorkerLoopsTest, ALostAnswerToACompletionIsAskedForAgain) {
  const int64_t job = submit({new_task("read")});
  hold_jobs();
  int shown = 0;
  options.on_recorded = [&](const store::TaskCompletion&) { ++shown; };
  open({handler("read", [](const TaskContext&) {
    store::TaskCompletion done;
    done.progress.objects_done = 1;
    return done;
  })});
  worker->claimer.turn();
  worker->runner->run(worker->bench->try_begin());
  bool is_lost = true;
  interference.on_after = [&](std::string_view operation) {
    if (operation == "complete_tasks" && std::exchange(is_lost, false)) throw broken(true);
  };
  EXPECT_THROW(worker->recorder.turn(), core::Error);
  worker->recorder.turn();
  EXPECT_EQ(progress(job).work.objects_done, 1U);
  EXPECT_EQ(shown, 1);
}

TEST_F(WorkerLoopsTest, ALostAnswerToAClaimLosesNoTask) {
  const int64_t job = submit({new_task("read"), new_task("read")});
  hold_jobs();
  open({handler("read", nothing)});
  bool is_lost = true;
  interference.on_after = [&](std::string_view operation) {
    if (operation == "claim_ready_tasks" && std::exchange(is_lost, false)) throw broken(true);
  };
  EXPECT_THROW(worker->claimer.turn(), core::Error);
  EXPECT_EQ(progress(job).running, 2U) << "nobody knows of them";
  work_once();
  EXPECT_EQ(progress(job).running, 2U);
  worker->heart.turn();  // another incarnation
  EXPECT_EQ(progress(job).ready, 2U);
  work_once();
  EXPECT_EQ(progress(job).completed, 2U);
}

TEST_F(WorkerLoopsTest, WhatTheStoreRefusesCostsOnlyItsOwnTask) {
  const int64_t job = submit({new_task("read", "1"), new_task("read", "2"), new_task("read", "3")});
  hold_jobs();
  open({handler("read", nothing)});
  int calls = 0;
  interference.on_before = [&](std::string_view operation) {
    if (operation != "complete_tasks") return;
    ++calls;  // first all three, then one by one from the last
    if (calls == 1 || calls == 3)
      throw core::Error(core::ErrorKind::permanent, "holds what the database does not take");
  };
  work_once();
  EXPECT_EQ(calls, 4);
  EXPECT_EQ(progress(job).completed, 2U);
  EXPECT_EQ(progress(job).dead, 1U);
  EXPECT_THAT(real->list_tasks(job, model::TaskStatus::dead, 0, 10).at(0).error, HasSubstr("refused"));
}

TEST_F(WorkerLoopsTest, DropsWhatOthersTookOver) {
  const int64_t job = submit({new_task("read")});
  hold_jobs();
  int shown = 0;
  options.on_recorded = [&](const store::TaskCompletion&) { ++shown; };
  open({handler("read", nothing)});
  worker->claimer.turn();
  const auto attempt = worker->bench->try_begin();
  clock.advance(29'000);
  // The reaper of somebody whose clock runs ahead: the database says that the worker is dead.
  clock.advance(2'000);
  ASSERT_EQ(real->rescue_tasks_of_dead_workers(10), 1U);
  worker->runner->run(attempt);
  worker->recorder.turn();
  EXPECT_EQ(shown, 0);
  EXPECT_EQ(progress(job).completed, 0U);
}

TEST_F(WorkerLoopsTest, FencesItselfWhenTheHeartbeatCannotBeRenewed) {
  submit({new_task("read"), new_task("read")});
  hold_jobs();
  open({handler("read", nothing)});
  worker->claimer.turn();
  const auto attempt = worker->bench->try_begin();
  interference.on_before = [](std::string_view) { throw broken(false); };
  clock.advance(10'000);
  EXPECT_THROW(worker->heart.turn(), core::Error);
  worker->watchdog.turn();
  EXPECT_FALSE(attempt->stop.stop_requested());
  clock.advance(20'000);
  worker->watchdog.turn();
  EXPECT_TRUE(attempt->stop.stop_requested());
  EXPECT_EQ(worker->bench->counts().queued, 0U);
  interference.on_before = nullptr;
  worker->heart.turn();
  EXPECT_TRUE(worker->bench->identity().is_live) << "goes on as another incarnation";
  EXPECT_EQ(worker->bench->identity().incarnation, 2U);
}

TEST_F(WorkerLoopsTest, SaysThatItFencedItselfWhoeverNoticesFirst) {
  constexpr std::string_view fenced = "the heartbeat could not be renewed in time";
  submit({new_task("read")});
  hold_jobs();
  open({handler("read", nothing)});
  worker->claimer.turn();
  interference.on_before = [](std::string_view) { throw broken(false); };
  clock.advance(30'000);
  EXPECT_THROW(worker->heart.turn(), core::Error);
  worker->watchdog.turn();
  EXPECT_THAT(log.str(), HasSubstr(fenced));
  EXPECT_THAT(log.str(), Not(HasSubstr("starts anew")));
  EXPECT_THAT(metrics.render(), HasSubstr("assay_worker_fenced_total 1\n"));
}

TEST_F(WorkerLoopsTest, SaysThatItFencedItselfWhileAllItHasIsBeingRecorded) {
  submit({new_task("read")});
  hold_jobs();
  open({handler("read", nothing)});
  worker->claimer.turn();
  worker->runner->run(worker->bench->try_begin());
  // As behind another process's lock on the whole file: time goes by in the middle of the write.
  interference.on_before = [&](std::string_view operation) {
    if (operation != "complete_tasks") return;
    clock.advance(30'000);
    worker->watchdog.turn();
    throw broken(false);
  };
  EXPECT_THROW(worker->recorder.turn(), core::Error);
  EXPECT_THAT(log.str(), HasSubstr("the heartbeat could not be renewed in time"));
  EXPECT_THAT(metrics.render(), HasSubstr("assay_worker_fenced_total 1\n"));
}

TEST_F(WorkerLoopsTest, StartsAnewWhenTheStoreForgotIt) {
  const int64_t job = submit({new_task("read")});
  hold_jobs();
  open({handler("read", nothing)});
  worker->claimer.turn();
  real->unregister_worker(worker->bench->identity().worker_id);
  clock.advance(10'000);
  worker->heart.turn();
  worker->heart.turn();
  work_once();
  EXPECT_EQ(progress(job).completed, 1U);
}

TEST_F(WorkerLoopsTest, StopsTasksOfACancelledJobSoon) {
  const int64_t job = submit({new_task("read"), new_task("read")});
  hold_jobs();
  options.job_check_ms = 2'000;
  open({handler("read", [&](const TaskContext& context) -> store::TaskCompletion {
    real->request_command(job, model::JobCommand::cancel);
    real->execute_pending_command(job, jobs.at(0).version);
    clock.advance(2'000);
    worker->heart.turn();
    EXPECT_TRUE(context.stop.stop_requested());
    throw core::Error(core::ErrorKind::transient, "stopped");
  })});
  work_once();
  worker->recorder.turn();
  EXPECT_EQ(progress(job).running, 0U);
  EXPECT_EQ(progress(job).ready, 2U) << "given back, not charged";
  EXPECT_TRUE(real->finish_cancelling_job(job, jobs.at(0).version));
}

TEST_F(WorkerLoopsTest, GivesBackWhatIsNotBegunOfAPausingJob) {
  const int64_t job = submit({new_task("read"), new_task("read")});
  hold_jobs();
  open({handler("read", nothing)});
  worker->claimer.turn();
  const auto attempt = worker->bench->try_begin();
  real->request_command(job, model::JobCommand::pause);
  real->execute_pending_command(job, jobs.at(0).version);
  clock.advance(2'000);
  worker->heart.turn();
  worker->runner->run(attempt);
  worker->recorder.turn();
  EXPECT_EQ(progress(job).completed, 1U);
  EXPECT_EQ(progress(job).ready, 1U);
}

TEST_F(WorkerLoopsTest, APoisonTaskIsDeadWithinItsAttemptsAndItsMatesAreNotCharged) {
  const int64_t job = submit({new_task("read", "good"), new_task("read", "poison"), new_task("read", "good")}, 3);
  hold_jobs();
  struct Death {};
  const Handlers handlers = {handler("read", [](const TaskContext& context) -> store::TaskCompletion {
    if (context.task.work_packet == "poison") throw Death{};
    return {};
  })};
  int deaths = 0;
  for (int i = 0; i < 40 && progress(job).completed + progress(job).dead < 3; ++i) {
    open(handlers);
    try {
      for (int j = 0; j < 5; ++j) work_once();
    } catch (const Death&) {
      ++deaths;
    }
    worker.reset();
    clock.advance(31'000);
    real->rescue_tasks_of_dead_workers(100);
  }
  EXPECT_EQ(progress(job).dead, 1U);
  EXPECT_EQ(progress(job).completed, 2U);
  EXPECT_LE(deaths, 5);
}

TEST_F(WorkerLoopsTest, KeepsTheConfigurationsOfTheJobsUsedLast) {
  for (int i = 0; i < 3; ++i) submit({new_task("read"), new_task("read")});
  hold_jobs();
  interference.counts_operations = true;
  options.configurations = 2;
  options.slots = 100;
  open({handler("read", nothing)});
  work_once();
  EXPECT_LE(interference.counts["job_configuration"], 6);
  EXPECT_GE(interference.counts["job_configuration"], 3);
}

TEST_F(WorkerLoopsTest, ABusyWorkerEmptiesItselfForTasksThatMustRunAlone) {
  std::vector<model::NewTask> many(2'000, new_task("read"));
  const int64_t job = submit(many);
  hold_jobs();
  open({handler("read", nothing)});
  // One task becomes a suspect: its worker died with it.
  real->register_worker(testing::identity("victim"), 1'000);
  ASSERT_THAT(claim_as("victim", {"read"}, 2), SizeIs(2));
  clock.advance(1'001);
  ASSERT_EQ(real->rescue_tasks_of_dead_workers(10), 2U);
  for (int i = 0; i < 3'000 && progress(job).completed < 1'998; ++i) {
    worker->heart.turn();
    worker->claimer.turn();
    if (const auto attempt = worker->bench->try_begin()) worker->runner->run(attempt);
    clock.advance(100);
    worker->recorder.turn();
    if (real->progress(job)[0].completed > 0 && i > 1'500) break;
  }
  EXPECT_GE(clock.monotonic_ms() - 1'000'000, 60'000);
  size_t suspects_done = 0;
  for (const auto& task : real->list_tasks(job, model::TaskStatus::completed, 0, 2))
    suspects_done += task.id <= 2 ? 1 : 0;
  EXPECT_GE(suspects_done, 1U);
}

}  // namespace
}  // namespace assay::coordinate
