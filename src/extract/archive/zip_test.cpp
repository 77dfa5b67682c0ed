#include "extract/archive/zip.h"

#include "extract/archive/archive.h"
#include "extract/archive/test_archives.h"
#include "extract/archive/zip_directory.h"

namespace assay::extract::testing {
namespace {

using model::VerdictKind;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::vector<TestFile> two_files = {{"one.txt", "first content"}, {"two.txt", "second content"}};

std::string numbers() {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i * 7919) + " ";
  return text;
}

TEST(Zip, DataBeforeTheArchiveIsTolerated) {
  const std::string bytes = "MZ this is a self-extractor" + std::string(5000, 'x') + make_archive(two_files);
  const Extracted result = run_extractor(extract_archive, bytes);
  ASSERT_THAT(result.members, SizeIs(2));
  EXPECT_EQ(result.members[1].content, "second content");
  EXPECT_THAT(result.partials, IsEmpty());
}

TEST(Zip, WithoutItsDirectoryTheLocalHeadersAreRead) {
  for (const char* options : {"", "zip:compression=store"}) {
    std::string bytes = make_archive(two_files, {.options = options});
    bytes.resize(bytes.find("PK\1\2"));
    const Extracted result = run_extractor(extract_archive, bytes);
    ASSERT_THAT(result.members, SizeIs(2)) << options;
    EXPECT_TRUE(result.members[1].content.starts_with("second content"));
    EXPECT_THAT(result.partials, Not(IsEmpty()));
  }
}

TEST(Zip, EntriesThatOnlyLocalHeadersTellOfAreRead) {
  const std::string hidden = make_archive({{"hidden.txt", "hidden content"}});
  const std::string open = make_archive(two_files);
  const std::string bytes = hidden.substr(0, hidden.find("PK\1\2")) + open;
  const Extracted result = run_extractor(extract_archive, bytes);
  ASSERT_THAT(result.members, SizeIs(3));
  EXPECT_EQ(result.members[2].name, "hidden.txt");
  EXPECT_EQ(result.members[2].content, "hidden content");
}

TEST(Zip, OverlappingEntriesAreABomb) {
  std::string bytes = make_archive(two_files);
  const size_t second = bytes.find("PK\1\2", bytes.find("PK\1\2") + 4);
  ASSERT_NE(second, std::string::npos);
  bytes.replace(second + 42, 4, std::string(4, '\0'));  // the second entry now begins where the first does
  const Extracted result = run_extractor(extract_archive, bytes);
  EXPECT_EQ(result.verdict.kind, VerdictKind::limit);
  EXPECT_EQ(result.verdict.reason, "overlapping zip entries");
  EXPECT_THAT(result.members, IsEmpty());
}

TEST(Zip, EncryptedEntriesAreToldAndTheRestIsRead) {
  std::string bytes = make_archive(two_files);
  const size_t first = bytes.find("PK\1\2");
  bytes[first + 8] = static_cast<char>(bytes[first + 8] | 1);
  const Extracted result = run_extractor(extract_archive, bytes);
  ASSERT_THAT(result.members, SizeIs(2));
  EXPECT_EQ(result.members[0].verdict.kind, VerdictKind::encrypted);
  EXPECT_EQ(result.members[1].content, "second content");
}

TEST(Zip, WinZipAesEntriesAreEncrypted) {
  const std::string bytes =
      make_archive(two_files, {.options = "zip:encryption=aes256", .passphrase = "correct horse"});
  const Extracted result = run_extractor(extract_archive, bytes);
  ASSERT_THAT(result.members, SizeIs(2));
  EXPECT_EQ(result.members[1].verdict.kind, VerdictKind::encrypted);
}

TEST(Zip, AnUnknownMethodIsUnsupportedAndTheRestIsRead) {
  std::string bytes = make_archive(two_files);
  const size_t central = bytes.find("PK\1\2");
  bytes[8] = bytes[central + 10] = 77;
  const Extracted result = run_extractor(extract_archive, bytes);
  ASSERT_NE(result.member_named("one.txt"), nullptr);
  EXPECT_EQ(result.member_named("one.txt")->verdict.kind, VerdictKind::unsupported);
  EXPECT_EQ(result.member_named("two.txt")->content, "second content");
}

TEST(Zip, ADamagedEntryIsReadAsFarAsItGoesAndTheNextOneWhole) {
  const std::string text = numbers();
  std::string bytes = make_archive({{"one.txt", text}, {"two.txt", "second content"}});
  const size_t middle = bytes.find("two.txt") / 2;
  for (size_t i = 0; i < 64; ++i) bytes[middle + i] = '\xff';
  const Extracted result = run_extractor(extract_archive, bytes);
  ASSERT_THAT(result.members, SizeIs(2));
  EXPECT_GT(result.members[0].content.size(), text.size() / 3);
  EXPECT_EQ(result.members[0].content.substr(0, text.size() / 3), text.substr(0, text.size() / 3));
  EXPECT_EQ(result.members[1].content, "second content");
  EXPECT_THAT(result.partials, SizeIs(1));
}

TEST(Zip, AnEntryWithNothingReadableGetsItsVerdict) {
  std::string bytes = make_archive(two_files, {.options = "zip:compression=store"});
  bytes[0] = 'X';
  const std::string with_head = "PK\5\6" + bytes;  // still begins like a zip
  const Extracted result = run_extractor(extract_archive, with_head);
  ASSERT_NE(result.member_named("one.txt"), nullptr);
  EXPECT_EQ(result.member_named("one.txt")->verdict.kind, VerdictKind::partial);
  EXPECT_EQ(result.member_named("two.txt")->content, "second content");
}

TEST(Zip, CommentsAreText) {
  const std::string of_entry = "of the entry, \xff", of_archive = "of the archive";
  std::string bytes = make_archive({{"one.txt", "first content"}});
  const size_t central = bytes.find("PK\1\2"), end = bytes.find("PK\5\6");
  bytes.insert(end, of_entry);
  bytes[central + 32] = static_cast<char>(of_entry.size());
  const size_t moved = end + of_entry.size();
  bytes[moved + 12] = static_cast<char>(bytes[moved + 12] + static_cast<char>(of_entry.size()));
  bytes[moved + 20] = static_cast<char>(of_archive.size());
  bytes += of_archive;
  const Extracted result = run_extractor(extract_archive, bytes);
  EXPECT_EQ(result.text_of("comments"), "of the archive\nof the entry, \uFFFD\n");
  EXPECT_THAT(result.members, SizeIs(1));
  EXPECT_THAT(result.partials, IsEmpty());
}

TEST(Zip, MoreCommentsThanAreKeptAreAGap) {
  std::string bytes = make_archive(two_files);
  const size_t central = bytes.find("PK\1\2"), end = bytes.find("PK\5\6");
  std::string entry = bytes.substr(central, bytes.find("PK\1\2", central + 4) - central);
  entry[32] = entry[33] = '\x7f';
  entry += std::string(0x7f7f, 'c');
  std::string directory;
  for (int i = 0; i < 40; ++i) directory += entry;
  std::string tail = bytes.substr(end);
  for (size_t i = 0; i < 4; ++i) tail[12 + i] = static_cast<char>(directory.size() >> (8 * i));
  bytes = bytes.substr(0, central) + directory + tail;
  MemoryInput input(bytes);
  const ZipDirectory read = read_zip_directory(input, 100, [] {});
  EXPECT_THAT(read.entries, SizeIs(40));
  EXPECT_TRUE(read.has_more_comments);
  EXPECT_LE(read.comments.size(), max_comments_bytes);
}

TEST(Zip, TheDirectoryIsBoundedByEntries) {
  std::vector<TestFile> files;
  for (int i = 0; i < 50; ++i) files.push_back({std::to_string(i), "x"});
  const std::string bytes = make_archive(files);
  MemoryInput input(bytes);
  EXPECT_THAT(read_zip_directory(input, 10, [] {}).entries, SizeIs(11));
  EXPECT_THAT(read_zip_directory(input, 1000, [] {}).entries, SizeIs(50));
}

TEST(Zip, EveryPrefixEndsInAnOrderlyWay) {
  const std::string bytes = make_archive(two_files);
  for (size_t n = 0; n < bytes.size(); ++n) run_extractor(extract_archive, std::string_view(bytes).substr(0, n));
}

TEST(Zip, CorpusOfOddArchivesIsReadOrRefused) {
  const auto folder = corpora() / "archive" / "libzip";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no corpus at " << folder;
  size_t files = 0, with_members = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const Extracted result = run_extractor(extract_archive, read_file(file.path()));
    ++files;
    if (!result.members.empty()) ++with_members;
  }
  EXPECT_GE(files, 100U);
  EXPECT_GE(with_members * 100, files * 75) << with_members << " of " << files;
}

}  // namespace
}  // namespace assay::extract::testing
