#include <array>
#include <cstring>

#include "classify/validators/de_checks.h"
#include "classify/validators/de_districts.h"

namespace assay::classify {
namespace {

constexpr size_t longest_mark = 6;  // three umlauts of two bytes

bool is_district(std::string_view mark) noexcept {
  if (mark.empty() || mark.size() > longest_mark) return false;
  std::array<char, longest_mark + 2> padded{' '};
  std::memcpy(padded.data() + 1, mark.data(), mark.size());
  padded[mark.size() + 1] = ' ';
  return de_district_marks.find({padded.data(), mark.size() + 2}) != std::string_view::npos;
}

bool is_capital(char c) noexcept { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Bytes of the letters that `text` begins with: capitals and, in UTF-8, the umlauts.
size_t leading_letters(std::string_view text) noexcept {
  size_t n = 0;
  while (n < text.size() && (is_capital(text[n]) || static_cast<unsigned char>(text[n]) >= 0x80)) ++n;
  return n;
}

size_t skip_separator(std::string_view text) noexcept {
  return !text.empty() && (text.front() == '-' || text.front() == ' ' || text.front() == ':') ? 1 : 0;
}

/// One to four digits, the first not zero, and E for electric or H for historic vehicles.
bool is_number(std::string_view text) noexcept {
  if (!text.empty() && (text.back() == 'E' || text.back() == 'H')) text.remove_suffix(1);
  if (text.empty() || text.size() > 4 || text.front() == '0') return false;
  for (char c : text)
    if (!is_digit(c)) return false;
  return true;
}

/// Initials that no office issues.
bool is_refused(std::string_view letters) noexcept {
  return letters == "HJ" || letters == "KZ" || letters == "NS" || letters == "SA" || letters == "SS";
}

bool are_issued_letters(std::string_view letters) noexcept {
  return (letters.size() == 1 || letters.size() == 2) && is_capital(letters.front()) && is_capital(letters.back()) &&
         !is_refused(letters);
}

}  // namespace

/// District, one or two letters, number. Written in one piece the district may end at several places; any will do.
Check de_kfz(std::string_view value) noexcept {
  const size_t mark = leading_letters(value);
  if (mark == 0 || mark > 8) return Check::invalid;
  auto rest = value.substr(mark);
  rest.remove_prefix(skip_separator(rest));
  const size_t letters = leading_letters(rest);
  if (letters > 0) {
    auto number = rest.substr(letters);
    number.remove_prefix(skip_separator(number));
    if (!are_issued_letters(rest.substr(0, letters)) || !is_number(number)) return Check::invalid;
    return is_district(value.substr(0, mark)) ? Check::valid : Check::plausible;
  }
  if (!is_number(rest)) return Check::invalid;
  for (size_t district = 1; district < mark && district <= longest_mark; ++district)
    if (is_district(value.substr(0, district)) && are_issued_letters(value.substr(district, mark - district)))
      return Check::valid;
  return Check::invalid;
}

/// Five digits of which the first two name a region; 00, 05, 43 and 62 name none.
Check de_plz(std::string_view value) noexcept {
  if (value.size() > 5 && (value.starts_with("D-") || value.starts_with("d-"))) value.remove_prefix(2);
  if (value.size() != 5) return Check::invalid;
  for (char c : value)
    if (!is_digit(c)) return Check::invalid;
  const auto region = value.substr(0, 2);
  if (region == "00" || region == "05" || region == "43" || region == "62") return Check::invalid;
  return value == "01000" || value == "99999" ? Check::invalid : Check::plausible;
}

}  // namespace assay::classify
