// A database that loses answers, connections, itself; and processes that do not agree on what time it is.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "tests/faults/world.h"
#include "tests/support/commit_cutter.h"

namespace assay::tests {
namespace {

const std::string first_file = ScannedTree::name_of(0);
const std::string at_first_file = "examine." + first_file;

/// Once an incarnation, whatever it has in hand.
bool has_fenced_itself(const Cluster& cluster, const std::string& worker) {
  return cluster.log_of(worker).contains("the heartbeat could not be renewed in time");
}

int64_t completed(const Cluster& cluster) {
  return cluster.number("SELECT COUNT(*) FROM tasks WHERE status = 'COMPLETED'");
}

TEST(LostDatabase, AnswersToCommitsThatAreLost) {
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster();
  CommitCutter cutter(world.server().port());
  const std::string url = World::through_port(world.server(), *cluster, cutter.port());
  cutter.lose_every(3);
  cluster->start_orchestrator({.name = "orchestrator", .url = url});
  cluster->start_worker({.name = "worker", .url = url});
  // The slower the machine, the fewer commits a job comes to.
  for (int round = 0; round < 3 || (round < 30 && cutter.lost() <= 20); ++round) {
    const int64_t job = cluster->start_job();
    EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
    expect_sound(*cluster, job);
    expect_complete(*cluster, job, expected);
  }
  EXPECT_GT(cutter.lost(), 20);
}

/// The client is gone before the server has carried the COMMIT out, and asks again while it is still at it.
TEST(LostDatabase, CommitsThatAreStillInWorkWhenTheClientAsksAgain) {
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster();
  cluster->ask(
      "CREATE FUNCTION test_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.15); "
      "RETURN NULL; END $$");
  // At COMMIT, once a transaction that leaves outputs, or completes, or claims.
  cluster->ask(
      "CREATE CONSTRAINT TRIGGER test_slow_commit AFTER INSERT ON task_outputs DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION test_slow()");
  cluster->ask(
      "CREATE CONSTRAINT TRIGGER test_slow_claim AFTER UPDATE ON tasks DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION test_slow()");
  CommitCutter cutter(world.server().port());
  const std::string url = World::through_port(world.server(), *cluster, cutter.port());
  cutter.leave_every(2);
  cluster->start_orchestrator({.name = "orchestrator", .url = url});
  cluster->start_worker({.name = "worker", .url = url});
  for (int round = 0; round < 2 || (round < 20 && cutter.lost() <= 10); ++round) {
    const int64_t job = cluster->start_job();
    EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
    expect_sound(*cluster, job);
    expect_complete(*cluster, job, expected);
  }
  EXPECT_GT(cutter.lost(), 10);
}

TEST(LostDatabase, AnswersThatEveryProcessLosesAtEveryPoint) {
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster();
  const auto losing = [](std::initializer_list<const char*> operations) {
    std::string faults;
    for (const char* operation : operations)
      for (const int visit : {1, 2, 4})
        faults += fmt::format("{}{}.after_commit=throw:{}", faults.empty() ? "" : ",", operation, visit);
    return faults;
  };
  cluster->start_orchestrator(
      {.name = "orchestrator",
       .faults = losing({"register_orchestrator", "heartbeat_orchestrator", "claim_jobs", "renew_leases", "admit_tasks",
                         "replace_outputs", "finish_job_if_done", "retry_due_tasks", "rescue_tasks_of_dead_workers"})});
  cluster->start_worker({.name = "worker",
                         .faults = losing({"register_worker", "heartbeat_worker", "claim_ready_tasks",
                                           "checkpoint_task", "complete_tasks", "mark_unseen_objects_deleted",
                                           "record_vanished_tables", "close_discovery_run"})});
  for (int round = 0; round < 2; ++round) {
    const int64_t job = cluster->start_job();
    EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
    expect_sound(*cluster, job);
    expect_complete(*cluster, job, expected);
  }
}

TEST(LostDatabase, BackendsThatAreTerminated) {
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster();
  cluster->start_orchestrator({.name = "orchestrator"});
  cluster->start_worker({.name = "worker", .faults = at_first_file + "=hold"});
  const auto terminate_all = [&] {
    return cluster->number(
        "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND "
        "pid <> pg_backend_pid()");
  };
  for (int round = 0; round < 4; ++round) {
    const int64_t job = cluster->start_job();
    cluster->wait_until_held("worker", at_first_file);
    EXPECT_GE(terminate_all(), 2) << "of the orchestrator and of the worker, in the middle of the job";
    std::string status;
    // All of them again and again, each time that a task more is done, until the job is over.
    int64_t seen = -1;
    cluster->wait_until("the end of the job", [&] {
      cluster->let_go("worker", at_first_file);
      const int64_t now = completed(*cluster);
      if (now != seen) {
        seen = now;
        terminate_all();
      }
      status = cluster->job_status(job);
      return status == "COMPLETED" || status == "FAILED";
    });
    EXPECT_EQ(status, "COMPLETED");
    expect_sound(*cluster, job);
    expect_complete(*cluster, job, expected);
  }
}

/// A server of its own, since others would miss it. What it wrote outlives it without fsync too: the machine stays.
class LostServer : public ::testing::Test {
 protected:
  explicit LostServer(std::vector<std::string> settings = {})
      : world_(World::shared().share_tree(), {.fsync = false, .settings = std::move(settings)}) {
    world_.set_expected(World::shared().expected());
  }
  World world_;
};

TEST_F(LostServer, IsRestartedInTheMiddleOfAJob) {
  const auto cluster = world_.cluster();
  cluster->start_orchestrator({.name = "orchestrator"});
  cluster->start_worker({.name = "worker", .faults = at_first_file + "=hold:1"});
  for (const auto how : {test::PostgresServer::Stop::fast, test::PostgresServer::Stop::immediate}) {
    const int64_t job = cluster->start_job();
    if (how == test::PostgresServer::Stop::fast) cluster->wait_until_held("worker", at_first_file);
    else cluster->wait_until("work to begin", [&] { return completed(*cluster) > 5; });
    world_.server().restart(how);
    cluster->let_go("worker", at_first_file);
    EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
    expect_sound(*cluster, job);
    expect_complete(*cluster, job, world_.expected());
  }
}

TEST_F(LostServer, IsAwayForLongerThanEveryLease) {
  const auto cluster = world_.cluster();
  cluster->start_orchestrator({.name = "orchestrator"});
  cluster->start_worker({.name = "worker", .faults = at_first_file + "=hold:1"});
  const int64_t job = cluster->start_job();
  cluster->wait_until_held("worker", at_first_file);
  world_.server().kill();
  // The worker tells when it has given up what it holds.
  cluster->wait_until("the worker to fence itself", [&] { return has_fenced_itself(*cluster, "worker"); });
  cluster->let_go("worker", at_first_file);
  world_.server().start();
  EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
  expect_sound(*cluster, job);
  expect_complete(*cluster, job, world_.expected());
}

class FewConnections : public LostServer {
 protected:
  FewConnections() : LostServer({"max_connections=24", "superuser_reserved_connections=0", "max_wal_senders=0"}) {}
};

TEST_F(FewConnections, AreAllTakenForAWhile) {
  const auto cluster = world_.cluster();
  cluster->start_orchestrator({.name = "orchestrator"});
  cluster->start_worker({.name = "worker", .faults = at_first_file + "=hold:1"});
  const int64_t job = cluster->start_job();
  cluster->wait_until_held("worker", at_first_file);
  std::vector<std::unique_ptr<sql::Connection>> taken;
  const auto take_all = [&] {
    sql::ConnectOptions options;
    options.url = cluster->url();
    try {
      for (;;) taken.push_back(sql::connect(options));
    } catch (const core::Error&) {  // there is none left
    }
  };
  take_all();
  ASSERT_GT(taken.size(), 0U);
  // What the processes have they lose, again and again, until we have it all and they cannot get it back.
  cluster->wait_until("the worker to fence itself", [&] {
    taken.front()->query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
        "application_name LIKE 'assay%'");
    take_all();
    return has_fenced_itself(*cluster, "worker");
  });
  cluster->let_go("worker", at_first_file);
  taken.clear();
  EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
  expect_sound(*cluster, job);
  expect_complete(*cluster, job, world_.expected());
}

TEST(WallClocks, AnHourApartChangeNothing) {
  World& world = World::shared();
  const Expected& expected = world.expected();
  const auto cluster = world.cluster(unhurried);
  const auto living_in = [](const char* name, const char* skew_s) {
    return Member{.name = name, .environment = {{"LD_PRELOAD", ASSAY_SKEWED_CLOCK}, {"TEST_CLOCK_SKEW_S", skew_s}}};
  };
  cluster->start_orchestrator(living_in("early-orchestrator", "-3600"));
  cluster->start_orchestrator(living_in("late-orchestrator", "3600"));
  cluster->start_worker(living_in("early-worker", "-3600"));
  cluster->start_worker(living_in("late-worker", "3600"));
  cluster->wait_until_registered("workers", "early-worker");
  cluster->wait_until_registered("workers", "late-worker");
  int64_t job = 0;
  for (int round = 0; round < 3; ++round) {
    job = cluster->start_job();
    EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
    expect_sound(*cluster, job);
    expect_complete(*cluster, job, expected);
  }
  // Nobody was taken for dead, nothing changed hands, and every time in the database is the database's.
  EXPECT_EQ(cluster->number("SELECT COALESCE(SUM(rescues), 0) FROM job_progress"), 0);
  EXPECT_EQ(cluster->number("SELECT COUNT(*) FROM workers WHERE lost_at <> 0"), 0);
  EXPECT_EQ(cluster->number("SELECT MAX(version) FROM jobs"), 1);
  EXPECT_EQ(cluster->number("SELECT COUNT(*) FROM tasks t, LATERAL (SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * "
                            "1000)::bigint AS now) n WHERE ABS(n.now - claimed_at) > 600000 OR "
                            "ABS(n.now - finished_at) > 600000"),
            0);
  // They did live an hour apart.
  EXPECT_NE(cluster->log_of("early-worker").substr(0, 30), cluster->log_of("late-worker").substr(0, 30));
  // A worker of the future that dies is rescued as any other, when the database finds that its time is over.
  cluster->process("early-worker").kill();
  cluster->process("late-orchestrator").kill();
  Member dying = living_in("late-worker", "3600");
  dying.faults = at_first_file + "=kill";
  dying.environment.insert(hurried.begin(), hurried.end());
  cluster->start_worker(dying);
  job = cluster->start_job();
  cluster->wait_for_death("late-worker");
  cluster->start_worker(living_in("other-worker", "-3600"));
  EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
  EXPECT_GT(cluster->number("SELECT COALESCE(SUM(rescues), 0) FROM job_progress"), 0);
  expect_sound(*cluster, job);
  expect_complete(*cluster, job, expected);
}

}  // namespace
}  // namespace assay::tests
