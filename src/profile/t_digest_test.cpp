#include "profile/t_digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "core/error.h"

namespace assay::profile {
namespace {

constexpr double shares[] = {0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0};

// How far the share of numbers below `number` is from q; nothing when q lies among those that equal it.
double error_of_share(const std::vector<double>& sorted, double number, double q) {
  const auto n = static_cast<double>(sorted.size());
  const double below = static_cast<double>(std::ranges::lower_bound(sorted, number) - sorted.begin()) / n;
  const double up_to = static_cast<double>(std::ranges::upper_bound(sorted, number) - sorted.begin()) / n;
  return q < below ? below - q : q > up_to ? q - up_to : 0;
}

struct Data {
  std::string name;
  std::function<double(std::mt19937_64&, size_t)> next;
};

const std::vector<Data>& data() {
  static const std::vector<Data> all = {
      {"uniform", [](auto& r, size_t) { return std::uniform_real_distribution<double>(-5, 5)(r); }},
      {"normal", [](auto& r, size_t) { return std::normal_distribution<double>(100, 15)(r); }},
      {"lognormal", [](auto& r, size_t) { return std::lognormal_distribution<double>(0, 3)(r); }},
      {"rising", [](auto&, size_t i) { return static_cast<double>(i); }},
      {"falling", [](auto&, size_t i) { return -static_cast<double>(i); }},
      {"few different", [](auto& r, size_t) { return std::floor(std::exponential_distribution<double>(0.7)(r)); }},
      {"two peaks", [](auto& r, size_t i) { return std::normal_distribution<double>(i % 3 == 0 ? 0 : 1e6, 1)(r); }},
      {"one", [](auto&, size_t) { return 42.0; }}};
  return all;
}

TEST(TDigest, SharesAreWithinOnePercent) {
  for (const Data& one : data()) {
    for (const size_t count : {size_t{1}, size_t{10}, size_t{1'000}, size_t{200'000}}) {
      std::mt19937_64 random(count);
      TDigest digest;
      std::vector<double> numbers;
      for (size_t i = 0; i < count; ++i) {
        numbers.push_back(one.next(random, i));
        digest.add(numbers.back());
      }
      std::ranges::sort(numbers);
      for (const double q : shares) {
        const double allowed =
            std::max(q == 0 || q == 1 ? 0.0 : 0.01, count < 100 ? 1.0 / static_cast<double>(count) : 0);
        EXPECT_LE(error_of_share(numbers, digest.quantile(q), q), allowed) << one.name << ' ' << count << " q " << q;
      }
      EXPECT_EQ(digest.quantile(0), numbers.front()) << one.name;
      EXPECT_EQ(digest.quantile(1), numbers.back()) << one.name;
    }
  }
}

TEST(TDigest, EndsAreFinerThanTheMiddle) {
  std::mt19937_64 random(3);
  TDigest digest;
  std::vector<double> numbers;
  for (int i = 0; i < 500'000; ++i) {
    numbers.push_back(std::uniform_real_distribution<double>(0, 1)(random));
    digest.add(numbers.back());
  }
  std::ranges::sort(numbers);
  for (const double q : {0.001, 0.999}) EXPECT_LE(error_of_share(numbers, digest.quantile(q), q), 0.0005);
}

TEST(TDigest, RankIsTheInverse) {
  std::mt19937_64 random(5);
  TDigest digest;
  std::vector<double> numbers;
  for (int i = 0; i < 100'000; ++i) {
    numbers.push_back(std::normal_distribution<double>(0, 1)(random));
    digest.add(numbers.back());
  }
  std::ranges::sort(numbers);
  for (const double x : {-9.0, -3.0, -1.0, 0.0, 0.5, 2.0, 9.0}) {
    const auto exact = static_cast<double>(std::ranges::lower_bound(numbers, x) - numbers.begin());
    EXPECT_NEAR(digest.rank(x), exact, 1'000) << x;
  }
}

TEST(TDigest, TimesCountAsRepetitions) {
  TDigest digest;
  digest.add(1, 900);
  digest.add(2, 90);
  digest.add(3, 10);
  digest.add(99, 0);
  EXPECT_EQ(digest.count(), 1000);
  EXPECT_EQ(digest.quantile(0.5), 1);
  EXPECT_EQ(digest.quantile(0.95), 2);
  EXPECT_EQ(digest.quantile(0.995), 3);
  EXPECT_EQ(digest.rank(2), 900);
}

TEST(TDigest, MemoryIsBounded) {
  std::mt19937_64 random(1);
  for (const auto& [compression, bound] : {std::pair{200U, size_t{8'600}}, std::pair{20U, size_t{2'800}}}) {
    TDigest digest(compression);
    for (int i = 0; i < 300'000; ++i) {
      digest.add(std::lognormal_distribution<double>(0, 9)(random));
      ASSERT_LE(digest.memory_bytes(), bound);
    }
  }
}

TEST(TDigest, NothingHasNoQuantiles) {
  TDigest digest;
  EXPECT_TRUE(std::isnan(digest.quantile(0.5)));
  EXPECT_EQ(digest.rank(1), 0);
  EXPECT_EQ(digest.count(), 0);
  EXPECT_THROW(TDigest(5), core::Error);
}

}  // namespace
}  // namespace assay::profile
