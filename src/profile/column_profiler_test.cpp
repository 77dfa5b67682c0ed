#include "profile/column_profiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace assay::profile {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t now_s = 1'700'000'000;  // 2023-11-14

ColumnStatistics profile_of(const std::vector<std::string>& cells, uint64_t more_rows = 0,
                            const SketchSizes& sizes = {}) {
  ColumnProfiler profiler(sizes, now_s);
  for (const auto& cell : cells) {
    if (cell.empty()) profiler.empty();
    else profiler.value(cell);
  }
  return profiler.finish(cells.size() + more_rows);
}

std::vector<std::string> repeated(const std::vector<std::string>& values, size_t times) {
  std::vector<std::string> all;
  for (size_t i = 0; i < times; ++i) all.insert(all.end(), values.begin(), values.end());
  return all;
}

TEST(ColumnProfiler, CountsWhatIsNotThere) {
  const auto p = profile_of({"a", "", "  ", "\t", "N/A", "-", "null", "b", "a"}, 4).profile;
  EXPECT_EQ(p.rows, 13U);
  EXPECT_EQ(p.nulls, 4U);
  EXPECT_EQ(p.empty, 3U);
  EXPECT_EQ(p.null_tokens, 3U);
  EXPECT_EQ(p.distinct, 2);
  EXPECT_TRUE(p.distinct_is_exact);
  EXPECT_EQ(p.type, "text");
  EXPECT_EQ(p.conforming, 3U);
}

TEST(ColumnProfiler, NothingIsAProfileToo) {
  for (const auto& cells : {std::vector<std::string>{}, std::vector<std::string>{"", "NULL"}}) {
    const auto p = profile_of(cells, 2).profile;
    EXPECT_EQ(p.type, "");
    EXPECT_EQ(p.distinct, 0);
    EXPECT_EQ(p.nulls, 2U);
    EXPECT_FALSE(p.minimum);
    EXPECT_THAT(p.top_values, IsEmpty());
  }
}

TEST(ColumnProfiler, ValuesThatAreElsewhereAreValues) {
  ColumnProfiler profiler({}, now_s);
  profiler.value("x");
  profiler.unread();
  profiler.unread();
  const auto statistics = profiler.finish(4);
  EXPECT_EQ(statistics.profile.nulls, 1U);
  EXPECT_EQ(statistics.profile.conforming, 3U);
  EXPECT_FALSE(statistics.profile.distinct_is_exact);
  EXPECT_FALSE(statistics.is_categorical);
}

// Against exact computation, with few values that repeat and with many that do not.
TEST(ColumnProfiler, NumbersAreAsCounted) {
  for (const uint64_t different : {20ULL, 3'000ULL, 1'000'000'000ULL}) {
    std::mt19937_64 random(different);
    ColumnProfiler profiler({}, now_s);
    std::vector<double> numbers;
    std::set<uint64_t> seen;
    std::map<uint64_t, uint64_t> counts;
    for (int i = 0; i < 60'000; ++i) {
      const uint64_t number = random() % different;
      numbers.push_back(static_cast<double>(number));
      seen.insert(number);
      ++counts[number];
      profiler.value(std::to_string(number));
    }
    const auto p = profiler.finish(60'000).profile;
    std::ranges::sort(numbers);
    double sum = 0, squares = 0;
    for (const double n : numbers) sum += n;
    const double mean = sum / 60'000;
    for (const double n : numbers) squares += (n - mean) * (n - mean);
    EXPECT_EQ(p.type, "integer");
    EXPECT_EQ(p.conforming, 60'000U);
    EXPECT_NEAR(p.distinct, static_cast<double>(seen.size()), static_cast<double>(seen.size()) * 3 * 0.01625);
    EXPECT_EQ(*p.minimum, numbers.front());
    EXPECT_EQ(*p.maximum, numbers.back());
    EXPECT_NEAR(*p.mean, mean, mean * 1e-9);
    EXPECT_NEAR(*p.deviation, std::sqrt(squares / 59'999), mean * 1e-6);
    ASSERT_THAT(p.quantiles, SizeIs(7));
    const double shares[] = {0.01, 0.05, 0.25, 0.50, 0.75, 0.95, 0.99};
    for (size_t i = 0; i < 7; ++i) {
      const auto low = numbers[static_cast<size_t>(std::max(0.0, shares[i] - 0.01) * 59'999)];
      const auto high = numbers[static_cast<size_t>(std::min(1.0, shares[i] + 0.01) * 59'999)];
      EXPECT_GE(p.quantiles[i], low) << different << " at " << shares[i];
      EXPECT_LE(p.quantiles[i], high) << different << " at " << shares[i];
    }
    EXPECT_EQ(p.outliers, 0U);
    if (different == 20) {
      ASSERT_THAT(p.top_values, SizeIs(10));
      for (const auto& top : p.top_values) EXPECT_EQ(top.count, counts.at(std::stoull(top.text)));
    } else {
      for (const auto& top : p.top_values) EXPECT_LE(top.count, counts.at(std::stoull(top.text)));
    }
    uint64_t shapes = 0;
    for (const auto& shape : p.patterns) shapes += shape.count;
    EXPECT_LE(shapes, 60'000U);
    EXPECT_GE(shapes, 59'000U);
  }
}

TEST(ColumnProfiler, FrequentValuesOfALongColumnAreFound) {
  ColumnProfiler profiler({}, now_s);
  std::mt19937_64 random(3);
  for (int i = 0; i < 50'000; ++i) profiler.value(i % 10 == 0 ? "often" : std::to_string(random()));
  const auto p = profiler.finish(50'000).profile;
  ASSERT_FALSE(p.top_values.empty());
  EXPECT_EQ(p.top_values[0].text, "often");
  EXPECT_NEAR(static_cast<double>(p.top_values[0].count), 5'000, 250);
  EXPECT_THAT(p.top_values, SizeIs(1));
}

TEST(ColumnProfiler, TypesAreWhatMostValuesReadAs) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {{{"1", "2", "3", "x"}, "integer"},
                                                                    {{"1", "2", "3.5", "4"}, "number"},
                                                                    {{"true", "false", "yes"}, "boolean"},
                                                                    {{"M", "F", "F", "F"}, "text"},
                                                                    {{"2024-01-01", "2024-01-02", "never"}, "date"},
                                                                    {{"2024-01-01", "2024-01-02 10:00"}, "timestamp"},
                                                                    {{"10:00", "11:30:15"}, "time"},
                                                                    {{"123e4567-e89b-12d3-a456-426614174000"}, "uuid"},
                                                                    {{"1", "x", "y", "2"}, "text"},
                                                                    {{"Berlin", "Hamburg"}, "text"}};
  for (const auto& [cells, type] : cases) EXPECT_EQ(profile_of(cells).profile.type, type) << cells.front();
  EXPECT_EQ(profile_of({"1", "2", "3", "x"}).profile.conforming, 3U);
  EXPECT_EQ(profile_of({"1", "2", "3.5", "4"}).profile.conforming, 4U);
  EXPECT_EQ(profile_of({"2024-01-01", "2024-02-30", "2023-02-29", "2024-01-02", "2024-01-03"}).profile.conforming, 3U);
}

TEST(ColumnProfiler, TheColumnTellsTheOrderOfItsDates) {
  // 3 February to 3 November, the 13th to the 25th of May in between; one that is the other way round.
  std::vector<std::string> cells = {"05/13/2020", "05/25/2020", "02/03/2020", "11/03/2020", "25/05/2020"};
  const auto p = profile_of(cells).profile;
  EXPECT_EQ(p.type, "date");
  EXPECT_EQ(p.conforming, 4U);
  constexpr double third_of_february = 18'295, third_of_november = 18'569;  // days since 1970
  EXPECT_EQ(*p.minimum / 86'400, third_of_february);
  EXPECT_EQ(*p.maximum / 86'400, third_of_november);
}

// A few timestamps do not stand in for dates that do not exist in the column's order.
TEST(ColumnProfiler, MisorderedDatesDoNotConformBesideTimestamps) {
  std::vector<std::string> cells(40, "05/13/2020");
  cells.insert(cells.end(), 5, "25/05/2020");
  cells.insert(cells.end(), 2, "2020-05-06T07:08:09Z");
  const auto p = profile_of(cells).profile;
  EXPECT_EQ(p.type, "date");
  EXPECT_EQ(p.conforming, 40U);
}

TEST(ColumnProfiler, TheNewestTimeIsNotInTheFuture) {
  const auto p =
      profile_of({"2023-01-01T00:00:00Z", "2023-11-01T12:00:00Z", "9999-12-31T00:00:00Z", "2020-05-05T00:00:00Z"})
          .profile;
  EXPECT_EQ(p.type, "timestamp");
  ASSERT_TRUE(p.newest_s);
  EXPECT_EQ(*p.newest_s, 1'698'840'000);
  EXPECT_FALSE(profile_of({"2999-01-01", "3000-01-01"}).profile.newest_s);
}

TEST(ColumnProfiler, OutliersAreFarFromTheMiddle) {
  std::mt19937_64 random(6);
  std::normal_distribution<double> usual(100, 10);
  std::vector<std::string> cells;
  for (int i = 0; i < 10'000; ++i) cells.push_back(std::to_string(usual(random)));
  for (int i = 0; i < 30; ++i) cells.push_back(std::to_string(100'000 + i * 1'000));
  cells.push_back("-5000.5");
  const auto p = profile_of(cells).profile;
  EXPECT_NEAR(static_cast<double>(p.outliers), 31, 10);  // a thousandth of the values
  EXPECT_EQ(profile_of(repeated({"5", "5", "5", "9"}, 50)).profile.outliers, 0U);
}

TEST(ColumnProfiler, LengthsAreInCodePoints) {
  const auto p = profile_of({"a", "\xC3\xA4\xC3\xB6", "abcdef"}).profile;
  EXPECT_EQ(p.shortest, 1U);
  EXPECT_EQ(p.longest, 6U);
  EXPECT_DOUBLE_EQ(p.mean_length, 3);
}

TEST(ColumnProfiler, ShapesAreCounted) {
  const auto p = profile_of({"AB-12", "CD-34", "EF-5", "?x"}).profile;
  ASSERT_THAT(p.patterns, SizeIs(3));
  EXPECT_EQ(p.patterns[0].text, "AA-99");
  EXPECT_EQ(p.patterns[0].count, 2U);
}

TEST(ColumnProfiler, CategoriesAreFewFrequentAndShort) {
  EXPECT_TRUE(profile_of(repeated({"red", "green", "dark blue"}, 5)).is_categorical);
  EXPECT_TRUE(profile_of(repeated({"10115", "2024"}, 9)).is_categorical);
  EXPECT_FALSE(profile_of(repeated({"red", "green"}, 4)).is_categorical) << "seldom";
  auto one_more = repeated({"red", "green"}, 50);
  one_more.emplace_back("Ada");
  EXPECT_FALSE(profile_of(one_more).is_categorical) << "one of them once";
  EXPECT_FALSE(profile_of(repeated({"1234567"}, 50)).is_categorical) << "a long number";
  EXPECT_FALSE(profile_of(repeated({std::string(33, 'x')}, 50)).is_categorical) << "a long text";
  EXPECT_FALSE(profile_of(repeated({"a@b.c"}, 50)).is_categorical) << "no word";
  std::vector<std::string> many;
  for (char a = 'a'; a <= 'z'; ++a)
    for (const char b : {'x', 'y'}) many.push_back({a, b});
  EXPECT_FALSE(profile_of(repeated(many, 9)).is_categorical) << "52 different";
  EXPECT_FALSE(profile_of(repeated(many, 9), 0, SketchSizes::small()).is_categorical);
}

TEST(ColumnProfiler, MemoryIsBounded) {
  for (const SketchSizes& sizes : {SketchSizes(), SketchSizes::small()}) {
    std::mt19937_64 random(5);
    ColumnProfiler profiler(sizes, now_s);
    for (int i = 0; i < 200'000; ++i) {
      const uint64_t r = random();
      const int kind = static_cast<int>(r % 4);
      profiler.value(kind == 0   ? std::to_string(r)
                     : kind == 1 ? "20" + std::to_string(10 + r / 4 % 90) + "-0" + std::to_string(1 + r / 400 % 9) +
                                       "-" + std::to_string(10 + r / 4'000 % 19)
                     : kind == 2 ? std::string(r / 4 % 500 + 1, static_cast<char>('a' + r / 2'000 % 26))
                                 : std::to_string(r / 4 % 100));
      if (i % 1'000 == 0) {
        ASSERT_LE(profiler.memory_bytes(), sizes.bound_bytes);
      }
    }
    ASSERT_LE(profiler.memory_bytes(), sizes.bound_bytes);
    EXPECT_EQ(profiler.finish(200'000).profile.nulls, 0U);
  }
}

}  // namespace
}  // namespace assay::profile
