// The same around a SQLite file: one process that does everything, and others that get in its way.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/faults/world.h"

namespace assay::tests {
namespace {

const std::string first_file = ScannedTree::name_of(0);
const std::string at_first_file = "examine." + first_file;

class SqliteFaults : public ::testing::Test {
 protected:
  SqliteFaults() : cluster_(World::shared().sqlite_cluster(folder_.path("assay.db"), unhurried)) {}
  const Expected& expected() { return World::shared().expected(); }

  TemporaryTree folder_;
  std::unique_ptr<Cluster> cluster_;
};

class SqliteKilled : public SqliteFaults, public ::testing::WithParamInterface<std::tuple<const char*, const char*>> {};

TEST_P(SqliteKilled, TheNextProcessGoesOn) {
  const auto& [operation, moment] = GetParam();
  cluster_->start_serve({.name = "victim", .faults = fmt::format("{}.{}=kill", operation, moment)});
  const int64_t job = cluster_->start_job();
  cluster_->wait_for_death("victim");
  cluster_->expire("victim");
  cluster_->start_serve({.name = "serve"});
  EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
  expect_sound(*cluster_, job);
  expect_complete(*cluster_, job, expected());
}

INSTANTIATE_TEST_SUITE_P(
    Faults, SqliteKilled,
    ::testing::Combine(::testing::Values("claim_jobs", "claim_ready_tasks", "checkpoint_task", "replace_outputs",
                                         "complete_tasks", "finish_job_if_done"),
                       ::testing::Values("before_commit", "after_commit")),
    [](const auto& info) { return fmt::format("{}_{}", std::get<0>(info.param), std::get<1>(info.param)); });

TEST_F(SqliteFaults, ASecondProcessHoldsTheWriteLock) {
  cluster_->start_serve({.name = "serve", .faults = at_first_file + "=hold:1", .environment = hurried});
  const int64_t job = cluster_->start_job();
  cluster_->wait_until_held("serve", at_first_file);
  sql::ConnectOptions options;
  options.url = cluster_->url();
  const auto other = sql::connect(options);
  other->begin();  // BEGIN IMMEDIATE: nobody else can write
  cluster_->let_go("serve", at_first_file);
  // Longer than the heartbeat lives: it drops what it holds, and goes on afterwards.
  cluster_->wait_until("the process to fence itself", [&] {
    return cluster_->log_of("serve").contains("the heartbeat could not be renewed in time");
  });
  other->rollback();
  EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
  expect_sound(*cluster_, job);
  expect_complete(*cluster_, job, expected());
}

TEST_F(SqliteFaults, TwoProcessesShareTheFile) {
  cluster_->start_serve({.name = "one"});
  cluster_->start_serve({.name = "two"});
  for (int round = 0; round < 3; ++round) {
    const int64_t job = cluster_->start_job();
    EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
    expect_sound(*cluster_, job);
    expect_complete(*cluster_, job, expected());
  }
}

/// A file system of its own of that folder, where one may be mounted, until this object ends.
class SmallDisk {
 public:
  explicit SmallDisk(std::string folder)
      : folder_(std::move(folder)),
        is_mounted_(::mount("tmpfs", folder_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=4m") == 0) {}
  ~SmallDisk() {
    if (is_mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool is_mounted() const { return is_mounted_; }

 private:
  std::string folder_;
  bool is_mounted_;
};

/// A file system that is full before the job is over; where none may be mounted, a bound on the size of files does the
/// same.
TEST_F(SqliteFaults, TheDiskIsFull) {
  const std::string disk = folder_.path("disk");
  std::filesystem::create_directory(disk);
  const SmallDisk small(disk);
  const bool is_mounted = small.is_mounted();
  const auto cluster = World::shared().sqlite_cluster(disk + "/assay.db");
  Member serve{.name = "serve"};
  const std::string ballast = disk + "/ballast";
  if (is_mounted) {
    std::ofstream filler(ballast, std::ios::binary);
    const std::string block(4096, 'x');
    while (filler.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) continue;
  } else {
    serve.most_file_bytes = std::filesystem::file_size(disk + "/assay.db") + 40'000;
  }
  serve.environment = {{"ASSAY_OPERATION_LOG", folder_.path("operations.jsonl")}};
  // The command needs some room as well.
  if (is_mounted) std::filesystem::resize_file(ballast, std::filesystem::file_size(ballast) - 256 * 1024);
  cluster->start_serve(serve);
  const int64_t job = cluster->start_job();
  const std::string error = is_mounted ? "disk is full" : "disk I/O error";
  cluster->wait_until("the disk to be full", [&] { return cluster->log_of("serve").contains(error); });
  EXPECT_NE(cluster->job_status(job), "FAILED");
  // The user makes room, and nothing was lost.
  if (is_mounted) std::filesystem::remove(ballast);
  else cluster->start_serve({.name = "serve"});
  EXPECT_EQ(cluster->wait_for_end(job), "COMPLETED");
  expect_sound(*cluster, job);
  expect_complete(*cluster, job, expected());
  EXPECT_EQ(cluster->text("PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace assay::tests
