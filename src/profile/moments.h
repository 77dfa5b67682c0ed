#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/codec.h"

namespace assay::profile {

/// Mean and deviation of numbers that go by, without the cancellation of sums of squares: Welford 1962, with weights.
class Moments {
 public:
  /// `number` is finite.
  void add(double number, uint64_t times = 1) {
    if (times == 0) return;
    count_ += times;
    const double delta = number - mean_;
    const auto weight = static_cast<double>(times);
    mean_ += delta * weight / static_cast<double>(count_);
    squares_ += weight * delta * (number - mean_);
    minimum_ = std::min(minimum_, number);
    maximum_ = std::max(maximum_, number);
  }

  void save(core::WireWriter& out) const {
    out.u64(count_);
    for (const double number : {mean_, squares_, minimum_, maximum_}) out.f64(number);
  }
  /// Adds what another one saved: Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing
  /// sample variances", 1979. Throws core::Error(permanent) for what none saved.
  void absorb(core::WireReader& saved) {
    const uint64_t count = saved.u64();
    const double mean = saved.f64(), squares = saved.f64(), minimum = saved.f64(), maximum = saved.f64();
    if (count == 0) return;
    const bool are_moments = std::isfinite(minimum) && std::isfinite(maximum) && std::isfinite(squares) &&
                             std::isfinite(mean) && minimum <= maximum;
    if (!are_moments) core::refuse_saved();
    const auto ours = static_cast<double>(count_), theirs = static_cast<double>(count);
    const double delta = mean - mean_;
    mean_ += delta * theirs / (ours + theirs);
    squares_ += squares + delta * delta * ours * theirs / (ours + theirs);
    count_ += count;
    minimum_ = std::min(minimum_, minimum);
    maximum_ = std::max(maximum_, maximum);
  }

  uint64_t count() const { return count_; }
  double mean() const { return mean_; }  ///< 0 without numbers
  /// Of the sample: divided by one less than the count. 0 for less than two numbers.
  double deviation() const {
    return count_ < 2 ? 0 : std::sqrt(std::max(0.0, squares_) / static_cast<double>(count_ - 1));
  }
  double minimum() const { return minimum_; }  ///< infinite without numbers
  double maximum() const { return maximum_; }  ///< the same

 private:
  uint64_t count_ = 0;
  double mean_ = 0, squares_ = 0;
  double minimum_ = std::numeric_limits<double>::infinity(), maximum_ = -std::numeric_limits<double>::infinity();
};

}  // namespace assay::profile
