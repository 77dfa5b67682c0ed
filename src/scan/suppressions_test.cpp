#include "scan/suppressions.h"

#include "scan/scan_samples.h"

namespace assay::scan {
namespace {

using namespace testing;

const KnownNames known{.entities = {"A", "CREDIT_CARD", "EMAIL_ADDRESS", "US_SSN"}, .rules = {"other", "us-ssn"}};

Suppressions load(const std::string& yaml) {
  const TemporaryDirectory directory;
  return Suppressions::load(directory.write("s.yaml", yaml), known);
}

bool covers(const std::string& entry, const model::Finding& finding) {
  return load("suppressions:\n  - " + entry + "\n").covers(finding);
}

TEST(Suppressions, EachKeyMustAgree) {
  const auto finding = sample_finding("tests/data/a.txt");
  EXPECT_TRUE(covers("{entity: US_SSN, reason: r}", finding));
  EXPECT_FALSE(covers("{entity: CREDIT_CARD, reason: r}", finding));
  EXPECT_TRUE(covers("{rule: us-ssn, reason: r}", finding));
  EXPECT_FALSE(covers("{rule: other, reason: r}", finding));
  EXPECT_TRUE(covers("{fingerprint: 0123456789abcdef0123456789abcdef, reason: r}", finding));
  EXPECT_FALSE(covers("{fingerprint: ffffffffffffffffffffffffffffffff, reason: r}", finding));
  EXPECT_TRUE(covers("{path: 'tests/**', reason: r}", finding));
  EXPECT_FALSE(covers("{path: 'src/**', reason: r}", finding));
  EXPECT_TRUE(covers("{path: '*.txt', entity: US_SSN, reason: r}", finding));
  EXPECT_FALSE(covers("{path: 'tests/**', entity: CREDIT_CARD, reason: r}", finding));
}

TEST(Suppressions, AnyEntryIsEnoughAndAnEmptyFileCoversNothing) {
  EXPECT_TRUE(
      load("suppressions:\n  - {entity: A, reason: r}\n  - {entity: US_SSN, reason: r}\n").covers(sample_finding()));
  EXPECT_FALSE(load("").covers(sample_finding()));
  EXPECT_FALSE(load("suppressions: []\n").covers(sample_finding()));
}

TEST(Suppressions, ExpiredOnesDoNothing) {
  EXPECT_FALSE(covers("{entity: US_SSN, reason: r, expires: 2020-01-01}", sample_finding()));
  EXPECT_TRUE(covers("{entity: US_SSN, reason: r, expires: 9999-12-31}", sample_finding()));
}

TEST(Suppressions, MistakesAreNamedWithFileAndLine) {
  const TemporaryDirectory directory;
  for (const char* yaml : {"suppressions:\n  - {entity: US_SSN}\n", "suppressions:\n  - {reason: r}\n",
                           "suppressions:\n  - {entity: A, reason: r, expires: soon}\n",
                           "suppressions:\n  - {entity: A, reason: r, expires: 2027-13-45}\n",
                           "suppressions:\n  - {entity: A, reason: r, expires: 2027-02-31}\n",
                           "suppressions:\n  - {fingerprint: xyz, reason: r}\n",
                           "suppressions:\n  - {entity: A, reason: r, colour: red}\n", "suppressions:\n  - just text\n",
                           "suppressions:\n  - {entity: [\n"}) {
    const std::string path = directory.write("s.yaml", yaml);
    const std::string message = error_of([&] { Suppressions::load(path, known); });
    EXPECT_TRUE(message.starts_with(path + ":")) << yaml << message;
  }
  EXPECT_FALSE(error_of([&] { Suppressions::load(directory.write("t.yaml", "suppressions: 5\n"), known); }).empty());
  EXPECT_NE(error_of([&] { Suppressions::load(directory.file("none"), known); }).find("cannot read"),
            std::string::npos);
}

TEST(Suppressions, WhatNoRuleKnowsIsAMistake) {
  const TemporaryDirectory directory;
  const auto message = [&](const std::string& entry) {
    const auto path = directory.write("s.yaml", "suppressions:\n  - {entity: A, reason: r}\n  - " + entry + "\n");
    const std::string text = error_of([&] { Suppressions::load(path, known); });
    return text.starts_with(path + ":3: ") ? text.substr(path.size() + 4) : text;
  };
  EXPECT_EQ(message("{entity: EMIAL_ADDRESS, reason: r}"),
            "no rule that is loaded has the entity 'EMIAL_ADDRESS'; did you mean 'EMAIL_ADDRESS'?");
  EXPECT_EQ(message("{entity: STAFF_NUMBER, reason: r}"), "no rule that is loaded has the entity 'STAFF_NUMBER'");
  EXPECT_EQ(message("{path: a, rule: us_ssn, reason: r}"),
            "no rule that is loaded has the name 'us_ssn'; did you mean 'us-ssn'?");
  EXPECT_EQ(message("{entity: OF_A_RULE_THAT_WAS, reason: r, expires: 2020-01-01}"), "");
}

TEST(Suppressions, ThePathIsOneBelowTheFilesFolderHoweverTheRootIsSpelled) {
  const TemporaryDirectory directory;
  const auto path = directory.write("s.yaml", "suppressions:\n  - {path: 'tests/**', reason: r}\n");
  const auto covers_below = [&](const std::string& root, const std::string& object) {
    return Suppressions::load(path, known, ObjectNames(std::vector<std::string>{root}, path))
        .covers(sample_finding(object));
  };
  EXPECT_TRUE(covers_below(directory.file("tests"), directory.file("tests/data/a.txt")));
  EXPECT_TRUE(covers_below(directory.file("./tests/"), directory.file("./tests/data/a.txt")));
  EXPECT_FALSE(covers_below(directory.file("src"), directory.file("src/tests/a.txt")));
}

}  // namespace
}  // namespace assay::scan
