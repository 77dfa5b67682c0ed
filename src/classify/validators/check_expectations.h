#pragma once

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "classify/validators/validator.h"

namespace assay::classify {

/// For tests: how often each validator gave each verdict so far, by the values of `Check`.
inline std::map<std::string, std::array<size_t, 3>, std::less<>>& verdicts_given() {
  static std::map<std::string, std::array<size_t, 3>, std::less<>> verdicts;
  return verdicts;
}

/// For tests: what the registered validator says of a value; a test failure when there is none of that name.
inline Check check_of(std::string_view validator, std::string_view value) {
  const Validator* found = find_validator(validator);
  EXPECT_NE(found, nullptr) << validator;
  const Check verdict = found == nullptr ? Check::invalid : found->check(value);
  ++verdicts_given()[std::string(validator)].at(static_cast<size_t>(verdict));
  return verdict;
}

/// For tests: no other digit at any place of [begin, end) of a valid value may keep it valid. Counts bytes, not digits.
inline void expect_digit_changes_refused(std::string_view validator, std::string_view value, size_t begin = 0,
                                         size_t end = std::string_view::npos) {
  ASSERT_EQ(check_of(validator, value), Check::valid) << validator << " " << value;
  for (size_t i = begin; i < value.size() && i < end; ++i) {
    if (value[i] < '0' || value[i] > '9') continue;
    for (char other = '0'; other <= '9'; ++other) {
      if (other == value[i]) continue;
      std::string changed(value);
      changed[i] = other;
      EXPECT_NE(check_of(validator, changed), Check::valid) << validator << " " << changed;
    }
  }
}

/// For tests: neither too short, too long nor empty input may pass or be read beyond its end.
inline void expect_wrong_lengths_refused(std::string_view validator, std::string_view value) {
  for (size_t kept = 0; kept < value.size(); ++kept) {
    EXPECT_NE(check_of(validator, value.substr(0, kept)), Check::valid) << validator << " " << value.substr(0, kept);
  }
  EXPECT_EQ(check_of(validator, std::string(200, '1')), Check::invalid) << validator;
  EXPECT_EQ(check_of(validator, ""), Check::invalid) << validator;
}

}  // namespace assay::classify
