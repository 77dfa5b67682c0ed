// Archives that were made to do harm.
#include <fmt/format.h>

#include "tests/support/hostile.h"
#include "tests/support/samples.h"

namespace assay::tests {
namespace {

using model::VerdictKind;
using std::chrono::seconds;
using ::testing::AnyOf;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr uint64_t GiB = uint64_t{1} << 30;
constexpr const char* card_text = "Card 5555 5555 5555 4444 exp 12/27\n";
constexpr const char* ratio = "LIMIT max_expansion_ratio";

// RFC 8878: a frame of blocks that each say "131072 times this byte".
std::string zstd_of_run(char byte, uint64_t count) {
  return std::string("\x28\xb5\x2f\xfd\x00\x58", 6) +
         repeated(std::string{'\x02', '\0', '\x10', byte}, count / 131072) + std::string{'\x03', '\0', '\0', byte};
}

TEST(HostileArchives, TenGigabytesOfOneLetter) {
  const TemporaryTree tree;
  tree.write("a.gz", gzip_of_run('a', 10 * GiB));
  tree.write("b.zst", zstd_of_run('a', 10 * GiB));
  tree.write("c.bz2", repeated(compressed(std::string(64 << 20, 'a'), Compression::bzip2), 160));
  tree.write("d.xz", repeated(compressed(std::string(64 << 20, 'a'), Compression::xz), 160));
  const ScanResult result = scan_hostile(tree);
  for (const auto* name : {"a.gz", "b.zst", "c.bz2", "d.xz"}) EXPECT_EQ(result.verdict(name), ratio) << name;
}

// A log may begin with so many zeros; what has more of them is none.
TEST(HostileArchives, ZerosAreExpandedNoFurtherThanTheHoleOfALog) {
  const TemporaryTree tree;
  tree.write("a.gz", gzip_of_run('\0', 10 * GiB));
  tree.write("b.zst", zstd_of_run('\0', 10 * GiB));
  const ScanResult result = scan_hostile(tree);
  for (const auto& [name, member] : {std::pair("a.gz", "a"), std::pair("b.zst", "b")}) {
    EXPECT_EQ(result.verdict(name, member), ratio) << name;
    EXPECT_LT(result.record(name, member).bytes, uint64_t{80} << 20) << name;
  }
}

TEST(HostileArchives, OneFlatZipEntry) {
  const TemporaryTree tree;
  ZipMaker zip;
  zip.add({.name = "flat",
           .data = deflated_run('a', 2 * GiB),
           .method = 8,
           .size = 2 * GiB,
           .crc = crc_of_run('a', 2 * GiB)});
  zip.add({.name = "after.txt", .data = card_text, .method = 0, .size = 35, .crc = 0});
  tree.write("a.zip", zip.bytes());
  // At most 1032 times: the default of 1000 would end it near its end.
  const ScanResult result =
      scan_hostile(tree, seconds(20), [](scan::ScanOptions& options) { options.limits.max_expansion_ratio = 500; });
  EXPECT_EQ(result.verdict("a.zip"), ratio);
}

TEST(HostileArchives, ZipsInZipsInZips) {
  const TemporaryTree tree;
  constexpr uint64_t bottom = 64 << 20;
  ZipMaker zeros;
  zeros.add(
      {.name = "0", .data = deflated_run('a', bottom), .method = 8, .size = bottom, .crc = crc_of_run('a', bottom)});
  std::string layer = zeros.bytes();
  for (int depth = 0; depth < 5; ++depth) {
    Files sixteen;
    for (int i = 0; i < 16; ++i) sixteen.emplace_back(fmt::format("{}.zip", i), layer);
    layer = zip_of(sixteen);
  }
  tree.write("a.zip", layer);
  EXPECT_EQ(scan_hostile(tree).verdict("a.zip"), ratio);
}

TEST(HostileArchives, EntriesThatShareTheirBytes) {
  const TemporaryTree tree;
  constexpr uint64_t size = 100 << 20;
  ZipMaker zip;
  const ZipMaker::Entry kernel{
      .name = "kernel", .data = deflated_run('a', size), .method = 8, .size = size, .crc = crc_of_run('a', size)};
  zip.add(kernel);
  for (int i = 0; i < 20'000; ++i) {
    ZipMaker::Entry copy = kernel;
    copy.name = fmt::format("copy{}", i);
    zip.list(copy, 0);
  }
  tree.write("a.zip", zip.bytes());
  EXPECT_THAT(scan_hostile(tree).verdict("a.zip"), StartsWith("LIMIT"));
}

TEST(HostileArchives, AMemberWithoutANameIsNotTakenForTheArchive) {
  const TemporaryTree tree;
  ZipMaker zip;
  const std::string line = "Card 4111 1111 1111 1111 exp 12/27\n";
  zip.add({.name = "", .data = line, .method = 0, .size = line.size(), .crc = crc_of(line)});
  zip.add({.name = "", .data = line, .method = 77, .size = line.size(), .crc = crc_of(line)});
  tree.write("a.zip", zip.bytes());
  const ScanResult result = scan_hostile(tree);
  EXPECT_EQ(result.verdict("a.zip"), "OK");
  EXPECT_EQ(result.record("a.zip").format, "archive");
  size_t members = 0;
  for (const auto& record : result.records) members += record.member == "(no name)" ? 1 : 0;
  EXPECT_EQ(members, 2U);
  ASSERT_THAT(result.in("a.zip"), SizeIs(1));
  EXPECT_EQ(result.in("a.zip")[0].locator.member, "(no name)");
}

TEST(HostileArchives, WithoutEnd) {
  const TemporaryTree tree;
  std::string gz = card_text, zip = card_text, mixed = card_text;
  for (int i = 0; i < 1000; ++i) gz = gzip_of(gz);
  for (int i = 0; i < 100; ++i) zip = zip_of({{"again.zip", zip}});
  for (int i = 0; i < 30; ++i)
    mixed = i % 3 == 0 ? gzip_of(mixed) : i % 3 == 1 ? tar_of({{"t", mixed}}) : zip_of({{"z", mixed}});
  tree.write("a.gz", gz);
  tree.write("b.zip", zip);
  tree.write("c.gz", mixed);
  const ScanResult result = scan_hostile(tree);
  for (const auto* name : {"a.gz", "b.zip", "c.gz"}) {
    size_t too_deep = 0;
    for (const auto& record : result.records)
      if (record.object.ends_with(name) && to_text(record.verdict) == "LIMIT max_depth") ++too_deep;
    EXPECT_EQ(too_deep, 1U) << name;
  }
}

// An xz file of one stored chunk that asks for a dictionary of 2^(bits / 2 + 12) bytes (.xz file format 1.1.0).
std::string xz_with_dictionary(std::string_view content, char bits) {
  const auto le32 = [](size_t number) {
    std::string out;
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift);
    return out;
  };
  const auto checked = [&](const std::string& bytes) { return bytes + le32(crc_of(bytes)); };
  const auto padded = [](std::string bytes) { return bytes.append((4 - bytes.size() % 4) % 4, '\0'); };
  const std::string flags("\0\0", 2);
  const std::string header = checked(std::string("\x02\x00\x21\x01", 4) + bits + std::string(3, '\0'));
  const size_t last = content.size() - 1;
  const std::string chunk =
      std::string("\x01") + static_cast<char>(last >> 8) + static_cast<char>(last) + std::string(content) + '\0';
  const std::string index = checked(padded(std::string("\0\1", 2) + static_cast<char>(header.size() + chunk.size()) +
                                           static_cast<char>(content.size())));
  const std::string footer = le32(index.size() / 4 - 1) + flags;
  return std::string(
             "\xfd"
             "7zXZ\0",
             6) +
         checked(flags).substr(0, 2) + le32(crc_of(flags)) + header + padded(chunk) + index + le32(crc_of(footer)) +
         footer + "YZ";
}

TEST(HostileArchives, WindowsThatNeedMoreMemoryThanThereIs) {
#ifdef ASSAY_SANITIZED
  GTEST_SKIP() << "memory is not limited in a sanitizer build";
#endif
  const TemporaryTree tree;
  tree.write("a.txt.xz", xz_with_dictionary(card_text, 8));
  tree.write("b.txt.xz", xz_with_dictionary(card_text, 37));
  const ScanResult result = scan_hostile(tree);
  EXPECT_EQ(result.verdict("a.txt.xz"), "OK");
  EXPECT_EQ(result.verdict("a.txt.xz", "a.txt"), "OK");
  EXPECT_EQ(result.verdict("b.txt.xz"), "OOM its window of 1536 MiB needs more than --max-worker-memory");
}

TEST(HostileArchives, NestingWithinTheLimitIsRead) {
  const TemporaryTree tree;
  std::string zip = card_text;
  for (int i = 0; i < 8; ++i) zip = zip_of({{i == 0 ? "a.txt" : "a.zip", zip}});
  tree.write("a.zip", zip);
  EXPECT_EQ(scan_hostile(tree).in("a.zip").size(), 1U);
}

TEST(HostileArchives, AMillionEmptyEntries) {
  const TemporaryTree tree;
  {
    ZipMaker zip;
    for (int i = 0; i < 1'000'000; ++i) zip.add({.name = fmt::format("{:06}", i), .data = {}});
    tree.write("a.zip", zip.bytes());
    std::string tar;
    for (int i = 0; i < 250'000; ++i) tar += tar_header(fmt::format("{:06}", i), std::string_view("00000000000\0", 12));
    tree.write("b.tar.gz", gzip_of(tar));
  }
  const ScanResult result = scan_hostile(tree, seconds(40));
  EXPECT_EQ(result.verdict("a.zip"), "LIMIT max_members");
  EXPECT_EQ(result.verdict("b.tar.gz"), "LIMIT max_members");
}

TEST(HostileArchives, SizesThatAreNotThere) {
  const TemporaryTree tree;
  tree.write("octal.tar", tar_header("a.txt", std::string_view("77777777777\0", 12)) + card_text);
  tree.write("binary.tar",
             tar_header("a.txt", std::string_view("\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 12)) + card_text);
  tree.write("negative.tar",
             tar_header("a.txt", std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12)) + card_text);
  tree.write("longname.tar", tar_header("././@LongLink", std::string_view("77777777777\0", 12), 'L') + card_text);
  tree.write("pax.tar", tar_header("pax", std::string_view("77777777777\0", 12), 'x') + card_text);
  ZipMaker zip;
  zip.add({.name = "a.txt", .data = card_text, .method = 0, .size = uint64_t{1} << 50, .crc = 0});
  zip.add({.name = "b.txt", .data = deflated(card_text), .method = 8, .size = uint64_t{1} << 62, .crc = 1});
  tree.write("a.zip", zip.bytes());
  const ScanResult result = scan_hostile(tree);
  for (const auto* name : {"octal.tar", "binary.tar", "negative.tar", "longname.tar", "pax.tar", "a.zip"})
    EXPECT_NE(result.record(name).verdict.kind, VerdictKind::ok) << name;
}

TEST(HostileArchives, TerabytesOfHoles) {
  const TemporaryTree tree;
  // The old GNU sparse format: 128 KiB of text, a hole of 4 TiB, 512 bytes of text.
  std::string header = tar_header("sparse", std::string_view("00000401000\0", 12), 'S');
  header.replace(257, 8, std::string_view("ustar  \0", 8));
  header.replace(386, 24,
                 std::string_view("00000000000\0"
                                  "00000400000\0",
                                  24));
  header.replace(410, 24,
                 std::string_view("\x80\0\0\0\0\0\x04\0\0\0\0\0"
                                  "00000001000\0",
                                  24));
  header.replace(483, 12, std::string_view("\x80\0\0\0\0\0\x04\0\0\0\x02\0", 12));
  tree.write("a.tar", with_checksum(header) + std::string((128 << 10) + 512, 'x') + std::string(1024, '\0'));
  EXPECT_EQ(scan_hostile(tree).verdict("a.tar"), ratio);
}

TEST(HostileArchives, DictionariesLargerThanMemory) {
#ifdef ASSAY_SANITIZED
  GTEST_SKIP() << "memory is not limited in a sanitizer build";
#endif
  const TemporaryTree tree;
  // LZMA alone: properties, a dictionary of 4 GiB, unknown size.
  tree.write("a.lzma", std::string("\x5d\0\0\0\x80\xff\xff\xff\xff\xff\xff\xff\xff", 13) + std::string(200, '\0'));
  // A Zstandard frame with a window of 2 GiB and one of 128 MiB.
  tree.write("b.zst", std::string("\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00", 9));
  tree.write("c.zst", std::string("\x28\xb5\x2f\xfd\x00\x88", 6) +
                          repeated(std::string_view("\x02\x00\x10\x61", 4), 2000) + std::string("\x03\x00\x00\x00", 4));
  const ScanResult result = scan_hostile(tree);
  for (const auto* name : {"a.lzma", "b.zst", "c.zst"})
    EXPECT_THAT(result.verdict(name), AnyOf(StartsWith("UNSUPPORTED"), StartsWith("PARTIAL"), StartsWith("OOM")))
        << name;
}

TEST(HostileArchives, NamesThatLeadAway) {
  const TemporaryTree tree;
  const std::string odd = std::string("a\nb\x1b[2J\xff\xfe", 9);
  tree.write("a.zip", zip_of({{"../../../../etc/cron.d/x", card_text},
                              {"/etc/passwd", card_text},
                              {odd, card_text},
                              {std::string(60'000, 'n'), card_text}}));
  const ScanResult result = scan_hostile(tree);
  EXPECT_EQ(result.in("a.zip").size(), 4U);
  for (const auto& record : result.records) {
    EXPECT_EQ(record.member.find('\x1b'), std::string::npos);
    EXPECT_EQ(record.member.find('\n'), std::string::npos);
    EXPECT_EQ(record.member.find('\xff'), std::string::npos);
    EXPECT_LT(record.member.size(), 5000U);
  }
}

TEST(HostileArchives, LinksAndDevicesInside) {
  const TemporaryTree tree;
  tree.write("a.tar", tar_header("link", std::string_view("00000000000\0", 12), '2') +
                          tar_header("device", std::string_view("00000000000\0", 12), '3') +
                          tar_header("fifo", std::string_view("00000000000\0", 12), '6') +
                          tar_header("hard", std::string_view("00000000000\0", 12), '1') +
                          tar_header("a.txt", std::string_view("00000000043\0", 12)) + card_text +
                          std::string(512 - 35 + 1024, '\0'));
  const ScanResult result = scan_hostile(tree);
  EXPECT_EQ(result.in("a.tar").size(), 1U);
  EXPECT_EQ(result.record("a.tar", "device").verdict.kind, VerdictKind::special_file);
  EXPECT_EQ(result.record("a.tar", "fifo").verdict.kind, VerdictKind::special_file);
}

TEST(HostileArchives, LimitsAreTheUsersToSet) {
  const TemporaryTree tree;
  tree.write("a.zip", zip_of({{"a.txt", repeated(card_text, 10'000)}, {"b.txt", repeated(card_text, 10'000)}}));
  const auto with = [&](auto set) {
    return scan_hostile(tree, seconds(20), [&](scan::ScanOptions& options) { set(options.limits); });
  };
  EXPECT_EQ(with([](model::Limits& l) { l.max_expanded_bytes = 400'000; }).verdict("a.zip"),
            "LIMIT max_expanded_bytes");
  EXPECT_EQ(with([](model::Limits& l) { l.max_members = 1; }).verdict("a.zip"), "LIMIT max_members");
  EXPECT_EQ(with([](model::Limits& l) { l.max_member_bytes = 100'000; }).verdict("a.zip", "a.txt"),
            "LIMIT max_member_bytes");
}

}  // namespace
}  // namespace assay::tests
