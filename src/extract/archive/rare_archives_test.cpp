#include "extract/archive/rare_archives.h"

#include <functional>

#include "extract/archive/archive.h"
#include "extract/archive/test_archives.h"
#include "extract/format.h"

namespace assay::extract::testing {
namespace {

using model::VerdictKind;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string text = [] {
  std::string lines;
  for (int i = 10; i < 99; ++i) lines += "SSN 536-22-81" + std::to_string(i) + ", boots and laces\n";
  return lines;
}();

struct Kind {
  const char* name;
  std::function<std::string(std::string_view name, std::string_view content)> make;
};

class RareArchives : public ::testing::TestWithParam<Kind> {};

TEST_P(RareArchives, AreKnownByTheirContent) {
  const std::string bytes = GetParam().make("customers.txt", text);
  MemoryInput input(bytes);
  EXPECT_EQ(sniff(input, ""), Format::archive);
}

TEST_P(RareArchives, TheMemberIsHandedOver) {
  for (const std::string& content : {text, std::string("x"), std::string(30'000, 'y')}) {
    const Extracted result = run_extractor(extract_archive, GetParam().make("customers.txt", content));
    EXPECT_EQ(result.verdict.kind, VerdictKind::ok) << result.verdict.reason;
    ASSERT_THAT(result.members, SizeIs(1));
    EXPECT_EQ(result.members[0].name, "customers.txt");
    EXPECT_EQ(result.members[0].content, content);
    EXPECT_THAT(result.partials, IsEmpty());
  }
}

TEST_P(RareArchives, CutInsideTheMemberIsPartial) {
  const std::string whole = GetParam().make("customers.txt", text);
  for (const size_t kept : {whole.size() / 2, whole.size() * 3 / 4}) {
    const Extracted result = run_extractor(extract_archive, std::string_view(whole).substr(0, kept));
    ASSERT_THAT(result.members, SizeIs(1)) << kept;
    const bool told = !result.partials.empty() || result.members[0].verdict.kind == VerdictKind::partial ||
                      result.verdict.kind == VerdictKind::partial;
    EXPECT_TRUE(told) << kept;
    EXPECT_TRUE(text.starts_with(result.members[0].content)) << kept;
  }
}

TEST_P(RareArchives, CutInsideTheHeadersNeverPassesForWhole) {
  const std::string whole = GetParam().make("customers.txt", text);
  for (size_t kept = 9; kept < whole.size() - text.size() / 2 && kept < 120; ++kept) {
    const Extracted result = run_extractor(extract_archive, std::string_view(whole).substr(0, kept));
    const bool whole_member = result.members.size() == 1 && result.members[0].content == text;
    EXPECT_FALSE(whole_member) << kept;
    EXPECT_THAT(result.verdict.kind, AnyOf(VerdictKind::ok, VerdictKind::partial, VerdictKind::unsupported)) << kept;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Formats, RareArchives,
    ::testing::Values(Kind{"rar4", [](auto name, auto content) { return rar4_of(name, content); }},
                      Kind{"rar5", [](auto name, auto content) { return rar5_of(name, content); }},
                      Kind{"cab_stored",
                           [](auto name, auto content) { return cabinet_of(name, content, CabinetMethod::stored); }},
                      Kind{"cab_mszip", [](auto name, auto content) { return cabinet_of(name, content); }},
                      Kind{"lha_level_0", [](auto name, auto content) { return lha_of(name, content, 0); }},
                      Kind{"lha_level_1", [](auto name, auto content) { return lha_of(name, content, 1); }},
                      Kind{"lha_level_2", [](auto name, auto content) { return lha_of(name, content, 2); }},
                      Kind{"ar", [](auto name, auto content) { return ar_of(name, content); }}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(RareArchive, LongNamesOfArAreRead) {
  const Extracted result = run_extractor(extract_archive, ar_of("a-name-of-more-than-fifteen-bytes.txt", text));
  ASSERT_NE(result.member_named("a-name-of-more-than-fifteen-bytes.txt"), nullptr);
  EXPECT_EQ(result.member_named("a-name-of-more-than-fifteen-bytes.txt")->content, text);
}

TEST(RareArchive, WhatNeedsAPasswordIsEncrypted) {
  for (const auto& bytes : {rar4_of("a.txt", text, Locked::content), rar5_of("a.txt", text, Locked::content)}) {
    const Extracted result = run_extractor(extract_archive, bytes);
    ASSERT_THAT(result.members, SizeIs(1));
    EXPECT_EQ(result.members[0].name, "a.txt");
    EXPECT_EQ(result.members[0].verdict.kind, VerdictKind::encrypted) << result.members[0].verdict.reason;
    EXPECT_THAT(result.members[0].content, IsEmpty());
  }
  for (const auto& bytes : {rar4_of("a.txt", text, Locked::all), rar5_of("a.txt", text, Locked::all)}) {
    const Extracted result = run_extractor(extract_archive, bytes);
    EXPECT_EQ(result.verdict.kind, VerdictKind::encrypted) << result.verdict.reason;
    EXPECT_THAT(result.members, IsEmpty());
  }
}

TEST(RareArchive, MethodsThatNobodyKnowsAreUnsupported) {
  for (const auto& bytes : {cabinet_of("a.txt", text, CabinetMethod::quantum), lha_of("a.txt", text, 2, "-lh9-")}) {
    const Extracted result = run_extractor(extract_archive, bytes);
    const auto& verdict = result.members.empty() ? result.verdict : result.members[0].verdict;
    EXPECT_EQ(verdict.kind, VerdictKind::unsupported) << verdict.reason << " " << bytes.substr(0, 7);
  }
}

TEST(RareArchive, OldSolidArchivesAreUnsupportedAndNotDamaged) {
  const Extracted result = run_extractor(extract_archive, rar4_of("a.txt", text, Locked::no, true));
  EXPECT_EQ(result.verdict.kind, VerdictKind::unsupported) << result.verdict.reason;
  EXPECT_THAT(result.verdict.reason, HasSubstr("solid"));
}

TEST(RareArchive, DamagedContentIsPartialWhereTheFormatHasAChecksum) {
  for (std::string bytes : {lha_of("a.txt", text, 0), lha_of("a.txt", text, 2)}) {
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    const Extracted result = run_extractor(extract_archive, bytes);
    ASSERT_THAT(result.members, SizeIs(1));
    EXPECT_EQ(result.members[0].content.size(), text.size());
    EXPECT_THAT(result.partials, Not(IsEmpty()));
  }
}

std::string fixture(std::string_view name) {
  return read_file(std::filesystem::path(ASSAY_SOURCE_DIR) / "tests/fixtures/archives" / name);
}

TEST(ArchiveFixtures, MadeByOtherProgramsAreRead) {
  for (const auto* name : {"lh5.lzh", "lh6.lzh", "lh7.lzh", "ppmd.7z", "bzip2.7z", "deflate.7z"}) {
    const Extracted result = run_extractor(extract_archive, fixture(name));
    EXPECT_EQ(result.verdict.kind, VerdictKind::ok) << name << " " << result.verdict.reason;
    const auto* member = result.member_named("customers.txt");
    ASSERT_NE(member, nullptr) << name;
    EXPECT_EQ(member->content.size(), 3253U) << name;
    EXPECT_THAT(member->content, ::testing::HasSubstr("line 089: Jane Roe, SSN 536-22-8189")) << name;
    EXPECT_THAT(result.partials, IsEmpty()) << name;
  }
}

TEST(ArchiveFixtures, EncryptedOnesSaySo) {
  for (const auto* name : {"encrypted.7z", "encrypted_aes.zip"}) {
    const Extracted result = run_extractor(extract_archive, fixture(name));
    ASSERT_THAT(result.members, SizeIs(1)) << name;
    EXPECT_EQ(result.members[0].verdict.kind, VerdictKind::encrypted) << name << result.members[0].verdict.reason;
  }
  EXPECT_EQ(run_extractor(extract_archive, fixture("encrypted_names.7z")).verdict.kind, VerdictKind::encrypted);
}

TEST(ArchiveFixtures, CutOnesArePartial) {
  for (const auto* name : {"lh5.lzh", "lh7.lzh"}) {
    std::string bytes = fixture(name);
    bytes.resize(bytes.size() * 2 / 3);
    const Extracted result = run_extractor(extract_archive, bytes);
    ASSERT_THAT(result.members, SizeIs(1)) << name;
    EXPECT_THAT(result.partials, Not(IsEmpty())) << name;
  }
}

}  // namespace
}  // namespace assay::extract::testing
