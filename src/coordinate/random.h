#pragma once

#include <cstdint>
#include <string>

namespace assay::coordinate {

/// Numbers for jitter and for simulations: the same from the same seed, on every machine. SplitMix64 (G. L. Steele,
/// D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", 2014). Not thread-safe, not for secrets.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15ULL;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31);
  }
  /// 0 to bound - 1; 0 for a bound of 0. The bias is below bound / 2^64.
  uint64_t below(uint64_t bound) noexcept { return bound == 0 ? 0 : next() % bound; }
  /// low to high, both included.
  int64_t between(int64_t low, int64_t high) noexcept {
    return high <= low ? low : low + static_cast<int64_t>(below(static_cast<uint64_t>(high - low) + 1));
  }
  bool one_in(uint64_t n) noexcept { return below(n) == 0; }

 private:
  uint64_t state_;
};

/// A seed that differs from process to process: getrandom(2).
uint64_t random_seed();
/// A random UUID (RFC 9562, version 4) as text.
std::string random_uuid(Random& random);

}  // namespace assay::coordinate
