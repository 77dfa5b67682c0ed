#include "extract/archive/archive.h"
#include "extract/archive/compression.h"
#include "extract/archive/test_archives.h"

namespace assay::extract::testing {
namespace {

using model::VerdictKind;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string compress(std::string content, int filter) {
  return make_archive({{"inner", std::move(content)}}, {.format = ARCHIVE_FORMAT_RAW, .filters = {filter}});
}

class Compressions : public ::testing::TestWithParam<int> {};

TEST_P(Compressions, TheOneMemberIsTheContent) {
  const Extracted result = run_extractor(extract_compressed, compress("SSN 536-22-8145", GetParam()), "notes.txt.gz");
  EXPECT_EQ(result.verdict.kind, VerdictKind::ok) << result.verdict.reason;
  EXPECT_THAT(result.partials, IsEmpty());
  ASSERT_THAT(result.members, SizeIs(1));
  EXPECT_EQ(result.members[0].name, "notes.txt");
  EXPECT_EQ(result.members[0].content, "SSN 536-22-8145");
}

TEST_P(Compressions, NothingIsSomethingToo) {
  if (GetParam() == ARCHIVE_FILTER_COMPRESS) GTEST_SKIP() << "libarchive's writer makes a byte of nothing";
  // libarchive's own writer of LZ4 cannot write nothing.
  const std::string bytes = GetParam() == ARCHIVE_FILTER_LZ4
                                ? std::string("\x04\x22\x4d\x18\x64\x40\xa7\0\0\0\0\x05\x5d\xcc\x02", 15)
                                : compress("", GetParam());
  const Extracted result = run_extractor(extract_compressed, bytes, "access.log.1.gz");
  EXPECT_EQ(result.verdict.kind, VerdictKind::ok) << result.verdict.reason;
  EXPECT_THAT(result.partials, IsEmpty());
  ASSERT_THAT(result.members, SizeIs(1));
  EXPECT_EQ(result.members[0].content, "");
  if (GetParam() == ARCHIVE_FILTER_LZIP) return;  // libarchive does not ask for all of its trailer
  const Extracted cut = run_extractor(extract_compressed, bytes.substr(0, bytes.size() - 1), "access.log.1.gz");
  EXPECT_TRUE(cut.verdict.kind != VerdictKind::ok || !cut.partials.empty());
}

INSTANTIATE_TEST_SUITE_P(Filters, Compressions,
                         ::testing::Values(ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_XZ,
                                           ARCHIVE_FILTER_LZMA, ARCHIVE_FILTER_ZSTD, ARCHIVE_FILTER_LZ4,
                                           ARCHIVE_FILTER_COMPRESS, ARCHIVE_FILTER_LZIP));

TEST(Compressed, WhatStandsBehindTheDataIsAGap) {
  std::string long_text;
  for (uint32_t i = 0; long_text.size() < 400'000; ++i) long_text += std::to_string(i * 2'654'435'761U) + '\n';
  for (const int filter : {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2}) {
    for (const std::string& content : {std::string("some words"), long_text}) {
      const std::string bytes = compress(content, filter);
      EXPECT_THAT(run_extractor(extract_compressed, bytes + "more", "a.gz").partials, SizeIs(1)) << filter;
      EXPECT_THAT(run_extractor(extract_compressed, bytes, "a.gz").partials, IsEmpty()) << filter;
      EXPECT_THAT(run_extractor(extract_compressed, bytes + std::string(9000, '\0'), "a.gz").partials, IsEmpty());
      const Extracted twice = run_extractor(extract_compressed, bytes + bytes, "a.gz");
      EXPECT_THAT(twice.partials, IsEmpty()) << filter;
      EXPECT_EQ(twice.members.at(0).content, content + content);
    }
  }
}

TEST(Compressed, NamesComeFromTheSuffixThenTheHeader) {
  const std::string bytes("\x1f\x8b\x08\x08\0\0\0\0\0\x03in.csv\0\x4b\x4c\x02\0\x6d\x48\x83\x9e\x02\0\0\0", 29);
  EXPECT_EQ(run_extractor(extract_compressed, bytes, "backup.TGZ").members.at(0).name, "backup.tar");
  const Extracted result = run_extractor(extract_compressed, bytes, "download");
  EXPECT_EQ(result.members.at(0).name, "in.csv");
  EXPECT_EQ(result.members.at(0).content, "ab");
}

TEST(Compressed, TheHeaderOfGzipIsRead) {
  const std::string bytes("\x1f\x8b\x08\x18\0\0\0\0\0\x03of ann.csv\0for bob\0\x4b\x4c\x02\0\x6d\x48\x83\x9e\x02\0\0\0",
                          41);
  const Extracted named = run_extractor(extract_compressed, bytes, "x.gz");
  EXPECT_EQ(named.text_of("metadata"), "of ann.csv");
  EXPECT_EQ(named.text_of("comments"), "for bob");
  EXPECT_EQ(named.members.at(0).content, "ab");
  const Extracted unnamed = run_extractor(extract_compressed, bytes, "x");
  EXPECT_EQ(unnamed.text_of("metadata"), "") << "it is the member's name";
  EXPECT_EQ(unnamed.members.at(0).name, "of ann.csv");
}

TEST(Compressed, WhatDamageLeavesIsStillExamined) {
  std::string content;
  for (int i = 0; i < 100'000; ++i) content += std::to_string(i * 7919) + "\n";
  std::string bytes = compress(content, ARCHIVE_FILTER_GZIP);
  bytes.resize(bytes.size() / 2);
  const Extracted result = run_extractor(extract_compressed, bytes, "x.gz");
  ASSERT_THAT(result.members, SizeIs(1));
  EXPECT_GT(result.members[0].content.size(), content.size() / 4);
  EXPECT_TRUE(content.starts_with(result.members[0].content));
  EXPECT_THAT(result.partials, Not(IsEmpty()));
}

TEST_P(Compressions, WhatIsCompressedTwiceIsAMemberInAMember) {
  if (GetParam() == ARCHIVE_FILTER_LZMA || GetParam() == ARCHIVE_FILTER_COMPRESS)
    GTEST_SKIP() << "libarchive recognises what is below it by itself";
  const std::string once = compress("SSN 536-22-8145", GetParam());
  const Extracted result = run_extractor(extract_compressed, compress(once, GetParam()), "a.gz.gz");
  EXPECT_EQ(result.verdict.kind, VerdictKind::ok) << result.verdict.reason;
  ASSERT_THAT(result.members, SizeIs(1));
  EXPECT_EQ(result.members[0].name, "a.gz");
  EXPECT_EQ(result.members[0].content, once);
}

// RFC 8878: a frame that asks for a window of 2 GiB, and a raw block.
TEST(Compressed, AWindowThatFindsNoRoomIsNoDamage) {
  const std::string bytes = std::string("\x28\xb5\x2f\xfd\x00\xa8\x21\x00\x00", 9) + "abcd";
  const Extracted result = run_extractor(extract_compressed, bytes, "x.zst");
  EXPECT_EQ(result.verdict.kind, VerdictKind::oom);
  EXPECT_EQ(result.verdict.reason, "its window of 2048 MiB is larger than the 128 MiB that can be read of zstd");
}

TEST(Compressed, TooManyCompressionsAreALimit) {
  std::string bytes = "x";
  for (int i = 0; i < 30; ++i) bytes = compress(bytes, ARCHIVE_FILTER_COMPRESS);
  const Extracted result = run_extractor(extract_compressed, bytes, "x.Z");
  EXPECT_EQ(result.verdict.kind, VerdictKind::limit);
  EXPECT_EQ(result.verdict.reason, "max_depth");
}

TEST(Compressed, HeadersTellTheWindow) {
  const auto window_of = [](std::string_view bytes) {
    MemoryInput input(bytes);
    return compression_of(input).window;
  };
  EXPECT_EQ(window_of({"\x28\xb5\x2f\xfd\x00\x59", 6}), (uint64_t{1} << 21) + (uint64_t{1} << 18));
  EXPECT_EQ(window_of({"\x28\xb5\x2f\xfd\x20\x59", 6}), 0U) << "as large as the content";
  EXPECT_EQ(window_of({"\xfd"
                       "7zXZ\0\0\4\0\0\0\0\x02\x00\x21\x01\x16",
                       17}),
            uint64_t{8} << 20);
  EXPECT_EQ(window_of({"\xfd"
                       "7zXZ\0\0\4\0\0\0\0\x03\x01\x03\x01\x00\x21\x01\x28",
                       20}),
            UINT32_MAX)
      << "behind another filter";
  EXPECT_EQ(window_of({"LZIP\1\x0c", 6}), 4096U);
  EXPECT_EQ(window_of({"LZIP\1\x2d", 6}), 8192U - 512U);
  EXPECT_EQ(window_of({"]\0\0\0\4", 5}), uint64_t{64} << 20);
  EXPECT_EQ(window_of("\x1f\x8b"), 0U);
}

TEST(Compressed, PlainBytesAreUnsupported) {
  EXPECT_EQ(run_extractor(extract_compressed, "plain text").verdict.kind, VerdictKind::unsupported);
}

}  // namespace
}  // namespace assay::extract::testing
