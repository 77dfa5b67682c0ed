// Pause, resume and cancel at the moments at which they are least welcome.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <random>

#include "tests/faults/world.h"

namespace assay::tests {
namespace {

const std::string at_first_file = "examine." + ScannedTree::name_of(0);
const std::string at_claim = "claim_ready_tasks.before_commit";
const std::string at_completion = "complete_tasks.before_commit";

int64_t running(const Cluster& cluster) {
  return cluster.number("SELECT COUNT(*) FROM tasks WHERE status = 'RUNNING'");
}

int exit_code_of(const Cluster& cluster, const char* verb, int64_t job) {
  return cluster.command({"job", verb, std::to_string(job)}).exit_code;
}

/// A worker that is in the middle of that transaction, about some of the packs.
class Racing : public ::testing::TestWithParam<std::string> {
 protected:
  Racing() : cluster_(World::shared().cluster(unhurried)) {
    World::shared().expected();
    cluster_->leave_transactions_open();
    cluster_->start_orchestrator({.name = "orchestrator"});
    cluster_->start_worker({.name = "worker", .faults = GetParam() + "=hold"});
    job_ = cluster_->start_job();
    cluster_->wait_until("the worker to be at it", [this] {
      if (!cluster_->is_held("worker", GetParam())) return false;
      if (is_about_packs()) return true;
      cluster_->let_go("worker", GetParam());
      return false;
    });
  }
  void go_on() { cluster_->let_go_for_good("worker"); }

  std::unique_ptr<Cluster> cluster_;
  int64_t job_ = 0;

 private:
  bool is_about_packs() const {
    const bool is_walked =
        cluster_->number("SELECT COUNT(*) FROM tasks WHERE kind = 'scan.enumerate' AND status = 'COMPLETED'") > 0 &&
        cluster_->number("SELECT COUNT(*) FROM task_outputs") == 0;
    // A claim that found nothing has no lock on its job.
    return is_walked && (GetParam() != at_claim ||
                         cluster_->number("SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = "
                                          "'ShareLock' AND granted AND database = (SELECT oid FROM pg_database WHERE "
                                          "datname = current_database())") > 0);
  }
};

TEST_P(Racing, PauseWaitsForItAndLosesNothing) {
  EXPECT_EQ(exit_code_of(*cluster_, "pause", job_), 0);
  cluster_->wait_for_status(job_, "PAUSING");
  go_on();
  cluster_->wait_for_status(job_, "PAUSED");
  EXPECT_EQ(running(*cluster_), 0);
  const int64_t epochs = cluster_->number("SELECT SUM(epoch) FROM tasks");
  expect_sound(*cluster_, job_);
  EXPECT_EQ(cluster_->number("SELECT SUM(epoch) FROM tasks"), epochs) << "somebody claims from a job that is paused";
  EXPECT_EQ(exit_code_of(*cluster_, "resume", job_), 0);
  EXPECT_EQ(cluster_->wait_for_end(job_), "COMPLETED");
  expect_sound(*cluster_, job_);
  expect_complete(*cluster_, job_, World::shared().expected());
}

TEST_P(Racing, CancelWaitsForItAndNothingBeginsAfterIt) {
  EXPECT_EQ(exit_code_of(*cluster_, "cancel", job_), 0);
  cluster_->wait_for_status(job_, "CANCELLING");
  go_on();
  EXPECT_EQ(cluster_->wait_for_end(job_), "CANCELLED");
  expect_sound(*cluster_, job_);
}

TEST_P(Racing, CancelEndsAlsoWhenTheWorkerDies) {
  EXPECT_EQ(exit_code_of(*cluster_, "cancel", job_), 0);
  cluster_->wait_for_status(job_, "CANCELLING");
  cluster_->lose("worker");
  EXPECT_EQ(cluster_->wait_for_end(job_), "CANCELLED");
  expect_sound(*cluster_, job_);
}

TEST_P(Racing, PauseEndsAlsoWhenBothDie) {
  EXPECT_EQ(exit_code_of(*cluster_, "pause", job_), 0);
  cluster_->wait_for_status(job_, "PAUSING");
  cluster_->process("orchestrator").kill();
  cluster_->process("worker").kill();
  cluster_->expire("orchestrator");
  cluster_->expire("worker");
  cluster_->start_orchestrator({.name = "orchestrator"});
  cluster_->wait_for_status(job_, "PAUSED");
  expect_sound(*cluster_, job_);
  EXPECT_EQ(exit_code_of(*cluster_, "resume", job_), 0);
  cluster_->start_worker({.name = "worker"});
  EXPECT_EQ(cluster_->wait_for_end(job_), "COMPLETED");
  expect_sound(*cluster_, job_);
  expect_complete(*cluster_, job_, World::shared().expected());
}

INSTANTIATE_TEST_SUITE_P(Faults, Racing, ::testing::Values(at_claim, at_completion),
                         [](const auto& info) { return info.param.substr(0, info.param.find('.')); });

/// Commands and deaths in an order that a seed gives, over several jobs.
TEST(Commands, OfEveryKindAmongDeaths) {
  World& world = World::shared();
  const Expected& expected = world.expected();
  const char* given = std::getenv("ASSAY_FAULT_SEED");
  const auto seed = given != nullptr ? std::strtoul(given, nullptr, 10) : std::random_device{}();
  SCOPED_TRACE(fmt::format("ASSAY_FAULT_SEED={}", seed));
  std::mt19937 random(static_cast<unsigned>(seed));
  const auto below = [&random](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const auto cluster = world.cluster(unhurried);
  cluster->start_orchestrator({.name = "orchestrator"});
  cluster->start_worker({.name = "worker"});
  std::vector<int64_t> jobs;
  for (int step = 0; step < 24; ++step) {
    if (step % 4 == 0) jobs.push_back(cluster->start_job());
    const int64_t job = jobs[static_cast<size_t>(below(static_cast<int>(jobs.size())))];
    switch (below(6)) {
      case 0: exit_code_of(*cluster, "pause", job); break;  // refused where it makes no sense
      case 1: exit_code_of(*cluster, "resume", job); break;
      case 2:
        if (below(3) == 0) exit_code_of(*cluster, "cancel", job);
        break;
      case 3:
        cluster->lose("worker");
        cluster->start_worker({.name = "worker"});
        break;
      case 4:
        cluster->lose("orchestrator");
        cluster->start_orchestrator({.name = "orchestrator"});
        break;
      default: {
        const int64_t epochs = cluster->number("SELECT SUM(epoch) FROM tasks");
        cluster->wait_until("something to move", [&] {
          return cluster->number("SELECT SUM(epoch) FROM tasks") != epochs ||
                 cluster->number("SELECT COUNT(*) FROM jobs WHERE status = 'RUNNING'") == 0;
        });
        break;
      }
    }
  }
  for (const int64_t job : jobs) {
    cluster->wait_until(fmt::format("job {} to settle", job), [&] {
      const std::string status = cluster->job_status(job);
      if (status == "PAUSED") exit_code_of(*cluster, "resume", job);
      return status == "COMPLETED" || status == "CANCELLED" || status == "FAILED";
    });
    EXPECT_NE(cluster->job_status(job), "FAILED");
    expect_sound(*cluster, job);
  }
  const int64_t last = cluster->start_job();
  EXPECT_EQ(cluster->wait_for_end(last), "COMPLETED");
  expect_sound(*cluster, last);
  expect_complete(*cluster, last, expected);
}

}  // namespace
}  // namespace assay::tests
