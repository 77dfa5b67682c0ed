#include "scan/wire/protocol.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/error.h"

namespace assay::scan {
namespace {

class Findings final : public FrameVisitor {
 public:
  void visit(model::Finding& finding) override { all.push_back(finding); }
  std::vector<model::Finding> all;

 private:
  void visit(model::ColumnFinding&&) override { ADD_FAILURE() << "no column was sent"; }
  void visit(model::ObjectRecord&&) override { ADD_FAILURE() << "no record was sent"; }
  void visit(TraceLine&&) override { ADD_FAILURE() << "no trace was sent"; }
  void visit(MemberBegin&&) override { ADD_FAILURE() << "no member was sent"; }
  void visit(LineMet&&) override { ADD_FAILURE() << "no line was sent"; }
};

model::Finding of_kind(const std::string& entity, double confidence, std::vector<std::string> reasons) {
  model::Finding finding;
  finding.entity = entity;
  finding.rule = "rule-of-" + entity;
  finding.confidence = confidence;
  finding.reasons = std::move(reasons);
  return finding;
}

void give(Findings& findings, const model::Finding& finding) {
  std::string frame;
  encode(finding, frame);
  decode_frame(frame, findings);
}

TEST(Protocol, NothingOfAFindingStaysInTheNextOfItsKind) {
  model::Finding full = of_kind("A", 0.5, {"because"});
  full.locator.member = "in.zip";
  full.locator.line = 7;
  full.start = 3;
  full.end_code_point = 9;
  full.masked = std::string(40, '*');
  full.fingerprint = std::string(32, 'f');
  full.suppressed = true;
  full.value = core::Sensitive<std::string>("as it is");
  const model::Finding bare = of_kind("A", 0.5, {"because"});
  Findings findings;
  give(findings, full);
  give(findings, bare);
  give(findings, full);
  for (const size_t i : {0, 2}) {
    EXPECT_EQ(findings.all[i].locator, full.locator);
    EXPECT_EQ(findings.all[i].masked, full.masked);
    EXPECT_EQ(findings.all[i].value.reveal(), "as it is");
    EXPECT_TRUE(findings.all[i].suppressed);
  }
  EXPECT_EQ(findings.all[1].locator, model::Locator());
  EXPECT_EQ(findings.all[1].start + findings.all[1].end_code_point, 0U);
  EXPECT_EQ(findings.all[1].masked + findings.all[1].fingerprint + findings.all[1].value.reveal(), "");
  EXPECT_FALSE(findings.all[1].suppressed);
}

// More of them than are kept, some too long to be.
TEST(Protocol, KindsThatTakeTurnsAreToldApart) {
  Findings findings;
  constexpr size_t kinds = 300;
  const auto kind = [](size_t i) {
    return of_kind("E" + std::to_string(i / 3), static_cast<double>(i % 3) / 4,
                   {std::to_string(i), std::string(i % 7 == 0 ? 5'000 : 1, 'r')});
  };
  for (size_t round = 0; round < 2; ++round)
    for (size_t i = 0; i < kinds; ++i) give(findings, kind(i));
  ASSERT_EQ(findings.all.size(), 2 * kinds);
  for (size_t i = 0; i < findings.all.size(); ++i) {
    const model::Finding expected = kind(i % kinds);
    EXPECT_EQ(findings.all[i].entity, expected.entity);
    EXPECT_EQ(findings.all[i].rule, expected.rule);
    EXPECT_EQ(findings.all[i].confidence, expected.confidence);
    EXPECT_EQ(findings.all[i].reasons, expected.reasons);
  }
}

TEST(Protocol, AKindThatIsMalformedIsRefusedEachTime) {
  model::Finding finding = of_kind("A", 0.5, {});
  finding.masked = "m";
  std::string frame;
  encode(finding, "no kind", frame);
  Findings findings;
  for (int i = 0; i < 2; ++i) EXPECT_THROW(decode_frame(frame, findings), core::Error);
  EXPECT_TRUE(findings.all.empty());
}

}  // namespace
}  // namespace assay::scan
