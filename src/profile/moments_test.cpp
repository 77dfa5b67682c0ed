#include "profile/moments.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace assay::profile {
namespace {

struct Exact {
  double mean = 0, deviation = 0;
};

Exact exact(const std::vector<double>& numbers) {
  long double sum = 0, squares = 0;
  for (const double n : numbers) sum += n;
  const long double mean = sum / static_cast<long double>(numbers.size());
  for (const double n : numbers) squares += (n - mean) * (n - mean);
  return {static_cast<double>(mean),
          static_cast<double>(std::sqrt(squares / static_cast<long double>(numbers.size() - 1)))};
}

TEST(Moments, AreThoseOfAllNumbers) {
  std::mt19937_64 random(7);
  for (const double offset : {0.0, 1e9, -1e12}) {
    std::normal_distribution<double> numbers(offset, 3.5);
    std::vector<double> all;
    Moments moments;
    for (int i = 0; i < 50'000; ++i) {
      all.push_back(numbers(random));
      moments.add(all.back());
    }
    const Exact expected = exact(all);
    EXPECT_NEAR(moments.mean(), expected.mean, std::max(1.0, std::abs(offset)) * 1e-12);
    EXPECT_NEAR(moments.deviation(), expected.deviation, 1e-3);
    EXPECT_EQ(moments.count(), all.size());
    EXPECT_EQ(moments.minimum(), *std::ranges::min_element(all));
    EXPECT_EQ(moments.maximum(), *std::ranges::max_element(all));
  }
}

TEST(Moments, TimesCountAsRepetitions) {
  Moments repeated, weighted;
  for (int i = 0; i < 20; ++i) {
    for (int n = 0; n <= i; ++n) repeated.add(i * 1.5);
    weighted.add(i * 1.5, static_cast<uint64_t>(i) + 1);
  }
  weighted.add(1e9, 0);
  EXPECT_EQ(weighted.count(), repeated.count());
  EXPECT_NEAR(weighted.mean(), repeated.mean(), 1e-12);
  EXPECT_NEAR(weighted.deviation(), repeated.deviation(), 1e-12);
}

TEST(Moments, OneNumberDoesNotDeviate) {
  Moments moments;
  EXPECT_EQ(moments.deviation(), 0);
  moments.add(3);
  EXPECT_EQ(moments.mean(), 3);
  EXPECT_EQ(moments.deviation(), 0);
}

}  // namespace
}  // namespace assay::profile
