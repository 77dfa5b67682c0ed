#include "extract/sandbox/slot.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstring>

namespace assay::sandbox {
namespace {

using model::VerdictKind;

constexpr int look_every_ms = 10;
constexpr int exit_grace_ms = 1000;
constexpr int kill_grace_ms = 5000;
constexpr size_t low_water = max_batch / 2;
constexpr size_t messages_between_looks = 64;
constexpr unsigned max_attempts = 3;
constexpr unsigned max_deaths_in_a_row = 20;
static_assert(low_water + max_batch < ring_places);

uint64_t ns_since(std::chrono::steady_clock::time_point start) {
  return static_cast<uint64_t>(std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count());
}

}  // namespace

Slot::Slot(const PoolParts& parts)
    : parts_(parts), watchdog_(parts.options.limits), buffer_(max_message_bytes), batch_(max_message_bytes) {}

void Slot::run() {
  for (;;) {
    if (outstanding_.empty() && room() == 0) retire_worker();
    if (room() != 0 && !holds_back_ && outstanding_.size() <= low_water) top_up(outstanding_.empty());
    if (parts_.queue.ended()) break;
    if (!outstanding_.empty()) hear();
  }
  worker_.reset();
}

void Slot::ensure_worker() {
  while (!worker_) {
    worker_ = std::make_unique<WorkerProcess>(parts_.keeper, parts_.options.scratch_directory);
    if (!worker_->lives()) worker_.reset();
  }
}

void Slot::retire_worker() {
  worker_.reset();
  watchdog_.restart();
  last_sequence_ = 0;
  finished_ = 0;
  greeted_ = false;
  is_shaken_ = false;
  holds_back_ = false;
  offence_.reset();
}

size_t Slot::room() const {
  const uint64_t share = parts_.options.limits.objects_per_worker;
  const uint64_t given = finished_ + outstanding_.size();
  if (is_shaken_) return 0;
  return share == 0 ? max_batch : std::min<uint64_t>(max_batch, share - std::min(share, given));
}

void Slot::top_up(bool wait) {
  std::vector<Job> jobs = parts_.queue.take(room(), wait);
  holds_back_ = !jobs.empty() && jobs.front().attempts > 0;
  while (!jobs.empty()) {
    ensure_worker();
    if (send(jobs)) continue;
    parts_.queue.put_back(std::move(jobs));
    return;
  }
}

// Sends as many jobs as one message holds and takes them from the list. False when the worker does not take them now.
bool Slot::send(std::vector<Job>& jobs) {
  std::vector<int> descriptors;
  RequestBatch head{0};
  size_t used = sizeof(head);
  for (const Job& job : jobs) {
    if (used + sizeof(RequestHeader) + job.request.size() > batch_.size()) break;
    const RequestHeader header{last_sequence_ + 1 + head.count, static_cast<uint32_t>(job.request.size()),
                               job.object ? 1U : 0U};
    worker_->page().place(header.sequence).store(SharedPage::pack(header.sequence, RequestState::queued));
    std::memcpy(batch_.data() + used, &header, sizeof(header));
    std::memcpy(batch_.data() + used + sizeof(header), job.request.data(), job.request.size());
    used += sizeof(header) + job.request.size();
    if (job.object) descriptors.push_back(job.object.get());
    ++head.count;
  }
  std::memcpy(batch_.data(), &head, sizeof(head));
  const iovec part{batch_.data(), used};
  if (outstanding_.empty()) watchdog_.restart();
  const int error = send_message(worker_->channel(), {&part, 1}, descriptors, MSG_DONTWAIT);
  if (error != 0) {
    // A full channel empties as the worker reads; with nothing outstanding there is nobody who reads.
    if (outstanding_.empty()) retire_worker();
    return false;
  }
  for (uint64_t i = 0; i < head.count; ++i) outstanding_.push_back({++last_sequence_, std::move(jobs[i]), 0, false});
  jobs.erase(jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t>(head.count));
  return true;
}

void Slot::hear() {
  pollfd events[2] = {{worker_->channel(), POLLIN, 0}, {parts_.stop_event, POLLIN, 0}};
  const auto start = std::chrono::steady_clock::now();
  ::poll(events, 2, look_every_ms);
  const bool heard = events[0].revents != 0;
  watchdog_.waited(is_held() ? 0 : ns_since(start), worker_->page(), heard);
  if (events[1].revents != 0) return;
  const bool open = !heard || receive_all(messages_between_looks);
  if (offence_) return end_worker(std::move(offence_));
  if (!open) return end_worker(std::nullopt);
  look_after_worker();
}

// Of the request in work, as the worker says: answers to those before it may still be on their way. One that lies has
// time for as long as another of its requests is held.
bool Slot::is_held() const {
  const uint64_t current = worker_->page().current.load(std::memory_order_acquire);
  const auto in_work = std::ranges::find(outstanding_, current, &Outstanding::sequence);
  return in_work != outstanding_.end() && in_work->job.is_held != nullptr &&
         in_work->job.is_held->load(std::memory_order_relaxed);
}

// False when the worker has closed its end.
bool Slot::receive_all(size_t most_messages) {
  for (size_t i = 0; i < most_messages && !offence_; ++i) {
    size_t size = 0;
    switch (receive_message(worker_->channel(), buffer_, size, nullptr, MSG_DONTWAIT)) {
      case ReceiveStatus::would_block: return true;
      case ReceiveStatus::closed: return false;
      case ReceiveStatus::malformed:
        offence_ = model::Verdict{VerdictKind::violation, "a message that is too long or carries descriptors"};
        return true;
      case ReceiveStatus::ok: take_message({buffer_.data(), size}); break;
    }
    // One message usually answers a whole batch: asking for the next would be a wasted call.
    if (outstanding_.empty()) return true;
  }
  return true;
}

void Slot::take_message(std::string_view message) {
  while (!message.empty() && !offence_) {
    FrameHeader header{};
    if (message.size() < sizeof(header)) {
      offence_ = model::Verdict{VerdictKind::violation, "a message that is no frame"};
      return;
    }
    std::memcpy(&header, message.data(), sizeof(header));
    message.remove_prefix(sizeof(header));
    if (message.size() < header.size) {
      offence_ = model::Verdict{VerdictKind::violation, "a frame that is longer than its message"};
      return;
    }
    take_frame(header, message.substr(0, header.size));
    message.remove_prefix(header.size);
  }
}

void Slot::take_frame(const FrameHeader& header, std::string_view payload) {
  if (!greeted_) {
    HelloBody hello{};
    if (header.kind == FrameKind::refused && payload.size() <= max_reason_bytes)
      throw core::Error(core::ErrorKind::permanent,
                        fmt::format("the sandbox cannot be locked down in full, as is required: {}", payload));
    if (header.kind != FrameKind::hello || payload.size() != sizeof(hello)) {
      offence_ = model::Verdict{VerdictKind::violation, "an answer before the worker was locked down"};
      return;
    }
    std::memcpy(&hello, payload.data(), sizeof(hello));
    greeted_ = true;
    parts_.on_hello(hello);
    return;
  }
  // Requests are answered in order, so the only one that may be spoken of is the oldest.
  if (outstanding_.empty() || header.sequence != outstanding_.front().sequence) {
    offence_ = model::Verdict{VerdictKind::violation, "an answer to a request that is not in work"};
    return;
  }
  if (header.kind == FrameKind::done) return take_done(header, payload);
  if (header.kind != FrameKind::data) {
    offence_ = model::Verdict{VerdictKind::violation, "a frame of an unknown kind"};
    return;
  }
  Outstanding& current = outstanding_.front();
  current.output_bytes += payload.size();
  if (current.output_bytes > parts_.options.limits.output_bytes) {
    offence_ = model::Verdict{VerdictKind::limit,
                              fmt::format("more than {} MiB of results", parts_.options.limits.output_bytes >> 20)};
    return;
  }
  current.heard = true;
  parts_.handler.on_frame(current.job.id, payload);
}

void Slot::take_done(const FrameHeader& header, std::string_view payload) {
  DoneBody body{};
  if (payload.size() < sizeof(body) || payload.size() > sizeof(body) + max_reason_bytes ||
      header.verdict >= model::verdict_kind_count) {
    offence_ = model::Verdict{VerdictKind::violation, "an end that cannot be read"};
    return;
  }
  std::memcpy(&body, payload.data(), sizeof(body));
  Outcome outcome;
  outcome.verdict = {static_cast<VerdictKind>(header.verdict), std::string(payload.substr(sizeof(body)))};
  outcome.cpu_ms = body.cpu_us / 1000;
  outcome.peak_rss_bytes = body.peak_rss_bytes;
  if (outcome.verdict.kind == VerdictKind::crash) is_shaken_ = true;
  deaths_in_a_row_ = 0;
  holds_back_ = false;
  ++finished_;
  finish(outstanding_.front(), outcome);
  outstanding_.pop_front();
}

void Slot::finish(Outstanding& outstanding, const Outcome& outcome) {
  outstanding.job.object.reset();
  parts_.handler.on_done(outstanding.job.id, outcome);
  parts_.queue.done(1);
}

void Slot::look_after_worker() {
  if (outstanding_.empty() || watchdog_.waited_ms() < look_every_ms) return;
  give_back_what_waits();
  if (auto complaint = watchdog_.complaint(worker_->cpu_ns()))
    end_worker(model::Verdict{VerdictKind::timeout, std::move(*complaint)});
}

// The object in work takes its time: those behind it need not wait for it.
void Slot::give_back_what_waits() {
  holds_back_ = true;
  std::vector<Job> jobs;
  std::deque<Outstanding> kept;
  for (Outstanding& waiting : outstanding_) {
    if (!kept.empty() && worker_->page().claim(waiting.sequence, RequestState::revoked))
      jobs.push_back(std::move(waiting.job));
    else kept.push_back(std::move(waiting));
  }
  outstanding_ = std::move(kept);
  if (!jobs.empty()) parts_.queue.put_back(std::move(jobs));
}

// `verdict` is the parent's own judgement; without one the way the worker died decides.
void Slot::end_worker(std::optional<model::Verdict> verdict) {
  if (parts_.queue.ended()) return;  // workers end with the pool: that tells nothing of their objects
  using Fate = WorkerProcess::Fate;
  Fate fate = verdict ? Fate::running : worker_->wait_exit(exit_grace_ms);
  Death death;
  if (fate == Fate::running) {
    death.went_on = !verdict;
    if (!verdict) verdict = model::Verdict{VerdictKind::violation, "closed its channel and went on"};
    worker_->kill();
    fate = worker_->wait_exit(kill_grace_ms);
  }
  if (fate == Fate::ended) death.exited = worker_->exited();
  // What it had sent before it died counts, unless it is what it died of.
  if (verdict && verdict->kind == VerdictKind::timeout) receive_all(SIZE_MAX);
  death.violating_call = worker_->page().violating_call.load();
  death.base_rss_bytes = worker_->page().base_rss_bytes.load();
  settle(verdict ? *verdict : verdict_of(death, parts_.options.limits), death, fate);
  retire_worker();
}

void Slot::settle(const model::Verdict& verdict, const Death& death, WorkerProcess::Fate fate) {
  SharedPage& page = worker_->page();
  Outcome outcome{verdict, 0, 0, 0};
  if (death.exited) {
    outcome.peak_rss_bytes = death.exited->peak_rss_bytes;
    outcome.cpu_ms = death.exited->cpu_us / 1000;
  }
  const bool is_own_fault = fate != WorkerProcess::Fate::unknown;
  // Of several that are not answered, any may have closed the channel: each is examined again, alone.
  const bool is_anyones = lost_its_channel(death) && outstanding_.size() > 1;
  std::vector<Job> again;
  for (Outstanding& left : outstanding_) {
    const bool in_work = page.is(left.sequence, RequestState::begun) && is_own_fault && !is_anyones;
    outcome.last_ordinal = page.current.load() == left.sequence ? page.ordinal.load() : 0;
    if (in_work || left.heard || ++left.job.attempts >= max_attempts) finish(left, outcome);
    else again.push_back(std::move(left.job));
  }
  outstanding_.clear();
  if (!again.empty()) parts_.queue.put_back(std::move(again));
  if (++deaths_in_a_row_ >= max_deaths_in_a_row && !greeted_)
    throw core::Error(core::ErrorKind::permanent,
                      fmt::format("the examiner's workers die as they start: {}", verdict.reason));
}

}  // namespace assay::sandbox
