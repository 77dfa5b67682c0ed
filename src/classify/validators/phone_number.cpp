#include <algorithm>
#include <array>
#include <cstdint>

#include "classify/validators/calling_codes.h"
#include "classify/validators/global_checks.h"
#include "classify/validators/symbols.h"

namespace assay::classify::global {
namespace {

/// The digits before an extension ("x123", "ext. 123"), which is none of the number's own.
std::string_view without_extension(std::string_view value) {
  static constexpr auto begins_extension = [] {
    std::array<bool, 256> table{};
    for (const char c : {'x', 'X', 'e', 'E', '#', ';'}) table[static_cast<unsigned char>(c)] = true;
    return table;
  }();
  return {value.begin(),
          std::ranges::find_if(value, [](char c) { return begins_extension[static_cast<unsigned char>(c)]; })};
}

// By code: its place in calling_codes and one; 0 where there is none.
constexpr auto place_of_code = [] {
  std::array<uint8_t, 1000> table{};
  for (size_t i = 0; i < calling_codes.size(); ++i)
    table[static_cast<size_t>(calling_codes[i].code)] = static_cast<uint8_t>(i + 1);
  return table;
}();
static_assert(calling_codes.size() < 255);

const CallingCode* calling_code_of(const Symbols& digits) {
  size_t code = 0;
  for (size_t i = 0; i < 3 && i + 1 < digits.size(); ++i) {
    code = code * 10 + static_cast<size_t>(digits.digit(i));
    if (const uint8_t found = place_of_code[code]; found != 0) return &calling_codes[found - 1];
  }
  return nullptr;
}

/// North American Numbering Plan: NXX NXX XXXX, N from 2 to 9; N11 are services, N9X is kept for expansion, and 37X and
/// 96X are set aside (NANPA, area code definitions).
bool is_north_american(const Symbols& s, size_t at) {
  if (s.size() != at + 10) return false;
  const auto is_service = [&](size_t i) { return s[i + 1] == '1' && s[i + 2] == '1'; };
  if (s[at] < '2' || s[at + 3] < '2' || is_service(at) || is_service(at + 3)) return false;
  if (s[at + 1] == '9') return false;
  const auto area = s.number(at, at + 2);
  return area != 37 && area != 96;
}

/// 5555555555, 123456789 and 1234567890 are what people type to fill a field.
bool is_filler(const Symbols& s, size_t at) {
  bool same = true;
  bool ascending = true;
  for (size_t i = at + 1; i < s.size() && (same || ascending); ++i) {
    const bool last_zero = i + 1 == s.size() && s[i - 1] == '9' && s[i] == '0';
    same &= s[i] == s[at];
    ascending &= s[i] == s[i - 1] + 1 || last_zero;
  }
  return same || ascending;
}

}  // namespace

Check phone_international(std::string_view value) noexcept {
  value = without_extension(value);
  if (value.starts_with("00")) value.remove_prefix(2);
  // "+44 (0)20": the trunk prefix in brackets is not dialled from abroad.
  const auto bracket = std::ranges::find(value, '(');
  const size_t trunk = bracket == value.end() ? std::string_view::npos : value.find("(0)");
  const Symbols s(value);
  if (s.overflow() || !s.all_digits() || s.size() > 16) return Check::invalid;
  const CallingCode* code = calling_code_of(s);
  if (code == nullptr) return Check::invalid;
  const size_t code_digits = code->code >= 100 ? 3 : code->code >= 10 ? 2 : 1;
  if (trunk != std::string_view::npos && Symbols(value.substr(0, trunk)).size() != code_digits) return Check::invalid;
  const size_t national = s.size() - code_digits - (trunk != std::string_view::npos ? 1 : 0);
  if (national < static_cast<size_t>(code->shortest) || national > static_cast<size_t>(code->longest))
    return Check::invalid;
  if (is_filler(s, code_digits)) return Check::invalid;
  if (code->code == 1) return is_north_american(s, 1) ? Check::valid : Check::invalid;
  // Italy, San Marino and a few others keep a leading zero; everywhere else it is a mistake, but a common one.
  return Check::valid;
}

Check phone_north_america(std::string_view value) noexcept {
  const Symbols s(without_extension(value));
  if (!s.all_digits() || s.size() < 10 || s.size() > 11) return Check::invalid;
  const size_t at = s.size() - 10;
  if (at == 1 && s[0] != '1') return Check::invalid;
  return is_north_american(s, at) && !is_filler(s, at) ? Check::valid : Check::invalid;
}

Check phone_national(std::string_view value) noexcept {
  const Symbols s(without_extension(value));
  if (!s.all_digits() || s.size() < 7 || s.size() > 12 || is_filler(s, s[0] == '0' ? 1 : 0)) return Check::invalid;
  return Check::plausible;
}

}  // namespace assay::classify::global
