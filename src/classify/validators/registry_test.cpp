#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(Registry, NamesAreUniqueAndFound) {
  std::set<std::string_view> names;
  for (const Validator& validator : all_validators()) {
    EXPECT_TRUE(names.insert(validator.name).second) << validator.name;
    EXPECT_FALSE(validator.standard.empty()) << validator.name;
    const Validator* found = find_validator(validator.name);
    ASSERT_NE(found, nullptr) << validator.name;
    EXPECT_EQ(found->check, validator.check) << validator.name;
  }
  EXPECT_EQ(find_validator("no_such_validator"), nullptr);
}

TEST(Registry, NoValidatorAcceptsAFilling) {
  for (const Validator& validator : all_validators()) {
    EXPECT_EQ(validator.check(""), Check::invalid) << validator.name;
    for (int byte = 0; byte < 256; ++byte)
      for (const size_t size : {1, 9, 11, 300})
        EXPECT_NE(validator.check(std::string(size, static_cast<char>(byte))), Check::valid)
            << validator.name << " " << byte << " " << size;
  }
}

TEST(Registry, WhatCannotProveNeverSaysValid) {
  std::mt19937 random(31);
  const std::string_view bytes = "0123456789ABCXYZkz -./";
  size_t accepted = 0;
  for (const Validator& validator : all_validators()) {
    if (validator.can_prove) continue;
    for (int round = 0; round < 20'000; ++round) {
      std::string value;
      const size_t kinds = round % 2 == 0 ? 10 : bytes.size();
      for (size_t size = 4 + random() % 14; size > 0; --size) value += bytes[random() % kinds];
      const Check check = validator.check(value);
      ASSERT_NE(check, Check::valid) << validator.name;
      accepted += check == Check::plausible ? 1 : 0;
    }
  }
  EXPECT_GT(accepted, 0U);
}

/// After all tests: a validator that no test has seen both accept and refuse a value is not tested.
class EveryValidatorIsTested final : public ::testing::Environment {
 public:
  void TearDown() override {
    const auto& run = *::testing::UnitTest::GetInstance();
    if (run.test_to_run_count() != run.total_test_count()) return;  // someone chose among the tests
    for (const Validator& validator : all_validators()) {
      const auto given = verdicts_given()[std::string(validator.name)];
      EXPECT_GT(given.at(static_cast<size_t>(Check::invalid)), 0U) << validator.name << " was never seen to refuse";
      EXPECT_TRUE(validator.can_prove || given.at(static_cast<size_t>(Check::valid)) == 0) << validator.name;
      EXPECT_GT(given.at(static_cast<size_t>(Check::plausible)) + given.at(static_cast<size_t>(Check::valid)), 0U)
          << validator.name << " was never seen to accept";
    }
  }
};

const auto* const every_validator_is_tested = ::testing::AddGlobalTestEnvironment(new EveryValidatorIsTested);

}  // namespace
}  // namespace assay::classify
