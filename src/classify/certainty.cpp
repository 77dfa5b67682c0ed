#include "classify/certainty.h"

#include <algorithm>
#include <cmath>

namespace assay::classify {

ShareInterval share_interval(uint64_t having, uint64_t sampled, double z) {
  if (sampled == 0) return {};
  const auto n = static_cast<double>(sampled);
  const double share = static_cast<double>(having) / n, z2 = z * z;
  const double centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = z / (1 + z2 / n) * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  return {having == 0 ? 0 : std::max(0.0, centre - half), having == sampled ? 1 : std::min(1.0, centre + half)};
}

// The normal distribution's two-sided quantile, by halving: asked a few times a table.
double deviations_of(double probability) {
  double low = 0, high = 40;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::sqrt(2.0)) > 1 - probability ? low : high) = middle;
  }
  return low;
}

double most_unseen_share(uint64_t sampled, double probability) {
  return sampled == 0 ? 1 : -std::expm1(std::log1p(-probability) / static_cast<double>(sampled));
}

}  // namespace assay::classify
