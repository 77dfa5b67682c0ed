#include "profile/value_type.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>

namespace assay::profile {
namespace {

using std::chrono::sys_days;
using namespace std::chrono_literals;

ValueType type_of(std::string_view value) { return read_value(value).type; }

double seconds(int year, unsigned month, unsigned day, double more = 0) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  return static_cast<double>(sys_days(date).time_since_epoch().count()) * 86'400 + more;
}

TEST(ValueType, Integers) {
  for (const char* one : {"0", "7", "-12", "+3", "007", " 42 ", "1,234", "1,234,567", "1.234.567", "20240229",
                          "123456789012345678901234567890"})
    EXPECT_EQ(type_of(one), ValueType::integer) << one;
  EXPECT_EQ(read_value("1,234,567").number, 1'234'567);
  EXPECT_EQ(read_value("-1.234.567").number, -1'234'567);
  EXPECT_EQ(read_value("123456789012345678").number, 123456789012345678.0);
}

TEST(ValueType, Numbers) {
  const std::pair<const char*, double> numbers[] = {
      {"1.5", 1.5},        {"-0.25", -0.25},      {".5", 0.5},           {"3.", 3},
      {"12,5", 12.5},      {"1,234.56", 1234.56}, {"1.234,56", 1234.56}, {"1e3", 1000},
      {"-2.5E-2", -0.025}, {"1.234", 1.234},      {"1,2345", 1.2345}};
  for (const auto& [text, number] : numbers) {
    EXPECT_EQ(type_of(text), ValueType::number) << text;
    EXPECT_DOUBLE_EQ(read_value(text).number, number) << text;
  }
  for (const char* one : {"1,23,456.0", "1.2.3", "1e", "e5", "--1", "1-2", "+", "-", ".", ",", "1,2,3", "0x1F", "1e+"})
    EXPECT_EQ(type_of(one), ValueType::text) << one;
  EXPECT_EQ(type_of("1e999"), ValueType::number);
  EXPECT_FALSE(read_value("1e999").has_number());
  EXPECT_FALSE(read_value("1e200").has_number());
}

TEST(ValueType, Booleans) {
  for (const char* one : {"true", "FALSE", "t", "F", "Yes", "no", "y", "N"})
    EXPECT_EQ(type_of(one), ValueType::boolean) << one;
  for (const char* one : {"truth", "m", "nope", "on", "ja"}) EXPECT_EQ(type_of(one), ValueType::text) << one;
  EXPECT_EQ(type_of("1"), ValueType::integer);
}

TEST(ValueType, Dates) {
  for (const char* one : {"2024-02-29", "2024/02/29", "2024.2.29", "29.02.2024", "29.2.24", "29/02/2024", "02/29/2024",
                          "29 Feb 2024", "29-FEB-24", "Feb 29, 2024", "February 29, 2024", "29. Februar 2024"}) {
    EXPECT_EQ(type_of(one), ValueType::date) << one;
    EXPECT_EQ(read_value(one).number, seconds(2024, 2, 29)) << one;
  }
  EXPECT_EQ(read_value("31.12.69").number, seconds(1969, 12, 31));
  EXPECT_EQ(read_value("31.12.68").number, seconds(2068, 12, 31));
  EXPECT_EQ(read_value("9999-12-31").number, seconds(9999, 12, 31));
  EXPECT_EQ(read_value("0001-01-01").number, seconds(1, 1, 1));
}

TEST(ValueType, DaysThatDoNotExistAreNoDates) {
  for (const char* one : {"2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "0000-00-00", "31.04.2024",
                          "29.02.1900", "13.13.2024", "32/01/2024", "31 Feb 2024", "2024-1", "2024-02-29x", "1.2.345"})
    EXPECT_EQ(type_of(one), ValueType::text) << one;
}

TEST(ValueType, OrdersOfDayAndMonth) {
  EXPECT_EQ(read_value("29/02/2024").order, DayOrder::day_first);
  EXPECT_EQ(read_value("02/29/2024").order, DayOrder::month_first);
  EXPECT_EQ(read_value("03/03/2024").order, DayOrder::certain);
  EXPECT_EQ(read_value("03.02.2024").order, DayOrder::certain);
  const Reading either = read_value("03/02/2024");
  EXPECT_EQ(either.order, DayOrder::either);
  EXPECT_EQ(either.number, seconds(2024, 2, 3));
  EXPECT_EQ(either.month_first, seconds(2024, 3, 2));
}

TEST(ValueType, TimesAndTimestamps) {
  for (const char* one : {"13:05", "1:05", "13:05:59", "13:05:59.123", "1:05 PM", "12:00am", "13:05Z", "13:05+02:00",
                          "23:59:60", "24:00"})
    EXPECT_EQ(type_of(one), ValueType::time) << one;
  for (const char* one : {"25:00", "13:60", "24:01", "13:5", "13:05:61", "13:05 PM", "1:05 XM", "12:30+15:00", ":30"})
    EXPECT_EQ(type_of(one), ValueType::text) << one;
  const std::pair<const char*, double> stamps[] = {{"2024-02-29T13:05:59Z", 13 * 3600 + 5 * 60 + 59},
                                                   {"2024-02-29 13:05:59.5", 13 * 3600 + 5 * 60 + 59.5},
                                                   {"2024-02-29T13:05:59+02:00", 11 * 3600 + 5 * 60 + 59},
                                                   {"2024-02-29 13:05:59-0330", 16 * 3600 + 35 * 60 + 59},
                                                   {"2024-02-29 13:05:59+02", 11 * 3600 + 5 * 60 + 59},
                                                   {"29.02.2024 13:05", 13 * 3600 + 5 * 60},
                                                   {"02/29/2024 1:05 PM", 13 * 3600 + 5 * 60},
                                                   {"2024-02-29 00:00:00 UTC", 0}};
  for (const auto& [text, more] : stamps) {
    EXPECT_EQ(type_of(text), ValueType::timestamp) << text;
    EXPECT_DOUBLE_EQ(read_value(text).number, seconds(2024, 2, 29, more)) << text;
  }
  for (const char* one : {"2024-02-29T", "2024-02-29 25:00", "2024-02-29_13:05", "2023-02-29 13:05"})
    EXPECT_EQ(type_of(one), ValueType::text) << one;
}

TEST(ValueType, Uuids) {
  EXPECT_EQ(type_of("123e4567-e89b-12d3-a456-426614174000"), ValueType::uuid);
  EXPECT_EQ(type_of("{123E4567-E89B-12D3-A456-426614174000}"), ValueType::uuid);
  EXPECT_EQ(type_of("123e4567-e89b-12d3-a456-42661417400"), ValueType::text);
  EXPECT_EQ(type_of("123e4567-e89b-12d3-a456-42661417400g"), ValueType::text);
  EXPECT_EQ(type_of("123e4567e89b-12d3-a456-4266141740001"), ValueType::text);
}

TEST(ValueType, TheRestIsText) {
  for (const char* one : {"", "   ", "Berlin", "A1", "12 apples", "12%", "12 345", "\xC3\xA4", "a@b.c", "10.0.0.1",
                          "https://example.org", "12;13", "May", "Feb 2024"})
    EXPECT_EQ(type_of(one), ValueType::text) << one;
  EXPECT_EQ(type_of(std::string(1 << 20, '7')), ValueType::text);
}

// Whatever stands there, reading ends, and what is a number is finite.
TEST(ValueType, AnyBytesAreReadSomehow) {
  constexpr std::string_view alphabet = "0123456789.,-+:/ eETZabcfF{}\xC3\xA4JanMayPM";
  std::mt19937 random(4);
  for (int i = 0; i < 300'000; ++i) {
    std::string value(random() % 24, ' ');
    for (char& c : value) c = alphabet[random() % alphabet.size()];
    const Reading reading = read_value(value);
    if (reading.has_number()) {
      EXPECT_LE(std::abs(reading.number), 1e100);
      EXPECT_NE(reading.type, ValueType::text);
    }
    EXPECT_EQ(reading.order == DayOrder::either, reading.month_first == reading.month_first);
  }
}

}  // namespace
}  // namespace assay::profile
