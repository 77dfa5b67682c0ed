#include "profile/t_digest.h"

#include <algorithm>
#include <boost/sort/pdqsort/pdqsort.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/error.h"

namespace assay::profile {
namespace {

// Where a cluster that begins at share q must end: k1(q) = compression / 2 pi * asin(2q - 1), and a cluster spans at
// most 1 of k. sin(asin(x) + step) is x cos(step) + sqrt(1 - x^2) sin(step), which needs no sine for each cluster.
class ScaleFunction {
 public:
  explicit ScaleFunction(double compression)
      : cosine_(std::cos(step(compression))), sine_(std::sin(step(compression))) {}
  double end_of(double q) const {
    const double x = std::clamp(2 * q - 1, -1.0, 1.0);
    return x >= cosine_ ? 1 : (x * cosine_ + std::sqrt(1 - x * x) * sine_ + 1) / 2;
  }

 private:
  static double step(double compression) { return 2 * std::numbers::pi / compression; }
  double cosine_, sine_;
};

}  // namespace

TDigest::TDigest(uint32_t compression, uint32_t buffered) : compression_(compression), buffered_(buffered) {
  if (compression < 20 || compression > 1000 || buffered == 0)
    throw core::Error(core::ErrorKind::bug, "a t-digest of no such compression");
}

void TDigest::compress() {
  if (waiting_.empty()) return;
  boost::sort::pdqsort_branchless(waiting_.begin(), waiting_.end(),
                                  [](const Waiting& a, const Waiting& b) { return a.number < b.number; });
  std::vector<Cluster> sorted;
  sorted.reserve(waiting_.size());
  for (const Waiting& one : waiting_) {
    if (!sorted.empty() && sorted.back().mean == one.number) sorted.back().weight += one.weight;
    else sorted.push_back({one.number, one.weight, one.number, one.number});
  }
  waiting_.clear();
  fold_in(std::move(sorted));
}

// One pass over both lists: neighbours become one cluster while the scale function allows.
void TDigest::fold_in(std::vector<Cluster>&& sorted) {
  for (const Cluster& one : sorted) weight_ += one.weight;
  std::vector<Cluster> all;
  all.reserve(sorted.size() + clusters_.size());
  std::ranges::merge(sorted, clusters_, std::back_inserter(all), {}, &Cluster::mean, &Cluster::mean);
  size_t kept = 0;
  double before = 0;  // weight of the clusters before the last that is kept
  const ScaleFunction scale(compression_);
  double end = scale.end_of(0) * weight_;
  for (size_t i = 1; i < all.size(); ++i) {
    Cluster& last = all[kept];
    const Cluster& next = all[i];
    const bool is_one_number = last.least == next.greatest && last.greatest == next.least;
    if (is_one_number || before + last.weight + next.weight <= end) {
      last.weight += next.weight;
      last.mean = is_one_number ? last.mean : last.mean + (next.mean - last.mean) * next.weight / last.weight;
      last.least = std::min(last.least, next.least);
      last.greatest = std::max(last.greatest, next.greatest);
      last.mean = std::clamp(last.mean, last.least, last.greatest);  // rounding may lead beyond
    } else {
      before += last.weight;
      end = scale.end_of(before / weight_) * weight_;
      all[++kept] = next;
    }
  }
  if (!all.empty()) all.resize(kept + 1);
  clusters_.assign(all.begin(), all.end());
}

void TDigest::save(core::WireWriter& out) {
  compress();
  out.u32(static_cast<uint32_t>(clusters_.size()));
  for (const Cluster& one : clusters_)
    for (const double number : {one.mean, one.weight, one.least, one.greatest}) out.f64(number);
}

void TDigest::absorb(core::WireReader& saved) {
  compress();
  std::vector<Cluster> theirs;
  for (uint32_t n = saved.u32(); n > 0; --n) {
    const double mean = saved.f64(), weight = saved.f64(), least = saved.f64(), greatest = saved.f64();
    const bool is_cluster = std::isfinite(least) && std::isfinite(greatest) && weight > 0 &&
                            weight <= core::most_saved_number && least <= mean && mean <= greatest;
    if (!is_cluster) core::refuse_saved();
    theirs.push_back({mean, weight, least, greatest});
  }
  std::ranges::sort(theirs, {}, &Cluster::mean);
  fold_in(std::move(theirs));
}

double TDigest::count() const {
  double sum = weight_;
  for (const Waiting& one : waiting_) sum += one.weight;
  return sum;
}

// Clusters that were merged often overlap, and then few of their numbers are near their ends: where one ends and the
// next begins, for who asks, is half the way between their means.
std::pair<double, double> TDigest::ends_of(size_t place) const {
  const Cluster& one = clusters_[place];
  double left = one.least, right = one.greatest;
  if (place > 0) left = std::max(left, (clusters_[place - 1].mean + one.mean) / 2);
  if (place + 1 < clusters_.size()) right = std::min(right, (clusters_[place + 1].mean + one.mean) / 2);
  return {left, right};
}

double TDigest::quantile(double q) {
  compress();
  if (clusters_.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double wanted = std::clamp(q, 0.0, 1.0) * weight_;
  if (wanted <= 0) return std::ranges::min(clusters_, {}, &Cluster::least).least;
  if (wanted >= weight_) return std::ranges::max(clusters_, {}, &Cluster::greatest).greatest;
  size_t place = 0;
  double before = 0;
  while (place + 1 < clusters_.size() && before + clusters_[place].weight < wanted) before += clusters_[place++].weight;
  const Cluster& one = clusters_[place];
  const auto [left, right] = ends_of(place);
  // Half of the cluster lies on each side of its mean.
  const double share = std::clamp((wanted - before) / one.weight, 0.0, 1.0);
  return share < 0.5 ? left + (one.mean - left) * share * 2 : one.mean + (right - one.mean) * (share - 0.5) * 2;
}

double TDigest::rank(double number) {
  compress();
  double below = 0;
  for (size_t place = 0; place < clusters_.size(); ++place) {
    const Cluster& one = clusters_[place];
    const auto [left, right] = ends_of(place);
    if (right < number) {
      below += one.weight;
    } else if (left < number) {
      const bool is_left = number < one.mean;
      const double width = is_left ? one.mean - left : right - one.mean;
      const double within = width == 0 ? 0 : (is_left ? number - left : number - one.mean) / width;
      below += one.weight * (is_left ? within / 2 : 0.5 + within / 2);
    }
  }
  return below;
}

size_t TDigest::memory_bytes() const {
  return waiting_.capacity() * sizeof(Waiting) + clusters_.capacity() * sizeof(Cluster);
}

}  // namespace assay::profile
