#include <gtest/gtest.h>

#include "classify/validators/check_expectations.h"
#include "classify/validators/date_text.h"

namespace assay::classify {
namespace {

TEST(ReadDate, UnderstandsTheCustomaryWritings) {
  for (const auto* text : {"2024-02-29",
                           "2024/02/29",
                           "20240229",
                           "29022024",
                           "29.02.2024",
                           "29/02/2024",
                           "02/29/2024",
                           "29 February 2024",
                           "29th of February, 2024",
                           "February 29, 2024",
                           "Feb. 29 2024",
                           "29. Februar 2024",
                           "29 février 2024",
                           "29 de febrero de 2024",
                           "29 lutego 2024",
                           "2024 Feb 29",
                           "Thursday, February 29th, 2024",
                           "29-Feb-2024",
                           "2024年2月29日",
                           "29 ŞUBAT 2024"}) {
    const auto date = read_date(text);
    if (std::string_view(text).starts_with("29 Ş")) {
      EXPECT_FALSE(date) << "letters beyond ASCII are compared as they are";
      continue;
    }
    ASSERT_TRUE(date) << text;
    EXPECT_EQ(date->year, 2024) << text;
    EXPECT_EQ(date->month, 2) << text;
    EXPECT_EQ(date->day, 29) << text;
    EXPECT_TRUE(date->has_century) << text;
  }
}

TEST(ReadDate, RefusesDaysThatDoNotExist) {
  for (const auto* text : {"2023-02-29", "31.04.2024", "2024-13-01", "00/00/2024", "31 June 2024", "20240230",
                           "32-01-2024", "2024-W54-1", "2023-366", "Feb", "", "13/13/13", "1900-02-29"})
    EXPECT_FALSE(read_date(text)) << text;
}

TEST(DateTime, FullYearsAreValidShortOnesPlausible) {
  EXPECT_EQ(check_of("date_time", "2024-02-29"), Check::valid);
  EXPECT_EQ(check_of("date_time", "2024-060"), Check::valid);
  EXPECT_EQ(check_of("date_time", "2024-W09-4"), Check::valid);
  EXPECT_EQ(check_of("date_time", "March 2024"), Check::valid);
  EXPECT_EQ(check_of("date_time", "02/29/24"), Check::plausible);
  EXPECT_EQ(check_of("date_time", "5 Jan 99"), Check::plausible);
  EXPECT_EQ(check_of("date_time", "9999-12-31"), Check::invalid);
  EXPECT_EQ(check_of("date_time", "1234-05-06"), Check::invalid);
}

TEST(DateTime, ChecksTheTimeThatFollows) {
  for (const auto* text : {"2024-02-29T13:05:59Z", "2024-02-29 13:05", "2024-02-29T13:05:59.123456+02:00",
                           "20240229T130559Z", "29.02.2024, 1:05 pm", "2024-02-29T24:00:00"})
    EXPECT_EQ(check_of("date_time", text), Check::valid) << text;
  for (const auto* text : {"2024-02-29T25:05:59Z", "2024-02-29 13:60", "2024-02-29T13:05:61"})
    EXPECT_EQ(check_of("date_time", text), Check::invalid) << text;
}

TEST(TimeOfDay, TakesTheWholeText) {
  for (const auto* text : {"13:05", "1:05 PM", "13:05:59", "13:05:59.999Z", "9:30 a.m.", "23:59:60", "130559"})
    EXPECT_EQ(check_of("time_of_day", text), Check::valid) << text;
  for (const auto* text : {"25:05", "13:65", "13:05:99", "16:9", "", "noon", "13:05 o'clock"})
    EXPECT_EQ(check_of("time_of_day", text), Check::invalid) << text;
}

TEST(DateOfBirth, LiesInALivingPersonsTime) {
  EXPECT_EQ(check_of("date_of_birth", "1980-05-17"), Check::valid);
  EXPECT_EQ(check_of("date_of_birth", "17.05.80"), Check::plausible);
  EXPECT_EQ(check_of("date_of_birth", "1780-05-17"), Check::invalid);
  EXPECT_EQ(check_of("date_of_birth", "2180-05-17"), Check::invalid);
}

}  // namespace
}  // namespace assay::classify
