#include <gtest/gtest.h>

#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(Icd10, KnowsTheCategories) {
  for (const auto* code : {"E11.9", "I10", "Z3A.20", "S72.001A", "U07.1", "C7B.00", "M54.5"})
    EXPECT_EQ(check_of("icd10", code), Check::plausible) << code;
  for (const auto* code : {"E91", "D90.1", "G99A", "1E1.9", "EE1.9", "E1", "", "B2B.1", "T99.9"})
    EXPECT_NE(check_of("icd10", code), Check::valid) << code;
  for (const auto* code : {"E91", "D90.1", "1E1.9", "EE1.9", "E1", "", "B2B.1", "T99.9"})
    EXPECT_EQ(check_of("icd10", code), Check::invalid) << code;
}

}  // namespace
}  // namespace assay::classify
