#include "scan/examiner_pool.h"

#include "scan/scan_samples.h"
#include "scan/wire/protocol.h"

namespace assay::scan {
namespace {

using namespace testing;

ScanOptions options_of(uint64_t most_findings) {
  ScanOptions options;
  options.helper_path = "/bin/true";  // that it is there is all that is asked
  options.limits.max_findings_per_object = most_findings;
  return options;
}

// What stops a file that is full of ordinary findings must be the bound on their number.
TEST(ExaminerPool, AsManyFindingsAsAreAllowedAreNotTooMuch) {
  model::Finding finding = sample_finding();
  finding.locator.member = "exports/2024/customers/part-00017.csv";
  finding.locator.table = "customers";
  finding.locator.column = "payment.card_number";
  finding.locator.row = finding.locator.line = 1'234'567;
  finding.pattern = "grouped digits";
  finding.category = "government_id";
  finding.reasons = {"pattern us-ssn/grouped digits: 0.40", "validator us_ssn has no objection",
                     "the column's name says 'social security number': +0.45",
                     "100 % of the column's values agree: 0.85"};
  finding.value = core::Sensitive<std::string>("078-05-1120");
  std::string frame;
  encode(finding, frame);
  EXPECT_GT(frame.size(), 300U);
  for (const uint64_t most : {uint64_t{1}, model::Limits().max_findings_per_object, uint64_t{50'000'000}})
    EXPECT_GT(examiner_pool_options(options_of(most)).limits.output_bytes, most * frame.size()) << most;
}

TEST(ExaminerPool, ThereIsABoundWhateverIsAllowed) {
  EXPECT_LT(examiner_pool_options(options_of(1'000'000)).limits.output_bytes, 2ULL << 30);
  EXPECT_GT(examiner_pool_options(options_of(UINT64_MAX)).limits.output_bytes, UINT64_MAX / 2) << "and no overflow";
}

}  // namespace
}  // namespace assay::scan
