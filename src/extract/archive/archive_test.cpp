#include "extract/archive/archive.h"

#include <cerrno>

#include "extract/archive/libarchive_reader.h"
#include "extract/archive/test_archives.h"

namespace assay::extract::testing {
namespace {

using model::VerdictKind;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::vector<TestFile> two_files = {{"a/one.txt", "SSN 536-22-8145"}, {"../escape\xff.txt", "second"}};

struct Kind {
  const char* name;
  ArchiveOptions options;
};

class ArchiveKinds : public ::testing::TestWithParam<Kind> {};

TEST_P(ArchiveKinds, EveryMemberIsHandedOverAsFound) {
  const std::string bytes = make_archive({{"a/one.txt", "SSN 536-22-8145"}, {"two.txt", "second"}}, GetParam().options);
  const Extracted result = run_extractor(extract_archive, bytes);
  EXPECT_EQ(result.verdict.kind, VerdictKind::ok) << result.verdict.reason;
  ASSERT_THAT(result.members, SizeIs(2));
  ASSERT_NE(result.member_named("a/one.txt"), nullptr);
  EXPECT_EQ(result.member_named("a/one.txt")->content, "SSN 536-22-8145");
  EXPECT_EQ(result.member_named("two.txt")->content, "second");
  EXPECT_THAT(result.partials, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Formats, ArchiveKinds,
                         ::testing::Values(Kind{"zip", {ARCHIVE_FORMAT_ZIP, {}, "", ""}},
                                           Kind{"zip_stored", {ARCHIVE_FORMAT_ZIP, {}, "zip:compression=store", ""}},
                                           Kind{"zip64", {ARCHIVE_FORMAT_ZIP, {}, "zip:zip64=1", ""}},
                                           Kind{"pax", {ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, {}, "", ""}},
                                           Kind{"gnutar", {ARCHIVE_FORMAT_TAR_GNUTAR, {}, "", ""}},
                                           Kind{"ustar", {ARCHIVE_FORMAT_TAR_USTAR, {}, "", ""}},
                                           Kind{"tar_gz", {ARCHIVE_FORMAT_TAR_USTAR, {ARCHIVE_FILTER_GZIP}, "", ""}},
                                           Kind{"tar_xz", {ARCHIVE_FORMAT_TAR_USTAR, {ARCHIVE_FILTER_XZ}, "", ""}},
                                           Kind{"tar_zst", {ARCHIVE_FORMAT_TAR_USTAR, {ARCHIVE_FILTER_ZSTD}, "", ""}},
                                           Kind{"cpio", {ARCHIVE_FORMAT_CPIO_SVR4_NOCRC, {}, "", ""}},
                                           Kind{"sevenzip", {ARCHIVE_FORMAT_7ZIP, {}, "", ""}},
                                           Kind{"iso", {ARCHIVE_FORMAT_ISO9660, {}, "", ""}},
                                           Kind{"xar", {ARCHIVE_FORMAT_XAR, {}, "", ""}},
                                           Kind{"warc", {ARCHIVE_FORMAT_WARC, {}, "", ""}}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Archive, NamesAreBytesAsFound) {
  for (const int format : {ARCHIVE_FORMAT_ZIP, ARCHIVE_FORMAT_TAR_USTAR}) {
    const Extracted result = run_extractor(extract_archive, make_archive(two_files, {.format = format}));
    ASSERT_THAT(result.members, SizeIs(2));
    EXPECT_EQ(result.members[1].name, "../escape\xff.txt");
    EXPECT_EQ(result.members[1].content, "second");
  }
}

TEST(Archive, MemoryThatWasRefusedEarlierDoesNotEndTheProcess) {
  class LeavesAnError final : public Input {
   public:
    explicit LeavesAnError(std::string_view bytes) : memory_(bytes) {}
    size_t read_at(uint64_t offset, std::span<char> out) override {
      const size_t n = memory_.read_at(offset, out);
      errno = ENOMEM;
      return n;
    }
    std::optional<uint64_t> known_size() const override { return memory_.known_size(); }
    uint64_t size() override { return memory_.size(); }

   private:
    MemoryInput memory_;
  };
  prepare_archive_library();
  const std::string bytes = make_archive(two_files, {.format = ARCHIVE_FORMAT_CPIO_POSIX});
  LeavesAnError input(bytes);
  SinkRecorder sink;
  Scratch scratch(-1, 0);
  const model::Limits limits;
  const Context context{.limits = limits, .scratch = scratch, .name = {}};
  extract_archive(input, context, sink);
  EXPECT_EQ(sink.members.at(1).name, "../escape\xff.txt");
}

TEST(Archive, LinksAndDirectoriesAreNotRead) {
  const std::vector<TestFile> files = {{"dir", "", AE_IFDIR}, {"link", "/etc/passwd", AE_IFLNK}, {"f", "x"}};
  for (const int format : {ARCHIVE_FORMAT_ZIP, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FORMAT_7ZIP}) {
    const Extracted result = run_extractor(extract_archive, make_archive(files, {.format = format}));
    ASSERT_THAT(result.members, SizeIs(2)) << format;
    ASSERT_NE(result.member_named("link"), nullptr);
    EXPECT_EQ(result.member_named("link")->verdict.kind, VerdictKind::special_file);
    EXPECT_EQ(result.member_named("f")->content, "x");
  }
}

TEST(Archive, ACutTarGivesWhatIsThereAndIsPartial) {
  const std::string big(200'000, 'x');
  std::string bytes = make_archive({{"one", "first"}, {"two", big}}, {.format = ARCHIVE_FORMAT_TAR_USTAR});
  bytes.resize(100'000);
  const Extracted result = run_extractor(extract_archive, bytes);
  ASSERT_THAT(result.members, SizeIs(2));
  EXPECT_EQ(result.members[0].content, "first");
  EXPECT_GT(result.members[1].content.size(), 90'000U);
  EXPECT_THAT(result.partials, Not(IsEmpty()));
}

TEST(Archive, WhatIsNoArchiveIsUnsupported) {
  EXPECT_EQ(run_extractor(extract_archive, "just some text").verdict.kind, VerdictKind::unsupported);
  EXPECT_EQ(run_extractor(extract_archive, "").verdict.kind, VerdictKind::unsupported);
}

TEST(Archive, FailureOfTheInputPassesThroughTheLibrary) {
  class Failing final : public Input {
   public:
    size_t read_at(uint64_t, std::span<char>) override { throw Failure(VerdictKind::limit, "max_object_bytes"); }
    std::optional<uint64_t> known_size() const override { return 1000; }
    uint64_t size() override { return 1000; }
  };
  Failing input;
  SinkRecorder sink;
  Scratch scratch(-1, 0);
  const model::Limits limits;
  const Context context{.limits = limits, .scratch = scratch, .name = {}};
  EXPECT_THROW(extract_archive(input, context, sink), Failure);
  EXPECT_THROW(extract_compressed(input, context, sink), Failure);
}

TEST(Archive, AMemberPastItsLimitDoesNotEndTheArchive) {
  class Obedient final : public Sink {
   public:
    void begin_text(const Part&) override {}
    void text(std::string_view) override {}
    void end_text() override {}
    void begin_table(const TableInfo&) override {}
    void row(uint64_t, std::span<const std::string_view>) override {}
    void add_column(const InnerColumn&) override {}
    void inner_values(uint64_t, std::span<const InnerValue>) override {}
    void end_table() override {}
    void member(std::string_view, Input& content) override {
      ++members;
      try {
        content.size();
      } catch (const Failure& failure) {
        reasons.push_back(failure.verdict().reason);
      }
    }
    void unread_member(std::string_view, model::Verdict) override {}
    void partial(std::string_view) override {}
    void tick() override {}
    int members = 0;
    std::vector<std::string> reasons;
  } sink;
  const std::string bytes = make_archive({{"big", std::string(500'000, 'x')}, {"small", "y"}});
  MemoryInput input(bytes);
  Scratch scratch(-1, 0);
  model::Limits limits;
  limits.max_member_bytes = 100'000;
  extract_archive(input, {.limits = limits, .scratch = scratch, .name = {}}, sink);
  EXPECT_EQ(sink.members, 2);
  EXPECT_EQ(sink.reasons, std::vector<std::string>{"max_member_bytes"});
}

TEST(Archive, NamesInOtherCharacterSetsBecomeUtf8) {
  prepare_archive_library();
  for (const int format : {ARCHIVE_FORMAT_7ZIP, ARCHIVE_FORMAT_XAR, ARCHIVE_FORMAT_TAR_PAX_RESTRICTED}) {
    const Extracted result = run_extractor(extract_archive, make_archive({{"café.txt", "x"}}, {.format = format}));
    EXPECT_NE(result.member_named("café.txt"), nullptr) << format;
  }
}

TEST(Archive, NoFilterWouldRunAProgram) { EXPECT_TRUE(LibarchiveReader::filters_are_built_in()); }

}  // namespace
}  // namespace assay::extract::testing
