#include "extract/legacy/cell_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

namespace assay::extract {
namespace {

struct Token {
  char c;
  bool literal;
};

/// The first section of the code without colours, conditions and padding; quoted and escaped characters are literal.
std::vector<Token> tokens_of(std::string_view code) {
  std::vector<Token> tokens;
  for (size_t i = 0; i < code.size(); ++i) {
    switch (code[i]) {
      case ';': return tokens;
      case '"':
        for (++i; i < code.size() && code[i] != '"'; ++i) tokens.push_back({code[i], true});
        break;
      case '\\':
        if (++i < code.size()) tokens.push_back({code[i], true});
        break;
      case '[': {
        const bool elapsed = i + 1 < code.size() && std::string_view("hHmMsS").contains(code[i + 1]);
        if (elapsed) tokens.push_back({'h', false});
        while (i < code.size() && code[i] != ']') ++i;
        break;
      }
      case '_':
      case '*': ++i; break;
      default: tokens.push_back({code[i], std::string_view(" -/()+").contains(code[i])});
    }
  }
  return tokens;
}

}  // namespace

NumberKind number_kind(std::string_view code) {
  if (code.starts_with("General") || code == "@") return NumberKind::plain;
  const auto tokens = tokens_of(code);
  size_t zeros = 0;
  bool others = false;
  for (const Token& token : tokens) {
    if (token.literal) continue;
    if (std::string_view("yYmMdDhHsS").contains(token.c)) return NumberKind::date;
    zeros += token.c == '0' ? 1 : 0;
    others |= token.c != '0';
  }
  return zeros >= 2 && !others ? NumberKind::digits : NumberKind::plain;
}

NumberKind builtin_number_kind(uint16_t id) {
  const bool date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
  return date ? NumberKind::date : NumberKind::plain;
}

std::string format_number(double value) {
  if (std::isfinite(value) && std::trunc(value) == value && std::abs(value) < 1e18) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);
}

std::string format_serial_date(double serial, bool since_1904) {
  constexpr double last_day = 2'958'466;  // 9999-12-31
  if (!(serial >= 0 && serial < last_day)) return format_number(serial);
  auto days = static_cast<int64_t>(serial);
  auto seconds = static_cast<int64_t>(std::llround((serial - static_cast<double>(days)) * 86'400));
  if (seconds == 86'400) {
    seconds = 0;
    ++days;
  }
  const std::string time = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (days == 0 && !since_1904) return time;
  // Day 60 is 29 February 1900, which never was; days before it are one off.
  const int64_t epoch = since_1904 ? 24'107 : days < 60 ? 25'568 : 25'569;
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days - epoch))};
  const std::string day = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return seconds == 0 ? day : day + " " + time;
}

std::string format_digits(double value, std::string_view code) {
  if (!(value >= 0 && value < 1e18 && std::trunc(value) == value)) return format_number(value);
  const auto tokens = tokens_of(code);
  const auto zeros = static_cast<size_t>(std::ranges::count_if(tokens, [](Token t) { return !t.literal && t.c == '0'; }));
  const std::string digits = fmt::format("{:0>{}}", fmt::format("{:.0f}", value), zeros);
  std::string out;
  size_t next = digits.size() - zeros;
  bool first = true;
  for (const Token& token : tokens) {
    if (token.literal) {
      out += token.c;
    } else {
      if (first) out += digits.substr(0, next);
      first = false;
      out += digits[next++];
    }
  }
  return out;
}

}  // namespace assay::extract
