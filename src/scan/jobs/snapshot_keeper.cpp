#include "scan/jobs/snapshot_keeper.h"

#include "core/error.h"
#include "model/transitions.h"

namespace assay::scan {
namespace {

constexpr std::chrono::seconds look_every{2};
// A task that does not end is given up by then, and done by another one, which splits the table anew.
constexpr std::chrono::minutes recorded_within{5};

}  // namespace

bool SnapshotKeeper::has_room() const {
  const std::lock_guard lock(mutex_);
  return kept_.size() < most;
}

size_t SnapshotKeeper::kept() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

void SnapshotKeeper::keep(int64_t job_id, int64_t datasource_id, std::string path, std::shared_ptr<void> held) {
  const std::lock_guard lock(mutex_);
  kept_.push_back({.job_id = job_id, .datasource_id = datasource_id, .path = std::move(path), .held = std::move(held)});
  if (!looker_.joinable()) looker_ = std::jthread([this](const std::stop_token& stop) { look_after(stop); });
  changed_.notify_all();
}

void SnapshotKeeper::look_after(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !kept_.empty(); })) {
    changed_.wait_for(lock, stop, look_every, [] { return false; });
    if (stop.stop_requested()) return;
    // Only this thread takes any away, and new ones come behind them.
    for (size_t i = 0; i < kept_.size();) {
      Kept one = kept_[i];
      lock.unlock();
      const bool is_needed = this->is_needed(one);
      lock.lock();
      if (is_needed) {
        kept_[i++] = std::move(one);
        continue;
      }
      kept_.erase(kept_.begin() + static_cast<ptrdiff_t>(i));
      lock.unlock();
      one.held.reset();  // which speaks to the source
      lock.lock();
    }
  }
}

bool SnapshotKeeper::is_needed(Kept& kept) const {
  const auto age = Clock::now() - kept.since;
  if (age > longest) return false;
  try {
    const auto job = store_.find_job(kept.job_id);
    if (!job || model::is_over(job->status)) return false;
    const bool is_awaited = store_.awaits_parts(kept.job_id, kept.datasource_id, kept.path);
    kept.was_awaited |= is_awaited;
    return is_awaited || (!kept.was_awaited && age < recorded_within);
  } catch (const core::Error&) {
    return true;  // the database may be back in a moment
  }
}

}  // namespace assay::scan
