#pragma once

#include <cstdint>

namespace assay::classify {

/// Where the share of something among all values lies, told by a random sample of them.
struct ShareInterval {
  double low = 0, high = 1;
};

/// Two-sided interval that covers the true share with about the probability that `z` stands for (3.29: 99.9 %), however
/// few or many of the sample have it. Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
/// inference", Journal of the American Statistical Association 22 (1927).
ShareInterval share_interval(uint64_t having, uint64_t sampled, double z);

/// The `z` of a probability between 0 and 1: 3.29 for 0.999.
double deviations_of(double probability);

/// The most that has something among all, with the given probability, when none of a random sample has it: the solution
/// of (1 - share)^sampled = 1 - probability.
double most_unseen_share(uint64_t sampled, double probability);

}  // namespace assay::classify
