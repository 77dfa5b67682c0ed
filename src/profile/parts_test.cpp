#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/error.h"
#include "profile/column_profiler.h"
#include "profile/table_profiler.h"

// What profilers of parts learnt, put together, is what one of the whole learnt.
namespace assay::profile {
namespace {

constexpr int64_t now_s = 1'700'000'000;

ColumnProfiler profiler_of(std::span<const std::string> cells) {
  ColumnProfiler profiler({}, now_s);
  for (const auto& cell : cells) {
    if (cell.empty()) profiler.empty();
    else profiler.value(cell);
  }
  return profiler;
}

std::string saved(ColumnProfiler&& profiler) {
  std::string bytes;
  core::WireWriter writer(bytes);
  profiler.save(writer);
  return bytes;
}

ColumnStatistics joined(std::span<const std::string> cells, size_t parts) {
  ColumnProfiler profiler({}, now_s);
  for (size_t i = 0; i < parts; ++i) {
    const size_t begin = cells.size() * i / parts, end = cells.size() * (i + 1) / parts;
    const std::string part = saved(profiler_of(cells.subspan(begin, end - begin)));
    core::WireReader reader(part);
    profiler.absorb(reader);
    EXPECT_TRUE(reader.at_end());
  }
  return profiler.finish(cells.size());
}

std::vector<std::string> column_of(uint64_t different, uint32_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::string> cells;
  for (int i = 0; i < 30'000; ++i) {
    const uint64_t kind = random() % 20;
    const std::string number = std::to_string(random() % different);
    if (kind == 0) cells.emplace_back();
    else if (kind == 1) cells.emplace_back("N/A");
    else if (kind == 2) cells.emplace_back("often");
    else cells.push_back(number);
  }
  return cells;
}

TEST(ProfileOfParts, CountsAreThoseOfTheWhole) {
  for (const uint64_t different : {5ULL, 700ULL, 1'000'000'000ULL}) {
    const auto cells = column_of(different, 7);
    const auto whole = profiler_of(cells).finish(cells.size());
    for (const size_t parts : {1, 2, 7}) {
      const auto together = joined(cells, parts);
      const auto &a = whole.profile, &b = together.profile;
      EXPECT_EQ(b.rows, a.rows);
      EXPECT_EQ(b.nulls, a.nulls);
      EXPECT_EQ(b.empty, a.empty);
      EXPECT_EQ(b.null_tokens, a.null_tokens);
      EXPECT_EQ(b.distinct, a.distinct);
      EXPECT_EQ(b.distinct_is_exact, a.distinct_is_exact);
      EXPECT_EQ(b.type, a.type);
      EXPECT_EQ(b.conforming, a.conforming);
      EXPECT_EQ(b.shortest, a.shortest);
      EXPECT_EQ(b.longest, a.longest);
      EXPECT_DOUBLE_EQ(b.mean_length, a.mean_length);
      EXPECT_EQ(b.minimum, a.minimum);
      EXPECT_EQ(b.maximum, a.maximum);
      EXPECT_NEAR(*b.mean, *a.mean, *a.mean * 1e-9);
      EXPECT_NEAR(*b.deviation, *a.deviation, *a.deviation * 1e-9);
      EXPECT_EQ(together.is_categorical, whole.is_categorical);
    }
  }
}

TEST(ProfileOfParts, QuantilesAreThoseOfTheWhole) {
  const auto cells = column_of(1'000'000'000, 11);
  std::vector<double> numbers;
  for (const auto& cell : cells)
    if (!cell.empty() && cell[0] >= '0' && cell[0] <= '9') numbers.push_back(std::stod(cell));
  std::ranges::sort(numbers);
  const auto together = joined(cells, 6).profile;
  const double shares[] = {0.01, 0.05, 0.25, 0.50, 0.75, 0.95, 0.99};
  ASSERT_EQ(together.quantiles.size(), std::size(shares));
  for (size_t i = 0; i < std::size(shares); ++i) {
    const auto below = std::ranges::lower_bound(numbers, together.quantiles[i]) - numbers.begin();
    EXPECT_NEAR(static_cast<double>(below) / static_cast<double>(numbers.size()), shares[i], 0.01);
  }
}

TEST(ProfileOfParts, NoValueIsCountedMoreOftenThanItIsThere) {
  for (const uint64_t different : {300ULL, 20'000ULL}) {
    const auto cells = column_of(different, 3);
    std::map<std::string, uint64_t> counts;
    for (const auto& cell : cells) ++counts[cell];
    const auto together = joined(cells, 5).profile;
    ASSERT_FALSE(together.top_values.empty());
    EXPECT_EQ(together.top_values.front().text, "often");
    EXPECT_GE(together.top_values.front().count, counts["often"] * 9 / 10);
    for (const auto& top : together.top_values) EXPECT_LE(top.count, counts[top.text]) << top.text;
  }
}

TEST(ProfileOfParts, ColumnsInsideCellsFindEachOther) {
  const auto part = [](uint32_t place_of_x, uint32_t place_of_y, int rows) {
    TableProfiler profiler(now_s);
    for (int row = 1; row <= rows; ++row) {
      profiler.inner_value(place_of_x, "x" + std::to_string(row % 3));
      profiler.inner_value(place_of_y, std::to_string(row));
      const std::string_view own = "own";
      profiler.row(static_cast<uint64_t>(row), {&own, 1});
    }
    std::string bytes;
    core::WireWriter writer(bytes);
    profiler.save(2, writer);
    return bytes;
  };
  TableProfiler profiler(now_s);
  for (const auto& [bytes, places] : {std::pair{part(0, 1, 10), std::array{0U, 1U}}, {part(1, 0, 5), {1U, 0U}}}) {
    core::WireReader reader(bytes);
    profiler.absorb(reader, places);
  }
  EXPECT_EQ(profiler.rows(), 15U);
  EXPECT_EQ(profiler.finish_inner(0, false).profile.distinct, 3);
  EXPECT_EQ(profiler.finish_inner(1, false).profile.distinct, 10);
  EXPECT_EQ(profiler.finish(1)[0].profile.top_values[0].count, 15U);
}

TEST(ProfileOfParts, WhatNobodySavedIsRefused) {
  const std::string bytes = saved(profiler_of(column_of(50, 5)));
  for (size_t size = 0; size < bytes.size(); size += size < 200 ? 1 : 97) {
    core::WireReader reader(std::string_view(bytes).substr(0, size));
    ColumnProfiler profiler({}, now_s);
    EXPECT_THROW(profiler.absorb(reader), core::Error) << size;
  }
  ColumnProfiler smaller(SketchSizes::small(), now_s);
  core::WireReader reader(bytes);
  EXPECT_THROW(smaller.absorb(reader), core::Error);
}

}  // namespace
}  // namespace assay::profile
