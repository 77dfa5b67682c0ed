// Processes that freeze and wake, and processes that race: whoever lost what it held changes nothing any more.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/faults/world.h"

namespace assay::tests {
namespace {

const std::string first_file = ScannedTree::name_of(0);
const std::string at_first_file = "examine." + first_file;
const std::string at_completion = "complete_tasks.before_commit";
const std::string at_rescue = "rescue_tasks_of_dead_workers.before_commit";

int64_t running(const Cluster& cluster) {
  return cluster.number("SELECT COUNT(*) FROM tasks WHERE status = 'RUNNING'");
}

int64_t rescues(const Cluster& cluster) { return cluster.number("SELECT COALESCE(SUM(rescues), 0) FROM job_progress"); }

int64_t lost_workers(const Cluster& cluster) {
  return cluster.number("SELECT COUNT(*) FROM workers WHERE lost_at <> 0");
}

TEST(Frozen, AWorkerThatSleptPastItsHeartbeatChangesNothing) {
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster(unhurried);
  cluster->start_orchestrator({.name = "orchestrator"});
  Service& zombie =
      cluster->start_worker({.name = "zombie", .faults = at_first_file + "=hold", .environment = hurried});
  const int64_t job = cluster->start_job();
  cluster->wait_until_held("zombie", at_first_file);
  zombie.signal(SIGSTOP);
  const std::string zombie_id =
      cluster->text("SELECT id FROM workers WHERE name = 'zombie' ORDER BY started_at DESC LIMIT 1");
  cluster->wait_until("the rescue", [&] { return rescues(*cluster) > 0 && running(*cluster) == 0; });
  cluster->start_worker({.name = "worker"});
  EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
  const int64_t completions = cluster->number("SELECT COUNT(*) FROM test_completions");

  cluster->let_go("zombie", at_first_file);
  zombie.signal(SIGCONT);
  // It notices, and comes back as another.
  cluster->wait_until("the zombie to start anew", [&] {
    return cluster->number("SELECT COUNT(*) FROM workers WHERE name = 'zombie' AND lost_at = 0 AND id <> $1",
                           {std::string_view(zombie_id)}) > 0;
  });
  EXPECT_EQ(cluster->number("SELECT COUNT(*) FROM test_completions"), completions);
  EXPECT_EQ(cluster->number("SELECT COUNT(*) FROM tasks WHERE status = 'COMPLETED' AND worker_id = $1 AND "
                            "kind = 'scan.examine'",
                            {std::string_view(zombie_id)}),
            0);
  expect_sound(*cluster, job);
  expect_complete(*cluster, job, expected);
}

TEST(Frozen, AnOrchestratorThatSleptPastItsLeaseChangesNothing) {
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster(unhurried);
  cluster->start_worker({.name = "worker", .faults = at_first_file + "=hold"});
  Service& zombie = cluster->start_orchestrator({.name = "zombie", .environment = hurried});
  const int64_t job = cluster->start_job();
  cluster->wait_until_held("worker", at_first_file);
  zombie.signal(SIGSTOP);
  const int64_t version = cluster->number("SELECT version FROM jobs WHERE id = $1", {job});
  cluster->start_orchestrator({.name = "orchestrator"});
  cluster->wait_until("the take-over",
                      [&] { return cluster->number("SELECT version FROM jobs WHERE id = $1", {job}) > version; });
  const std::string owner = cluster->text("SELECT orchestrator_id FROM jobs WHERE id = $1", {job});
  zombie.signal(SIGCONT);
  cluster->let_go("worker", at_first_file);
  EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
  EXPECT_EQ(cluster->text("SELECT orchestrator_id FROM jobs WHERE id = $1", {job}), owner);
  EXPECT_EQ(cluster->number("SELECT version FROM jobs WHERE id = $1", {job}), version + 1);
  expect_sound(*cluster, job);
  expect_complete(*cluster, job, expected);
}

TEST(Frozen, AReaperDoesNotWaitForACompletionInWorkAndDoesNotUndoIt) {
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster(unhurried);
  cluster->leave_transactions_open();
  cluster->start_orchestrator({.name = "orchestrator"});
  // The second completion, of the first pack: the first is the walk's, and the other packs do not come to their ends.
  Service& late = cluster->start_worker({.name = "late",
                                         .faults = at_completion + "=hold:2,examine." + ScannedTree::name_of(300) +
                                                   "=hold,examine." + ScannedTree::name_of(550) + "=hold"});
  const int64_t job = cluster->start_job();
  cluster->wait_until_held("late", at_completion);
  late.signal(SIGSTOP);  // with its completion written and not committed
  cluster->expire("late");
  cluster->wait_until("the worker to be given up", [&] { return lost_workers(*cluster) > 0; });
  cluster->start_worker({.name = "worker"});
  cluster->wait_until("the tasks whose rows nobody holds to be done", [&] {
    return cluster->number("SELECT COUNT(*) FROM tasks WHERE kind = 'scan.examine' AND status = 'COMPLETED'") == 2;
  });
  EXPECT_EQ(cluster->job_status(job), "RUNNING");
  cluster->let_go_for_good("late");
  late.signal(SIGCONT);
  EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
  expect_sound(*cluster, job);
  expect_complete(*cluster, job, expected);
}

/// Frozen with a transaction open, and with it the locks of rows that others want.
class FrozenInATransaction : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(FrozenInATransaction, HoldsOthersUpForSecondsOnly) {
  const auto& [role, operation] = GetParam();
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster();
  const bool is_worker = std::string_view(role) == "worker";
  cluster->start(is_worker ? "orchestrator" : "worker", {.name = "other"});
  const int64_t job = cluster->start_job();
  Service& frozen =
      cluster->start(role, {.name = "frozen", .faults = std::string(operation) + ".before_commit=stop:1"});
  cluster->wait_until("it to freeze", [&] { return frozen.is_stopped(); });
  cluster->start(role, {.name = "next"});
  EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
  frozen.signal(SIGCONT);
  const int64_t second = cluster->start_job();
  EXPECT_EQ(cluster->wait_for_end(second), "COMPLETED");
  expect_sound(*cluster, job);
  expect_sound(*cluster, second);
  expect_complete(*cluster, second, expected);
}

INSTANTIATE_TEST_SUITE_P(Faults, FrozenInATransaction,
                         ::testing::Values(std::pair("worker", "claim_ready_tasks"),
                                           std::pair("worker", "checkpoint_task"),
                                           std::pair("worker", "complete_tasks"),
                                           std::pair("orchestrator", "claim_jobs"),
                                           std::pair("orchestrator", "replace_outputs"),
                                           std::pair("orchestrator", "rescue_tasks_of_dead_workers")),
                         [](const auto& info) { return std::string(info.param.second); });

TEST(Frozen, TwoReapersRescueEachTaskOnce) {
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster(unhurried);
  cluster->leave_transactions_open();
  cluster->start_orchestrator({.name = "starter"});
  cluster->start_worker({.name = "dead", .faults = at_first_file + "=kill"});
  const int64_t job = cluster->start_job();
  cluster->wait_for_death("dead");
  cluster->lose("starter");
  const int64_t orphans = running(*cluster);
  const int64_t epochs = cluster->number("SELECT SUM(epoch) FROM tasks");
  ASSERT_GT(orphans, 0);
  cluster->expire("dead");
  // The first has rescued and not committed; the second comes meanwhile, and is not held up.
  cluster->start_orchestrator({.name = "first", .faults = at_rescue + "=hold:1"});
  cluster->wait_until_held("first", at_rescue);
  cluster->start_orchestrator({.name = "second", .faults = at_rescue + "=hold:1"});
  cluster->wait_until_held("second", at_rescue);
  cluster->let_go("second", at_rescue);
  cluster->let_go("first", at_rescue);
  cluster->wait_until("the rescue", [&] { return running(*cluster) == 0; });
  EXPECT_EQ(rescues(*cluster), orphans);
  EXPECT_EQ(cluster->number("SELECT SUM(epoch) FROM tasks"), epochs + orphans);
  cluster->start_worker({.name = "worker"});
  EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
  expect_sound(*cluster, job);
  expect_complete(*cluster, job, expected);
}

TEST(Frozen, AWorkersNameThatComesBackIsAnotherWorker) {
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster(unhurried);
  cluster->start_orchestrator({.name = "orchestrator"});
  cluster->start_worker({.name = "same", .faults = at_first_file + "=kill"});
  const int64_t job = cluster->start_job();
  cluster->wait_for_death("same");
  const std::string first = cluster->text("SELECT id FROM workers WHERE name = 'same'");
  const int64_t held = cluster->number("SELECT COUNT(*) FROM tasks WHERE status = 'RUNNING' AND worker_id = $1",
                                       {std::string_view(first)});
  ASSERT_GT(held, 0);
  // The same name at once, while the first one's heartbeat still counts: its tasks are not the second's.
  cluster->start_worker({.name = "same"});
  cluster->wait_until("the second to register",
                      [&] { return cluster->number("SELECT COUNT(*) FROM workers WHERE name = 'same'") == 2; });
  EXPECT_EQ(cluster->number("SELECT COUNT(*) FROM tasks WHERE status = 'RUNNING' AND worker_id = $1",
                            {std::string_view(first)}),
            held);
  cluster->ask("UPDATE workers SET expires_at = 1 WHERE id = $1", {std::string_view(first)});
  EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
  EXPECT_EQ(rescues(*cluster), held);
  EXPECT_EQ(cluster->number("SELECT COUNT(*) FROM workers WHERE name = 'same'"), 2);
  expect_sound(*cluster, job);
  expect_complete(*cluster, job, expected);
}

}  // namespace
}  // namespace assay::tests
