#include "profile/frequent_values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/error.h"
#include "profile/value_hash.h"

namespace assay::profile {
namespace {

/// Numbers from 1 on, the n-th about n^-s as often as the first.
class Zipf {
 public:
  Zipf(size_t numbers, double s) {
    std::vector<double> weights;
    for (size_t i = 1; i <= numbers; ++i) weights.push_back(std::pow(static_cast<double>(i), -s));
    choose_ = std::discrete_distribution<int>(weights.begin(), weights.end());
  }
  std::string operator()(std::mt19937_64& random) { return "value " + std::to_string(choose_(random)); }

 private:
  std::discrete_distribution<int> choose_;
};

using Exact = std::map<std::string, uint64_t>;

void add(FrequentValues& sketch, Exact& exact, const std::string& value) {
  sketch.add(value_hash(value), value);
  ++exact[value];
}

void expect_bounds_hold(const FrequentValues& sketch, const Exact& exact, const std::string& what) {
  for (const auto& entry : sketch.by_count()) {
    const auto found = exact.find(std::string(entry.text));
    ASSERT_NE(found, exact.end()) << what;
    EXPECT_LE(found->second, entry.count) << what;
    EXPECT_GE(found->second, entry.count - entry.error) << what;
  }
  uint64_t least = sketch.is_full() ? UINT64_MAX : 0;
  if (sketch.is_full())
    for (const auto& entry : sketch.by_count()) least = std::min(least, entry.count);
  for (const auto& [value, count] : exact)
    if (!sketch.find(value_hash(value))) EXPECT_LE(count, least) << what;
}

TEST(FrequentValues, FewAreCountedExactly) {
  FrequentValues sketch(16, 64);
  Exact exact;
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) add(sketch, exact, std::to_string(random() % 16));
  ASSERT_EQ(sketch.size(), 16U);
  for (const auto& entry : sketch.by_count()) {
    EXPECT_EQ(entry.count, exact.at(std::string(entry.text)));
    EXPECT_EQ(entry.error, 0U);
  }
  const auto order = sketch.by_count();
  for (size_t i = 1; i < order.size(); ++i) EXPECT_GE(order[i - 1].count, order[i].count);
}

TEST(FrequentValues, BoundsHoldForAnyStream) {
  for (const double s : {0.0, 0.7, 1.0, 1.4}) {
    for (const size_t different : {size_t{50}, size_t{1'000}, size_t{50'000}}) {
      std::mt19937_64 random(different);
      Zipf next(different, s);
      FrequentValues sketch(32, 256);
      Exact exact;
      for (int i = 0; i < 60'000; ++i) add(sketch, exact, next(random));
      expect_bounds_hold(sketch, exact, std::to_string(s) + " of " + std::to_string(different));
    }
  }
}

// The promise of Space-Saving: what occurs more often than one in `watched` is watched, wherever in the stream.
TEST(FrequentValues, WhatIsFrequentIsFound) {
  for (const int where : {0, 1, 2}) {
    FrequentValues sketch(32, 256);
    Exact exact;
    int unique = 0;
    for (int i = 0; i < 60'000; ++i) {
      const bool is_frequent = where == 0 ? i < 3'000 : where == 1 ? i >= 57'000 : i % 20 == 0;
      add(sketch, exact, is_frequent ? "frequent" : std::to_string(++unique));
    }
    const auto place = sketch.find(value_hash("frequent"));
    ASSERT_TRUE(place) << where;
    const auto entry = sketch.entry(*place);
    EXPECT_GE(entry.count, 3'000U);
    EXPECT_LE(entry.count - entry.error, 3'000U);
    EXPECT_GE(entry.count - entry.error, 2'000U) << where;
    EXPECT_EQ(sketch.by_count().front().text, "frequent");
  }
}

TEST(FrequentValues, LongValuesAreCutBetweenCharacters) {
  FrequentValues sketch(4, 4);
  const std::string value = std::string(67, 'a') + "\xC3\xA4\xC3\xA4";
  sketch.add(value_hash(value), value);
  EXPECT_EQ(sketch.by_count()[0].text, std::string(67, 'a'));
}

TEST(FrequentValues, MemoryIsBounded) {
  FrequentValues sketch(64, 1024);
  std::mt19937_64 random(2);
  for (int i = 0; i < 100'000; ++i) {
    const std::string value(random() % 300, static_cast<char>('a' + random() % 26));
    sketch.add(value_hash(value), value);
    ASSERT_LE(sketch.memory_bytes(), 64 * (FrequentValues::max_text_bytes + 28) + 512 + 4096);
  }
  EXPECT_THROW(FrequentValues(64, 1000), core::Error) << "no power of two";
}

}  // namespace
}  // namespace assay::profile
