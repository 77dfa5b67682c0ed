#include "profile/hyper_log_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <unordered_set>

#include "core/error.h"
#include "profile/value_hash.h"

namespace assay::profile {
namespace {

uint64_t hash_of(uint64_t number) { return value_hash(std::to_string(number)); }

TEST(HyperLogLog, FewAreExact) {
  HyperLogLog sketch(12);
  EXPECT_EQ(sketch.estimate(), 0);
  for (int round = 0; round < 3; ++round)
    for (uint64_t i = 0; i < 384; ++i) sketch.add(hash_of(i));
  EXPECT_TRUE(sketch.is_exact());
  EXPECT_EQ(sketch.estimate(), 384);
  sketch.add(hash_of(384));
  EXPECT_FALSE(sketch.is_exact());
  EXPECT_NEAR(sketch.estimate(), 385, 385 * 3 * 1.04 / std::sqrt(std::pow(2.0, 12)));
}

TEST(HyperLogLog, ZeroIsAHashAsAnyOther) {
  HyperLogLog sketch(8);
  sketch.add(0);
  sketch.add(0);
  sketch.add(1);
  EXPECT_EQ(sketch.estimate(), 2);
}

TEST(HyperLogLog, EstimatesAreWithinThreeStandardErrors) {
  for (const uint32_t precision : {8U, 10U, 12U, 14U}) {
    HyperLogLog sketch(precision);
    uint64_t next = 0;
    for (const uint64_t count : {1'000ULL, 5'000ULL, 20'000ULL, 100'000ULL, 1'000'000ULL}) {
      for (; next < count; ++next) sketch.add(hash_of(next + precision * 10'000'000ULL));
      const double error = 3 * 1.04 / std::sqrt(std::pow(2.0, precision));
      EXPECT_NEAR(sketch.estimate(), static_cast<double>(count), static_cast<double>(count) * error)
          << "precision " << precision;
    }
  }
}

// The root of the mean square of many errors is the standard error: the hash is as random as the estimator needs.
TEST(HyperLogLog, ErrorsAreAsTheTheorySays) {
  constexpr int trials = 200;
  constexpr uint64_t count = 5'000;
  double squares = 0, sum = 0;
  for (int trial = 0; trial < trials; ++trial) {
    HyperLogLog sketch(9);
    for (uint64_t i = 0; i < count; ++i) sketch.add(hash_of(static_cast<uint64_t>(trial) * count + i));
    const double error = sketch.estimate() / count - 1;
    squares += error * error;
    sum += error;
  }
  const double expected = 1.04 / std::sqrt(512.0);
  EXPECT_NEAR(std::sqrt(squares / trials), expected, expected * 0.2);
  EXPECT_NEAR(sum / trials, 0, 3 * expected / std::sqrt(trials));
}

TEST(HyperLogLog, MemoryIsBounded) {
  for (const uint32_t precision : {8U, 12U}) {
    HyperLogLog sketch(precision);
    for (uint64_t i = 0; i < 100'000; ++i) {
      sketch.add(hash_of(i));
      ASSERT_LE(sketch.memory_bytes(), size_t{1} << precision) << i;
    }
  }
  EXPECT_THROW(HyperLogLog(3), core::Error);
}

TEST(ValueHash, DiffersWhereValuesDo) {
  std::unordered_set<uint64_t> seen;
  for (int i = 0; i < 200'000; ++i) seen.insert(value_hash(std::to_string(i)));
  for (size_t length = 0; length < 64; ++length) seen.insert(value_hash(std::string(length, 'x')));
  for (int c = 0; c < 256; ++c) seen.insert(value_hash(std::string(2, static_cast<char>(c))));
  // "x" * 2 is there twice, and so are the numbers of two equal digits.
  EXPECT_EQ(seen.size(), 200'000U + 64 + 256 - 1 - 9);
}

}  // namespace
}  // namespace assay::profile
