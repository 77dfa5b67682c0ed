#include "cli/job_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::cli {
namespace {

using model::BreakerState;
using model::JobCommand;
using model::JobStatus;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr int64_t now = 1'772'357'400'000;

store::ProcessRow process(const std::string& id, const std::string& group = "g", int64_t expires_at = now + 10'000) {
  return {.identity = {.id = id, .name = id, .node_group = group, .host = "h", .pid = 1}, .expires_at = expires_at};
}

/// A job that runs, with everybody alive and nothing in its way.
JobFacts well() {
  JobFacts f;
  f.job.id = 7;
  f.job.node_group = "g";
  f.job.status = JobStatus::running;
  f.job.orchestrator_id = "o1";
  f.job.orchestrator_lease_expiry = now + 20'000;
  f.now_ms = now;
  f.orchestrators = {process("o1")};
  f.workers = {process("w1")};
  f.source_names = {{3, "homes"}, {4, "shares"}};
  store::ProgressRow row;
  row.datasource_id = 3;
  row.running = 2;
  row.ready = 5;
  f.progress = {row};
  return f;
}

TEST(Reasons, AreNoneForAJobThatRuns) {
  EXPECT_THAT(reasons_for_waiting(well()), IsEmpty());
  auto f = well();
  f.job.status = JobStatus::completed;
  f.orchestrators.clear();
  f.workers.clear();
  EXPECT_THAT(reasons_for_waiting(f), IsEmpty());
}

TEST(Reasons, NameTheProcessThatIsMissing) {
  auto f = well();
  f.job.status = JobStatus::queued;
  f.job.orchestrator_id.clear();
  f.orchestrators = {process("o1", "elsewhere"), process("o2", "g", now - 1)};
  f.workers = {process("w1", "elsewhere")};
  EXPECT_THAT(reasons_for_waiting(f),
              ElementsAre(AllOf(StartsWith("no orchestrator is alive in the node group 'g'"),
                                HasSubstr("assay orchestrator --node-group g")),
                          AllOf(StartsWith("no worker is alive"), HasSubstr("assay worker --node-group g"))));
  f = well();
  f.workers[0].draining = true;
  EXPECT_THAT(reasons_for_waiting(f), ElementsAre(HasSubstr("all 1 workers of the node group 'g' are ending")));
}

TEST(Reasons, TellOfTheQueueAndOfLeases) {
  auto f = well();
  f.job.status = JobStatus::queued;
  f.job.orchestrator_id.clear();
  EXPECT_THAT(reasons_for_waiting(f), ElementsAre(HasSubstr("it is queued")));
  f = well();
  f.job.orchestrator_lease_expiry = now - 3000;
  EXPECT_THAT(reasons_for_waiting(f), ElementsAre(HasSubstr("lease ran out 3 s ago")));
  f = well();
  f.orchestrators = {process("o2")};
  EXPECT_THAT(reasons_for_waiting(f), ElementsAre(HasSubstr("another takes the job when its lease ends, in 20 s")));
}

TEST(Reasons, TellWhatWasAskedForAndWhatItWaitsFor) {
  auto f = well();
  f.job.pending_command = JobCommand::pause;
  EXPECT_THAT(reasons_for_waiting(f), ElementsAre(StartsWith("a pause was asked for")));
  f = well();
  f.job.status = JobStatus::pausing;
  EXPECT_THAT(reasons_for_waiting(f), ElementsAre("it waits for 2 tasks in work to end"));
  f.job.status = JobStatus::paused;
  f.orchestrators.clear();
  EXPECT_THAT(reasons_for_waiting(f), ElementsAre(HasSubstr("`assay job resume 7`")));
}

TEST(Reasons, TellOfBreakersOfTheJobsOwnSources) {
  auto f = well();
  f.breakers = {{.datasource_id = 3, .state = BreakerState::open, .failures = 5, .open_until = now + 12'000},
                {.datasource_id = 4, .state = BreakerState::open, .failures = 9, .open_until = now + 12'000}};
  EXPECT_THAT(reasons_for_waiting(f),
              ElementsAre("the source 'homes' failed 5 times; its tasks wait until 2026-03-01 09:30:12 UTC (in 12 s)"));
  f.breakers[0].state = BreakerState::half_open;
  EXPECT_THAT(reasons_for_waiting(f), ElementsAre(HasSubstr("one task tries whether it answers again")));
  f.breakers[0].state = BreakerState::closed;
  EXPECT_THAT(reasons_for_waiting(f), IsEmpty());
}

TEST(Reasons, TellOfBudgetsBackoffAndDeadTasks) {
  auto f = well();
  f.progress[0].pending = 10;
  f.budgets = {{.source = "homes", .what = "tasks", .in_use = 4, .limit = 4},
               {.source = "homes", .what = "connections", .in_use = 1, .limit = 4}};
  EXPECT_THAT(reasons_for_waiting(f), ElementsAre("the budget of the source 'homes' is used up: 4 of 4 tasks"));
  f = well();
  f.progress[0].running = f.progress[0].ready = 0;
  f.progress[0].failed = 1;
  f.next_retry_at = now + 5000;
  EXPECT_THAT(reasons_for_waiting(f),
              ElementsAre("1 task failed and will be tried again; the first is made at 2026-03-01 09:30:05 UTC (in "
                          "5 s)"));
  f = well();
  f.job.status = JobStatus::failed;
  f.job.error = "tasks are dead";
  f.progress[0].dead = 2;
  EXPECT_THAT(
      reasons_for_waiting(f),
      ElementsAre(AllOf(StartsWith("2 tasks used up all attempts"), HasSubstr("assay job retry 7")), "tasks are dead"));
}

TEST(Reasons, TellOfReadyTasksThatNobodyTakes) {
  auto f = well();
  f.progress[0].running = 0;
  EXPECT_THAT(reasons_for_waiting(f), ElementsAre("5 tasks are ready and wait until one of 1 live workers takes them"));
}

TEST(Total, SumsEverySource) {
  store::ProgressRow row;
  row.job_id = 7;
  row.pending = row.ready = row.running = row.completed = row.failed = row.dead = row.outputs_waiting = 1;
  row.retries = row.rescues = 1;
  row.work = {.objects_discovered = 1,
              .bytes_discovered = 1,
              .objects_done = 1,
              .bytes_done = 1,
              .objects_skipped = 1,
              .bytes_skipped = 1,
              .objects_failed = 1,
              .bytes_failed = 1,
              .findings = 1};
  const auto sum = total({row, row, row});
  for (const uint64_t n :
       {sum.pending, sum.ready, sum.running, sum.completed, sum.failed, sum.dead, sum.outputs_waiting, sum.retries,
        sum.rescues, sum.work.objects_discovered, sum.work.bytes_discovered, sum.work.objects_done, sum.work.bytes_done,
        sum.work.objects_skipped, sum.work.bytes_skipped, sum.work.objects_failed, sum.work.bytes_failed,
        sum.work.findings})
    EXPECT_EQ(n, 3U);
  EXPECT_EQ(sum.job_id, 7);
}

}  // namespace
}  // namespace assay::cli
