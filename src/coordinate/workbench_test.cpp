#include "coordinate/workbench.h"

#include <gmock/gmock.h>

#include <memory>
#include <thread>

namespace assay::coordinate {
namespace {

model::ClaimedTask task(int64_t id, int64_t job_id = 1, bool isolated = false) {
  model::ClaimedTask task;
  task.id = id;
  task.job_id = job_id;
  task.epoch = 3;
  task.kind = "read";
  task.datasource_id = 1;
  task.attempt = 1;
  task.isolated = isolated;
  return task;
}

store::TaskCompletion done(const Attempt& attempt) {
  store::TaskCompletion completion;
  completion.task_id = attempt.task.id;
  completion.job_id = attempt.task.job_id;
  completion.epoch = attempt.task.epoch;
  return completion;
}

store::TaskFailure failure(int64_t task_id) {
  store::TaskFailure failure;
  failure.task_id = task_id;
  return failure;
}

WorkerOptions two_slots() {
  WorkerOptions options;
  options.slots = 2;
  options.claim_batch = 10;
  return options;
}

class WorkbenchTest : public ::testing::Test {
 protected:
  void open() {
    bench = std::make_unique<Workbench>(options, clock);
    bench->enlist("w1", clock.monotonic_ms() + 30'000);
  }
  void put(std::vector<model::ClaimedTask> tasks) { bench->put(1, std::move(tasks)); }
  OutcomeBatch take(bool at_once = true) { return bench->take_outcomes(at_once, wait_ms); }

  core::ManualClock clock;
  WorkerOptions options = two_slots();
  std::unique_ptr<Workbench> bench;
  int64_t wait_ms = 0;
};

TEST_F(WorkbenchTest, HandsTasksOutInOrderAndCollectsTheirOutcomes) {
  open();
  put({task(1), task(2)});
  const auto first = bench->try_begin(), second = bench->try_begin();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->task.id, 1);
  EXPECT_EQ(second->task.id, 2);
  EXPECT_EQ(bench->try_begin(), nullptr);
  EXPECT_TRUE(bench->finish(first, done(*first)));
  EXPECT_TRUE(bench->finish(second, failure(2)));
  const OutcomeBatch batch = take();
  EXPECT_EQ(batch.completions.size(), 1U);
  EXPECT_EQ(batch.failures.size(), 1U);
  EXPECT_EQ(bench->counts().unrecorded, 2U);
  bench->recorded(batch.size());
  EXPECT_TRUE(bench->appetite().is_idle);
}

TEST_F(WorkbenchTest, AnOutcomeWaitsForCompanyOnlyWhileOthersRun) {
  open();
  put({task(1), task(2)});
  const auto first = bench->try_begin(), second = bench->try_begin();
  bench->finish(first, done(*first));
  EXPECT_EQ(take(false).size(), 0U);
  EXPECT_EQ(wait_ms, options.record_after_ms);
  clock.advance(options.record_after_ms);
  EXPECT_EQ(take(false).size(), 1U);
  bench->finish(second, done(*second));
  EXPECT_EQ(take(false).size(), 1U) << "nothing else is in work";
}

TEST_F(WorkbenchTest, ABatchIsBoundedByCountAndByWeight) {
  options.record_batch = 3;
  options.record_weight = 10;
  options.slots = 8;
  open();
  for (int64_t i = 1; i <= 8; ++i) put({task(i)});
  for (int i = 0; i < 8; ++i) {
    const auto attempt = bench->try_begin();
    ASSERT_TRUE(attempt);
    auto completion = done(*attempt);
    completion.findings.resize(i < 2 ? 20 : 0);
    bench->finish(attempt, std::move(completion));
  }
  EXPECT_EQ(take().size(), 1U);
  EXPECT_EQ(take().size(), 1U);
  EXPECT_EQ(take().size(), 3U);
  EXPECT_EQ(take().size(), 3U);
  EXPECT_EQ(take().size(), 0U);
}

TEST_F(WorkbenchTest, BeginsNothingWhileTooMuchIsUnrecorded) {
  options.most_unrecorded = 1;
  open();
  put({task(1), task(2)});
  const auto first = bench->try_begin();
  bench->finish(first, done(*first));
  EXPECT_EQ(bench->try_begin(), nullptr);
  EXPECT_EQ(bench->appetite().most, 0U);
  const auto batch = take();
  EXPECT_EQ(bench->try_begin(), nullptr) << "what is being recorded is not recorded";
  bench->recorded(batch.size());
  EXPECT_NE(bench->try_begin(), nullptr);
}

TEST_F(WorkbenchTest, AnIsolatedTaskRunsAlone) {
  open();
  put({task(1)});
  const auto other = bench->try_begin();
  put({task(2, 1, true), task(3)});
  EXPECT_EQ(bench->try_begin(), nullptr) << "another task runs";
  bench->finish(other, done(*other));
  const auto alone = bench->try_begin();
  ASSERT_TRUE(alone);
  EXPECT_EQ(alone->task.id, 2);
  EXPECT_EQ(bench->try_begin(), nullptr) << "an isolated task runs";
  EXPECT_EQ(bench->appetite().most, 0U);
  bench->finish(alone, done(*alone));
  EXPECT_NE(bench->try_begin(), nullptr);
}

TEST_F(WorkbenchTest, FencesItselfByItsOwnClock) {
  open();
  put({task(1), task(2)});
  const auto attempt = bench->try_begin();
  clock.advance(29'999);
  EXPECT_FALSE(bench->is_fenced());
  bench->renewed(1, clock.monotonic_ms() + 30'000);
  clock.advance(30'000);
  EXPECT_TRUE(bench->is_fenced());
  EXPECT_EQ(bench->try_begin(), nullptr);
  EXPECT_EQ(bench->fence(), 2U);
  EXPECT_EQ(bench->fence(), std::nullopt) << "it is fenced once";
  EXPECT_TRUE(attempt->stop.stop_requested());
  EXPECT_FALSE(bench->finish(attempt, done(*attempt))) << "it belongs to others now";
  bench->renewed(1, clock.monotonic_ms() + 30'000);
  EXPECT_TRUE(bench->is_fenced()) << "a fence is not taken back";
  bench->enlist("w2", clock.monotonic_ms() + 30'000);
  bench->put(1, {task(9)});
  EXPECT_EQ(bench->try_begin(), nullptr) << "claimed by an incarnation that is no more";
  EXPECT_EQ(take().size(), 0U);
}

TEST_F(WorkbenchTest, AnOlderClaimOfTheSameTaskIsLost) {
  open();
  put({task(1), task(2), task(3)});
  const auto hung = bench->try_begin();
  const auto waiting = bench->try_begin();
  EXPECT_TRUE(bench->finish(waiting, done(*waiting)));
  // An orchestrator took all three away, since they ran past its deadline.
  std::vector<model::ClaimedTask> again = {task(1), task(2), task(3)};
  for (auto& each : again) each.epoch += 2;
  put(again);
  EXPECT_TRUE(hung->stop.stop_requested());
  EXPECT_EQ(bench->counts().queued, 3U);
  EXPECT_EQ(bench->counts().unrecorded, 0U);
  EXPECT_FALSE(bench->finish(hung, done(*hung)));
  EXPECT_EQ(take().size(), 0U);
  const auto attempt = bench->try_begin();
  EXPECT_EQ(attempt->task.epoch, 5);
  EXPECT_TRUE(bench->finish(attempt, done(*attempt)));
  EXPECT_EQ(take().completions.size(), 1U);
}

TEST_F(WorkbenchTest, AnIncarnationInDoubtIsReplacedWhenItHasNothingInHand) {
  open();
  put({task(1)});
  bench->doubt(1);
  EXPECT_EQ(bench->appetite().most, 0U);
  EXPECT_FALSE(bench->is_to_be_replaced());
  const auto attempt = bench->try_begin();
  bench->finish(attempt, done(*attempt));
  bench->recorded(take().size());
  EXPECT_TRUE(bench->is_to_be_replaced());
  bench->enlist("w2", clock.monotonic_ms() + 30'000);
  EXPECT_FALSE(bench->is_to_be_replaced());
  EXPECT_GT(bench->appetite().most, 0U);
}

TEST_F(WorkbenchTest, AsksToStopAtTheDeadlineAndGivesUpTheSlotOfOneThatDoesNot) {
  options.deadline_ms = 1'000;
  options.deadlines_ms["slow"] = 5'000;
  open();
  auto slow = task(2);
  slow.kind = "slow";
  put({task(1), slow});
  const auto first = bench->try_begin(), second = bench->try_begin();
  clock.advance(1'000);
  bench->enforce_deadlines();
  EXPECT_TRUE(first->stop.stop_requested());
  EXPECT_FALSE(second->stop.stop_requested());
  EXPECT_EQ(bench->stop_reason(*first), StopReason::deadline);
  EXPECT_EQ(bench->abandon_hung(500), 0U);
  clock.advance(500);
  EXPECT_EQ(bench->abandon_hung(500), 1U);
  EXPECT_EQ(bench->abandoned(), 1U);
  const auto batch = take();
  ASSERT_EQ(batch.failures.size(), 1U);
  EXPECT_EQ(batch.failures[0].task_id, 1);
  EXPECT_EQ(batch.failures[0].kind, model::FailureKind::transient);
  EXPECT_FALSE(bench->finish(first, done(*first))) << "it came back too late";
  EXPECT_EQ(bench->abandoned(), 0U);
}

TEST_F(WorkbenchTest, ClaimsNothingMoreWhenTooManyHang) {
  options.most_abandoned = 0;
  options.deadline_ms = 1;
  open();
  put({task(1)});
  const auto hung = bench->try_begin();
  clock.advance(10);
  bench->enforce_deadlines();
  bench->abandon_hung(0);
  EXPECT_EQ(bench->appetite().most, 0U);
}

TEST_F(WorkbenchTest, AJobThatStopsGivesBackWhatWasNotBegun) {
  open();
  put({task(1, 1), task(2, 1), task(3, 2)});
  const auto running = bench->try_begin();
  EXPECT_THAT(bench->jobs_in_hand(10), ::testing::ElementsAre(1, 2));
  bench->job_stops(1, false);
  EXPECT_FALSE(running->stop.stop_requested()) << "a paused job's tasks may end";
  EXPECT_EQ(take().give_backs.size(), 1U);
  bench->job_stops(1, true);
  EXPECT_TRUE(running->stop.stop_requested());
  EXPECT_EQ(bench->try_begin()->task.id, 3);
}

TEST_F(WorkbenchTest, DrainingGivesBackEverythingNotBegun) {
  open();
  put({task(1), task(2), task(3)});
  const auto running = bench->try_begin();
  bench->drain();
  put({task(4)});
  EXPECT_EQ(bench->try_begin(), nullptr);
  EXPECT_EQ(take().give_backs.size(), 3U);
  EXPECT_EQ(bench->appetite().most, 0U);
  EXPECT_FALSE(bench->wait_until_nothing_runs(0));
  bench->finish(running, done(*running));
  EXPECT_TRUE(bench->wait_until_nothing_runs(0));
}

TEST_F(WorkbenchTest, PaysForBytesAfterwards) {
  options.process_budget.bytes_per_s = 1'000;
  open();
  put({task(1), task(2)});
  const auto first = bench->try_begin();
  auto completion = done(*first);
  completion.progress.bytes_done = 3'000;
  bench->finish(first, std::move(completion));
  EXPECT_EQ(bench->try_begin(), nullptr);
  clock.advance(1'990);
  EXPECT_EQ(bench->try_begin(), nullptr);
  clock.advance(20);
  EXPECT_NE(bench->try_begin(), nullptr);
}

TEST_F(WorkbenchTest, WakesWhoeverWaitsForATask) {
  open();
  std::shared_ptr<Attempt> attempt;
  std::jthread waiting([&](const std::stop_token& stop) { attempt = bench->begin(stop); });
  put({task(1)});
  waiting.join();
  ASSERT_TRUE(attempt);
  EXPECT_EQ(attempt->task.id, 1);
}

TEST_F(WorkbenchTest, TellsOnceThatFewTasksAreLeft) {
  open();
  int told = 0;
  bench->on_hungry = [&] { ++told; };
  put({task(1), task(2), task(3)});
  while (bench->try_begin()) continue;
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace assay::coordinate
