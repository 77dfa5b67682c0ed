#pragma once

#include <algorithm>
#include <cstdint>

namespace assay::coordinate {

/// Bytes a second, paid for afterwards: whoever is in debt waits. Holds at most what one second earns. Not thread-safe.
class TokenBucket {
 public:
  /// 0 bytes a second: no bound.
  explicit TokenBucket(uint64_t bytes_per_s) : rate_(static_cast<double>(bytes_per_s)), tokens_(rate_) {}

  void spend(uint64_t bytes, int64_t now_ms) noexcept {
    refill(now_ms);
    tokens_ -= static_cast<double>(bytes);
  }
  /// Milliseconds until the debt is paid; 0: none.
  int64_t wait_ms(int64_t now_ms) noexcept {
    if (rate_ <= 0) return 0;
    refill(now_ms);
    return tokens_ >= 0 ? 0 : static_cast<int64_t>(-tokens_ / rate_ * 1000) + 1;
  }

 private:
  void refill(int64_t now_ms) noexcept {
    if (last_ms_ != 0 && now_ms > last_ms_) {
      tokens_ = std::min(rate_, tokens_ + rate_ * static_cast<double>(now_ms - last_ms_) / 1000);
    }
    last_ms_ = now_ms;
  }

  double rate_, tokens_;
  int64_t last_ms_ = 0;
};

}  // namespace assay::coordinate
