#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace assay::classify {

struct DateText {
  int year = 0;
  int month = 0;
  int day = 0;               ///< 1 when the text names a month only
  bool has_century = false;  ///< the year was written with four digits
  std::string_view rest;     ///< what follows the date: a time of day, or nothing
};

/// A day of the Gregorian calendar as people and ISO 8601 write it: 2024-02-29, 20240229, 2024-060, 2024-W09-4,
/// 29.02.2024, 02/29/24, 29 February 2024, Feb 29, 2024. Where day and month could be either, the first of day-month
/// and month-day that exists is taken. nullopt when there is no such day.
std::optional<DateText> read_date(std::string_view text) noexcept;

/// Bytes of the time of day at the front of `text` (13:05, 1:05:59 PM, 13:05:59.123+02:00, 130559Z), 0 when there is
/// none.
size_t read_time(std::string_view text) noexcept;

}  // namespace assay::classify
