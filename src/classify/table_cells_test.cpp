#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "classify/builtin_rules.h"
#include "classify/rule_loader.h"
#include "classify/table_scanner.h"

namespace assay::classify {
namespace {

const Classifier& builtin() {
  static const Classifier classifier(load_rules(builtin_rule_sources()));
  return classifier;
}

/// Everything that is said, but no values.
class Protocol final : public TableSink {
 public:
  void on_cell_match(const Match& match, uint64_t row, uint32_t column, size_t begin, size_t code_point,
                     std::string_view value) override {
    const Evidence& e = match.evidence;
    text_ << row << ':' << column << ' ' << begin << '/' << code_point << '+' << value.size() << '='
          << match.end - match.begin << ' ' << match.rule << '.' << match.pattern << ' ' << match.confidence << ' '
          << e.base << ' ' << static_cast<int>(e.check) << ' ' << e.phrase << ' ' << e.boost << ' ' << e.phrase_is_name
          << ' ' << e.negative_phrase << ' ' << e.penalty << ' ' << e.column_share << '\n';
    ++matches;
  }
  void on_column(const ColumnVerdict& verdict) override {
    text_ << verdict.column << ' ' << verdict.rule << ' ' << verdict.confidence << ' ' << verdict.values << ' '
          << verdict.agreeing << ' ' << verdict.phrase << '\n';
  }
  std::string text() const { return text_.str(); }
  size_t matches = 0;

 private:
  std::ostringstream text_;
};

using Rows = std::vector<std::vector<std::string>>;

// A scan that is traced plans no cells.
Protocol scan(const std::vector<std::string>& names, const Rows& rows, float min_confidence, bool is_traced) {
  Scratch scratch(builtin().rules());
  std::vector<TraceEntry> trace;
  if (is_traced) scratch.trace = &trace;
  Protocol protocol;
  TableScanner scanner(builtin(), scratch, min_confidence, protocol);
  scanner.begin(names);
  uint64_t number = 1;
  for (const auto& row : rows) {
    scanner.row(++number, std::vector<std::string_view>(row.begin(), row.end()));
    trace.clear();
  }
  scanner.finish();
  return protocol;
}

TEST(TableCells, GroupsOfALongerRunOfGroupsAreNoNumberInPlannedCellsEither) {
  const auto matches = [](const std::string& cell) {
    return scan({"numbers"}, Rows(300, {cell}), 0.5F, false).matches;
  };
  EXPECT_EQ(matches("4251 4231 4660 4275 4511 4512"), 0U);
  EXPECT_EQ(matches("4231 4660 4275 4511"), 300U);
}

/// Values made from what rules give as examples.
class Values {
 public:
  explicit Values(uint64_t seed) : random_(seed) {}

  size_t below(size_t n) { return random_() % n; }
  std::string example() {
    for (;;) {
      const model::Rule& rule = builtin().rules().sources()[below(builtin().rules().sources().size())];
      if (!rule.examples.empty()) return rule.examples[below(rule.examples.size())].text;
    }
  }
  std::string other_digits(std::string value, size_t one_in) {
    for (char& c : value)
      if (c >= '0' && c <= '9' && below(one_in) == 0) c = static_cast<char>('0' + below(10));
    return value;
  }
  /// With something around it, now and then.
  std::string framed(const std::string& value) {
    switch (below(16)) {
      case 0: return ' ' + value;
      case 1: return '"' + value + '"';
      case 2: return value + ',' + value;
      case 3: return "no " + value;
      case 4: return value + '-' + other_digits("00", 1);
      case 5: return value + " and " + example();
      case 6: return "n\xc3\xba" + value;
      default: return value;
    }
  }

 private:
  std::mt19937_64 random_;
};

TEST(TableCells, WhatIsPlannedIsWhatIsFoundWithoutPlans) {
  static constexpr std::array names = {"id", "card", "ssn", "date_of_birth", "phone", "note", "iban", "tax_id", "zip"};
  size_t matches = 0;
  for (uint64_t seed = 0; seed < 12; ++seed) {
    Values values(seed);
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> pools;
    for (size_t i = 0; i < 5; ++i) {
      columns.emplace_back(names[values.below(names.size())]);
      pools.emplace_back();
      for (size_t kinds = values.below(3) + 1; kinds > 0; --kinds) pools.back().push_back(values.example());
    }
    Rows rows(4000);
    for (auto& row : rows)
      for (size_t i = 0; i < columns.size(); ++i) {
        const std::string& value = pools[i][values.below(pools[i].size())];
        if (i == 0) row.push_back(values.framed(values.other_digits(value, 4)));
        else if (i == 1) row.push_back(values.below(8) == 0 ? "" : values.other_digits(value, 1));
        else row.push_back(values.other_digits(value, 1 + values.below(40)));
      }
    const float min_confidence = seed % 3 == 0 ? 0.3F : 0.5F;
    const Protocol planned = scan(columns, rows, min_confidence, false);
    const Protocol traced = scan(columns, rows, min_confidence, true);
    EXPECT_TRUE(planned.text() == traced.text()) << "seed " << seed;
    matches += planned.matches;
  }
  EXPECT_GT(matches, 50'000U);
}

// A pattern that takes what separates cells in a batch lets no cell be planned by itself.
TEST(TableCells, PatternsThatMatchAnythingPlanNothing) {
  const Classifier any(load_rules(RuleSource{
      "test.yaml",
      "rules:\n  - {name: any, entity: ANY, patterns: [{regex: '[0-9]{4}(?:[^a-z][0-9]{4})?', confidence: 0.9}]}\n"}));
  EXPECT_FALSE(tokens_end_with_cells(any.rules().token_nfa));
  EXPECT_TRUE(tokens_end_with_cells(builtin().rules().token_nfa));
  Scratch scratch(any.rules());
  Protocol protocol;
  TableScanner scanner(any, scratch, 0.5F, protocol);
  scanner.begin(std::vector<std::string>{"a", "b"});
  for (uint64_t row = 1; row <= 1000; ++row) scanner.row(row, std::array<std::string_view, 2>{"1234", "5678"});
  scanner.finish();
  EXPECT_EQ(protocol.matches, 1U) << "all but the last end in the next cell, which hides what ends in theirs";
}

}  // namespace
}  // namespace assay::classify
