#include "extract/office/shared_strings.h"

#include <cstdio>
#include <memory>

namespace assay::extract {
namespace {

TEST(SharedStrings, AreFoundByNumber) {
  Scratch scratch(-1, 0);
  SharedStrings strings(scratch);
  EXPECT_TRUE(strings.add("one"));
  EXPECT_TRUE(strings.add(""));
  EXPECT_TRUE(strings.add("three"));
  EXPECT_EQ(strings.get(0), "one");
  EXPECT_EQ(strings.get(1), "");
  EXPECT_EQ(strings.get(2), "three");
  EXPECT_EQ(strings.get(3), "");
}

TEST(SharedStrings, SpillIntoScratchAndGiveItBack) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  Scratch scratch(fileno(file.get()), uint64_t{1} << 30);
  {
    SharedStrings strings(scratch);
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(strings.add(std::to_string(i) + std::string(size_t{1} << 20, 'x')));
    EXPECT_GT(scratch.top(), 0U);
    for (const int i : {0, 31, 32, 48, 49}) {
      const std::string_view found = strings.get(static_cast<uint64_t>(i));
      EXPECT_EQ(found.substr(0, found.find('x')), std::to_string(i));
      EXPECT_EQ(found.size(), (size_t{1} << 20) + std::to_string(i).size());
    }
  }
  EXPECT_EQ(scratch.top(), 0U);
}

TEST(SharedStrings, WithoutScratchTheRestIsRefused) {
  Scratch scratch(-1, 0);
  SharedStrings strings(scratch);
  int kept = 0;
  while (kept < 100 && strings.add(std::string(size_t{1} << 20, 'x'))) ++kept;
  EXPECT_EQ(kept, 32);
  EXPECT_EQ(strings.get(31).size(), size_t{1} << 20);
}

}  // namespace
}  // namespace assay::extract
