#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "profile/value_type.h"

namespace assay::profile {

/// A date at the front of a value and what follows it.
struct DateReading {
  DayOrder order = DayOrder::certain;
  int64_t days = 0;              ///< since 1970-01-01 (Gregorian); day first if either
  int64_t days_month_first = 0;  ///< if either
  size_t length = 0;             ///< bytes it takes
};

/// A day that exists, as read_value() takes it. Nothing when there is none at the front of the text.
std::optional<DateReading> read_date(std::string_view text) noexcept;

/// A time of day; all of `text`.
struct TimeReading {
  double seconds = 0;      ///< since midnight
  double zone_offset = 0;  ///< seconds east of UTC; 0 without a zone
};
std::optional<TimeReading> read_time(std::string_view text) noexcept;

}  // namespace assay::profile
