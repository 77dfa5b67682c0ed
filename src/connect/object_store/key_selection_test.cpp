#include "connect/object_store/key_selection.h"

#include <gtest/gtest.h>

namespace assay::connect {
namespace {

TEST(KeySelection, TakesSlashesForFolders) {
  const KeySelection selection({"*.txt", "logs/"}, {"old/", "logs/x*"});
  EXPECT_EQ(selection.exclusion("a.txt").why, nullptr);
  EXPECT_EQ(selection.exclusion("deep/a.txt").why, nullptr);
  EXPECT_EQ(selection.exclusion("logs/deep/a.bin").why, nullptr);
  EXPECT_EQ(selection.exclusion("deep/old/b/a.txt").name, "deep/old");
  EXPECT_EQ(selection.exclusion("logs/x1").name, "logs/x1");
  EXPECT_STREQ(selection.exclusion("a.bin").why, "by no include pattern");
}

TEST(KeySelection, BearsKeysThatAreNoPaths) {
  const KeySelection selection({}, {"secret"});
  for (const char* name : {"", "/", "//", "a//b", "/a", "a/"})
    EXPECT_EQ(selection.exclusion(name).why, nullptr) << name;
  EXPECT_NE(selection.exclusion("/secret").why, nullptr);
  EXPECT_NE(selection.exclusion("a//secret/x").why, nullptr);
}

}  // namespace
}  // namespace assay::connect
