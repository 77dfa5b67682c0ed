#include "scan/examine/listed_cells.h"

#include <gtest/gtest.h>

namespace assay::scan {
namespace {

TEST(ListedCells, OfAColumnTheFirstAreListed) {
  ListedCells cells;
  for (uint64_t i = 0; i < ListedCells::most_of_column; ++i) ASSERT_TRUE(cells.takes(3));
  EXPECT_FALSE(cells.takes(3));
  EXPECT_TRUE(cells.takes(4));
  EXPECT_EQ(cells.unlisted(), 1U);
  cells.begin_table();
  EXPECT_TRUE(cells.takes(3));
  EXPECT_EQ(cells.unlisted(), 0U);
}

TEST(ListedCells, RareOnesFindAPlaceAmongMany) {
  ListedCells cells;
  uint64_t listed = 0;
  for (uint64_t row = 0; row < 100'000; ++row)
    for (uint32_t column = 0; column < 20; ++column) listed += cells.takes(column) ? 1 : 0;
  EXPECT_EQ(listed, ListedCells::most - ListedCells::sure);
  for (uint64_t i = 0; i < ListedCells::sure_of_column; ++i) EXPECT_TRUE(cells.takes(99));
  EXPECT_FALSE(cells.takes(99));
  for (uint32_t column = 100; column < 1000; ++column) listed += cells.takes(column) ? 1 : 0;
  EXPECT_LE(listed, ListedCells::most);
}

}  // namespace
}  // namespace assay::scan
