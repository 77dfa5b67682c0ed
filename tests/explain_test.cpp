// What `assay explain` says of a place is what a scan said of it.
#include "scan/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/support/samples.h"
#include "tests/support/scanning.h"
#include "tests/support/temporary_tree.h"

namespace assay::tests {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using Rows = std::vector<std::vector<std::string>>;

// With its last digit such that the sum of Luhn is right.
std::string with_check_digit(std::string digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const int doubled = (digits[digits.size() - 1 - i] - '0') * (i % 2 == 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

// Numbers that only what their columns hold makes sure of, others that their columns do not lift, and notes.
Rows table(size_t rows) {
  Rows table{{"ref", "amount", "mixed", "note"}};
  for (size_t i = 0; i < rows; ++i) {
    const std::string card = with_check_digit(fmt::format("41111111{:07}", i * 7919 % 10'000'000));
    table.push_back({card, fmt::format("{:09}", 100'000'000 + i * 104'729),
                     i % 3 == 0 ? with_check_digit(fmt::format("{:08}", 51'000'000 + i)) : fmt::format("{:09}", i),
                     i % 5 == 0 ? fmt::format("paid by card {}", card) : "nothing"});
  }
  return table;
}

std::string lines_of(const Rows& rows, char separator) {
  std::string text;
  for (const auto& row : rows) text += fmt::format("{}\n", fmt::join(row, std::string(1, separator)));
  return text;
}

std::string json_of(const Rows& rows) {
  std::string text;
  for (size_t i = 1; i < rows.size(); ++i) {
    text += i == 1 ? "[" : ",\n ";
    for (size_t c = 0; c < rows[i].size(); ++c)
      text += fmt::format(R"({}"{}": "{}")", c == 0 ? "{" : ", ", rows[0][c], rows[i][c]);
    text += "}";
  }
  return text + "]\n";
}

// Every so many findings, and the first of each rule.
std::vector<model::Finding> some_of(const std::vector<model::Finding>& findings) {
  std::vector<model::Finding> some;
  std::set<std::string> rules;
  for (size_t i = 0; i < findings.size(); ++i)
    if (rules.insert(findings[i].rule).second || i % (1 + findings.size() / 8) == 0) some.push_back(findings[i]);
  return some;
}

void expect_explained(const std::string& path) {
  const auto options = scan_options({path});
  const auto result = run(options);
  const auto some = some_of(result.findings);
  EXPECT_GE(some.size(), 6U) << path;
  for (const auto& finding : some) {
    const uint64_t line = finding.locator.row != 0 ? finding.locator.row : finding.locator.line;
    const auto explanation = scan::explain_line(options, path, line);
    const auto is_it = [&finding](const scan::LineExplanation::Candidate& candidate) {
      return candidate.member == finding.locator.member && candidate.trace.rule == finding.rule &&
             candidate.trace.column == finding.locator.column && candidate.trace.fate == "reported";
    };
    const auto& candidates = explanation.candidates;
    const auto found = std::ranges::find_if(candidates, is_it);
    ASSERT_NE(found, candidates.end()) << path << " row " << line << ": " << finding.rule;
    EXPECT_EQ(found->trace.confidence, finding.confidence) << path << " row " << line << ": " << finding.rule;
    EXPECT_EQ(found->trace.reasons, finding.reasons) << path << " row " << line << ": " << finding.rule;
    // Nothing else of the row is said to be reported.
    const auto reported = std::ranges::count_if(candidates, [](const auto& c) { return c.trace.fate == "reported"; });
    EXPECT_EQ(reported, std::ranges::count_if(result.findings,
                                              [&](const model::Finding& other) {
                                                return other.locator.row == finding.locator.row &&
                                                       other.locator.line == finding.locator.line;
                                              }))
        << path << " row " << line;
  }
}

TEST(Explain, SaysOfACellWhatTheScanSaysOfIt) {
  const TemporaryTree tree;
  const Rows few = table(300), many = table(6000);  // the latter are many batches
  expect_explained(tree.write("many.csv", lines_of(many, ',')));
  expect_explained(tree.write("few.csv", lines_of(few, ';')));
  expect_explained(tree.write("few.tsv", lines_of(few, '\t')));
  expect_explained(tree.write("few.zip", zip_of({{"in/few.csv", lines_of(few, ',')}})));
  expect_explained(tree.write("few.xlsx", xlsx_of(few)));
  expect_explained(tree.write("few.ods", ods_of(few)));
  expect_explained(tree.write("few.sqlite", sqlite_of("t", few.front(), Rows(few.begin() + 1, few.end()))));
}

TEST(Explain, KnowsTheLiftByAColumnsOtherValues) {
  const TemporaryTree tree;
  const std::string path = tree.write("a.csv", lines_of(table(300), ','));
  const auto explanation = scan::explain_line(scan_options({path}), path, 3);
  const auto cards = std::ranges::find_if(explanation.candidates, [](const auto& candidate) {
    return candidate.trace.rule == "credit-card" && candidate.trace.column == "ref";
  });
  ASSERT_NE(cards, explanation.candidates.end());
  EXPECT_THAT(cards->trace.reasons, Contains(HasSubstr("of the column's values agree")));
}

// What decides is whether the scan reads it as rows or as text.
TEST(Explain, SaysOfATextWhatTheScanSaysOfIt) {
  const TemporaryTree tree;
  std::string text;
  for (const auto& row : table(50)) text += fmt::format("{}\n", fmt::join(row, " | "));
  expect_explained(tree.write("a.txt", text + "mail: bob@example.com, SSN 536-22-1234, IBAN DE89370400440532013000\n"
                                              "tel. +44 20 7946 0958, born 1980-02-03, key AKIAIOSFODNN7EXAMPLE\n"));
  expect_explained(tree.write("a.json", json_of(table(300))));
}

// A comment suppresses what stands in text; in a cell it is a value like others.
TEST(Explain, ACommentInACellSuppressesNothing) {
  const TemporaryTree tree;
  const std::string path = tree.write("a.csv", "id,note\n1,card 4111 1111 1111 1111 assay:ignore\n2,x\n");
  ASSERT_EQ(run(scan_options({path})).findings.size(), 1U);
  const auto explanation = scan::explain_line(scan_options({path}), path, 2);
  EXPECT_TRUE(std::ranges::any_of(explanation.candidates, [](const auto& c) { return c.trace.fate == "reported"; }));
}

}  // namespace
}  // namespace assay::tests
