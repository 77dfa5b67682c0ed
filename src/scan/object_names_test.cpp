#include "scan/object_names.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "scan/scan_samples.h"

namespace assay::scan {
namespace {

using namespace testing;
using ::testing::Contains;

/// In a directory of its own, as a user is in one.
class ObjectNamesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(tree_.file("in/dir"));
    std::filesystem::create_directories(tree_.file("else"));
    std::filesystem::create_directory_symlink(tree_.file("in"), tree_.file("link"));
    before_ = std::filesystem::current_path();
    go("in");
  }
  void TearDown() override { std::filesystem::current_path(before_); }
  void go(const std::string& folder) const { std::filesystem::current_path(tree_.file(folder)); }
  std::string name(const std::string& root, const std::string& object, const std::string& file) const {
    return ObjectNames(std::vector<std::string>{root}, file).name_of(object);
  }
  std::vector<std::string> names(const std::string& root, const std::string& object, const std::string& file) const {
    std::vector<std::string> all;
    ObjectNames(std::vector<std::string>{root}, file).any_name(object, [&](const std::string& one) {
      all.push_back(one);
      return false;
    });
    return all;
  }

  TemporaryDirectory tree_;
  std::filesystem::path before_;
};

TEST_F(ObjectNamesTest, BelowTheFilesFolderTheSpellingOfTheRootDoesNotMatter) {
  const std::string file = tree_.file("in/b.json");
  EXPECT_EQ(name("dir", "dir/a.txt", file), "dir/a.txt");
  EXPECT_EQ(name("./dir", "./dir/a.txt", "b.json"), "dir/a.txt");
  EXPECT_EQ(name("dir/", "dir/a.txt", "./b.json"), "dir/a.txt");
  EXPECT_EQ(name("dir//", "dir//a.txt", file), "dir/a.txt");
  EXPECT_EQ(name("../in/dir", "../in/dir/a.txt", file), "dir/a.txt");
  EXPECT_EQ(name(".", "./dir/a.txt", file), "dir/a.txt");
  EXPECT_EQ(name(tree_.file("in/dir"), tree_.file("in/dir/a.txt"), file), "dir/a.txt");
  EXPECT_EQ(name(tree_.file("link/dir"), tree_.file("link/dir/a.txt"), file), "dir/a.txt");
  EXPECT_EQ(name("dir/a.txt", "dir/a.txt", file), "dir/a.txt");
  go("in/dir");
  EXPECT_EQ(name(".", "./a.txt", file), "dir/a.txt");
  go("else");
  EXPECT_EQ(name("../in", "../in/dir/a.txt", file), "dir/a.txt");
  EXPECT_EQ(name("/", "/etc/passwd", "/b.json"), "etc/passwd");
}

TEST_F(ObjectNamesTest, ElsewhereRelativeRootsAreBelowTheWorkingDirectoryAndOthersAbsolute) {
  const std::string file = tree_.file("else/b.json"), object = tree_.file("in/dir/a.txt");
  EXPECT_EQ(name("./dir", "./dir/a.txt", file), "dir/a.txt");
  EXPECT_EQ(name(tree_.file("in/dir"), object, file), object);
  for (const auto& [root, spelled] :
       {std::pair<std::string, std::string>{"dir", "dir/a.txt"}, {tree_.file("in/dir"), object}}) {
    EXPECT_THAT(names(root, spelled, file), Contains("dir/a.txt")) << root;
    EXPECT_THAT(names(root, spelled, file), Contains(object)) << root;
  }
  EXPECT_EQ(name("../else", "../else/x", tree_.file("in/b.json")), tree_.file("else/x"));
}

TEST_F(ObjectNamesTest, WhatIsNoPathOfARootKeepsItsName) {
  EXPECT_EQ(name("-", "-", "b.json"), "-");
  EXPECT_EQ(name("dir", "dirt/a.txt", "b.json"), "dirt/a.txt");
  EXPECT_EQ(ObjectNames().name_of("s3://bucket/./a"), "s3://bucket/./a");
  EXPECT_EQ(ObjectNames().name_of_spelled("s3://bucket/./a"), "s3://bucket/./a");
}

TEST_F(ObjectNamesTest, WhatWasSpelledIsFoundAgain) {
  const ObjectNames all(std::vector<std::string>{"dir"}, tree_.file("else/b.json"));
  for (const std::string spelled : {"./dir/a.txt", "dir/a.txt", "../in/dir//a.txt"})
    EXPECT_THAT(names("dir", "dir/a.txt", tree_.file("else/b.json")), Contains(all.name_of_spelled(spelled)))
        << spelled;
}

TEST_F(ObjectNamesTest, OfRootsInsideEachOtherTheInnermostCounts) {
  const ObjectNames both(std::vector<std::string>{".", "./dir"}, "b.json");
  EXPECT_EQ(both.name_of("./dir/a.txt"), "dir/a.txt");
  EXPECT_EQ(both.name_of("./b.txt"), "b.txt");
}

}  // namespace
}  // namespace assay::scan
