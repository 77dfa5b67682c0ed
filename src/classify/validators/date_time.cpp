#include "classify/validators/date_text.h"
#include "classify/validators/global_checks.h"

namespace assay::classify::global {
namespace {

std::string_view skip_to_time(std::string_view text) {
  const size_t digit = text.find_first_of("0123456789");
  return digit == std::string_view::npos ? std::string_view{} : text.substr(digit);
}

Check date_within(std::string_view value, int first_year, int last_year) {
  const auto date = read_date(value);
  if (!date || date->year < first_year || date->year > last_year) return Check::invalid;
  const auto time = skip_to_time(date->rest);
  if (!time.empty() && read_time(time) == 0) return Check::invalid;
  return date->has_century ? Check::valid : Check::plausible;
}

}  // namespace

Check date_time(std::string_view value) noexcept { return date_within(value, 1700, 2199); }

// The oldest people alive were born after 1900. The present is not asked: a check gives the same answer every day.
Check date_of_birth(std::string_view value) noexcept { return date_within(value, 1900, 2049); }

Check time_of_day(std::string_view value) noexcept {
  const size_t used = read_time(value);
  if (used == 0) return Check::invalid;
  return used == value.size() || (used + 1 == value.size() && value.back() == '.') ? Check::valid : Check::invalid;
}

}  // namespace assay::classify::global
