#include "cli/report/totals.h"

#include "cli/report/report_samples.h"

namespace assay::cli {
namespace {

using namespace testing;

TEST(Totals, CountObjectsOnceEvenWhenTheirFindingsInterleave) {
  Totals totals({"dir"});
  auto a = sample_finding(), b = sample_finding();
  b.object = "dir/b.txt";
  for (int i = 0; i < 3; ++i) {
    totals.add(a);
    totals.add(b);
  }
  ASSERT_EQ(totals.entities().size(), 1U);
  EXPECT_EQ(totals.entities()[0]->objects, 2U);
  EXPECT_EQ(totals.entities()[0]->findings, 6U);
}

TEST(Totals, FoldersAreOneLevelBelowTheRoot) {
  Totals totals({"dir/"});
  auto finding = sample_finding();
  for (const char* object : {"dir/x/deep/1", "dir/x/2", "dir/3"}) {
    finding.object = object;
    totals.add(finding);
  }
  const auto folders = totals.folders();
  ASSERT_EQ(folders.size(), 2U);
  EXPECT_EQ(folders[0].first, "dir/x");
  EXPECT_EQ(folders[0].second->findings, 2U);
  EXPECT_EQ(folders[1].first, "dir");
}

TEST(Totals, MostSensitiveFirst) {
  Totals totals({});
  auto finding = sample_finding();
  finding.entity = "LOW";
  finding.sensitivity = model::Sensitivity::low;
  for (int i = 0; i < 5; ++i) totals.add(finding);
  totals.add(sample_finding());
  EXPECT_EQ(totals.entities()[0]->name, "US_SSN");
}

TEST(Totals, KeepOnlyWhatWasNotReadAndCountWhatIsPastTheBound) {
  Totals totals({});
  for (size_t i = 0; i < Totals::max_unread + 3; ++i) totals.add(unread_record());
  totals.add(
      model::ObjectRecord{.object = "fine", .member = {}, .format = {}, .bytes = 0, .findings = 0, .verdict = {}});
  EXPECT_EQ(totals.unread().size(), Totals::max_unread);
  EXPECT_EQ(totals.unread_left_out(), 3U);
}

}  // namespace
}  // namespace assay::cli
