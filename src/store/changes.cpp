#include "store/changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>

#include "store/keys.h"

namespace assay::store {
namespace {

constexpr int64_t listen_turn_ms = 200;
constexpr int64_t least_between_notifications_ms = 20;
constexpr std::chrono::seconds pause_after_failure{1};
constexpr size_t most_remembered = 1000;

std::atomic<uint64_t> next_number{1};

size_t bucket_of(std::string_view who, size_t buckets) { return std::hash<std::string_view>{}(who) % buckets; }

/// The generation that this thread saw when its last wait ended.
uint64_t& last_seen(uint64_t number, size_t bucket, uint64_t now) {
  thread_local std::unordered_map<uint64_t, uint64_t> seen;
  if (seen.size() > most_remembered) seen.clear();
  return seen.try_emplace(number * 1024 + bucket, now).first->second;
}

}  // namespace

Changes::Changes(Connect connect) : connect_(std::move(connect)), number_(next_number++) {}

Changes::~Changes() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (listener_.joinable()) listener_.join();
}

std::string Changes::channel(std::string_view who) {
  return fmt::format("assay_{:016x}", static_cast<uint64_t>(lock_key(who)));
}

void Changes::wait(std::string_view who, int64_t timeout_ms) {
  std::unique_lock lock(mutex_);
  if (connect_) {
    const std::string name = channel(who);
    if (channels_.size() < most_channels && std::ranges::find(channels_, name) == channels_.end())
      channels_.push_back(name);
    if (!listener_.joinable()) listener_ = std::thread([this] { listen_in_background(); });
  }
  const size_t bucket = bucket_of(who, buckets);
  uint64_t& seen = last_seen(number_, bucket, generations_[bucket]);
  changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                    [&] { return stopping_ || generations_[bucket] != seen; });
  seen = generations_[bucket];
}

void Changes::announce(std::string_view who) {
  {
    const std::lock_guard lock(mutex_);
    ++generations_[bucket_of(who, buckets)];
  }
  changed_.notify_all();
}

bool Changes::may_tell_others(std::string_view who) {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const int64_t now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  const std::lock_guard lock(mutex_);
  int64_t& told_at_ms = told_at_ms_[bucket_of(who, buckets)];
  if (now_ms - told_at_ms < least_between_notifications_ms) return false;
  told_at_ms = now_ms;
  return true;
}

void Changes::wake_everyone() {
  {
    const std::lock_guard lock(mutex_);
    for (uint64_t& generation : generations_) ++generation;
  }
  changed_.notify_all();
}

void Changes::listen_in_background() {
  std::unique_ptr<sql::Connection> connection;
  size_t listening = 0;
  for (;;) {
    std::vector<std::string> fresh;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      fresh.assign(channels_.begin() + static_cast<std::ptrdiff_t>(listening), channels_.end());
    }
    try {
      if (!connection) connection = connect_();
      for (const std::string& name : fresh) {
        connection->listen(name);
        ++listening;
      }
      // What was said before the first LISTEN was not heard.
      if (!fresh.empty() || connection->wait_for_notification(listen_turn_ms)) wake_everyone();
    } catch (const core::Error&) {
      // Without notifications everyone polls: nothing is lost but time.
      connection.reset();
      listening = 0;
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, pause_after_failure, [this] { return stopping_; });
    }
  }
}

}  // namespace assay::store
