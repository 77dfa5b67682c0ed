#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/codec.h"

namespace assay::profile {

/// Quantiles of numbers that go by, within a bound: the merging t-digest (Dunning, Ertl: "Computing extremely accurate
/// quantiles using t-digests", 2019) with the scale function k1, which keeps small clusters at both ends. Each cluster
/// also knows its least and greatest number, so that numbers which occur often are told exactly.
class TDigest {
 public:
  /// `compression`: at most so many clusters are kept; 20 to 1000. Numbers wait in a buffer of `buffered`.
  explicit TDigest(uint32_t compression = 200, uint32_t buffered = 128);

  /// `number` is finite.
  void add(double number, uint64_t times = 1) {
    if (times == 0) return;
    waiting_.push_back({number, static_cast<double>(times)});
    if (waiting_.size() >= buffered_) compress();
  }

  void save(core::WireWriter& out);
  /// Adds what another one saved, cluster by cluster. Throws core::Error(permanent) for what none saved.
  void absorb(core::WireReader& saved);

  double count() const;
  /// The number below which the share `q` (0 to 1) of all is. NaN when there are none.
  double quantile(double q);
  /// How many numbers are below `number`, about.
  double rank(double number);
  size_t memory_bytes() const;

 private:
  struct Waiting {
    double number, weight;
  };
  struct Cluster {
    double mean, weight, least, greatest;
  };

  void compress();
  std::pair<double, double> ends_of(size_t place) const;
  void fold_in(std::vector<Cluster>&& sorted);

  uint32_t compression_, buffered_;
  double weight_ = 0;  ///< of clusters_
  std::vector<Waiting> waiting_;
  std::vector<Cluster> clusters_;  ///< by mean
};

}  // namespace assay::profile
