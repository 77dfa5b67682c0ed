#include "connect/name_selection.h"

#include <gtest/gtest.h>

namespace assay::connect {
namespace {

TEST(NameSelection, AFolderThatIsLeftOutTakesEverythingInItAlong) {
  const NameSelection selection({}, {"old/", "*.tmp", "!keep.tmp"});
  EXPECT_STREQ(selection.exclusion("a/old/b.txt"), "by an exclude pattern");
  EXPECT_STREQ(selection.exclusion("a/b.tmp"), "by an exclude pattern");
  EXPECT_EQ(selection.exclusion("a/keep.tmp"), nullptr);
  EXPECT_EQ(selection.exclusion("old"), nullptr) << "the pattern means folders";
}

TEST(NameSelection, AFolderThatIsNamedBringsEverythingInIt) {
  const NameSelection selection({"public/", "*.csv"}, {"public/secret*"});
  EXPECT_EQ(selection.exclusion("public/people"), nullptr);
  EXPECT_EQ(selection.exclusion("x/y.csv"), nullptr);
  EXPECT_STREQ(selection.exclusion("private/people"), "by no include pattern");
  EXPECT_STREQ(selection.exclusion("public/secrets"), "by an exclude pattern");
}

TEST(NameSelection, EmptyPartsOfANameAreNoFolders) {
  EXPECT_EQ(NameSelection({"*.txt"}, {}).exclusion("a//b.txt"), nullptr);
  EXPECT_EQ(NameSelection({}, {"x"}).exclusion("a//"), nullptr);
}

}  // namespace
}  // namespace assay::connect
