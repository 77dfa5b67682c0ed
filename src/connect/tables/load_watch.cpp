#include "connect/tables/load_watch.h"

#include <condition_variable>
#include <mutex>
#include <string_view>

namespace assay::connect {
namespace {

constexpr std::string_view lag_bound = "max_replication_lag_s", running_bound = "max_running";

class Standing {
 public:
  explicit Standing(std::atomic<bool>& flag) : flag_(flag) { flag_ = true; }
  ~Standing() { flag_ = false; }
  Standing(const Standing&) = delete;
  Standing& operator=(const Standing&) = delete;

 private:
  std::atomic<bool>& flag_;
};

}  // namespace

void LoadWatch::wait_to_begin(const std::function<void()>& before_pause) {
  const std::optional<ServerLoad> load = look(true);
  if (!load || passed(*load) == nullptr) return;
  before_pause();
  stand_still(*load, true);
}

LoadWatch::Clock::duration LoadWatch::keep_within() {
  if (Clock::now() - looked_at_ < look_every) return {};
  const std::optional<ServerLoad> load = look(false);
  if (!load || passed(*load) == nullptr) return {};
  return stand_still(*load, false);
}

std::optional<ServerLoad> LoadWatch::look(bool must_succeed) {
  looked_at_ = Clock::now();
  for (bool is_fresh = false;;) {
    try {
      if (probe_ == nullptr) {
        is_fresh = true;
        probe_ = source_.connect();
      }
      return probe_->look();
    } catch (const sql::Error& error) {
      probe_.reset();
      const bool may_pass = error.trouble() != sql::Trouble::other && !source_.stop.stop_requested();
      if (may_pass && !is_fresh) continue;  // the connection was kept, and may have ended for reasons of its own
      if (may_pass && !must_succeed) return std::nullopt;
      throw;
    }
  }
}

const char* LoadWatch::passed(const ServerLoad& load) const {
  if (bounds_.max_replication_lag_s != 0 && load.replication_lag_s > static_cast<double>(bounds_.max_replication_lag_s))
    return lag_bound.data();
  if (bounds_.max_running != 0 && load.running > bounds_.max_running) return running_bound.data();
  return nullptr;
}

LoadWatch::Clock::duration LoadWatch::stand_still(ServerLoad load, bool must_succeed) {
  const auto begin = Clock::now();
  const Standing standing(*is_standing_);
  const char* bound = passed(load);
  const bool is_lag = bound == lag_bound;
  source_.log.warning("reading stands still: the server bears more than the source's settings allow",
                      {{"source", source_.name},
                       {"bound", bound},
                       {"value", is_lag ? static_cast<uint64_t>(load.replication_lag_s) : load.running},
                       {"most", is_lag ? bounds_.max_replication_lag_s : bounds_.max_running}});
  do {
    wait_for_look();
    const std::optional<ServerLoad> now = look(must_succeed);
    if (!now) break;
    load = *now;
  } while (passed(load) != nullptr);
  const auto stood = Clock::now() - begin;
  source_.log.info(
      "reading goes on",
      {{"source", source_.name}, {"stood_still_s", std::chrono::duration_cast<std::chrono::seconds>(stood).count()}});
  return stood;
}

void LoadWatch::wait_for_look() const {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  never.wait_until(lock, source_.stop, looked_at_ + look_every, [] { return false; });
  if (source_.stop.stop_requested())
    throw sql::Error(core::ErrorKind::transient, sql::Trouble::cancelled, "reading was told to end");
}

}  // namespace assay::connect
