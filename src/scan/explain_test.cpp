#include "scan/explain.h"

#include <sys/stat.h>
#include <unistd.h>

#include "scan/scan_samples.h"
#include "scan/self_check.h"

namespace assay::scan {
namespace {

using namespace testing;

/// With the examiner of this build, where it was built.
class WithExaminer : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.helper_path = ASSAY_BUILD_DIR "/assay-examiner";
    if (::access(options_.helper_path.c_str(), X_OK) != 0) GTEST_SKIP() << "assay-examiner is not built";
    options_.rules = {{"own.yaml", R"(
rules:
  - name: staff-number
    entity: STAFF_NUMBER
    title: Staff number
    category: government_id
    sensitivity: high
    patterns: [{name: digits, regex: '\b[0-9]{6}\b', confidence: 0.4}]
    context: {words: [staff], boost: 0.3}
    examples: ['staff 123456']
  - name: own-token
    entity: OWN_TOKEN
    title: Token
    category: secret
    sensitivity: high
    patterns: [{name: assigned, regex: '(?i)own_token["'':= ]{1,4}([a-z]{2}[0-9]{4})', group: 1, confidence: 0.8, keywords: [own_token]}]
    examples: [{text: 'own_token = "ab1234"', match: 'ab1234'}]
)"}};
    options_.fingerprint_key = std::string(32, 'k');
  }
  ScanOptions options_;
  TemporaryDirectory directory_;
};

TEST_F(WithExaminer, TellsTheFateOfEachCandidateOfTheLineAndNoOther) {
  const auto path =
      directory_.write("a.txt", "staff 111111\n\xc3\x9c " + std::string(300, 'x') +
                                    " staff 222222, and far from any such word" + std::string(300, ' ') + "333333\n");
  const auto explanation = explain_line(options_, path, 2);
  EXPECT_TRUE(explanation.has_line);
  EXPECT_EQ(explanation.verdict.kind, model::VerdictKind::ok);
  ASSERT_EQ(explanation.candidates.size(), 2U);
  const auto& near = explanation.candidates[0].trace;
  EXPECT_EQ(near.rule, "staff-number");
  EXPECT_EQ(near.fate, "reported");
  EXPECT_EQ(near.line_column, 310U);
  EXPECT_EQ(near.length, 6U);
  EXPECT_EQ(near.masked.find("222222"), std::string::npos);
  EXPECT_FALSE(near.reasons.empty());
  EXPECT_EQ(explanation.candidates[1].trace.fate, "below the minimum confidence");
}

TEST_F(WithExaminer, LineWithoutCandidatesIsThereAndALinePastTheEndIsNot) {
  const auto path = directory_.write("a.txt", "nothing\nhere\n");
  EXPECT_TRUE(explain_line(options_, path, 2).has_line);
  EXPECT_TRUE(explain_line(options_, path, 2).candidates.empty());
  EXPECT_FALSE(explain_line(options_, path, 3).has_line);
}

TEST_F(WithExaminer, RowsOfTablesAreLines) {
  const auto path = directory_.write("a.csv", "name,staff\nBob,123456\nEve,654321\n");
  const auto explanation = explain_line(options_, path, 3);
  EXPECT_TRUE(explanation.has_line);
  ASSERT_EQ(explanation.candidates.size(), 1U);
  EXPECT_EQ(explanation.candidates[0].trace.column, "staff");
  EXPECT_EQ(explanation.candidates[0].trace.fate, "reported");
}

TEST_F(WithExaminer, ACellIsSeenBehindItsColumnsNameAsInAScan) {
  const auto path = directory_.write("a.csv", "id,own_token,note\n1,ab1234,x\n2,cd5678,y\n");
  const auto explanation = explain_line(options_, path, 3);
  ASSERT_EQ(explanation.candidates.size(), 1U);
  EXPECT_EQ(explanation.candidates[0].trace.rule, "own-token");
  EXPECT_EQ(explanation.candidates[0].trace.column, "own_token");
  EXPECT_EQ(explanation.candidates[0].trace.line_column, 1U);
  EXPECT_EQ(explanation.candidates[0].trace.fate, "reported");
}

TEST_F(WithExaminer, WhatGoesOnBehindTheLineIsSeenWhereItBegins) {
  options_.rules = {
      {"own.yaml",
       "rules:\n  - {name: block, entity: BLOCK, title: Block, category: secret, sensitivity: high, "
       "patterns: [{name: p, regex: 'BEGIN\\s[a-z\\n]{4,40}\\sEND', confidence: 0.8, keywords: [begin]}], "
       "examples: ['BEGIN abcd END']}\n"}};
  const auto path = directory_.write("a.txt", "x\nBEGIN\nabcd\nefgh\nEND\n");
  for (const uint64_t line : {1, 2, 3}) {
    const auto explanation = explain_line(options_, path, line);
    EXPECT_EQ(explanation.candidates.size(), line == 2 ? 1U : 0U) << line;
  }
}

TEST_F(WithExaminer, SaysWhatALineItselfSuppresses) {
  const auto path = directory_.write(
      "a.txt",
      "staff 111111 assay:ignore\nstaff 222222\n# assay:ignore-next-line\nstaff 333333\nstaff 444444 assay:ignored\n");
  for (const uint64_t line : {1, 2, 4, 5}) {
    const auto explanation = explain_line(options_, path, line);
    ASSERT_EQ(explanation.candidates.size(), 1U) << line;
    EXPECT_EQ(explanation.candidates[0].trace.fate,
              line == 2 || line == 5 ? "reported" : "suppressed by what its line says")
        << line;
  }
}

TEST_F(WithExaminer, FileThatCannotBeReadHasNoLineAndSaysWhy) {
  const auto explanation = explain_line(
      options_, directory_.write("a.bin", std::string("\x7f\x01\x00\x02\xff", 5) + std::string(2000, '\x01')), 1);
  EXPECT_FALSE(explanation.has_line);
  EXPECT_NE(explanation.verdict.kind, model::VerdictKind::ok);
}

TEST_F(WithExaminer, SelfCheckNeedsTheRuleThatFindsItsSample) {
  const auto without = check_examiner(options_);
  EXPECT_FALSE(without.ok);
  EXPECT_NE(without.problem.find("not found"), std::string::npos);
  options_.rules = classify::builtin_rule_sources();
  const auto with = check_examiner(options_);
  EXPECT_TRUE(with.ok) << with.problem;
  EXPECT_GT(with.peak_rss_bytes, 0U);
}

TEST(Explain, WhatIsNoRegularFileIsRefusedWithoutWaiting) {
  const TemporaryDirectory directory;
  ASSERT_EQ(::mkfifo(directory.file("fifo").c_str(), 0600), 0);
  EXPECT_NE(error_of([&] { explain_line({}, directory.file("fifo"), 1); }).find("not a regular file"),
            std::string::npos);
  EXPECT_NE(error_of([&] { explain_line({}, directory.file(""), 1); }).find("not a regular file"), std::string::npos);
  EXPECT_THROW(explain_line({}, directory.file("none"), 1), core::Error);
}

TEST(SelfCheck, SaysThatThereIsNoExaminer) {
  ScanOptions options;
  options.helper_path = "/no/such/examiner";
  const auto check = check_examiner(options);
  EXPECT_FALSE(check.ok);
  EXPECT_NE(check.problem.find("/no/such/examiner"), std::string::npos);
}

}  // namespace
}  // namespace assay::scan
