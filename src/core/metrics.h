#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::core {

/// Only grows. Thread-safe, without a lock.
class Counter {
 public:
  void add(uint64_t amount = 1) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
  uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

/// Goes up and down. Thread-safe, without a lock.
class Gauge {
 public:
  void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void add(double amount) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
  double value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// Counts observations by size. Thread-safe, without a lock.
class Histogram {
 public:
  /// `bounds`: the upper ends of the buckets, ascending; one more bucket takes what is above.
  explicit Histogram(std::span<const double> bounds)
      : bounds_(bounds.begin(), bounds.end()), buckets_(bounds.size() + 1) {}
  void observe(double value) noexcept;
  uint64_t count() const noexcept;
  double sum() const noexcept { return sum_.load(std::memory_order_relaxed); }
  std::span<const double> bounds() const noexcept { return bounds_; }
  /// How many fell into bucket i, not summed up.
  uint64_t bucket(size_t i) const noexcept { return buckets_[i].load(std::memory_order_relaxed); }

 private:
  std::vector<double> bounds_;
  std::vector<std::atomic<uint64_t>> buckets_;
  std::atomic<double> sum_{0};
};

/// Seconds, from a millisecond to ten minutes.
std::span<const double> latency_bounds_s() noexcept;

/// What a process tells of itself, as Prometheus reads it (text exposition format 0.0.4). Thread-safe. References live
/// as long as the Metrics. A name has one kind and one list of label names: another use of it is a core::Error(bug). A
/// family holds at most 100 sets of label values; what comes after is counted in one whose values are all "other", so
/// that no input can make it grow.
class Metrics {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  static constexpr size_t most_series = 100;

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::span<const double> bounds,
                       Labels labels = {});

  std::string render() const;

 private:
  struct Series;
  struct Family;
  enum class Kind : uint8_t { counter, gauge, histogram };
  Series& find(std::string_view name, std::string_view help, Kind kind, std::span<const double> bounds, Labels labels);

  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Family>, std::less<>> families_;
};

}  // namespace assay::core
