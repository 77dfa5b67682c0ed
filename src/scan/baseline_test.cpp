#include "scan/baseline.h"

#include <filesystem>

#include "scan/scan_samples.h"

namespace assay::scan {
namespace {

using namespace testing;

TEST(Baseline, ReadsBackWhatItWrote) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("baseline.json");
  Baseline written;
  written.add(sample_finding("a\n\"b\".txt"));
  written.add(sample_finding("dir/c.txt"));
  written.save(path, "00112233");
  const auto read = Baseline::load(path, "00112233");
  EXPECT_EQ(read.size(), 2U);
  EXPECT_TRUE(read.has(sample_finding("a\n\"b\".txt")));
  EXPECT_TRUE(read.has(sample_finding("dir/c.txt")));
}

TEST(Baseline, FindingMayMoveToAnotherLineButNotToAnotherObjectEntityOrValue) {
  Baseline baseline;
  baseline.add(sample_finding());
  auto moved = sample_finding();
  moved.locator.line = 99;
  EXPECT_TRUE(baseline.has(moved));
  EXPECT_FALSE(baseline.has(sample_finding("dir/other.txt")));
  EXPECT_FALSE(baseline.has(sample_finding("dir/a.txt", "ffffffffffffffffffffffffffffffff")));
  auto other_entity = sample_finding();
  other_entity.entity = "CREDIT_CARD";
  EXPECT_FALSE(baseline.has(other_entity));
  auto in_member = sample_finding();
  in_member.locator.member = "inner.txt";
  EXPECT_FALSE(baseline.has(in_member));
}

TEST(Baseline, HoldsNoValueAndIsTheSameForTheSameFindings) {
  const TemporaryDirectory directory;
  Baseline forward, backward;
  for (int i = 0; i < 50; ++i) forward.add(sample_finding("f" + std::to_string(i)));
  for (int i = 49; i >= 0; --i) backward.add(sample_finding("f" + std::to_string(i)));
  forward.save(directory.file("1"), "k");
  backward.save(directory.file("2"), "k");
  EXPECT_EQ(content_of(directory.file("1")), content_of(directory.file("2")));
  EXPECT_EQ(content_of(directory.file("1")).find("***"), std::string::npos);
}

TEST(Baseline, OneOfVersion1IsReadWhateverTheSpellingWas) {
  const TemporaryDirectory directory;
  const std::string what = "\"US_SSN:0123456789abcdef0123456789abcdef\"";
  const std::string path =
      directory.write("b.json", "{\"assay_baseline\": 1, \"key\": \"k\", \"findings\": {\"./dir/a.txt\": [" + what +
                                    "], \"dir/b.zip!/../c\": [" + what + "], \"s3://x/./y\": [" + what + "]}}");
  const auto read = [&](const std::string& root) {
    return Baseline::load(path, "k", ObjectNames(std::vector<std::string>{root}, path));
  };
  const std::string here = std::filesystem::current_path().string();
  EXPECT_TRUE(read("dir").has(sample_finding("dir/a.txt")));
  EXPECT_TRUE(read("./dir").has(sample_finding("./dir/a.txt")));
  EXPECT_TRUE(read(here).has(sample_finding(here + "/dir/a.txt")));
  EXPECT_FALSE(read("other").has(sample_finding("other/a.txt")));
  auto member = sample_finding("./dir/b.zip");
  member.locator.member = "../c";
  EXPECT_TRUE(read("./dir/").has(member));
  EXPECT_TRUE(Baseline::load(path, "k").has(sample_finding("s3://x/./y")));
}

TEST(Baseline, OfAnotherKeyIsRefused) {
  const TemporaryDirectory directory;
  Baseline().save(directory.file("b"), "00112233");
  EXPECT_NE(error_of([&] { Baseline::load(directory.file("b"), "44556677"); }).find("another key"), std::string::npos);
}

TEST(Baseline, WhatIsNoBaselineIsRefusedByName) {
  const TemporaryDirectory directory;
  for (const char* content :
       {"", "{", "[]", "{}", "{\"assay_baseline\": \"1\"}", "{\"assay_baseline\": 3, \"key\": \"k\", \"findings\": {}}",
        "{\"assay_baseline\": 1, \"findings\": {}}", "{\"assay_baseline\": 1, \"key\": \"k\"}",
        "{\"assay_baseline\": 1, \"key\": \"k\", \"findings\": {\"a\": 1}}",
        "{\"assay_baseline\": 1, \"key\": \"k\", \"findings\": {\"a\": [1]}}"}) {
    const std::string path = directory.write("b.json", content);
    EXPECT_NE(error_of([&] { Baseline::load(path, "k"); }).find(path), std::string::npos) << content;
  }
  EXPECT_NE(error_of([&] { Baseline::load(directory.file("none"), "k"); }).find("cannot be read"), std::string::npos);
}

TEST(Baseline, UnwritablePlaceIsAnErrorThatNamesIt) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("no/such/dir.json");
  try {
    Baseline().save(path, "k");
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos);
  }
}

}  // namespace
}  // namespace assay::scan
