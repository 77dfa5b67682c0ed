#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace assay::profile {

/// Mean and deviation of numbers that go by, without the cancellation of sums of squares: Welford 1962, with weights;
/// merging by Chan, Golub, LeVeque: "Updating formulae and a pairwise algorithm for computing sample variances", 1979.
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

  void merge(const Moments& other) {
    if (other.count_ == 0) return;
    const auto mine = static_cast<double>(count_), others = static_cast<double>(other.count_);
    const double delta = other.mean_ - mean_;
    count_ += other.count_;
    mean_ += delta * others / (mine + others);
    squares_ += other.squares_ + delta * delta * mine * others / (mine + others);
    minimum_ = std::min(minimum_, other.minimum_);
    maximum_ = std::max(maximum_, other.maximum_);
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
