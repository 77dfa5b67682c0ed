#include "extract/office/header_codes.h"

#include <gtest/gtest.h>

namespace assay::extract {
namespace {

TEST(HeaderCodes, AreLeftOut) {
  EXPECT_EQ(without_header_codes("&LLeft&Cjane@example.org&R&D, &P of &N"), "\nLeft\njane@example.org\n,  of ");
  EXPECT_EQ(without_header_codes("&\"Arial,Bold\"&14&KFF0000Red&K01+049 theme"), "Red theme");
  EXPECT_EQ(without_header_codes("&B&IJane &U&E&S&X&YDoe"), "Jane Doe");
  EXPECT_EQ(without_header_codes("Smith && Sons"), "Smith & Sons");
}

TEST(HeaderCodes, TextWithoutCodesAndCodesWithoutEndAreTextAndNothing) {
  EXPECT_EQ(without_header_codes(""), "");
  EXPECT_EQ(without_header_codes("plain\n"), "plain\n");
  EXPECT_EQ(without_header_codes("a&"), "a&");
  EXPECT_EQ(without_header_codes("a&\"Arial"), "a");
  EXPECT_EQ(without_header_codes("a&K"), "a");
  EXPECT_EQ(without_header_codes("a&12"), "a");
}

}  // namespace
}  // namespace assay::extract
