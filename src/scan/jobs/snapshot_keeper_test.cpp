#include "scan/jobs/snapshot_keeper.h"

#include <gtest/gtest.h>

namespace assay::scan {
namespace {

/// Told when the last who keeps it lets go.
struct Snapshot {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_gone = false;
  std::shared_ptr<void> held() {
    return {this, [](void* self) {
              auto& snapshot = *static_cast<Snapshot*>(self);
              const std::lock_guard lock(snapshot.mutex);
              snapshot.is_gone = true;
              snapshot.changed.notify_all();
            }};
  }
  void wait() {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(60), [this] { return is_gone; }));
  }
};

std::unique_ptr<store::Store> open_store() {
  store::StoreOptions options;
  options.url = "sqlite::memory:";
  options.connections = 1;
  return store::Store::open(options, true);
}

int64_t submit_job(store::Store& store) {
  store::NewMasterJob master;
  master.children.push_back({.node_group = "default", .configuration = "{}"});
  return store.submit_job(master).job_ids.at(0);
}

TEST(SnapshotKeeper, LetsGoOfWhatNoJobNeeds) {
  const auto store = open_store();
  const int64_t job = submit_job(*store);
  Snapshot needed, unneeded;
  {
    SnapshotKeeper keeper(*store);
    EXPECT_TRUE(keeper.has_room());
    keeper.keep(job, 1, "a table that is about to be recorded", needed.held());
    keeper.keep(job + 1, 1, "a table of no job", unneeded.held());
    unneeded.wait();
    EXPECT_FALSE(needed.is_gone);
    EXPECT_EQ(keeper.kept(), 1U);
  }
  EXPECT_TRUE(needed.is_gone) << "a process that ends keeps none";
}

TEST(SnapshotKeeper, KeepsAFewTables) {
  const auto store = open_store();
  const int64_t job = submit_job(*store);
  SnapshotKeeper keeper(*store);
  for (size_t i = 0; i < SnapshotKeeper::most; ++i) {
    EXPECT_TRUE(keeper.has_room());
    keeper.keep(job, 1, std::to_string(i), std::make_shared<int>(0));
  }
  EXPECT_FALSE(keeper.has_room());
}

}  // namespace
}  // namespace assay::scan
