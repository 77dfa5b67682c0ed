#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

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
