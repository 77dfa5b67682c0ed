#include "core/clock.h"

#include <ctime>

namespace assay::core {
namespace {

int64_t read_clock_ms(clockid_t id) noexcept {
  timespec time{};
  clock_gettime(id, &time);
  return static_cast<int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

class SystemClock final : public Clock {
 public:
  int64_t now_ms() const override { return read_clock_ms(CLOCK_REALTIME); }
  int64_t monotonic_ms() const override { return read_clock_ms(CLOCK_BOOTTIME); }
};

}  // namespace

const Clock& system_clock() noexcept {
  static const SystemClock clock;
  return clock;
}

}  // namespace assay::core
