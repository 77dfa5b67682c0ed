// One process killed every second and the database restarted twice, over a large tree: the findings are those of a
// quiet run, none lost, none twice, and every job ends.
//   ASSAY_STORM_SECONDS  how long; 120
//   ASSAY_STORM_SEED     who is killed when
//   ASSAY_STORM_FILES    of the tree; 20000
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <random>

#include "tests/faults/world.h"

namespace assay::tests {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr unsigned orchestrators = 2, workers = 4;
constexpr milliseconds between_kills{1'000};

int64_t from_environment(const char* name, int64_t otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? std::strtoll(value, nullptr, 10) : otherwise;
}

World& large_world() {
  static World world(std::make_shared<ScannedTree>(static_cast<int>(from_environment("ASSAY_STORM_FILES", 20'000))),
                     {.fsync = true, .settings = {"max_connections=300"}});
  return world;
}

struct Tally {
  int kills = 0, restarts = 0, jobs = 0, failed_jobs = 0;
  int64_t tasks = 0, rescues = 0, dead = 0;
};

class Storm {
 public:
  Storm(World& world, uint32_t seed, milliseconds length)
      : world_(world), cluster_(world.cluster()), random_(seed), begin_(Clock::now()), length_(length) {
    for (unsigned i = 0; i < orchestrators + workers; ++i) begin_process(i);
  }

  Tally blow() {
    while (Clock::now() - begin_ < length_) one_job();
    return tally_;
  }

 private:
  bool is_blowing() const { return Clock::now() - begin_ < length_; }

  void begin_process(unsigned i) {
    if (i < orchestrators) cluster_->start_orchestrator({.name = fmt::format("orchestrator-{}", i)});
    else cluster_->start_worker({.name = fmt::format("worker-{}", i)});
  }

  void disturb() {
    if (!is_blowing()) return;
    // At a third and at two thirds, once softly and once as if the plug was pulled.
    if (Clock::now() - begin_ > length_ * (tally_.restarts + 1) / 3 && tally_.restarts < 2) {
      if (tally_.restarts == 0) world_.server().restart(test::PostgresServer::Stop::immediate);
      else {
        world_.server().kill();
        world_.server().start();
      }
      ++tally_.restarts;
    }
    if (Clock::now() < next_kill_) return;
    next_kill_ = Clock::now() + between_kills;
    begin_process(static_cast<unsigned>(random_() % (orchestrators + workers)));  // kills the one before
    ++tally_.kills;
  }

  int64_t start_job() {
    int64_t job = 0;
    cluster_->wait_until("a job to start", [&] {
      job = cluster_->start_job();
      return job != 0;
    });
    return job;
  }

  void one_job() {
    const int64_t job = start_job();
    ++tally_.jobs;
    std::string status;
    const auto is_over = [&] {
      disturb();
      status = cluster_->job_status(job);
      return status == "COMPLETED" || status == "FAILED";
    };
    cluster_->wait_until(fmt::format("the end of job {}", job), is_over, length_ + std::chrono::seconds(180));
    if (status == "FAILED") retry(job);
    cluster_->wait_until("the database", [&] { return !cluster_->job_status(job).empty(); });
    EXPECT_EQ(cluster_->job_status(job), "COMPLETED");
    expect_sound(*cluster_, job);
    expect_complete(*cluster_, job, world_.expected());
    tally_.tasks += cluster_->number("SELECT COUNT(*) FROM tasks WHERE job_id = $1", {job});
    tally_.rescues += cluster_->number("SELECT SUM(rescues) FROM job_progress WHERE job_id = $1", {job});
  }

  /// A task whose workers were killed five times in a row is dead, as it could be what killed them.
  void retry(int64_t job) {
    ++tally_.failed_jobs;
    tally_.dead += cluster_->number("SELECT COUNT(*) FROM tasks WHERE job_id = $1 AND status = 'DEAD'", {job});
    cluster_->wait_until(
        "the retry", [&] { return cluster_->command({"job", "retry", std::to_string(job), "--dead"}).exit_code == 0; });
    std::string status;
    cluster_->wait_until(
        "the end of what was tried again",
        [&] {
          disturb();
          status = cluster_->job_status(job);
          return status == "COMPLETED";
        },
        length_ + std::chrono::seconds(180));
  }

  World& world_;
  std::unique_ptr<Cluster> cluster_;
  std::mt19937 random_;
  Clock::time_point begin_, next_kill_ = Clock::now() + between_kills;
  milliseconds length_;
  Tally tally_;
};

TEST(Storm, LosesNothing) {
  World& world = large_world();
  const auto quiet_begin = Clock::now();
  ASSERT_EQ(world.expected().objects, world.tree().files());
  const auto quiet = std::chrono::duration_cast<milliseconds>(Clock::now() - quiet_begin);
  const auto seed = static_cast<uint32_t>(from_environment("ASSAY_STORM_SEED", std::random_device{}()));
  const auto length = std::chrono::seconds(from_environment("ASSAY_STORM_SECONDS", 120));
  SCOPED_TRACE(fmt::format("ASSAY_STORM_SEED={}", seed));
  fmt::print("storm: seed {}, {} s over {} files; a quiet job takes {} ms\n", seed, length.count(),
             world.tree().files(), quiet.count());
  const Tally tally = Storm(world, seed, length).blow();
  fmt::print("storm: {} kills, {} restarts of PostgreSQL, {} jobs, {} tasks, {} rescues, {} dead tasks tried again\n",
             tally.kills, tally.restarts, tally.jobs, tally.tasks, tally.rescues, tally.dead);
  EXPECT_EQ(tally.restarts, 2);
  EXPECT_GE(tally.kills, length.count() / 2);
}

TEST(Failover, TakesALeaseAndTwoSeconds) {
  World& world = large_world();
  const ClusterOptions options{.lease_ms = 3'000};
  const auto cluster = world.cluster(options);
  cluster->start_orchestrator({.name = "first"});
  const std::string at_first_file = "examine." + ScannedTree::name_of(0);
  cluster->start_worker({.name = "worker", .faults = at_first_file + "=hold:1"});
  const int64_t job = cluster->start_job();
  cluster->wait_until_held("worker", at_first_file);
  cluster->start_orchestrator({.name = "second"});
  cluster->wait_until_registered("orchestrators", "second");
  std::string who = "first", other = "second";
  for (int round = 0; round < 4; ++round) {
    const int64_t version = cluster->number("SELECT version FROM jobs WHERE id = $1", {job});
    cluster->process(who).kill();
    const auto begin = Clock::now();
    cluster->wait_until("the take-over",
                        [&] { return cluster->number("SELECT version FROM jobs WHERE id = $1", {job}) > version; });
    const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - begin);
    fmt::print("failover: {} ms with a lease of {} ms\n", took.count(), options.lease_ms);
    EXPECT_LE(took.count(), options.lease_ms + 2'000);
    cluster->start_orchestrator({.name = who});
    cluster->wait_until("it to register", [&] {
      return cluster->number("SELECT COUNT(*) FROM orchestrators WHERE name = $1", {std::string_view(who)}) >
             round / 2 + 1;
    });
    std::swap(who, other);
  }
  cluster->let_go("worker", at_first_file);
  EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
  expect_sound(*cluster, job);
}

}  // namespace
}  // namespace assay::tests
