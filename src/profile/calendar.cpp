#include "profile/calendar.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "core/month_names.h"

namespace assay::profile {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

/// Takes pieces from the front of a text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  size_t at() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }
  char next() const { return at_end() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take_one_of(std::string_view set, char& taken) {
    if (at_end()) return false;
    for (const char c : set) {
      if (c != text_[at_]) continue;
      taken = c;
      ++at_;
      return true;
    }
    return false;
  }
  /// The digits in front; at most `most` of them, nothing when there are more or less than `least`.
  std::optional<int> number(size_t least, size_t most) {
    int value = 0;
    size_t digits = 0;
    for (; at_ + digits < text_.size() && is_digit(text_[at_ + digits]); ++digits) {
      if (digits == most) return std::nullopt;
      value = value * 10 + (text_[at_ + digits] - '0');
    }
    if (digits < least) return std::nullopt;
    at_ += digits;
    digits_ = digits;
    return value;
  }
  size_t digits() const { return digits_; }  ///< of the last number
  /// A month's name or abbreviation, with a full stop or without; 0: none.
  int month() {
    std::array<char, 24> folded{};
    size_t size = 0;
    for (; at_ + size < text_.size() && is_letter(text_[at_ + size]); ++size) {
      if (size == folded.size()) return 0;
      const char c = text_[at_ + size];
      folded[size] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    const int month = core::month_of({folded.data(), size});
    if (month == 0) return 0;
    at_ += size;
    take('.');
    return month;
  }

 private:
  std::string_view text_;
  size_t at_ = 0, digits_ = 0;
};

std::optional<int64_t> days_of(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (year < 1 || !date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

int full_year(int year, size_t digits) { return digits > 2 ? year : year + (year < 69 ? 2000 : 1900); }

std::optional<int> take_year(Cursor& in) {
  const auto year = in.number(2, 4);
  if (!year || in.digits() == 3) return std::nullopt;
  return full_year(*year, in.digits());
}

std::optional<DateReading> year_first(Cursor in) {
  char mark = 0, again = 0;
  const auto year = in.number(4, 4);
  if (!year || !in.take_one_of("-/.", mark)) return std::nullopt;
  const auto month = in.number(1, 2);
  if (!month || !in.take_one_of("-/.", again) || again != mark) return std::nullopt;
  const auto day = in.number(1, 2);
  const auto days = day ? days_of(*year, *month, *day) : std::nullopt;
  if (!days) return std::nullopt;
  return DateReading{.order = DayOrder::certain, .days = *days, .days_month_first = *days, .length = in.at()};
}

std::optional<DateReading> year_last(Cursor in) {
  char mark = 0, again = 0;
  const auto first = in.number(1, 2);
  if (!first || !in.take_one_of("-/.", mark)) return std::nullopt;
  const auto second = in.number(1, 2);
  if (!second || !in.take_one_of("-/.", again) || again != mark) return std::nullopt;
  const auto year = take_year(in);
  if (!year) return std::nullopt;
  const auto day_first = days_of(*year, *second, *first), month_first = days_of(*year, *first, *second);
  const auto reading = [&](DayOrder order, int64_t days, int64_t other) {
    return DateReading{.order = order, .days = days, .days_month_first = other, .length = in.at()};
  };
  if (mark == '.') {
    if (!day_first) return std::nullopt;
    return reading(DayOrder::certain, *day_first, *day_first);
  }
  if (day_first && month_first)
    return reading(*first == *second ? DayOrder::certain : DayOrder::either, *day_first, *month_first);
  if (day_first) return reading(DayOrder::day_first, *day_first, *day_first);
  if (month_first) return reading(DayOrder::month_first, *month_first, *month_first);
  return std::nullopt;
}

void take_separators(Cursor& in) {
  char taken = 0;
  while (in.take_one_of(" -.,/", taken)) {
  }
}

std::optional<DateReading> with_name(Cursor in) {
  std::optional<int> day;
  int month = 0;
  if (is_digit(in.next())) {
    day = in.number(1, 2);
    take_separators(in);
    month = in.month();
  } else {
    month = in.month();
    take_separators(in);
    day = in.number(1, 2);
  }
  if (!day || month == 0) return std::nullopt;
  take_separators(in);
  const auto year = take_year(in);
  const auto days = year ? days_of(*year, month, *day) : std::nullopt;
  if (!days) return std::nullopt;
  return DateReading{.order = DayOrder::certain, .days = *days, .days_month_first = *days, .length = in.at()};
}

// "Z", "+02:00", "+0200", "+02" at the end. False when what is there is none.
bool take_zone(Cursor& in, double& offset) {
  in.take(' ');
  if (in.at_end() || in.take('Z') || in.take('z')) return in.at_end();
  char sign = 0;
  if (!in.take_one_of("+-", sign)) {
    for (const char c : std::string_view("UTC"))
      if (!in.take(c)) return false;
    return in.at_end();
  }
  const auto number = in.number(2, 4);
  if (!number || in.digits() == 3) return false;
  int hours = in.digits() == 4 ? *number / 100 : *number, minutes = in.digits() == 4 ? *number % 100 : 0;
  if (in.digits() == 2 && in.take(':')) {
    const auto more = in.number(2, 2);
    if (!more) return false;
    minutes = *more;
  }
  if (hours > 14 || minutes > 59) return false;
  offset = (sign == '-' ? -60.0 : 60.0) * (hours * 60 + minutes);
  return in.at_end();
}

}  // namespace

std::optional<DateReading> read_date(std::string_view text) noexcept {
  if (text.size() < 6) return std::nullopt;
  const Cursor in(text);
  if (text.size() >= 8 && is_digit(text[2]) && is_digit(text[3]))
    if (auto reading = year_first(in)) return reading;
  if (is_digit(text[0]))
    if (auto reading = year_last(in)) return reading;
  return with_name(in);
}

std::optional<TimeReading> read_time(std::string_view text) noexcept {
  Cursor in(text);
  auto hours = in.number(1, 2);
  if (!hours || !in.take(':')) return std::nullopt;
  const auto minutes = in.number(2, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  double seconds = 0;
  if (in.take(':')) {
    const auto whole = in.number(2, 2);
    if (!whole || *whole > 60) return std::nullopt;
    seconds = *whole;
    if (char mark = 0; in.take_one_of(".,", mark)) {
      const auto part = in.number(1, 9);
      if (!part) return std::nullopt;
      double scale = 1;
      for (size_t i = 0; i < in.digits(); ++i) scale *= 10;
      seconds += *part / scale;
    }
  }
  const bool has_blank = in.next() == ' ';
  Cursor half = in;
  if (has_blank) half.take(' ');
  if (char which = 0, m = 0; half.take_one_of("aApP", which) && half.take_one_of("mM", m)) {
    if (*hours < 1 || *hours > 12) return std::nullopt;
    hours = *hours % 12 + ((which | 0x20) == 'p' ? 12 : 0);
    in = half;
  }
  TimeReading reading;
  if (!take_zone(in, reading.zone_offset)) return std::nullopt;
  if (*hours > 24 || (*hours == 24 && (*minutes != 0 || seconds != 0))) return std::nullopt;
  reading.seconds = *hours * 3600.0 + *minutes * 60.0 + seconds;
  return reading;
}

}  // namespace assay::profile
