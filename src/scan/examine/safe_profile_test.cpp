#include "scan/examine/safe_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace assay::scan {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

profile::ColumnStatistics statistics_of(const std::vector<std::string>& values, size_t times) {
  profile::ColumnProfiler profiler({}, 1'700'000'000);
  for (size_t i = 0; i < times; ++i)
    for (const auto& value : values) profiler.value(value);
  return profiler.finish(values.size() * times);
}

TEST(SafeProfile, CategoriesAreShown) {
  const auto p = safe_profile(statistics_of({"red", "green"}, 10), {});
  ASSERT_THAT(p.top_values, SizeIs(2));
  EXPECT_EQ(p.top_values[0].text, "green");
  const auto n = safe_profile(statistics_of({"1999", "2001"}, 10), {});
  EXPECT_EQ(n.minimum, 1999);
  EXPECT_EQ(n.quantiles.front(), 1999);
}

// The same values, once classification has met anything in the column.
TEST(SafeProfile, NothingRawOfAColumnThatMayBeSensitive) {
  for (const auto& values : {std::vector<std::string>{"red", "green"}, std::vector<std::string>{"1999", "2001"},
                             std::vector<std::string>{"1980-02-29", "1981-03-01"},
                             std::vector<std::string>{"Patient is HIV", "4111 1111 1111 1111"},
                             std::vector<std::string>{"ghp_0123456789abcdefghij", "anna_of_accounting_is_ill"}}) {
    for (const char* entity : {"PERSON", "EMAIL_ADDRESS", "CREDIT_CARD", ""}) {
      const auto p = safe_profile(statistics_of(values, 10),
                                  {.may_be_sensitive = true, .entity = entity, .confidence = 0.9F, .valid = 20});
      EXPECT_FALSE(p.minimum || p.maximum || p.mean || p.deviation || p.newest_s);
      EXPECT_THAT(p.quantiles, IsEmpty());
      EXPECT_THAT(p.top_values, SizeIs(2));
      // Neither the end that masks of findings show, nor the beginning that masks of secrets do.
      for (const auto& top : p.top_values)
        EXPECT_TRUE(std::ranges::none_of(top.text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)); }));
      EXPECT_EQ(p.entity, entity);
      EXPECT_EQ(p.valid, 20U);
    }
  }
}

TEST(SafeProfile, LongValuesOfOtherColumnsAreHidden) {
  const std::string secret = "Project Nightingale 2024";
  const auto p = safe_profile(statistics_of({secret + " of somebody at a company", secret}, 10), {});
  ASSERT_THAT(p.top_values, SizeIs(2));
  for (const auto& top : p.top_values) EXPECT_EQ(top.text.find_first_not_of("* "), std::string::npos);
  const auto mail = safe_profile(statistics_of({"x:y-\xC3\xA4\xC3\xB6\n\x1b[31m"}, 10), {});
  EXPECT_EQ(mail.top_values[0].text, "*:*-**  [***");
}

TEST(SafeProfile, NumbersOfManyDigitsAreRounded) {
  std::vector<std::string> values;
  for (int i = 0; i < 100; ++i) values.push_back(std::to_string(123'456'789 + i));
  const auto p = safe_profile(statistics_of(values, 1), {});
  EXPECT_EQ(p.minimum, 123'000'000);
  EXPECT_EQ(p.maximum, 123'000'000);
  for (const double q : p.quantiles) EXPECT_EQ(q, 123'000'000);
  EXPECT_EQ(p.deviation, 29);
}

TEST(SafeProfile, TimesAreRoundedToTheDay) {
  const auto p = safe_profile(statistics_of({"2020-05-06T07:08:09Z", "2021-05-06T07:08:09Z"}, 1), {});
  EXPECT_EQ(p.minimum, 1'588'723'200);
  EXPECT_EQ(p.newest_s, 1'620'284'889) << "what freshness needs";
}

TEST(SafeProfile, NamesArePrintableAndBounded) {
  auto statistics = statistics_of({"a"}, 1);
  statistics.profile.name = "\x1b[31m" + std::string(1 << 20, 'n');
  statistics.profile.comment = std::string(1 << 20, 'c');
  const auto p = safe_profile(std::move(statistics), {});
  EXPECT_LE(p.name.size(), 512U + 8);
  EXPECT_LE(p.comment.size(), 1024U + 8);
  EXPECT_EQ(p.name.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace assay::scan
