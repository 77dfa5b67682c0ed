#include "core/glob.h"

#include <gtest/gtest.h>

#include <ctime>

#include "core/error.h"

namespace assay::core {
namespace {

struct Case {
  const char* pattern;
  const char* path;
  bool matches;
  bool is_directory = false;
};

TEST(GlobTest, MatchesAsGitignoreDoes) {
  const Case cases[] = {
      {"*.txt", "a.txt", true},
      {"*.txt", "deep/down/a.txt", true},
      {"*.txt", "a.txt.gz", false},
      {"a.txt", "b/a.txt", true},
      {"/a.txt", "a.txt", true},
      {"/a.txt", "b/a.txt", false},
      {"b/a.txt", "b/a.txt", true},
      {"b/a.txt", "c/b/a.txt", false},
      {"b/*.txt", "b/a.txt", true},
      {"b/*.txt", "b/c/a.txt", false},
      {"**/a.txt", "a.txt", true},
      {"**/a.txt", "x/y/a.txt", true},
      {"**/a.txt", "x/ya.txt", false},
      {"**/b/a", "b/a", true},
      {"**/b/a", "x/b/a", true},
      {"a/**", "a/b", true},
      {"a/**", "a/b/c", true},
      {"a/**", "a", false},
      {"a/**/b", "a/b", true},
      {"a/**/b", "a/x/b", true},
      {"a/**/b", "a/x/y/b", true},
      {"a/**/b", "a/xb", false},
      {"a/**/b", "ab", false},
      {"a/**/b/**/c", "a/x/b/y/z/c", true},
      {"a/**/b/**/c", "a/x/c/y/z/b", false},
      {"a**b", "axxb", true},
      {"/a**b", "ax/xb", false},
      {"**", "any/thing", true},
      {"?.txt", "a.txt", true},
      {"?.txt", "ab.txt", false},
      {"/a?b", "a/b", false},
      {"[a-c]x", "bx", true},
      {"[a-c]x", "dx", false},
      {"[!a-c]x", "dx", true},
      {"[^a-c]x", "bx", false},
      {"[]-]x", "]x", true},
      {"[]-]x", "-x", true},
      {"[[:digit:]_]x", "7x", true},
      {"[[:digit:]_]x", "_x", true},
      {"[[:digit:]_]x", "ax", false},
      {"/[!x]b", "/b", false},
      {"[\\]]x", "]x", true},
      {"\\*.txt", "*.txt", true},
      {"\\*.txt", "a.txt", false},
      {"\\!a", "!a", true},
      {"build/", "build", true, true},
      {"build/", "x/build", true, true},
      {"build/", "build", false, false},
      {"a/build/", "x/a/build", false, true},
      {"*", "x", true},
      {"a*b*c", "a1b2c", true},
      {"a*b*c", "a1c2b", false},
      {"a*", "a", true},
      {"\xff?", "\xff\xfe", true},
  };
  for (const Case& c : cases)
    EXPECT_EQ(Glob(c.pattern).matches(c.path, c.is_directory), c.matches) << c.pattern << " on " << c.path;
}

TEST(GlobTest, BadPatternsAreRefusedByName) {
  for (const char* pattern : {"", "/", "!", "!/", "[a", "[!", "[]", "a\\", "[a-"}) {
    try {
      const Glob glob(pattern);
      ADD_FAILURE() << pattern << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input) << pattern;
    }
  }
  EXPECT_THROW(Glob(std::string(5000, 'a')), Error);
}

TEST(GlobTest, TheLastMatchDecides) {
  const GlobSet set({"*.log", "!keep.log", "/secret/"});
  EXPECT_EQ(set.decide("a.log", false), true);
  EXPECT_EQ(set.decide("x/keep.log", false), false);
  EXPECT_EQ(set.decide("a.txt", false), std::nullopt);
  EXPECT_EQ(set.decide("secret", true), true);
  EXPECT_EQ(set.decide("secret", false), std::nullopt);
  EXPECT_EQ(GlobSet({"!keep.log", "*.log"}).decide("keep.log", false), true);
}

TEST(GlobTest, NoPatternIsSlow) {
  std::string stars;
  std::string directories = "/";
  std::string path;
  for (int i = 0; i < 30; ++i) {
    stars += "a*";
    directories += "**/a*/";
    path += "aaaaaaaaaaaaaaa/";
  }
  const std::clock_t start = std::clock();  // of this process, whatever else the machine does
  EXPECT_FALSE(Glob(stars + "b").matches(std::string(500, 'a'), false));
  EXPECT_FALSE(Glob(directories + "b").matches(path + "c", false));
  EXPECT_LT(std::clock() - start, CLOCKS_PER_SEC / 5);
}

}  // namespace
}  // namespace assay::core
