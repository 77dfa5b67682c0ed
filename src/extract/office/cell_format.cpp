#include "extract/office/cell_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

namespace assay::extract {
namespace {

constexpr size_t max_formats = 100'000;
constexpr double max_exact_integer = 1e21;                  // printed in full below this, as double precision gives it
constexpr double max_exact_double = 9'007'199'254'740'992;  // 2^53

std::optional<double> parse_number(std::string_view raw) {
  double value = 0;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  if (error != std::errc() || end != raw.data() + raw.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// The section of a code that shows `value`: by condition, else by sign.
std::string_view first_section(std::string_view code) {
  bool quoted = false;
  for (size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '\\' && !quoted) ++i;
    else if (code[i] == '"') quoted = !quoted;
    else if (code[i] == ';' && !quoted) return code.substr(0, i);
  }
  return code;
}

/// What is left of a section's letters without literals, colours and conditions; elapsed times ([h]) stay.
struct Skeleton {
  std::string letters;
  std::string mask;
  bool conditional = false;
};

Skeleton strip(std::string_view section) {
  Skeleton skeleton;
  const auto literal = [&](char c) { skeleton.mask.append({'\\', c}); };
  for (size_t i = 0; i < section.size(); ++i) {
    const char c = section[i];
    if (c == '"') {
      for (++i; i < section.size() && section[i] != '"'; ++i) literal(section[i]);
    } else if (c == '\\' && i + 1 < section.size()) {
      literal(section[++i]);
    } else if ((c == '_' || c == '*') && i + 1 < section.size()) {
      ++i;
    } else if (c == '[') {
      const size_t close = std::min(section.find(']', i), section.size());
      const std::string_view inside = section.substr(i + 1, close - i - 1);
      if (!inside.empty() && inside.find_first_not_of("hHmMsS") == std::string_view::npos) skeleton.letters += inside;
      if (inside.find_first_of("<>=") != std::string_view::npos) skeleton.conditional = true;
      i = close;
    } else {
      skeleton.letters += c;
      if (std::string_view("-/() :").find(c) != std::string_view::npos) literal(c);
      else skeleton.mask += c;
    }
  }
  return skeleton;
}

/// Only digits and literals, and at least one literal between them: else the number is shown as it is.
bool is_digit_mask(std::string_view mask) {
  size_t digits = 0, literals = 0;
  for (size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] == '\\') {
      ++i;
      ++literals;
    } else if (mask[i] == '0' || mask[i] == '#' || mask[i] == '?') {
      ++digits;
    } else {
      return false;
    }
  }
  const auto zeros = static_cast<size_t>(std::ranges::count(mask, '0'));
  constexpr size_t digits_of_a_code = 3;
  return digits >= digits_of_a_code && (literals > 0 || zeros >= digits_of_a_code);
}

std::string apply_mask(std::string_view mask, std::string_view digits) {
  std::vector<std::pair<char, bool>> slots;  // character, is a literal
  for (size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] == '\\' && i + 1 < mask.size()) slots.emplace_back(mask[++i], true);
    else slots.emplace_back(mask[i], false);
  }
  size_t places_left = static_cast<size_t>(std::ranges::count(slots, false, &std::pair<char, bool>::second));
  std::string reversed;
  size_t left = digits.size();
  for (auto slot = slots.rbegin(); slot != slots.rend(); ++slot) {
    if (slot->second) {
      reversed += slot->first;
      continue;
    }
    --places_left;
    if (left > 0) reversed += digits[--left];
    else if (slot->first == '0') reversed += '0';
    // The leftmost place takes all digits that remain.
    while (places_left == 0 && left > 0) reversed += digits[--left];
  }
  return {reversed.rbegin(), reversed.rend()};
}

bool is_builtin_date(uint32_t id) {
  return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58);
}
bool is_builtin_time(uint32_t id) { return (id >= 18 && id <= 22) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47); }

}  // namespace

std::string show_general(double value) {
  if (value == std::trunc(value) && std::abs(value) < max_exact_integer) return fmt::format("{:.0f}", value);
  return fmt::format("{:.15g}", value);
}

void CellFormats::add_number_format(uint32_t id, std::string_view code) {
  if (custom_.size() < max_formats) custom_[id] = judge(code);
}

void CellFormats::add_cell_format(uint32_t number_format_id) {
  if (cell_formats_.size() < max_formats) cell_formats_.push_back(number_format_id);
}

CellFormats::Format CellFormats::judge(std::string_view code) {
  Format format;
  const Skeleton skeleton = strip(first_section(code));
  std::string letters;
  for (const char c : skeleton.letters) letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (letters == "general") return format;
  format.time = letters.find_first_of("hs") != std::string::npos;
  format.date =
      letters.find_first_of("yd") != std::string::npos || (letters.find('m') != std::string::npos && !format.time);
  const bool is_clock = format.date || format.time;
  if (!is_clock && !skeleton.conditional && is_digit_mask(skeleton.mask)) format.mask = skeleton.mask;
  return format;
}

const CellFormats::Format* CellFormats::format_of(size_t style) const {
  static const Format date{.date = true}, time{.time = true}, both{.date = true, .time = true};
  if (style >= cell_formats_.size()) return nullptr;
  const uint32_t id = cell_formats_[style];
  if (const auto custom = custom_.find(id); custom != custom_.end()) return &custom->second;
  const bool is_date = is_builtin_date(id), is_time = is_builtin_time(id);
  if (is_date && is_time) return &both;
  if (is_date) return &date;
  return is_time ? &time : nullptr;
}

std::string CellFormats::show_date(double serial, const Format& format) const {
  using namespace std::chrono;
  auto seconds_total = static_cast<int64_t>(std::llround(serial * 86400));
  const int64_t days = seconds_total / 86400, rest = seconds_total % 86400;
  const std::string clock = fmt::format("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
  if (!format.date) return days == 0 ? clock : fmt::format("{}:{}", days * 24 + rest / 3600, clock.substr(3));
  // The 1900 system counts a 29 February 1900 that never was (day 60).
  sys_days epoch = from_1904_ ? sys_days(year{1904} / 1 / 1) : sys_days(year{1899} / 12 / (days < 60 ? 31 : 30));
  const year_month_day day(epoch + std::chrono::days(days));
  const std::string date = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return rest == 0 ? date : date + " " + clock;
}

std::string CellFormats::show(double value, size_t style) const {
  const Format* format = format_of(style);
  if (format == nullptr) return show_general(value);
  constexpr double last_day = 2'958'465;  // 9999-12-31
  if ((format->date || format->time) && value >= 0 && value <= last_day + 1) return show_date(value, *format);
  if (!format->mask.empty() && value >= 0 && value <= max_exact_double && value == std::trunc(value))
    return apply_mask(format->mask, fmt::format("{:.0f}", value));
  return show_general(value);
}

std::string CellFormats::show(std::string_view raw, size_t style) const {
  const auto value = parse_number(raw);
  if (!value) return std::string(raw);
  const Format* format = format_of(style);
  const bool formatted = format != nullptr && (format->date || format->time || !format->mask.empty());
  // Digits as stored are exact even where a double is not.
  if (!formatted && raw.find_first_not_of("0123456789-") == std::string_view::npos) return std::string(raw);
  return show(*value, style);
}

}  // namespace assay::extract
