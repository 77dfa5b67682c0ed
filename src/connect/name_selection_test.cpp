#include "connect/name_selection.h"

#include <gtest/gtest.h>

namespace assay::connect {
namespace {

TEST(NameSelection, AFolderThatIsLeftOutTakesEverythingInItAlong) {
  const NameSelection selection({}, {"old/", "*.tmp", "!keep.tmp"});
  EXPECT_STREQ(selection.exclusion("a/old/b.txt").why, "by an exclude pattern");
  EXPECT_STREQ(selection.exclusion("a/b.tmp").why, "by an exclude pattern");
  EXPECT_EQ(selection.exclusion("a/keep.tmp").why, nullptr);
  EXPECT_EQ(selection.exclusion("old").why, nullptr) << "the pattern means folders";
}

TEST(NameSelection, AFolderThatIsNamedBringsEverythingInIt) {
  const NameSelection selection({"public/", "*.csv"}, {"public/secret*"});
  EXPECT_EQ(selection.exclusion("public/people").why, nullptr);
  EXPECT_EQ(selection.exclusion("x/y.csv").why, nullptr);
  EXPECT_STREQ(selection.exclusion("private/people").why, "by no include pattern");
  EXPECT_STREQ(selection.exclusion("public/secrets").why, "by an exclude pattern");
}

TEST(NameSelection, EmptyPartsOfANameAreNoFolders) {
  EXPECT_EQ(NameSelection({"*.txt"}, {}).exclusion("a//b.txt").why, nullptr);
  EXPECT_EQ(NameSelection({}, {"x"}).exclusion("a//").why, nullptr);
}

TEST(NameSelection, TakesSlashesForFolders) {
  const NameSelection selection({"*.txt", "logs/"}, {"old/", "logs/x*"});
  EXPECT_EQ(selection.exclusion("a.txt").why, nullptr);
  EXPECT_EQ(selection.exclusion("deep/a.txt").why, nullptr);
  EXPECT_EQ(selection.exclusion("logs/deep/a.bin").why, nullptr);
  EXPECT_EQ(selection.exclusion("deep/old/b/a.txt").name, "deep/old");
  EXPECT_EQ(selection.exclusion("logs/x1").name, "logs/x1");
  EXPECT_STREQ(selection.exclusion("a.bin").why, "by no include pattern");
}

TEST(NameSelection, BearsKeysThatAreNoPaths) {
  const NameSelection selection({}, {"secret"});
  for (const char* name : {"", "/", "//", "a//b", "/a", "a/"})
    EXPECT_EQ(selection.exclusion(name).why, nullptr) << name;
  EXPECT_NE(selection.exclusion("/secret").why, nullptr);
  EXPECT_NE(selection.exclusion("a//secret/x").why, nullptr);
}

}  // namespace
}  // namespace assay::connect
