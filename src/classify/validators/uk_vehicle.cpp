#include <algorithm>

#include "classify/validators/symbols.h"
#include "classify/validators/uk_checks.h"

namespace assay::classify {
namespace {

/// Words that follow a name with a number in ordinary text: months, currencies, legal forms, devices.
constexpr std::string_view ordinary_endings[] = {
    "ALL", "AND", "APR", "AUG", "BUS", "CPU", "DAY", "DEC", "ELF", "EUR", "FEB", "FOR", "GBP", "GPU",
    "HRS", "JAN", "JUL", "JUN", "LCD", "LED", "LLC", "LTD", "MAR", "MAY", "MPH", "NEW", "NHS", "NOT",
    "NOV", "OCT", "PCB", "RAM", "ROM", "RPM", "SEP", "SET", "THE", "USB", "USD", "XML", "YTD"};

constexpr std::string_view first_of_memory_tag = "ABCDEFGHKLMNOPRSVWXY";

bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }

/// Two letters, two digits, three letters.
bool has_shape_of_2001(const Symbols& s) noexcept {
  return s.size() == 7 && !s.is_digit(0) && !s.is_digit(1) && s.digits_in(2, 4) && !s.is_digit(4) && !s.is_digit(5) &&
         !s.is_digit(6);
}

/// March plates bear the year, September plates the year and fifty; the scheme began in September 2001 with 51.
/// What is not yet reached is left to other meanings of the digits.
bool is_age_identifier(int age) noexcept { return (age >= 2 && age <= 30) || (age >= 51 && age <= 80); }

Check mark_of_2001(const Symbols& s) noexcept {
  const auto mark = s.view();
  if (first_of_memory_tag.find(mark[0]) == std::string_view::npos) return Check::invalid;
  if (mark[1] == 'I' || mark[1] == 'Q' || mark[1] == 'Z') return Check::invalid;
  if (mark.substr(4).find_first_of("IQ") != std::string_view::npos) return Check::invalid;
  if (!is_age_identifier(static_cast<int>(s.number(2, 4)))) return Check::invalid;
  const auto tag = mark.substr(0, 2);
  const bool fiscal_year = tag == "FY" || tag == "CY";
  const bool ordinary = std::ranges::find(ordinary_endings, mark.substr(4)) != std::end(ordinary_endings);
  return fiscal_year || ordinary ? Check::plausible : Check::valid;
}

}  // namespace

Check uk_vehicle_registration(std::string_view value) noexcept {
  const Symbols s(value);
  if (s.size() < 4 || s.size() > 7) return Check::invalid;
  if (has_shape_of_2001(s)) return mark_of_2001(s);
  const auto mark = s.view();
  // Q marks vehicles of unknown age and stands only in front; I is only in Northern Irish marks.
  if (mark.find('Q', 1) != std::string_view::npos) return Check::invalid;
  return is_letter(mark[0]) && std::ranges::any_of(mark, [](char c) { return !is_letter(c) && c != '0'; })
             ? Check::plausible
             : Check::invalid;
}

}  // namespace assay::classify
