#include "extract/sandbox/work_queue.h"

#include <algorithm>
#include <iterator>

namespace assay::sandbox {

void WorkQueue::throw_if_ended() const {
  if (failure_) throw core::Error(*failure_);
  if (stopped_) throw core::Error(core::ErrorKind::transient, "the sandbox was stopped");
}

void WorkQueue::push(std::vector<Job> jobs) {
  std::unique_lock lock(mutex_);
  ++waiting_pushers_;
  emptied_.wait(lock, [this] { return jobs_.size() < capacity_ || stopped_ || failure_; });
  --waiting_pushers_;
  throw_if_ended();
  open_ += jobs.size();
  const bool is_one = jobs.size() == 1;
  jobs_.insert(jobs_.end(), std::make_move_iterator(jobs.begin()), std::make_move_iterator(jobs.end()));
  if (waiting_takers_ == 0) return;
  if (is_one) filled_.notify_one();
  else filled_.notify_all();
}

void WorkQueue::put_back(std::vector<Job> jobs) {
  const std::lock_guard lock(mutex_);
  jobs_.insert(jobs_.begin(), std::make_move_iterator(jobs.begin()), std::make_move_iterator(jobs.end()));
  filled_.notify_all();
}

std::vector<Job> WorkQueue::take(size_t most, bool idle) {
  std::unique_lock lock(mutex_);
  if (idle) {
    ++waiting_takers_;
    filled_.wait(lock, [this] { return !jobs_.empty() || stopped_ || failure_; });
    --waiting_takers_;
  }
  if (jobs_.empty() || stopped_ || failure_) return {};
  auto last = jobs_.begin();
  if (last->attempts > 0) {
    if (!idle) return {};
    ++last;
  } else {
    const auto share = static_cast<std::ptrdiff_t>(std::min({most, 1 + jobs_.size() / takers_, jobs_.size()}));
    last = std::find_if(last, last + share, [](const Job& job) { return job.attempts > 0; });
  }
  std::vector<Job> taken(std::make_move_iterator(jobs_.begin()), std::make_move_iterator(last));
  jobs_.erase(jobs_.begin(), last);
  // Waking a blocked producer for every place that falls free would cost more than the work.
  if (waiting_pushers_ != 0 && jobs_.size() <= capacity_ / 2) emptied_.notify_all();
  return taken;
}

void WorkQueue::done(size_t count) {
  const std::lock_guard lock(mutex_);
  open_ -= count;
  if (open_ == 0) all_done_.notify_all();
}

void WorkQueue::wait_until_all_done() {
  std::unique_lock lock(mutex_);
  all_done_.wait(lock, [this] { return open_ == 0 || stopped_ || failure_; });
  throw_if_ended();
}

void WorkQueue::fail(const core::Error& error) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = error;
  filled_.notify_all();
  emptied_.notify_all();
  all_done_.notify_all();
}

void WorkQueue::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  filled_.notify_all();
  emptied_.notify_all();
  all_done_.notify_all();
}

bool WorkQueue::ended() const {
  const std::lock_guard lock(mutex_);
  return stopped_ || failure_.has_value();
}

}  // namespace assay::sandbox
