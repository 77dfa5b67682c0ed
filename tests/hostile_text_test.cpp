// Text, tables, mail and images that were made to do harm.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "core/fd.h"
#include "tests/support/hostile.h"
#include "tests/support/samples.h"

namespace assay::tests {
namespace {

using model::VerdictKind;
using std::chrono::seconds;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Eq;
using ::testing::StartsWith;

constexpr const char* card_text = "Card 5555 5555 5555 4444 exp 12/27\n";

std::set<std::string> entities(const ScanResult& result, std::string_view name) {
  std::set<std::string> names;
  for (const auto& finding : result.in(name)) names.insert(finding.entity);
  return names;
}

// Writes `head`, `times` times `unit`, and `tail` without holding them.
void write_long(const TemporaryTree& tree, std::string_view name, std::string_view head, std::string_view unit,
                uint64_t times, std::string_view tail) {
  std::ofstream out(tree.path(name), std::ios::binary);
  const uint64_t in_block = std::max<uint64_t>(1, (1 << 20) / unit.size());
  const std::string block = repeated(unit, std::min(in_block, times));
  out << head;
  for (uint64_t done = 0; done < times; done += in_block)
    out.write(block.data(), static_cast<std::streamsize>(std::min(in_block, times - done) * unit.size()));
  out << tail;
}

TEST(HostileText, DeepNesting) {
  const TemporaryTree tree;
  write_long(tree, "a.json", "", "[", 5'000'000, card_text);
  write_long(tree, "b.json", "", "{\"a\":", 2'000'000, card_text);
  write_long(tree, "c.html", "<html><body>", "<div>", 2'000'000, card_text);
  write_long(tree, "d.html", "<html>", "<table><tr><td>", 1'000'000, card_text);
  write_long(tree, "e.xml", "<?xml version=\"1.0\"?>", "<a>", 3'000'000, card_text);
  write_long(tree, "f.yaml", "a: ", "[", 3'000'000, card_text);
  write_long(tree, "g.rtf", "{\\rtf1 ", "{", 1'000'000, card_text);
  write_long(tree, "h.rtf", "{\\rtf1 ", "{\\*\\pict ", 500'000, card_text);
  write_long(tree, "i.html", "<html>", "<script>", 500'000, card_text);
  write_long(tree, "j.html", "<html>", "<!--", 1'000'000, card_text);
  write_long(tree, "k.html", "<html>", "&amp", 2'000'000, card_text);
  write_long(tree, "l.html", "<html><a ", "b=c ", 2'000'000, std::string(">") + card_text);
  const ScanResult result = scan_hostile(tree, seconds(60));
  for (const auto& file : result.records) {
    if (file.object.ends_with(".rtf")) {
      EXPECT_EQ(to_text(file.verdict), "PARTIAL groups nested too deeply") << file.object;
    } else {
      EXPECT_EQ(to_text(file.verdict), "OK") << file.object;
      EXPECT_EQ(result.in(file.object).size(), 1U) << file.object;
    }
  }
}

TEST(HostileText, TwoGigabytesInOneLine) {
  const TemporaryTree tree;
  const std::string path = tree.write("a.txt", std::string(100'000, 'x') + " " + card_text);
  {
    const core::Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    const std::string last = card_text;
    ASSERT_EQ(::pwrite(fd.get(), last.data(), last.size(), off_t{2} << 30), static_cast<ssize_t>(last.size()));
  }
  write_long(tree, "b.txt", "", "all in one line 12 ", 15'000'000, card_text);
  const ScanResult result = scan_hostile(tree, seconds(90));
  EXPECT_EQ(result.verdict("a.txt"), "OK");
  EXPECT_EQ(result.in("/a.txt").size(), 2U);
  EXPECT_EQ(result.verdict("b.txt"), "OK");
  EXPECT_EQ(result.in("/b.txt").size(), 1U);
}

TEST(HostileText, ASparseTerabyte) {
  const TemporaryTree tree;
  const std::string path = tree.write("a.txt", std::string(100'000, 'x') + "\n" + card_text);
  if (::truncate(path.c_str(), off_t{1} << 40) != 0) GTEST_SKIP() << "this file system has no files of a terabyte";
  auto result =
      scan_hostile(tree, seconds(20), [](scan::ScanOptions& options) { options.limits.max_object_bytes = 32 << 20; });
  EXPECT_EQ(result.verdict("a.txt"), "LIMIT max_object_bytes");
  EXPECT_EQ(result.in("a.txt").size(), 1U);
  result =
      scan_hostile(tree, seconds(20), [](scan::ScanOptions& options) { options.limits.max_object_wall_ms = 3000; });
  EXPECT_EQ(result.record("a.txt").verdict.kind, VerdictKind::timeout);
  EXPECT_EQ(result.in("a.txt").size(), 1U);
}

TEST(HostileText, TablesWithoutMeasure) {
  const TemporaryTree tree;
  write_long(tree, "wide.csv", "", "name,", 1'000'000, "x\n" + repeated("1,", 1'000'000) + "2\n");
  write_long(tree, "quote.csv", "a,b,c\n1,2,3\n4,5,\"", "x,y\n", 4'000'000, card_text);
  write_long(tree, "cells.csv", "a,b\n", ",", 20'000'000, "\n");
  write_long(tree, "ragged.csv", "a,b,c\n1,2,3\n4,5,6\n", "1,2,3\n1\n,,,,,,,\n\n", 1'000'000, card_text);
  write_long(tree, "header.csv", "", "aaaaaaaaaa", 5'000'000, ",b,c\n1,2,3\n4,5,6\n");
  write_long(tree, "lines.txt", "", "\n", 30'000'000, card_text);
  write_long(tree, "digits.txt", "", "4111111111111111 ", 2'000'000, card_text);
  write_long(tree, "ats.txt", "", "a@", 8'000'000, card_text);
  write_long(tree, "keys.txt", "", "password=", 2'000'000, card_text);
  write_long(tree, "dots.txt", "", "1.1.", 4'000'000, card_text);
  write_long(tree, "dashes.txt", "", "1-", 8'000'000, card_text);
  write_long(tree, "urls.txt", "", "http://", 2'000'000, card_text);
  const ScanResult result = scan_hostile(
      tree, seconds(120), [](scan::ScanOptions& options) { options.limits.max_findings_per_object = 200'000; });
  for (const auto* name : {"wide.csv", "quote.csv", "cells.csv", "ragged.csv", "header.csv", "lines.txt", "ats.txt",
                           "keys.txt", "dots.txt", "dashes.txt", "urls.txt"})
    EXPECT_EQ(result.verdict(name), "OK") << name;
  for (const auto* name : {"quote.csv", "ragged.csv", "lines.txt", "ats.txt", "dots.txt", "dashes.txt"})
    EXPECT_EQ(result.record(name).findings, 1U) << name;
  EXPECT_EQ(result.verdict("digits.txt"), "LIMIT max_findings_per_object");
}

TEST(HostileText, MailsWithoutEnd) {
  const TemporaryTree tree;
  const std::string head = "From: a@example.net\r\nTo: b@example.net\r\nSubject: x\r\nMIME-Version: 1.0\r\n";
  std::string nested = head;
  for (int i = 0; i < 10'000; ++i)
    nested += fmt::format("Content-Type: multipart/mixed; boundary=\"b{0}\"\r\n\r\n--b{0}\r\n", i);
  tree.write("nested.eml", nested + "Content-Type: text/plain\r\n\r\n" + card_text);
  std::string same = head + "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n";
  tree.write("same.eml",
             same + repeated("--b\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n", 10'000) + card_text);
  std::string messages = head;
  for (int i = 0; i < 2000; ++i) messages += "Content-Type: message/rfc822\r\n\r\n" + head;
  tree.write("messages.eml", messages + "\r\n" + card_text);
  write_long(tree, "header.eml", head + "X-Long: ", "aaaaaaaaaa", 10'000'000, std::string("\r\n\r\n") + card_text);
  write_long(tree, "headers.eml", head, "X-Many: a\r\n", 5'000'000, std::string("\r\n") + card_text);
  write_long(tree, "folded.eml", head + "Subject: a\r\n", " folded\r\n", 5'000'000, std::string("\r\n") + card_text);
  write_long(tree, "parts.eml", same, "--b\r\n\r\nx\r\n", 1'000'000, std::string("--b--\r\n") + card_text);
  write_long(tree, "words.eml", head + "Subject: ", "=?utf-8?B?QUFB?= ", 1'000'000,
             std::string("\r\n\r\n") + card_text);
  write_long(tree, "parameters.eml", head + "Content-Type: text/plain", ";\r\n a*0=b", 1'000'000,
             std::string("\r\n\r\n") + card_text);
  write_long(tree, "base64.eml", head + "Content-Transfer-Encoding: base64\r\n\r\n", "QUFBQUFBQUFBQUFBQUFBQUFB",
             5'000'000, "");
  write_long(tree, "many.mbox", "", "From a@b.example Mon Mar  3 10:00:00 2025\nSubject: x\n\nx\n\n", 300'000,
             card_text);
  const ScanResult result = scan_hostile(tree, seconds(120));
  for (const auto& record : result.records) {
    if (record.member.empty()) EXPECT_EQ(to_text(record.verdict), "OK") << record.object;
    else EXPECT_THAT(to_text(record.verdict), AnyOf(Eq("OK"), Eq("LIMIT max_depth"))) << record.object;
  }
  for (const auto* name :
       {"nested.eml", "same.eml", "header.eml", "headers.eml", "folded.eml", "words.eml", "parameters.eml"})
    EXPECT_THAT(entities(result, name), Contains("CREDIT_CARD")) << name;
}

std::string png_of(uint32_t width, uint32_t height, uint64_t zeros) {
  const auto be32 = [](uint64_t v) {
    return std::string{static_cast<char>(v >> 24), static_cast<char>(v >> 16), static_cast<char>(v >> 8),
                       static_cast<char>(v)};
  };
  const auto chunk = [&](const std::string& kind, const std::string& data) {
    return be32(data.size()) + kind + data + be32(crc_of(kind + data));
  };
  std::string adler = be32(1);
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", be32(width) + be32(height) + std::string("\x01\0\0\0\0", 5)) +
         chunk("IDAT", "\x78\x9c" + deflated_run('\0', zeros) + adler) + chunk("IEND", "");
}

TEST(HostileText, ImagesLargerThanMemory) {
  const TemporaryTree tree;
  tree.write("large.png", png_of(100'000, 100'000, uint64_t{1250} << 20));
  tree.write("wide.png", png_of(0x7FFFFFFF, 1, 300 << 20));
  // TIFF: a directory that follows itself, and one with a value of 4 GiB.
  tree.write("cycle.tiff", std::string("II*\0\x08\0\0\0\x01\0\0\x01\x04\0\x01\0\0\0\x01\0\0\0\x08\0\0\0", 26));
  tree.write("count.tiff", std::string("II*\0\x08\0\0\0\x01\0\x0e\x01\x02\0\xff\xff\xff\xff\x1a\0\0\0\0\0\0\0", 26));
  tree.write("exif.jpg", std::string("\xff\xd8\xff\xe1\x00\x2c"
                                     "Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0",
                                     38) +
                             std::string(100, '\0') + "\xff\xd9");
  for (const bool ocr : {false, true}) {
    const ScanResult result = scan_hostile(tree, seconds(60), [&](scan::ScanOptions& options) { options.ocr = ocr; });
    EXPECT_EQ(result.verdict("large.png"), ocr ? "PARTIAL text in the image: too many pixels" : "OK");
    EXPECT_EQ(result.verdict("wide.png"), ocr ? "PARTIAL text in the image: too many pixels" : "OK");
    EXPECT_EQ(result.record("cycle.tiff").verdict.kind, VerdictKind::partial);
  }
}

}  // namespace
}  // namespace assay::tests
