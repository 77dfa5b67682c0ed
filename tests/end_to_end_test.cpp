// Whole scans: a tree on disk, the walk, the sandboxed examiners, the findings. Everything but the command line.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "core/error.h"
#include "tests/support/samples.h"
#include "tests/support/samples_office.h"
#include "tests/support/scanning.h"
#include "tests/support/temporary_tree.h"

namespace assay::tests {
namespace {

using model::VerdictKind;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr const char* card_text = "Card 4111 1111 1111 1111 exp 12/27";

std::vector<std::string> places(const ScanResult& result, std::string_view name, std::string_view entity) {
  std::vector<std::string> list;
  for (const auto& finding : result.in(name))
    if (finding.entity == entity) list.push_back(model::describe(finding.locator));
  return list;
}

// One line a finding, without the temporary directory: what must not differ from run to run.
std::multiset<std::string> essence(const ScanResult& result) {
  std::multiset<std::string> lines;
  for (const auto& f : result.findings)
    lines.insert(fmt::format("{} {} {} {} {:.4f} {}-{} {}-{} {} {}", f.object.substr(f.object.rfind('/') + 1),
                             model::describe(f.locator), f.entity, f.rule, f.confidence, f.start, f.end,
                             f.start_code_point, f.end_code_point, f.masked, f.fingerprint));
  for (const auto& c : result.columns)
    lines.insert(fmt::format("column {} {} {} {}/{}", c.object.substr(c.object.rfind('/') + 1),
                             model::describe(c.locator), c.entity, c.agreeing, c.values));
  for (const auto& r : result.records)
    lines.insert(fmt::format("{} {} {} {} {}", r.object.substr(r.object.rfind('/') + 1), r.member, r.format, r.findings,
                             to_text(r.verdict)));
  return lines;
}

TEST(EndToEnd, EveryKindOfFileIsReadThrough) {
  const TemporaryTree tree;
  const Files files = one_of_each(card_text);
  for (const auto& [name, content] : files) tree.write(name, content);
  const ScanResult result = scan_path(tree.root());
  for (const auto& record : result.records)
    EXPECT_EQ(to_text(record.verdict), "OK") << record.object << " " << record.member;
  EXPECT_EQ(result.summary.objects, files.size());
  EXPECT_TRUE(result.summary.complete());

  const std::map<std::string, std::vector<std::string>> expected{
      {"a.txt", {"2:6"}},
      {"a.csv", {"row 2 (remark)"}},
      {"a.tsv", {"row 2 (remark)"}},
      {"a.json", {"1:45"}},
      {"a.jsonl", {"1:18"}},
      {"a.xml", {"2:28"}},
      {"a.html", {"1:26"}},
      {"a.yaml", {"3:19"}},
      {"a.ini", {"2:15"}},
      {"a.log", {"1:31"}},
      {"a.ics", {"4:18"}},
      {"a.vcf", {"3:11"}},
      {"a.pdf", {"page 1 1:6"}},
      {"a.docx", {"[body] 2:6"}},
      {"a.xlsx", {"Staff B2 (Remark)"}},
      {"a.pptx", {"page 1 1:6"}},
      {"a.odt", {"[body] 2:6"}},
      {"a.rtf", {"[body] 1:6"}},
      {"a.eml", {"[body] 1:6", "more.txt 2:6", "rows.csv row 2 (remark)"}},
      {"a.ole", {"[strings] 2:6", "[strings] 5:6"}},
      {"a.ods", {"Staff B2 (Remark)"}},
      {"a.zip", {"dir/a.txt 2:6", "b.csv row 2 (remark)"}},
      {"a.tar", {"dir/a.txt 2:6", "b.csv row 2 (remark)"}},
      {"a.txt.gz", {"a.txt 2:6"}},
      {"a.tar.gz", {"a.tar!/a.txt 2:6", "a.tar!/inner.zip!/b.txt 2:6"}},
      {"a.txt.xz", {"a.txt 2:6"}},
      {"a.txt.zst", {"a.txt 2:6"}},
      {"a.txt.bz2", {"a.txt 2:6"}},
      {"a.txt.lz4", {"a.txt 2:6"}},
      {"a.7z", {"a.txt 2:6"}},
      {"a.cpio", {"a.txt 2:6"}},
      {"a.iso", {"a.txt 2:6"}},
      {"a.sqlite", {"people row 1 (remark)"}},
  };
  for (const auto& [name, where] : expected) EXPECT_EQ(places(result, "/" + name, "CREDIT_CARD"), where) << name;
  for (const auto& [name, content] : files)
    EXPECT_THAT(places(result, "/" + name, "CREDIT_CARD"), Not(IsEmpty())) << name;
  for (const auto& finding : result.findings)
    if (finding.entity == "CREDIT_CARD") EXPECT_EQ(finding.masked, "**** **** **** 1111") << finding.object;
}

TEST(EndToEnd, EveryFindingHasAPlace) {
  const TemporaryTree tree;
  for (const auto& [name, content] : one_of_each(card_text)) tree.write(name, content);
  std::string binary = "\x7F";
  binary += std::string("ELF\2\1\1\0\0\0\0\0\0\0\0\0", 15) + std::string(64, '\xFF');
  tree.write("a.bin", binary + "some printable words" + std::string(4, '\0') + card_text + std::string(4, '\0'));
  auto options = scan_options({tree.root()});
  options.binaries = true;
  const ScanResult result = run(options);
  EXPECT_EQ(places(result, "/a.bin", "CREDIT_CARD"), std::vector<std::string>{"[strings] 2:6"});
  for (const auto& finding : result.findings) EXPECT_NE(finding.locator, model::Locator()) << finding.object;
}

TEST(EndToEnd, LinesOfAPartAreCountedThroughItsTexts) {
  const TemporaryTree tree;
  const std::string more = "--b1\r\nContent-Type: text/plain\r\n\r\nDear all\r\n\r\n" + std::string(card_text) + "\r\n";
  std::string mail = eml_of("A letter", "one\r\ntwo");
  mail.insert(mail.rfind("--b1--"), more);
  tree.write("letter.eml", mail);
  EXPECT_EQ(places(scan_path(tree.root()), "letter.eml", "CREDIT_CARD"), std::vector<std::string>{"[body] 5:6"});
}

TEST(EndToEnd, ACommentIsFoundWithItsCell) {
  const TemporaryTree tree;
  Files parts = xlsx_parts("<row><c t=\"str\"><v>Name</v></c></row>");
  parts.emplace_back("xl/worksheets/_rels/sheet1.xml.rels",
                     "<Relationships><Relationship Id=\"a\" Type=\"x/comments\" Target=\"../comments1.xml\"/>"
                     "</Relationships>");
  parts.emplace_back("xl/comments1.xml", "<comments><commentList><comment ref=\"B7\"><text><t>" +
                                             std::string(card_text) + "</t></text></comment></commentList></comments>");
  tree.write("staff.xlsx", zip_of(parts));
  EXPECT_EQ(places(scan_path(tree.root()), "staff.xlsx", "CREDIT_CARD"),
            std::vector<std::string>{"[comments] Staff B7 1:6"});
}

TEST(EndToEnd, ALogWithHolesOfZerosIsRead) {
  const TemporaryTree tree;
  const std::string line = "2025-03-01 10:00:00 INFO " + std::string(card_text) + "\n";
  tree.write("cut.log", std::string(100'000, '\0') + line);
  tree.write("crashed.log", "2025-03-01 09:00:00 INFO done\n" + std::string(8000, '\0') + card_text + "\n" + line);
  const ScanResult result = scan_path(tree.root());
  EXPECT_EQ(result.verdict("cut.log"), "OK");
  EXPECT_THAT(places(result, "cut.log", "CREDIT_CARD"), SizeIs(1));
  EXPECT_THAT(places(result, "crashed.log", "CREDIT_CARD"), SizeIs(2));
}

TEST(EndToEnd, ARowOfSeveralLinesIsOneRow) {
  const TemporaryTree tree;
  tree.write("a.csv", "name,remark\nAnn,\"two\nlines\"\n\nBob,\"" + std::string(card_text) +
                          "\"\nCem,\"and\nmore\"\nDan,\"" + std::string(card_text) + "\"\n");
  EXPECT_EQ(places(scan_path(tree.root()), "a.csv", "CREDIT_CARD"),
            (std::vector<std::string>{"row 4 (remark) line 5", "row 6 (remark) line 8"}));
}

// More than what is kept of a member in memory: what it lies in must not be mixed up with it.
TEST(EndToEnd, LargeMembersOfWhatIsItselfAMember) {
  const TemporaryTree tree;
  Files files;
  for (int i = 0; i < 4; ++i) {
    std::string text = fmt::format("{}Card 4111 1111 1111 1111 exp 12/27\n", i);
    for (uint32_t line = 1; text.size() < 1'500'000; ++line) text += fmt::format("{:x}\n", line * 2'654'435'761U);
    files.emplace_back(fmt::format("{}.txt", i), text + "Card 4111 1111 1111 1111 exp 12/27\n");
  }
  tree.write("a.tar.gz", gzip_of(tar_of(files)));
  tree.write("b.tar.gz.gz", gzip_of(gzip_of(tar_of(files))));
  tree.write("c.zip", zip_of({{"d.tar", tar_of(files)}}));
  const ScanResult result = scan_path(tree.root());
  for (const auto* name : {"a.tar.gz", "b.tar.gz.gz", "c.zip"}) {
    EXPECT_EQ(result.verdict(name), "OK");
    EXPECT_THAT(result.in(name), SizeIs(8)) << name;
  }
  EXPECT_EQ(result.verdict("b.tar.gz.gz", "b.tar.gz"), "OK") << "each compression is a member";
  EXPECT_EQ(result.verdict("b.tar.gz.gz", "b.tar.gz!/b.tar!/3.txt"), "OK");
}

TEST(EndToEnd, ADatabaseIsWholeWhenNoLogStandsBesideIt) {
  const TemporaryTree tree;
  std::string database = sqlite_of("t", {"a TEXT"}, {{"Card 4111 1111 1111 1111"}});
  database[18] = database[19] = 2;  // in which it keeps a write-ahead log while it is open
  for (const auto* name : {"closed.db", "empty.db", "open.db"}) tree.write(name, database);
  tree.write("empty.db-wal", "");
  tree.write("open.db-wal", "changes");
  tree.write("in.zip", zip_of({{"closed.db", database}}));
  const ScanResult result = scan_path(tree.root());
  EXPECT_EQ(result.verdict("/closed.db"), "OK");
  EXPECT_EQ(result.verdict("/empty.db"), "OK");
  EXPECT_EQ(result.verdict("/open.db"), "PARTIAL changes in the write-ahead log beside the database are not seen");
  EXPECT_EQ(result.verdict("/in.zip", "closed.db"),
            "OK what a write-ahead log beside the database may hold is not seen");
  EXPECT_EQ(result.in("/open.db").size(), 1U);
}

TEST(EndToEnd, AMailIsReadWithItsAttachments) {
  const TemporaryTree tree;
  tree.write("letter.eml", eml_of("Card 5555 5555 5555 4444", card_text,
                                  {{"slip.docx", docx_of({"Card 3782 822463 10005"})},
                                   {"all.zip", zip_of({{"in.txt", "Card 6011 1111 1111 1117\n"}})}}));
  const ScanResult result = scan_path(tree.root());
  EXPECT_EQ(result.verdict("letter.eml"), "OK");
  EXPECT_EQ(result.verdict("letter.eml", "slip.docx"), "OK");
  EXPECT_EQ(result.verdict("letter.eml", "all.zip!/in.txt"), "OK");
  std::set<std::string> masked;
  for (const auto& finding : result.in("letter.eml"))
    if (finding.entity == "CREDIT_CARD") masked.insert(finding.locator.member + " " + finding.masked);
  EXPECT_THAT(masked, Contains(HasSubstr("4444")));
  EXPECT_THAT(masked, Contains("slip.docx **** ****** *0005"));
  EXPECT_THAT(masked, Contains("all.zip!/in.txt **** **** **** 1117"));
}

TEST(EndToEnd, PlacesAgreeWithTheText) {
  const TemporaryTree tree;
  const std::string text =
      "Zürich, Ænd, 日本\r\n"
      "é Card 4111 1111 1111 1111 exp 12/27\r\n"
      "\r\n"
      "mail ann.other@mail-host.org, card 5555555555554444\r\n";
  tree.write("places.txt", text);
  auto options = scan_options({tree.root()});
  options.reveal = true;
  const ScanResult result = run(options);
  ASSERT_THAT(result.findings, SizeIs(::testing::Ge(3U)));
  for (const auto& f : result.findings) {
    EXPECT_EQ(text.substr(f.start, f.end - f.start), f.value.reveal());
    const auto code_points = [](std::string_view s) {
      return static_cast<uint64_t>(std::ranges::count_if(s, [](char c) { return (c & 0xC0) != 0x80; }));
    };
    EXPECT_EQ(f.start_code_point, code_points(text.substr(0, f.start)));
    EXPECT_EQ(f.end_code_point, code_points(text.substr(0, f.end)));
    const size_t line_begin = f.start == 0 ? 0 : text.rfind('\n', f.start - 1) + 1;
    EXPECT_EQ(f.locator.line, 1 + static_cast<uint64_t>(std::ranges::count(text.substr(0, f.start), '\n')));
    EXPECT_EQ(f.locator.line_column, 1 + code_points(text.substr(line_begin, f.start - line_begin)));
    EXPECT_THAT(f.fingerprint, ::testing::MatchesRegex("[0-9a-f]{32}"));
    EXPECT_THAT(f.reasons, Not(IsEmpty()));
  }
  EXPECT_EQ(model::describe(result.only("places.txt", "EMAIL_ADDRESS").locator), "4:6");
}

TEST(EndToEnd, ValuesStayUnrevealedUnlessAskedFor) {
  const TemporaryTree tree;
  tree.write("a.txt", card_text);
  for (const auto& finding : scan_path(tree.root()).findings) EXPECT_EQ(finding.value.reveal(), "");
}

TEST(EndToEnd, CellsAreCountedFromTheirOwnBeginning) {
  const TemporaryTree tree;
  tree.write("a.csv", "id,remark\n1,\"ü, card 4111 1111 1111 1111\"\n2,none\n3,none\n");
  const auto finding = scan_path(tree.root()).only("a.csv", "CREDIT_CARD");
  EXPECT_EQ(finding.start, 9U);
  EXPECT_EQ(finding.end, 28U);
  EXPECT_EQ(finding.start_code_point, 8U);
  EXPECT_EQ(finding.locator.row, 2U);
  EXPECT_EQ(finding.locator.column, "remark");
}

std::string utf16(std::string_view ascii, bool big_endian) {
  std::string out = big_endian ? "\xFE\xFF" : "\xFF\xFE";
  for (const char c : ascii) {
    if (big_endian) out += '\0';
    out += c;
    if (!big_endian) out += '\0';
  }
  return out;
}

TEST(EndToEnd, TextIsTextWhateverItsEncoding) {
  const TemporaryTree tree;
  const std::string lines = "first line of the letter\n" + std::string(card_text) + "\nlast line of the letter\n";
  std::string utf32("\xFF\xFE\0\0", 4);
  for (const char c : lines) utf32 += std::string{c, '\0', '\0', '\0'};
  tree.write("bom.txt", "\xEF\xBB\xBF" + lines);
  tree.write("utf16le.txt", utf16(lines, false));
  tree.write("utf16be.txt", utf16(lines, true));
  tree.write("utf16-bare.txt", utf16(lines, false).substr(2));
  tree.write("utf32.txt", utf32);
  tree.write("latin1.txt",
             "Stra\xDF"
             "e, M\xFCnchen\n" +
                 std::string(card_text) + "\n");
  const ScanResult result = scan_path(tree.root());
  for (const auto* name : {"bom.txt", "utf16le.txt", "utf16be.txt", "utf16-bare.txt", "utf32.txt", "latin1.txt"}) {
    EXPECT_EQ(result.verdict(name), "OK") << name;
    EXPECT_THAT(places(result, name, "CREDIT_CARD"), ElementsAre("2:6")) << name;
  }
}

TEST(EndToEnd, AColumnGetsOneVerdict) {
  const TemporaryTree tree;
  std::string csv = "id,card,amount\n";
  std::vector<std::vector<std::string>> rows{{"id", "card", "amount"}};
  for (int i = 0; i < 40; ++i) {
    const std::string card = i == 7 ? "unknown" : i % 2 == 0 ? "4111111111111111" : "5555555555554444";
    rows.push_back({std::to_string(i), card, std::to_string(i * 3)});
    csv += fmt::format("{},{},{}\n", i, card, i * 3);
  }
  tree.write("a.csv", csv);
  tree.write("a.xlsx", xlsx_of(rows));
  const std::vector<std::vector<std::string>> values(rows.begin() + 1, rows.end());
  tree.write("a.sqlite", sqlite_of("payments", {"id", "card TEXT", "amount"}, values));
  const ScanResult result = scan_path(tree.root());
  std::map<std::string, std::string> verdicts;
  for (const auto& c : result.columns)
    verdicts[c.object.substr(c.object.rfind('/') + 1) + " " + model::describe(c.locator)] =
        fmt::format("{} {} of {}", c.entity, c.agreeing, c.values);
  EXPECT_THAT(verdicts,
              ElementsAre(Pair("a.csv (card)", "CREDIT_CARD 39 of 40"),
                          Pair("a.sqlite payments (card)", "CREDIT_CARD 39 of 40"),
                          Pair("a.xlsx Staff (card)", "CREDIT_CARD 39 of 40")));  // the header is none of its values
  EXPECT_THAT(places(result, "a.xlsx", "CREDIT_CARD"), SizeIs(39));
  EXPECT_EQ(places(result, "a.xlsx", "CREDIT_CARD").at(0), "Staff B2 (card)");
}

TEST(EndToEnd, AWrongExtensionDoesNotMatter) {
  const TemporaryTree tree;
  tree.write("pdf.txt", pdf_of({card_text}));
  tree.write("docx.jpg", docx_of({card_text}));
  tree.write("zip.csv", zip_of({{"noextension", card_text}}));
  tree.write("text.pdf", std::string(card_text) + "\n");
  const ScanResult result = scan_path(tree.root());
  EXPECT_EQ(result.record("pdf.txt").format, "pdf");
  EXPECT_EQ(result.record("docx.jpg").format, "docx");
  EXPECT_EQ(result.record("zip.csv").format, "archive");
  EXPECT_EQ(result.record("text.pdf").format, "text");
  EXPECT_EQ(result.summary.findings, 4U);
}

TEST(EndToEnd, WhatHasNoTextSaysSo) {
  const TemporaryTree tree;
  tree.write("empty.txt", "");
  tree.write("blob.bin", std::string("\x01\x02\x03\x00\xFF\xFE\xFD\x80", 8) + std::string(4096, '\x93'));
  const ScanResult result = scan_path(tree.root());
  EXPECT_EQ(result.verdict("empty.txt"), "OK");
  EXPECT_EQ(result.record("empty.txt").format, "empty");
  EXPECT_EQ(result.record("blob.bin").verdict.kind, VerdictKind::unsupported);
  EXPECT_FALSE(result.summary.complete());
}

TEST(EndToEnd, AnEmptyDirectoryIsAnEmptyScan) {
  const TemporaryTree tree;
  const ScanResult result = scan_path(tree.root());
  EXPECT_EQ(result.summary.objects, 0U);
  EXPECT_TRUE(result.summary.complete());
}

TEST(EndToEnd, OneFileCanBeNamed) {
  const TemporaryTree tree;
  const std::string path = tree.write("dir/one.txt", card_text);
  tree.write("dir/other.txt", card_text);
  const ScanResult result = scan_path(path);
  ASSERT_THAT(result.records, SizeIs(1));
  EXPECT_EQ(result.records.front().object, path);
}

TEST(EndToEnd, CommentsInTheLineSuppress) {
  const TemporaryTree tree;
  tree.write("a.py",
             "card = '4111 1111 1111 1111'  # assay:ignore\ncard = '5555 5555 5555 4444'  # assay:ignore US_SSN\n"
             "# assay:ignore-next-line CREDIT_CARD\ncard = '3782 822463 10005'\ncard = '6011 1111 1111 1117'\n");
  const ScanResult result = scan_path(tree.root());
  EXPECT_THAT(places(result, "a.py", "CREDIT_CARD"), ElementsAre("2:9", "5:9"));
  EXPECT_EQ(result.summary.suppressed, 2U);
}

TEST(EndToEnd, EntitiesAndConfidenceNarrowWhatIsReported) {
  const TemporaryTree tree;
  tree.write("a.txt", "Card 4111 1111 1111 1111, mail ann.other@mail-host.org\n");
  auto options = scan_options({tree.root()});
  options.entities = {"EMAIL_ADDRESS"};
  EXPECT_THAT(places(run(options), "a.txt", "CREDIT_CARD"), IsEmpty());
  EXPECT_THAT(places(run(options), "a.txt", "EMAIL_ADDRESS"), SizeIs(1));
  options.entities = {};
  options.min_confidence = 1.0;
  for (const auto& finding : run(options).findings) EXPECT_GE(finding.confidence, 1.0);
}

TEST(EndToEnd, WhatIsLeftOutIsInTheLedger) {
  const TemporaryTree tree;
  tree.write("keep.txt", card_text);
  tree.write("skip.log", card_text);
  tree.write("vendor/deep/a.txt", card_text);
  tree.write("sub/.assayignore", "secret.txt\n");
  tree.write("sub/secret.txt", card_text);
  auto options = scan_options({tree.root()});
  options.source.exclude = {"*.log", "vendor/"};
  const ScanResult result = run(options);
  EXPECT_EQ(result.record("skip.log").verdict.kind, VerdictKind::excluded);
  EXPECT_EQ(result.record("vendor").verdict.kind, VerdictKind::excluded);
  EXPECT_EQ(result.record("sub/secret.txt").verdict.kind, VerdictKind::excluded);
  EXPECT_EQ(result.summary.findings, 1U);
  EXPECT_TRUE(result.summary.complete());
}

TEST(EndToEnd, ATruncatedReadIsNoSilence) {
  const TemporaryTree tree;
  tree.write("long.txt", std::string(card_text) + "\n" + std::string(100'000, '.') + "\n" + card_text + "\n");
  auto options = scan_options({tree.root()});
  options.limits.max_object_bytes = 50'000;
  const ScanResult result = run(options);
  EXPECT_EQ(result.verdict("long.txt"), "LIMIT max_object_bytes");
  EXPECT_EQ(result.summary.findings, 1U);
  EXPECT_FALSE(result.summary.complete());
}

TEST(EndToEnd, FindingsOfOneObjectAreBounded) {
  const TemporaryTree tree;
  std::string text;
  for (int i = 0; i < 500; ++i) text += std::string(card_text) + "\n";
  tree.write("many.txt", text);
  auto options = scan_options({tree.root()});
  options.limits.max_findings_per_object = 100;
  const ScanResult result = run(options);
  EXPECT_EQ(result.verdict("many.txt"), "LIMIT max_findings_per_object");
  EXPECT_EQ(result.summary.findings, 100U);
}

TEST(EndToEnd, NothingIsLostAtTheEdgesOfWindows) {
  const TemporaryTree tree;
  std::string text;
  for (int i = 0; i < 4000; ++i) text += fmt::format("{:0{}} Card 4111 1111 1111 1111 exp\n", 0, 900 + i % 97);
  tree.write("long.txt", text);
  const ScanResult result = scan_path(tree.root());
  const auto found = places(result, "long.txt", "CREDIT_CARD");
  ASSERT_EQ(found.size(), 4000U);
  for (int i = 0; i < 4000; ++i)
    EXPECT_EQ(found[static_cast<size_t>(i)], fmt::format("{}:{}", i + 1, 900 + i % 97 + 7));
}

TEST(EndToEnd, RunsAndWorkersAgree) {
  const TemporaryTree tree;
  for (int copy = 0; copy < 5; ++copy)
    for (const auto& [name, content] : one_of_each(card_text)) tree.write(fmt::format("{}-{}", copy, name), content);
  auto options = scan_options({tree.root()});
  options.threads = 1;
  const auto first = essence(run(options));
  EXPECT_EQ(first, essence(run(options)));
  options.threads = 4;
  EXPECT_EQ(first, essence(run(options)));
}

TEST(EndToEnd, FingerprintsDependOnTheKeyAndTheValueOnly) {
  const TemporaryTree tree;
  tree.write("a.txt", card_text);
  tree.write("b.txt", "his card: 4111-1111-1111-1111\n");
  auto options = scan_options({tree.root()});
  const ScanResult one = run(options);
  EXPECT_EQ(one.only("a.txt", "CREDIT_CARD").fingerprint, one.only("b.txt", "CREDIT_CARD").fingerprint);
  options.fingerprint_key = std::string(32, 'x');
  EXPECT_NE(one.only("a.txt", "CREDIT_CARD").fingerprint, run(options).only("a.txt", "CREDIT_CARD").fingerprint);
}

TEST(EndToEnd, AScanCanBeStopped) {
  const TemporaryTree tree;
  constexpr size_t files = 20'000;
  for (size_t i = 0; i < files; ++i) tree.write(fmt::format("{}/{}.txt", i % 20, i), std::string(500, 'x') + card_text);
  std::atomic<int> asked{0};  // it is asked when it begins and then every 50 ms
  const ScanResult result = run(scan_options({tree.root()}), [&] { return ++asked > 2; });
  EXPECT_TRUE(result.summary.interrupted);
  EXPECT_FALSE(result.summary.complete());
  EXPECT_LT(result.summary.objects, files);
}

TEST(EndToEnd, AScanThatCannotStartSaysWhy) {
  const TemporaryTree tree;
  auto options = scan_options({tree.root()});
  options.helper_path = tree.path("no-such-examiner");
  EXPECT_THROW(run(options), core::Error);
  options = scan_options({tree.root()});
  options.rules = {{"broken.yaml", "rules:\n  - name: x\n    entity: X\n    patterns: [{regex: '('}]\n"}};
  try {
    run(options);
    FAIL() << "broken rules were taken";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
    EXPECT_THAT(error.what(), HasSubstr("broken.yaml:"));
  }
}

TEST(EndToEnd, OwnRulesAreLookedFor) {
  const TemporaryTree tree;
  tree.write("a.txt", "the project is called Blue Heron 7, you know\n");
  auto options = scan_options({tree.root()});
  options.rules = literal_rules({{"Blue Heron 7", "PROJECT_NAME"}});
  EXPECT_THAT(places(run(options), "a.txt", "PROJECT_NAME"), ElementsAre("1:23"));
}

}  // namespace
}  // namespace assay::tests
