#include "coordinate/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace assay::coordinate {
namespace {

TEST(Backoff, IsSpreadEvenlyBelowABoundThatDoublesUpToTheCap) {
  Random random(1);
  const BackoffPolicy policy{.base_ms = 100, .cap_ms = 1000};
  for (const auto& [failures, most] : {std::pair{1, 100}, {2, 200}, {3, 400}, {4, 800}, {5, 1000}, {1000, 1000}}) {
    int64_t lowest = 1'000'000, highest = -1, sum = 0;
    for (int i = 0; i < 2000; ++i) {
      const int64_t wait = backoff_ms(policy, failures, random);
      lowest = std::min(lowest, wait);
      highest = std::max(highest, wait);
      sum += wait;
    }
    EXPECT_GE(lowest, 0);
    EXPECT_LE(lowest, most / 20);
    EXPECT_LE(highest, most);
    EXPECT_GE(highest, most - most / 20);
    EXPECT_NEAR(static_cast<double>(sum) / 2000, most / 2.0, most * 0.05);
  }
}

TEST(Backoff, DoesNotOverflow) {
  Random random(1);
  const BackoffPolicy policy{.base_ms = INT64_MAX / 2, .cap_ms = INT64_MAX / 2};
  EXPECT_GE(backoff_ms(policy, INT64_MAX, random), 0);
}

TEST(Backoff, OnlyTransientErrorsAreTriedAgain) {
  EXPECT_EQ(failure_kind(core::ErrorKind::transient), model::FailureKind::transient);
  for (const auto kind : {core::ErrorKind::bad_input, core::ErrorKind::not_found, core::ErrorKind::denied,
                          core::ErrorKind::permanent, core::ErrorKind::bug}) {
    EXPECT_EQ(failure_kind(kind), model::FailureKind::permanent);
  }
}

TEST(Pace, WaitsLongerTheLongerNothingComes) {
  Random random(1);
  Pace pace(20, 500);
  int64_t bound = 20;
  for (int i = 0; i < 10; ++i) {
    const int64_t wait = pace.idle(random);
    EXPECT_LE(wait, bound);
    EXPECT_GE(wait, bound - bound / 4);
    bound = std::min<int64_t>(bound * 2, 500);
  }
  pace.reset();
  EXPECT_LE(pace.idle(random), 20);
}

TEST(Random, IsTheSameFromTheSameSeed) {
  Random one(7), other(7), third(8);
  EXPECT_EQ(one.next(), other.next());
  EXPECT_NE(one.next(), third.next());
  EXPECT_EQ(one.below(0), 0U);
  EXPECT_EQ(one.between(5, 5), 5);
}

TEST(Random, UuidsAreOfVersionFourAndDiffer) {
  std::set<std::string> seen;
  Random random(random_seed());
  for (int i = 0; i < 100; ++i) {
    const std::string uuid = random_uuid(random);
    ASSERT_EQ(uuid.size(), 36U);
    EXPECT_EQ(uuid[14], '4');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
    seen.insert(uuid);
  }
  EXPECT_EQ(seen.size(), 100U);
}

}  // namespace
}  // namespace assay::coordinate
