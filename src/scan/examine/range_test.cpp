#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "extract/input.h"
#include "scan/examine/examination.h"

namespace assay::scan {
namespace {

/// What one examination said.
class Said final : public Reporter, private FrameVisitor {
 public:
  void send(std::string_view frame) override { decode_frame(frame, *this); }
  void begin_member(uint64_t) override {}
  void tick() override {}

  std::vector<model::Finding> findings;
  model::ObjectRecord record;
  std::optional<RangePlan> plan;
  std::optional<RangeEnd> end;

 private:
  void visit(model::Finding& finding) override { findings.push_back(finding); }
  void visit(model::ColumnFinding&&) override {}
  void visit(model::ObjectRecord&& said) override { record = std::move(said); }
  void visit(TraceLine&&) override {}
  void visit(MemberBegin&&) override {}
  void visit(LineMet&&) override {}
  void visit(RangePlan&& said) override { plan = std::move(said); }
  void visit(RangeEnd&& said) override { end = std::move(said); }
};

ExaminerState& state() {
  static ExaminerState state([] {
    ExaminerSetup setup;
    setup.rules = classify::builtin_rule_sources();
    setup.fingerprint_key = std::string(32, 'k');
    return setup;
  }());
  return state;
}

Said examine(ExaminerState& with, std::string_view bytes, ExaminerRequest request) {
  extract::MemoryInput input(bytes);
  extract::Scratch spool(-1, 0);
  Said said;
  if (request.name.empty()) request.name = "x.log";
  Examination(with, request, spool, said).run(input);
  return said;
}

/// All that tells two findings apart.
std::string text_of(const model::Finding& f) {
  return fmt::format("{} {} {} {} {}-{} {}-{} {}:{} {} {} {} {}", f.rule, f.pattern, f.entity, f.confidence, f.start,
                     f.end, f.start_code_point, f.end_code_point, f.locator.line, f.locator.line_column, f.masked,
                     f.fingerprint, f.suppressed, fmt::join(f.reasons, "; "));
}
std::vector<std::string> texts_of(const std::vector<model::Finding>& findings) {
  std::vector<std::string> texts;
  std::ranges::transform(findings, std::back_inserter(texts), text_of);
  return texts;
}

struct Joined {
  std::vector<model::Finding> findings;
  uint64_t bytes = 0;
  std::set<std::string> charsets;
  bool fits = true;
};

// As the store joins parts.
Joined examine_ranges(ExaminerState& with, std::string_view bytes, std::vector<uint64_t> cuts,
                      const std::string& name = {}) {
  const auto plan = examine(with, bytes, {.name = name, .lethal_members = {}, .may_split = true}).plan;
  Joined joined;
  if (!plan) {
    joined.fits = false;
    return joined;
  }
  cuts.insert(cuts.end(), {0, bytes.size()});
  std::ranges::sort(cuts);
  RangeEnd before;
  for (size_t i = 0; i + 1 < cuts.size(); ++i) {
    ExaminerRequest request;
    request.range = RangeRequest{.begin = cuts[i],
                                 .end = cuts[i + 1],
                                 .charset = plan->charset,
                                 .declared = plan->declared,
                                 .escapes = plan->escapes};
    Said said = examine(with, bytes, request);
    for (model::Finding& f : said.findings) {
      f.start += before.text_bytes;
      f.end += before.text_bytes;
      f.start_code_point += before.code_points;
      f.end_code_point += before.code_points;
      if (f.locator.line == 1) f.locator.line_column += before.tail_code_points;
      f.locator.line += before.newlines;
      joined.findings.push_back(std::move(f));
    }
    joined.bytes += said.record.bytes;
    const RangeEnd end = said.end.value();
    joined.fits = joined.fits && end.is_exact;
    if (!end.charset.empty()) joined.charsets.insert(end.charset);
    before.tail_code_points = end.newlines > 0 ? end.tail_code_points : before.tail_code_points + end.tail_code_points;
    before.text_bytes += end.text_bytes;
    before.code_points += end.code_points;
    before.newlines += end.newlines;
  }
  return joined;
}

std::vector<std::string> examples() {
  std::vector<std::string> all;
  for (const auto& rule : state().classifier.rules().sources()) {
    for (const auto& example : rule.examples) all.push_back(example.text);
    for (const auto& example : rule.counter_examples) all.push_back(example.text);
  }
  return all;
}

std::string mixed(std::mt19937& random, const std::vector<std::string>& fillers, size_t bytes) {
  static const std::vector<std::string> things = examples();
  std::string text;
  while (text.size() < bytes) {
    text += random() % 4 == 0 ? things[random() % things.size()] : fillers[random() % fillers.size()];
    if (random() % 8 == 0) text += ' ';
  }
  return text;
}

void expect_the_whole(std::mt19937& random, const std::string& bytes, const std::string& name = "x.log") {
  const Said whole = examine(state(), bytes, {.name = name, .lethal_members = {}});
  ASSERT_GT(whole.findings.size(), 50U);
  for (int round = 0; round < 4; ++round) {
    std::vector<uint64_t> cuts;
    for (size_t n = 1 + random() % 5; n > 0; --n) cuts.push_back(random() % bytes.size());
    const Joined joined = examine_ranges(state(), bytes, cuts, name);
    ASSERT_TRUE(joined.fits);
    ASSERT_LE(joined.charsets.size(), 1U);
    ASSERT_EQ(joined.bytes, whole.record.bytes);
    ASSERT_EQ(texts_of(joined.findings), texts_of(whole.findings)) << "round " << round;
  }
}

const std::vector<std::string> log_fillers = {"2024-02-30T10:00:00Z INFO ",
                                              "\r\n",
                                              "\n",
                                              "user=anna ",
                                              "id=12345 ",
                                              "\"key\": \"",
                                              "\", ",
                                              "the quick fox ",
                                              " # assay:ignore\n",
                                              "\n# assay:ignore-next-line\n"};

TEST(RangeExamination, CutAnywhereFindsWhatTheWholeFinds) {
  std::mt19937 random(20261125);
  for (int i = 0; i < 3; ++i) expect_the_whole(random, mixed(random, log_fillers, 900'000));
  auto with_letters = log_fillers;
  with_letters.insert(with_letters.end(), {"身份证号码", "naïve ", "😀", "кредитная карта ", "信用卡"});
  for (int i = 0; i < 3; ++i) expect_the_whole(random, mixed(random, with_letters, 900'000));
}

TEST(RangeExamination, LinesWithoutEndAreCutToo) {
  std::mt19937 random(7);
  expect_the_whole(random, mixed(random, {"身份证号码", "{\"a\": \"", "\", ", "id=", "abcdef"}, 900'000));
}

TEST(RangeExamination, OneByteCharsetsAreCutToo) {
  std::mt19937 random(8);
  std::string bytes;
  while (bytes.size() < 900'000) {
    bytes += random() % 3 == 0 ? "Stra\xDF"
                                 "e f\xFCr\r\n"
                               : "Kreditkarte 4111 1111 1111 1111 ";
    if (random() % 5 == 0) bytes += "erika@example.org\n";
  }
  expect_the_whole(random, bytes);
}

TEST(RangeExamination, EscapesAreCutToo) {
  std::mt19937 random(9);
  const std::vector<std::string> fillers{
      "\\u00fc", "\\n",   "\\\\",     "\\",     "\\u0040example.com", " \"anna", "\"",
      "\n",      "&#64;", "\x1B[31m", "\u00A0", "\\ud83d\\ude00",     "\\/"};
  for (const std::string name : {"x.py", "x.yaml", "x.ini"})
    expect_the_whole(random, mixed(random, fillers, 600'000), name);
  expect_the_whole(random, "<?xml version='1.0'?><a>" + mixed(random, fillers, 600'000), "x.xml");
  expect_the_whole(random, "{}\n{}\n" + mixed(random, fillers, 600'000), "x.jsonl");
}

TEST(Examination, WhatIsEscapedIsFoundWhereItStandsInTheFile) {
  const auto said = examine(state(), R"({"city": "M\u00fcnchen", "mail": "a\nanna\u0040example.com"})",
                            {.name = "x.json", .lethal_members = {}});
  ASSERT_EQ(said.findings.size(), 1U);
  EXPECT_EQ(said.findings[0].locator.line, 1U);
  EXPECT_EQ(said.findings[0].locator.line_column, 38U);
  EXPECT_EQ(said.findings[0].end - said.findings[0].start, std::string_view("anna@example.com").size());
  const auto lines =
      examine(state(), "a: \"\\u00fc\"\nb: \"\\u00fc anna@example.com\"\n", {.name = "x.yaml", .lethal_members = {}});
  ASSERT_EQ(lines.findings.size(), 1U);
  EXPECT_EQ(lines.findings[0].locator.line, 2U);
  EXPECT_EQ(lines.findings[0].locator.line_column, 12U);
}

TEST(Examination, ValuesEndWhereTheirColourDoes) {
  const auto colours = examine(state(), "card=\x1B[36m4539148803436467\x1B[0m\n\x1B[31merika@example.org\x1B[m", {});
  ASSERT_EQ(colours.findings.size(), 2U);
  EXPECT_EQ(colours.findings[0].locator.line_column, 11U);
  EXPECT_EQ(colours.findings[1].end - colours.findings[1].start, std::string_view("erika@example.org").size());
  const auto in_json =
      examine(state(), R"({"log": "\u001b[36m4539148803436467\u001b[0m"})", {.name = "x.json", .lethal_members = {}});
  EXPECT_EQ(in_json.findings.size(), 1U);
}

TEST(Examination, VariablesOfAProcessAreText) {
  using namespace std::string_literals;
  const auto said = examine(state(), "USER=root\0MAIL=erika@example.org\0CARD=4539148803436467\0PS1=\x1B[1mx\0"s, {});
  EXPECT_EQ(said.findings.size(), 2U);
}

TEST(Examination, GroupsAreFoundWhateverBlankStandsBetweenThem) {
  const auto text = examine(state(), "card 4539\u00A01488\u00A00343\u00A06467, ssn 536\u201122\u20118741 \u00FC", {});
  ASSERT_EQ(text.findings.size(), 2U);
  EXPECT_EQ(text.findings[1].locator.line_column, 31U);
  const auto table =
      examine(state(), "id,card\n1,4539\u00A01488\u00A00343\u00A06467\n2,x\n", {.name = "x.csv", .lethal_members = {}});
  EXPECT_EQ(table.findings.size(), 1U);
  const auto inside =
      examine(state(), "id,note\n1,\"{\"\"card\"\": \"\"4539\u00A01488\u00A00343\u00A06467\"\"}\"\n2,x\n",
              {.name = "x.csv", .lethal_members = {}});
  EXPECT_EQ(inside.findings.size(), 1U);
}

TEST(Examination, KeysOfServiceAccountsAreFoundInTheirFiles) {
  const auto said =
      examine(state(),
              R"({"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\n)" +
                  std::string("Ul41Evtj5n9CgkIWnvvvfiC5qvbDUxdpZYVlYbB5IXxquus9jYXqY/PYkSn+wknd\\n"
                              "OZSQ3GQ8IjiFffhiUE9TtBxufRyYFE1DkEkcebg4YPEKT905bFzu0onFC6rAZg7K\\n"
                              "DDfRWN+gunnbjmwbwM4cO6wCXzecx2KE0WmD4f32\\n-----END PRIVATE KEY-----\\n\"}"),
              {.name = "x.json", .lethal_members = {}});
  ASSERT_EQ(said.findings.size(), 1U);
  EXPECT_EQ(said.findings[0].entity, "GCP_SERVICE_ACCOUNT_KEY");
}

// The cut in the middle of what is found, of a line's end, of a character.
TEST(RangeExamination, CutsAtEveryByteOfALine) {
  const std::string filler(300'000, '.');
  const std::string line = "é Kontakt: erika@example.org, card 4111 1111 1111 1111 ü\r\n";
  const std::string bytes = "é" + filler + "\r\n" + line + line + filler;
  const Said whole = examine(state(), bytes, {});
  ASSERT_EQ(whole.findings.size(), 4U);
  for (uint64_t cut = 0; cut < line.size() + 6; ++cut) {
    const Joined joined = examine_ranges(state(), bytes, {filler.size() + cut, filler.size() + 20 + cut});
    ASSERT_TRUE(joined.fits);
    ASSERT_EQ(texts_of(joined.findings), texts_of(whole.findings)) << "cut " << cut;
  }
}

TEST(RangeExamination, TablesAndOtherFormatsStayWhole) {
  std::string table = "name,card\n", mail = "From: a@example.org\nTo: b@example.org\nSubject: x\nDate: y\n\nbody\n";
  for (int i = 0; i < 20'000; ++i) table += "anna,4111111111111111\n";
  const auto plan_of = [](ExaminerState& with, const std::string& bytes, const std::string& name) {
    return examine(with, bytes, {.name = name, .lethal_members = {}, .may_split = true}).plan;
  };
  EXPECT_FALSE(plan_of(state(), table, "a.csv").has_value());
  EXPECT_FALSE(plan_of(state(), table, "a.txt").has_value()) << "the content decides";
  EXPECT_FALSE(plan_of(state(), mail, "a.log").has_value());
  EXPECT_FALSE(plan_of(state(), "<html><body>" + std::string(100'000, 'x'), "a.log").has_value());
  EXPECT_FALSE(plan_of(state(), std::string("\xFF\xFE", 2) + std::string("a\0b\0\n\0", 6), "a.txt").has_value());
  const auto plan = plan_of(state(), "{\"a\": 1}\n{\"b\": 2}\n", "a.jsonl");
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->format, "jsonl");
  // Rules that are tried line by line see pieces of long lines.
  ExaminerSetup setup;
  setup.rules = {
      {"test.yaml",
       "rules:\n  - {name: zip, entity: ZIP, patterns: [{regex: '(?<=ZIP )(\\w+)-\\1', confidence: 0.9}]}\n"}};
  setup.fingerprint_key = std::string(32, 'k');
  ExaminerState by_lines(std::move(setup));
  EXPECT_FALSE(plan_of(by_lines, "plain text\n", "a.txt").has_value());
}

TEST(RangeExamination, TooManyFindingsAreForTheWholeToCount) {
  ExaminerSetup setup;
  setup.rules = classify::builtin_rule_sources();
  setup.fingerprint_key = std::string(32, 'k');
  setup.limits.max_findings_per_object = 10;
  ExaminerState strict(std::move(setup));
  std::string bytes;
  for (int i = 0; i < 20; ++i) bytes += "erika@example.org\n";
  EXPECT_FALSE(examine_ranges(strict, bytes, {300}).fits);
}

}  // namespace
}  // namespace assay::scan
