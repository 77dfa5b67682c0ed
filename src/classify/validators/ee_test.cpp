#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(EeIsikukood, CheckAndDate) {
  expect_digit_changes_refused("ee_isikukood", "36805280109", 7);
  EXPECT_EQ(check_of("ee_isikukood", "37605030299"), Check::valid);
  EXPECT_EQ(check_of("ee_isikukood", "36813280109"), Check::invalid);
  EXPECT_EQ(check_of("ee_isikukood", "96805280109"), Check::invalid);
  EXPECT_EQ(check_of("ee_isikukood", "66805280109"), Check::invalid);
  expect_wrong_lengths_refused("ee_isikukood", "36805280109");
}

TEST(LtAsmensKodas, SameCode) {
  expect_digit_changes_refused("lt_asmens_kodas", "33309240064", 10);
  EXPECT_EQ(check_of("lt_asmens_kodas", "33309240065"), Check::invalid);
  expect_wrong_lengths_refused("lt_asmens_kodas", "33309240064");
}

}  // namespace
}  // namespace assay::classify
