#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "connect/tables/server_load.h"
#include "core/log.h"

namespace assay::connect {

/// Looks at what a server bears, every few seconds, and lets reading stand still while that is more than the bounds.
/// Belongs to the thread that reads.
class LoadWatch {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds look_every{2};

  struct Source {
    std::string name;  ///< for the log
    std::function<std::unique_ptr<LoadProbe>()> connect;
    std::stop_token stop;
    core::Log log;
  };
  LoadWatch(const LoadBounds& bounds, Source source) : bounds_(bounds), source_(std::move(source)) {}

  /// Before anything is read: returns when all is within the bounds. `before_pause` is called when it is not, once.
  /// Throws sql::Error: what the probe throws when it cannot look; transient and cancelled once stopped.
  void wait_to_begin(const std::function<void()>& before_pause);

  /// While a table is read, between two rows: returns at once unless the last look was long ago. Returns how long
  /// reading stood still. A server that does not answer is not looked at: the reading will notice by itself. Throws as
  /// wait_to_begin() what else goes wrong.
  Clock::duration keep_within();

  /// True while reading stands still. To be asked from any thread, also after the watch is gone.
  std::shared_ptr<const std::atomic<bool>> is_standing() const { return is_standing_; }

 private:
  std::optional<ServerLoad> look(bool must_succeed);
  /// Which bound is passed, for the log; nullptr: none.
  const char* passed(const ServerLoad& load) const;
  Clock::duration stand_still(ServerLoad load, bool must_succeed);
  void wait_for_look() const;

  const LoadBounds bounds_;
  const Source source_;
  std::unique_ptr<LoadProbe> probe_;
  Clock::time_point looked_at_;
  std::shared_ptr<std::atomic<bool>> is_standing_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace assay::connect
