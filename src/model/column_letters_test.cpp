#include "model/column_letters.h"

#include <gtest/gtest.h>

namespace assay::model {
namespace {

TEST(ColumnLetters, CountAsSheetsDo) {
  EXPECT_EQ(column_letters(0), "A");
  EXPECT_EQ(column_letters(25), "Z");
  EXPECT_EQ(column_letters(26), "AA");
  EXPECT_EQ(column_letters(27), "AB");
  EXPECT_EQ(column_letters(16'383), "XFD");
}

}  // namespace
}  // namespace assay::model
