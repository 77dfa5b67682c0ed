#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "sql/connection.h"

namespace assay::store {

/// Wakes those who wait for a change: within the process by a condition variable, across processes by LISTEN on a
/// connection of its own, which is made at the first wait. Only shortens waits. Thread-safe.
class Changes {
 public:
  using Connect = std::function<std::unique_ptr<sql::Connection>()>;
  /// `connect`: how to reach a database that can notify; empty where there is none.
  explicit Changes(Connect connect);
  ~Changes();
  Changes(const Changes&) = delete;
  Changes& operator=(const Changes&) = delete;

  /// Until `who` was announced since this thread's last wait for it ended, or the time is up. May return for nothing.
  void wait(std::string_view who, int64_t timeout_ms);
  void announce(std::string_view who);
  /// Whether other processes should be told: at most every 20 ms for one name, since a notification takes a lock that
  /// every commit with one waits for.
  bool may_tell_others(std::string_view who);
  /// The channel's name in the database.
  static std::string channel(std::string_view who);

 private:
  static constexpr size_t buckets = 1024;
  static constexpr size_t most_channels = 64;

  void listen_in_background();
  void wake_everyone();

  const Connect connect_;
  const uint64_t number_;  ///< of this object, for what threads remember
  std::mutex mutex_;
  std::condition_variable changed_;
  std::array<uint64_t, buckets> generations_{};  ///< by hash: two names that share one only wake each other
  std::array<int64_t, buckets> told_at_ms_{};
  std::vector<std::string> channels_;
  bool stopping_ = false;
  std::thread listener_;
};

}  // namespace assay::store
