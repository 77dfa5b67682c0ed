#include "classify/validators/date_text.h"

#include <array>

#include "classify/validators/checksums.h"
#include "core/month_names.h"

namespace assay::classify {
namespace {

struct Field {
  int number = 0;
  int digits = 0;  // 0: a month's name
};

struct Fields {
  std::array<Field, 3> at{};
  size_t count = 0;
  std::string_view rest;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

int month_of_word(std::string_view word) {
  std::array<char, 24> folded{};
  if (word.size() > folded.size()) return 0;
  for (size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    folded[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return core::month_of({folded.data(), word.size()});
}

/// Up to three numbers and month names; other words (weekdays, "of", ordinal endings) are passed over.
Fields split(std::string_view text) {
  Fields fields;
  size_t i = 0;
  while (i < text.size() && fields.count < 3) {
    const size_t start = i;
    if (is_digit(text[i])) {
      int number = 0;
      while (i < text.size() && is_digit(text[i]) && i - start < 9) number = number * 10 + (text[i++] - '0');
      fields.at[fields.count++] = {number, static_cast<int>(i - start)};
      if (i - start >= 8) break;
    } else if (is_letter(text[i])) {
      while (i < text.size() && is_letter(text[i])) ++i;
      if (const int month = month_of_word(text.substr(start, i - start)); month != 0)
        fields.at[fields.count++] = {month, 0};
    } else {
      ++i;
    }
  }
  fields.rest = text.substr(i);
  return fields;
}

std::optional<DateText> date(int year, int month, int day, bool has_century, std::string_view rest) {
  if (!has_century) year += year < 50 ? 2000 : 1900;
  if (!is_date(year, month, day)) return std::nullopt;
  return DateText{year, month, day, has_century, rest};
}

std::optional<DateText> compact(const Fields& f) {
  const int n = f.at[0].number;
  if (auto d = date(n / 10000, n / 100 % 100, n % 100, true, f.rest); d && d->year >= 1000) return d;
  if (auto d = date(n % 10000, n / 10000 % 100, n / 1000000, true, f.rest); d && d->year >= 1000) return d;
  return date(n % 10000, n / 1000000, n / 10000 % 100, true, f.rest);
}

std::optional<DateText> with_month_name(const Fields& f) {
  int month = 0;
  std::array<Field, 2> others{};
  size_t count = 0;
  for (size_t i = 0; i < f.count; ++i) {
    if (f.at[i].digits == 0 && month == 0) {
      month = f.at[i].number;
    } else if (count < 2) {
      others[count++] = f.at[i];
    }
  }
  if (count == 1 && others[0].digits == 4) return date(others[0].number, month, 1, true, f.rest);
  if (count == 1 && others[0].digits <= 2 && others[0].digits > 0)
    return date(2000, month, others[0].number, true, f.rest);
  if (count != 2) return std::nullopt;
  if (others[0].digits == 4) return date(others[0].number, month, others[1].number, true, f.rest);
  const bool has_century = others[1].digits == 4;
  if (!has_century && others[1].digits != 2) return std::nullopt;
  return date(others[1].number, month, others[0].number, has_century, f.rest);
}

std::optional<DateText> numeric(const Fields& f) {
  const auto [a, b, c] = f.at;
  if (b.digits > 2 || a.digits == 3 || c.digits == 3) return std::nullopt;
  if (a.digits == 4) return c.digits <= 2 ? date(a.number, b.number, c.number, true, f.rest) : std::nullopt;
  if (a.digits > 2 || c.digits > 4) return std::nullopt;
  const bool has_century = c.digits == 4;
  if (!has_century && c.digits != 2) return std::nullopt;
  if (auto d = date(c.number, b.number, a.number, has_century, f.rest)) return d;
  if (auto d = date(c.number, a.number, b.number, has_century, f.rest)) return d;
  return has_century || a.digits != 2 ? std::nullopt : date(a.number, b.number, c.number, false, f.rest);
}

/// ISO 8601 week (2024-W09-4) and ordinal dates (2024-060); the day found is the first of the month it may lie in.
std::optional<DateText> week_or_ordinal(std::string_view text) {
  const Fields f = split(text.substr(0, text.find_first_of("Tt")));
  if (f.count < 2 || f.at[0].digits != 4) return std::nullopt;
  const size_t used = text.find_first_of("Tt");
  const auto rest = used == std::string_view::npos ? std::string_view{} : text.substr(used);
  if (text.size() > 5 && text[5] == 'W') {
    const bool fits = f.at[1].digits == 2 && f.at[1].number >= 1 && f.at[1].number <= 53 &&
                      (f.count == 2 || (f.at[2].number >= 1 && f.at[2].number <= 7));
    return fits ? std::optional(DateText{f.at[0].number, 1, 1, true, rest}) : std::nullopt;
  }
  const int last = is_date(f.at[0].number, 2, 29) ? 366 : 365;
  if (f.count != 2 || f.at[1].digits != 3 || f.at[1].number < 1 || f.at[1].number > last) return std::nullopt;
  return DateText{f.at[0].number, 1, 1, true, rest};
}

// Year, month and day by ISO 8601, the way in which most dates are written.
bool is_iso_date(std::string_view text) {
  constexpr std::string_view form = "0000-00-00";
  if (text.size() < form.size() || (text.size() > form.size() && is_digit(text[form.size()]))) return false;
  for (size_t i = 0; i < form.size(); ++i)
    if (form[i] == '-' ? text[i] != '-' : !is_digit(text[i])) return false;
  return true;
}

bool two_digits(std::string_view text, size_t at, int most) {
  return at + 2 <= text.size() && is_digit(text[at]) && is_digit(text[at + 1]) &&
         (text[at] - '0') * 10 + (text[at + 1] - '0') <= most;
}

size_t fraction(std::string_view text, size_t at) {
  if (at + 1 >= text.size() || (text[at] != '.' && text[at] != ',') || !is_digit(text[at + 1])) return at;
  ++at;
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

size_t zone_or_half_of_day(std::string_view text, size_t at) {
  size_t i = at;
  while (i < text.size() && text[i] == ' ') ++i;
  if (i == text.size()) return at;
  const char c = text[i];
  if (c == 'Z' || c == 'z') return i + 1;
  if ((c == '+' || c == '-') && two_digits(text, i + 1, 15)) {
    i += 3;
    if (i < text.size() && text[i] == ':') ++i;
    return two_digits(text, i, 59) ? i + 2 : i;
  }
  if (c == 'a' || c == 'A' || c == 'p' || c == 'P') {
    ++i;
    if (i < text.size() && text[i] == '.') ++i;
    if (i < text.size() && (text[i] == 'm' || text[i] == 'M')) return i + 1;
  }
  return at;
}

}  // namespace

size_t read_time(std::string_view text) noexcept {
  size_t i = 0;
  if (two_digits(text, 0, 99)) {
    if (!two_digits(text, 0, 24)) return 0;
    i = 2;
  } else if (!text.empty() && is_digit(text[0])) {
    i = 1;
  } else {
    return 0;
  }
  const bool extended = i < text.size() && (text[i] == ':' || text[i] == '.');
  const char separator = extended ? text[i] : '\0';
  if (extended) ++i;
  if (!two_digits(text, i, 59)) return 0;
  i += 2;
  if (i < text.size() && is_digit(text[i]) && extended) return 0;
  const size_t seconds = extended ? i + 1 : i;
  const bool has_seconds = extended ? i < text.size() && text[i] == separator : i < text.size() && is_digit(text[i]);
  if (has_seconds) {
    if (!two_digits(text, seconds, 60)) return 0;
    i = fraction(text, seconds + 2);
  }
  return zone_or_half_of_day(text, i);
}

std::optional<DateText> read_date(std::string_view text) noexcept {
  if (is_iso_date(text)) {
    const auto two = [&](size_t i) { return (text[i] - '0') * 10 + (text[i + 1] - '0'); };
    return date(two(0) * 100 + two(2), two(5), two(8), true, text.substr(10));
  }
  const Fields f = split(text);
  if (f.count == 0) return std::nullopt;
  if (f.at[0].digits == 8) return compact(f);
  for (size_t i = 0; i < f.count; ++i)
    if (f.at[i].digits == 0) return with_month_name(f);
  const bool iso_year = f.at[0].digits == 4;
  if (iso_year && ((text.size() > 5 && text[5] == 'W') || (f.count > 1 && f.at[1].digits == 3)))
    return week_or_ordinal(text);
  return f.count == 3 ? numeric(f) : std::nullopt;
}

}  // namespace assay::classify
