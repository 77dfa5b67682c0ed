// A task that kills every worker that takes it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/faults/world.h"

namespace assay::tests {
namespace {

// In the second of the three packs.
const std::string poison = "examine." + ScannedTree::name_of(300);

TEST(Poison, IsDeadWithinItsAttemptsAndChargesNobodyElse) {
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster(unhurried);
  cluster->start_orchestrator({.name = "orchestrator"});
  // All three packs are claimed before the first file is looked at, so that they are in one batch.
  const std::string first = "examine." + ScannedTree::name_of(0);
  Member worker{.name = "worker", .faults = first + "=hold:1," + poison + "=kill"};
  cluster->start_worker(worker);
  const int64_t job = cluster->start_job();
  // Another slot may come to the poison sooner.
  cluster->wait_until("the first file or the worker's end",
                      [&] { return cluster->is_held("worker", first) || !cluster->process("worker").is_running(); });
  cluster->wait_until("the packs in one hand", [&] {
    return cluster->number("SELECT COUNT(*) FROM tasks WHERE kind = 'scan.examine' AND status = 'RUNNING'") == 3 ||
           !cluster->process("worker").is_running();
  });
  cluster->let_go("worker", first);
  int deaths = 0;
  for (worker.faults = poison + "=kill"; deaths < 20; ++deaths) {
    cluster->wait_until("the end of the worker or of the job", [&] {
      return !cluster->process("worker").is_running() || cluster->job_status(job) != "RUNNING";
    });
    if (cluster->process("worker").is_running()) break;
    cluster->expire("worker");
    cluster->start_worker(worker);
  }
  EXPECT_EQ(cluster->wait_for_end(job), "FAILED");
  const auto dead = cluster->ask("SELECT id, attempt FROM tasks WHERE status = 'DEAD'");
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead.integer(0, 1), 5);
  EXPECT_LE(deaths, 6);  // once in company, then alone as often as it has attempts
  EXPECT_EQ(cluster->number("SELECT COUNT(*) FROM tasks WHERE status = 'COMPLETED' AND attempt <> 1"), 0)
      << "others were charged";
  EXPECT_EQ(cluster->number("SELECT COUNT(*) FROM tasks WHERE status NOT IN ('COMPLETED', 'DEAD')"), 0);
  expect_sound(*cluster, job);

  // The user finds the cause and tries again; a command that is killed on the way does it wholly or not at all.
  cluster->start_worker({.name = "worker"});
  const std::vector<std::string> retry = {"job", "retry", std::to_string(job), "--dead"};
  EXPECT_EQ(cluster->command(retry, "retry_dead_tasks.before_commit=kill").exit_code, 128 + SIGKILL);
  EXPECT_EQ(cluster->job_status(job), "FAILED");
  EXPECT_EQ(cluster->command(retry, "retry_dead_tasks.after_commit=kill").exit_code, 128 + SIGKILL);
  EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
  expect_sound(*cluster, job);
  expect_complete(*cluster, job, expected);
  EXPECT_EQ(cluster->number("SELECT COUNT(*) FROM tasks s WHERE s.kind = 'scan.sweep' AND s.status = 'COMPLETED' AND "
                            "s.claimed_at >= (SELECT MAX(finished_at) FROM tasks WHERE kind = 'scan.examine')"),
            1)
      << "the first sweep left out what might have died with the dead; the second comes behind them";
}

}  // namespace
}  // namespace assay::tests
