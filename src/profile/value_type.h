#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace assay::profile {

/// What a value reads as.
enum class ValueType : uint8_t { text, integer, number, boolean, date, time, timestamp, uuid };
inline constexpr size_t value_type_count = 8;
std::string_view to_string(ValueType type);

/// In which orders the numbers of a date name a day that exists.
enum class DayOrder : uint8_t {
  certain,      ///< the form says it: 2024-02-29, 29.02.2024, 29 Feb 2024
  day_first,    ///< only so: 29/02/2024
  month_first,  ///< only so: 02/29/2024
  either        ///< 03/02/2024
};

/// What one value reads as, and what can be reckoned with.
struct Reading {
  ValueType type = ValueType::text;
  DayOrder order = DayOrder::certain;  ///< of dates and timestamps
  double number =
      nothing;  ///< of integers and numbers; of dates and timestamps seconds since 1970, day first if either
  double month_first = nothing;  ///< of dates that could be either: the other reading

  static constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  bool has_number() const { return number == number; }
};

/// Reads a value as what it is in writing; white space around it does not count.
///
/// - integer, number: signs, "1,234.5", "1.234,5", "12,5", "1e-3"; a comma with three digits behind it separates
///   thousands. Leading zeros do not matter.
/// - boolean: true, false, yes, no, t, f, y, n in any case. 0 and 1 are integers.
/// - date: ISO 8601 (2024-02-29, 2024/02/29, 2024.02.29), 29.02.2024, 29/02/2024, 02/29/24 and the same with dashes,
///   29 Feb 2024, 29-FEB-24, February 29, 2024 (month names of core/month_names.h). Only days that exist are dates:
///   2023-02-29 is text. Years of two digits are 1969 to 2068 (POSIX). Eight digits are an integer.
/// - time: 13:05, 13:05:59.123, 1:05 PM, with a zone or without.
/// - timestamp: a date and a time, with a blank or T between (RFC 3339). Without a zone it is taken for UTC.
/// - uuid: RFC 9562, with or without braces.
Reading read_value(std::string_view value) noexcept;

}  // namespace assay::profile
