#include "classify/certainty.h"

#include <gtest/gtest.h>

#include <random>

namespace assay::classify {
namespace {

TEST(Certainty, IntervalsAreThoseOfThePublishedFormula) {
  // By hand for 8 of 10 and 95 %: (0.8 + 0.19207) / 1.38415 -+ 1.96 / 1.38415 * sqrt(0.016 + 0.0096).
  const ShareInterval interval = share_interval(8, 10, 1.96);
  EXPECT_NEAR(interval.low, 0.4902, 1e-3);
  EXPECT_NEAR(interval.high, 0.9433, 1e-3);
}

TEST(Certainty, ExtremesStayWithinTheirBounds) {
  EXPECT_EQ(share_interval(0, 0, 3.29).low, 0);
  EXPECT_EQ(share_interval(0, 0, 3.29).high, 1);
  EXPECT_EQ(share_interval(0, 1000, 3.29).low, 0);
  EXPECT_NEAR(share_interval(0, 1000, 3.29).high, 0.0107, 1e-3);
  EXPECT_EQ(share_interval(1000, 1000, 3.29).high, 1);
  EXPECT_NEAR(share_interval(1000, 1000, 3.29).low, 1 - 0.0107, 1e-3);
}

TEST(Certainty, IntervalsCoverTheTruthAsOftenAsTheySay) {
  std::mt19937_64 random(7);
  for (const double truth : {0.02, 0.25, 0.5, 0.97}) {
    std::binomial_distribution<uint64_t> sample(2000, truth);
    int missed = 0;
    for (int i = 0; i < 20'000; ++i) {
      const ShareInterval interval = share_interval(sample(random), 2000, 3.29);
      missed += truth < interval.low || truth > interval.high;
    }
    EXPECT_LE(missed, 60) << truth << ": 20 are expected of 20,000";
  }
}

TEST(Certainty, DeviationsAreThoseOfTheTables) {
  EXPECT_NEAR(deviations_of(0.95), 1.9600, 1e-4);
  EXPECT_NEAR(deviations_of(0.99), 2.5758, 1e-4);
  EXPECT_NEAR(deviations_of(0.999), 3.2905, 1e-4);
}

TEST(Certainty, WhatNoneOfASampleHasIsRare) {
  EXPECT_EQ(most_unseen_share(0, 0.95), 1);
  EXPECT_NEAR(most_unseen_share(1, 0.95), 0.95, 1e-9);
  EXPECT_NEAR(most_unseen_share(1000, 0.95), 0.003, 1e-4) << "the rule of three";
  EXPECT_LT(most_unseen_share(8192, 0.999), 0.001);
}

}  // namespace
}  // namespace assay::classify
