#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/store.h"

namespace assay::scan {

/// Keeps the snapshots of tables that several tasks read, from the moment one was split until all its ranges were read,
/// its job is over, or an hour is past: a source cleans nothing up behind a snapshot. Thread-safe.
class SnapshotKeeper {
 public:
  /// Tables at a time; each costs its source a connection.
  static constexpr size_t most = 8;
  static constexpr std::chrono::minutes longest{60};

  explicit SnapshotKeeper(store::Store& store) : store_(store) {}

  /// Whether keep() would take one more.
  bool has_room() const;
  /// `held`: the snapshot is there as long as this is. `path` is recorded as split when the task at hand ends.
  void keep(int64_t job_id, int64_t datasource_id, std::string path, std::shared_ptr<void> held);
  size_t kept() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Kept {
    int64_t job_id = 0, datasource_id = 0;
    std::string path;
    std::shared_ptr<void> held;
    Clock::time_point since = Clock::now();
    bool was_awaited = false;
  };
  void look_after(const std::stop_token& stop);
  bool is_needed(Kept& kept) const;

  store::Store& store_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Kept> kept_;
  std::jthread looker_;  // started with the first
};

}  // namespace assay::scan
