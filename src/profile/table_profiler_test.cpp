#include "profile/table_profiler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "model/cell.h"

namespace assay::profile {
namespace {

using Row = std::vector<std::string_view>;

TEST(TableProfiler, CellsBelongToTheirColumns) {
  TableProfiler profiler(0);
  profiler.row(2, Row{"1", "x", ""});
  profiler.row(3, Row{"2", {}, model::value_elsewhere});
  profiler.row(4, Row{"3"});
  EXPECT_EQ(profiler.rows(), 3U);
  const auto columns = profiler.finish(4);
  ASSERT_THAT(columns, ::testing::SizeIs(4));
  EXPECT_EQ(columns[0].profile.type, "integer");
  EXPECT_EQ(columns[0].profile.nulls, 0U);
  EXPECT_EQ(columns[1].profile.nulls, 2U);
  EXPECT_EQ(columns[2].profile.nulls, 1U);
  EXPECT_EQ(columns[2].profile.empty, 1U);
  EXPECT_EQ(columns[2].profile.conforming, 1U);
  EXPECT_EQ(columns[3].profile.nulls, 3U);
}

TEST(TableProfiler, ARowInPiecesIsOne) {
  TableProfiler profiler(0);
  profiler.row(1, Row{"a", "b"});
  profiler.row(1, Row{"", "", "c"});
  profiler.row(2, Row{"d", "e", "f"});
  EXPECT_EQ(profiler.rows(), 2U);
  for (const auto& column : profiler.finish(0)) {
    EXPECT_EQ(column.profile.rows, 2U);
    EXPECT_EQ(column.profile.nulls + column.profile.empty, 0U);
    EXPECT_EQ(column.profile.distinct, 2);
  }
}

TEST(TableProfiler, RowsOfOneLineAreSeveral) {
  TableProfiler profiler(0);
  for (const char* id : {"1", "2", "3"}) profiler.row(7, Row{id, {}, "x"});
  profiler.row(7, Row{{}, {}, "y"});
  EXPECT_EQ(profiler.rows(), 4U);
  const auto columns = profiler.finish(0);
  EXPECT_EQ(columns[0].profile.nulls, 1U);
  EXPECT_EQ(columns[1].profile.nulls, 4U);
  EXPECT_EQ(columns[2].profile.nulls, 0U);
}

TEST(TableProfiler, ValuesInsideCellsHaveColumnsOfTheirOwn) {
  TableProfiler profiler(0);
  for (uint64_t row = 1; row <= 4; ++row) {
    profiler.inner_value(0, row == 1 ? "" : "7");
    if (row > 2) profiler.inner_value(2, "x");
    for (uint64_t i = 0; i < row; ++i) profiler.inner_value(3, "a");
    if (row == 4) profiler.own_value(1, "green");
    profiler.row(row, Row{model::value_elsewhere, {}});
  }
  const auto scalar = profiler.finish_inner(0, false).profile, none = profiler.finish_inner(1, false).profile,
             rare = profiler.finish_inner(2, false).profile, elements = profiler.finish_inner(3, true).profile,
             unheard_of = profiler.finish_inner(4, false).profile;
  EXPECT_EQ(scalar.type, "integer");
  EXPECT_EQ(scalar.rows, 4U);
  EXPECT_EQ(scalar.empty, 1U);
  EXPECT_EQ(scalar.nulls, 0U);
  EXPECT_EQ(none.nulls, 4U);
  EXPECT_EQ(rare.nulls, 2U);
  EXPECT_EQ(elements.rows, 10U);
  EXPECT_EQ(elements.nulls, 0U);
  EXPECT_EQ(unheard_of.rows, 0U);
  const auto columns = profiler.finish(0);
  ASSERT_THAT(columns, ::testing::SizeIs(2));
  EXPECT_EQ(columns[0].profile.nulls, 0U);
  EXPECT_EQ(columns[1].profile.nulls, 3U);
}

TEST(TableProfiler, MoreValuesThanRowsAreMoreRows) {
  TableProfiler profiler(0);
  for (int i = 0; i < 3; ++i) profiler.inner_value(0, "x");
  profiler.row(1, Row{model::value_elsewhere});
  const auto twice = profiler.finish_inner(0, false).profile;
  EXPECT_EQ(twice.rows, 3U);
  EXPECT_EQ(twice.conforming, 3U);
}

TEST(TableProfiler, TheWidestTableStaysWithinItsBound) {
  TableProfiler profiler(0);
  std::mt19937_64 random(1);
  std::vector<std::string> cells(TableProfiler::max_columns + 10);
  for (uint64_t row = 1; row <= 150; ++row) {
    for (auto& cell : cells)
      cell = row % 2 == 0 ? std::to_string(random()) : "2020-01-" + std::to_string(10 + random() % 19);
    profiler.row(row, Row(cells.begin(), cells.end()));
  }
  EXPECT_LE(profiler.memory_bytes(), size_t{64} << 20);
  const auto columns = profiler.finish(0);
  EXPECT_EQ(columns.size(), TableProfiler::max_columns);
  EXPECT_EQ(columns.back().profile.rows, 150U);
}

}  // namespace
}  // namespace assay::profile
