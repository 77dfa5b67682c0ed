#include "coordinate/workbench.h"

#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <utility>

#include "coordinate/budget_book.h"

namespace assay::coordinate {
namespace {

constexpr double hand_ms = 250;  // work claimed ahead: for as long as claiming more may take, and little longer
constexpr size_t most_queued = 1'000;
constexpr int64_t doubt_ms = 60'000;

size_t weight_of(const Outcome& outcome) {
  const auto* done = std::get_if<store::TaskCompletion>(&outcome);
  if (done == nullptr) return 1;
  return 1 + done->objects.size() + done->findings.size() + done->columns.size() + done->outputs.size() +
         done->seen_objects.size();
}

std::pair<int64_t, int64_t> fence_of(const Outcome& outcome) {
  if (const auto* back = std::get_if<GiveBack>(&outcome)) return {back->task.id, back->task.epoch};
  if (const auto* failure = std::get_if<store::TaskFailure>(&outcome)) return {failure->task_id, failure->epoch};
  const auto& done = std::get<store::TaskCompletion>(outcome);
  return {done.task_id, done.epoch};
}

}  // namespace

Workbench::Workbench(const WorkerOptions& options, const core::Clock& clock)
    : options_(options),
      clock_(clock),
      slots_(static_cast<unsigned>(std::min<uint64_t>(std::max(options.slots, 1U),
                                                      most_tasks(options.process_budget, options.task_memory_bytes)))),
      bytes_(options.process_budget.bytes_per_s) {}

void Workbench::enlist(std::string worker_id, int64_t held_until_ms) {
  const std::lock_guard lock(mutex_);
  worker_id_ = std::move(worker_id);
  ++incarnation_;
  held_until_ms_ = held_until_ms;
  is_fenced_ = false;
  doubted_ms_ = 0;
}

void Workbench::doubt(uint64_t incarnation) {
  const std::lock_guard lock(mutex_);
  if (incarnation == incarnation_ && doubted_ms_ == 0) doubted_ms_ = clock_.monotonic_ms();
}

bool Workbench::is_to_be_replaced() const {
  const std::lock_guard lock(mutex_);
  if (!is_live_locked()) return true;
  return doubted_ms_ != 0 && (is_idle_locked() || clock_.monotonic_ms() - doubted_ms_ >= doubt_ms);
}

void Workbench::renewed(uint64_t incarnation, int64_t held_until_ms) {
  const std::lock_guard lock(mutex_);
  if (incarnation == incarnation_ && !is_fenced_) held_until_ms_ = held_until_ms;
}

std::optional<size_t> Workbench::fence() {
  const std::lock_guard lock(mutex_);
  if (is_fenced_) return std::nullopt;
  is_fenced_ = true;
  size_t lost = queued_.size() + outcomes_.size();
  for (const auto& attempt : running_) {
    if (attempt->incarnation == incarnation_) ++lost;
    ask_to_stop_locked(*attempt, StopReason::lost);
  }
  queued_.clear();
  outcomes_.clear();
  outcomes_weight_ = 0;
  return lost;
}

bool Workbench::is_live_locked() const { return !is_fenced_ && clock_.monotonic_ms() < held_until_ms_; }

bool Workbench::is_fenced() const {
  const std::lock_guard lock(mutex_);
  return !is_live_locked();
}

Workbench::Identity Workbench::identity() const {
  const std::lock_guard lock(mutex_);
  return {worker_id_, incarnation_, is_live_locked()};
}

size_t Workbench::wanted_locked() const {
  const auto wanted = static_cast<size_t>(slots_ * hand_ms / std::max(task_ms_, 0.1));
  return std::clamp<size_t>(wanted, slots_, std::min(most_queued, 2 * options_.claim_batch));
}

bool Workbench::is_idle_locked() const {
  return queued_.empty() && running_.empty() && outcomes_.empty() && in_recording_ == 0;
}

Workbench::Appetite Workbench::appetite() const {
  const std::lock_guard lock(mutex_);
  Appetite appetite;
  appetite.is_idle = is_idle_locked();
  if (!is_live_locked() || is_draining_ || alone_ || doubted_ms_ != 0 || abandoned_ > options_.most_abandoned)
    return appetite;
  if (!queued_.empty() && queued_.front().isolated) return appetite;
  if (outcomes_.size() + in_recording_ >= options_.most_unrecorded) return appetite;
  const size_t wanted = wanted_locked();
  if (queued_.size() * 2 <= wanted) appetite.most = std::min(wanted - queued_.size(), options_.claim_batch);
  return appetite;
}

void Workbench::forget_older_locked(const std::vector<model::ClaimedTask>& claimed) {
  std::unordered_map<int64_t, int64_t> epochs;
  for (const auto& task : claimed) epochs.emplace(task.id, task.epoch);
  const auto is_older = [&epochs](int64_t id, int64_t epoch) {
    const auto newer = epochs.find(id);
    return newer != epochs.end() && epoch < newer->second;
  };
  for (const auto& attempt : running_) {
    if (is_older(attempt->task.id, attempt->task.epoch)) ask_to_stop_locked(*attempt, StopReason::lost);
  }
  std::erase_if(queued_, [&](const model::ClaimedTask& task) { return is_older(task.id, task.epoch); });
  std::erase_if(outcomes_, [&](const Waiting& waiting) {
    const auto [id, epoch] = fence_of(waiting.outcome);
    if (!is_older(id, epoch)) return false;
    outcomes_weight_ -= waiting.weight;
    return true;
  });
}

void Workbench::put(uint64_t incarnation, std::vector<model::ClaimedTask> tasks) {
  {
    const std::lock_guard lock(mutex_);
    if (incarnation != incarnation_ || is_fenced_) return;  // lost while they were claimed; they will be rescued
    forget_older_locked(tasks);
    for (auto& task : tasks) {
      if (is_draining_) push_locked(GiveBack{std::move(task)});
      else queued_.push_back(std::move(task));
    }
    hunger_told_ = false;
  }
  work_.notify_all();
}

bool Workbench::may_begin_locked() const {
  if (queued_.empty() || is_draining_ || alone_ || !is_live_locked()) return false;
  if (outcomes_.size() + in_recording_ >= options_.most_unrecorded) return false;
  return !queued_.front().isolated || running_.empty();
}

std::shared_ptr<Attempt> Workbench::try_begin() {
  std::shared_ptr<Attempt> attempt;
  bool is_hungry = false;
  {
    const std::lock_guard lock(mutex_);
    if (!may_begin_locked() || bytes_.wait_ms(clock_.monotonic_ms()) > 0) return nullptr;
    attempt = std::make_shared<Attempt>(std::move(queued_.front()), incarnation_, clock_.monotonic_ms());
    queued_.pop_front();
    running_.insert(attempt);
    alone_ = attempt->task.isolated;
    is_hungry = !hunger_told_ && queued_.size() * 2 <= wanted_locked();
    hunger_told_ |= is_hungry;
  }
  if (is_hungry && on_hungry) on_hungry();
  return attempt;
}

std::shared_ptr<Attempt> Workbench::begin(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (auto attempt = try_begin()) return attempt;
    std::unique_lock lock(mutex_);
    // Only a debt of bytes ends by time alone.
    const int64_t wait_ms = may_begin_locked() ? std::max<int64_t>(bytes_.wait_ms(clock_.monotonic_ms()), 1) : 1'000;
    work_.wait_for(lock, stop, std::chrono::milliseconds(wait_ms),
                   [this] { return may_begin_locked() && bytes_.wait_ms(clock_.monotonic_ms()) == 0; });
  }
  return nullptr;
}

StopReason Workbench::stop_reason(const Attempt& attempt) const {
  const std::lock_guard lock(mutex_);
  return attempt.reason;
}

bool Workbench::finish(const std::shared_ptr<Attempt>& attempt, Outcome outcome) {
  bool is_kept = false, is_due = false;
  {
    const std::lock_guard lock(mutex_);
    if (attempt->is_abandoned) {
      --abandoned_;
      return false;
    }
    running_.erase(attempt);
    if (attempt->task.isolated) alone_ = false;
    const auto took_ms = static_cast<double>(clock_.monotonic_ms() - attempt->begun_ms);
    task_ms_ += (took_ms - task_ms_) * 0.1;
    is_kept = attempt->incarnation == incarnation_ && !is_fenced_ && attempt->reason != StopReason::lost;
    if (is_kept) {
      if (const auto* done = std::get_if<store::TaskCompletion>(&outcome)) {
        bytes_.spend(done->progress.bytes_done + done->progress.bytes_failed, clock_.monotonic_ms());
      }
      push_locked(std::move(outcome));
      is_due = outcomes_.size() == 1 || outcomes_.size() >= options_.record_batch ||
               outcomes_weight_ >= options_.record_weight || (running_.empty() && queued_.empty());
    }
  }
  work_.notify_one();
  quiet_.notify_all();
  if (is_due && on_outcome) on_outcome();
  return is_kept;
}

void Workbench::push_locked(Outcome outcome) {
  const size_t weight = weight_of(outcome);
  outcomes_weight_ += weight;
  outcomes_.push_back({std::move(outcome), clock_.monotonic_ms(), weight});
}

OutcomeBatch Workbench::take_outcomes(bool at_once, int64_t& wait_ms) {
  const std::lock_guard lock(mutex_);
  OutcomeBatch batch;
  batch.incarnation = incarnation_;
  wait_ms = 1'000;  // somebody tells when there is something
  if (outcomes_.empty() || !is_live_locked()) return batch;
  const int64_t age_ms = clock_.monotonic_ms() - outcomes_.front().since_ms;
  const bool is_full = outcomes_.size() >= options_.record_batch || outcomes_weight_ >= options_.record_weight;
  // With nothing running that could join it, waiting would be for nothing.
  if (!at_once && !is_full && age_ms < options_.record_after_ms && !(running_.empty() && queued_.empty())) {
    wait_ms = options_.record_after_ms - age_ms;
    return batch;
  }
  size_t weight = 0, count = 0;
  while (!outcomes_.empty() && count < options_.record_batch && weight < options_.record_weight) {
    Waiting waiting = std::move(outcomes_.front());
    outcomes_.pop_front();
    outcomes_weight_ -= waiting.weight;
    weight += waiting.weight;
    ++count;
    if (auto* done = std::get_if<store::TaskCompletion>(&waiting.outcome))
      batch.completions.push_back(std::move(*done));
    else if (auto* failure = std::get_if<store::TaskFailure>(&waiting.outcome))
      batch.failures.push_back(std::move(*failure));
    else batch.give_backs.push_back(std::move(std::get<GiveBack>(waiting.outcome).task));
  }
  in_recording_ += count;
  wait_ms = 0;
  return batch;
}

void Workbench::recorded(size_t count) {
  {
    const std::lock_guard lock(mutex_);
    in_recording_ -= count;
  }
  work_.notify_all();
}

std::vector<int64_t> Workbench::jobs_in_hand(size_t most) const {
  const std::lock_guard lock(mutex_);
  std::set<int64_t> jobs;
  for (const auto& attempt : running_) {
    if (jobs.size() < most) jobs.insert(attempt->task.job_id);
  }
  for (const auto& task : queued_) {
    if (jobs.size() < most) jobs.insert(task.job_id);
  }
  return {jobs.begin(), jobs.end()};
}

void Workbench::give_back_locked(const std::function<bool(const model::ClaimedTask&)>& which) {
  std::deque<model::ClaimedTask> kept;
  for (auto& task : queued_) {
    if (which(task)) push_locked(GiveBack{std::move(task)});
    else kept.push_back(std::move(task));
  }
  queued_ = std::move(kept);
}

void Workbench::ask_to_stop_locked(Attempt& attempt, StopReason reason) {
  if (attempt.reason == StopReason::none) attempt.stop_asked_ms = clock_.monotonic_ms();
  // A lost one is lost, whatever else it was asked to stop for.
  if (attempt.reason == StopReason::none || reason == StopReason::lost) attempt.reason = reason;
  attempt.stop.request_stop();
}

void Workbench::job_stops(int64_t job_id, bool running) {
  {
    const std::lock_guard lock(mutex_);
    give_back_locked([&](const model::ClaimedTask& task) { return task.job_id == job_id; });
    for (const auto& attempt : running_) {
      if (running && attempt->task.job_id == job_id) ask_to_stop_locked(*attempt, StopReason::job_ended);
    }
  }
  if (on_outcome) on_outcome();
}

int64_t Workbench::deadline_ms(const std::string& kind) const {
  const auto found = options_.deadlines_ms.find(kind);
  return found == options_.deadlines_ms.end() ? options_.deadline_ms : found->second;
}

void Workbench::enforce_deadlines() {
  const std::lock_guard lock(mutex_);
  const int64_t now = clock_.monotonic_ms();
  for (const auto& attempt : running_) {
    if (now - attempt->begun_ms >= deadline_ms(attempt->task.kind)) ask_to_stop_locked(*attempt, StopReason::deadline);
  }
}

size_t Workbench::abandon_hung(int64_t grace_ms) {
  size_t count = 0;
  {
    const std::lock_guard lock(mutex_);
    const int64_t now = clock_.monotonic_ms();
    for (auto at = running_.begin(); at != running_.end();) {
      Attempt& attempt = **at;
      if (attempt.reason == StopReason::none || now - attempt.stop_asked_ms < grace_ms) {
        ++at;
        continue;
      }
      attempt.is_abandoned = true;
      ++abandoned_;
      ++count;
      if (attempt.task.isolated) alone_ = false;
      if (attempt.incarnation == incarnation_ && !is_fenced_ && attempt.reason != StopReason::lost) {
        if (attempt.reason == StopReason::deadline) {
          push_locked(store::TaskFailure{.task_id = attempt.task.id,
                                         .job_id = attempt.task.job_id,
                                         .epoch = attempt.task.epoch,
                                         .kind = model::FailureKind::transient,
                                         .error = "the task ran past its deadline and did not stop when asked to",
                                         .retry_after_ms = options_.retry.base_ms});
        } else {
          push_locked(GiveBack{attempt.task});
        }
      }
      at = running_.erase(at);
    }
  }
  if (count == 0) return 0;
  work_.notify_all();
  quiet_.notify_all();
  if (on_outcome) on_outcome();
  return count;
}

size_t Workbench::abandoned() const {
  const std::lock_guard lock(mutex_);
  return abandoned_;
}

bool Workbench::was_abandoned(const Attempt& attempt) const {
  const std::lock_guard lock(mutex_);
  return attempt.is_abandoned;
}

void Workbench::drain() {
  {
    const std::lock_guard lock(mutex_);
    is_draining_ = true;
    give_back_locked([](const model::ClaimedTask&) { return true; });
  }
  if (on_outcome) on_outcome();
}

void Workbench::stop_all(StopReason reason) {
  const std::lock_guard lock(mutex_);
  for (const auto& attempt : running_) ask_to_stop_locked(*attempt, reason);
}

bool Workbench::wait_until_nothing_runs(int64_t timeout_ms) {
  std::unique_lock lock(mutex_);
  return quiet_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [this] { return running_.empty(); });
}

bool Workbench::is_draining() const {
  const std::lock_guard lock(mutex_);
  return is_draining_;
}

Workbench::Counts Workbench::counts() const {
  const std::lock_guard lock(mutex_);
  return {queued_.size(), running_.size(), outcomes_.size() + in_recording_, abandoned_};
}

}  // namespace assay::coordinate
