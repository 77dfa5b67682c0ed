#include "profile/value_type.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "profile/calendar.h"

namespace assay::profile {
namespace {

// Kinds of bytes; a value's are ORed together and tell what it cannot be.
enum ByteKind : uint8_t {
  other = 0,
  digit = 1,
  hex_letter = 2,
  letter = 4,
  point = 8,
  mark = 16,
  blank = 32,
  high = 64
};

constexpr std::array<uint8_t, 256> make_kinds() {
  std::array<uint8_t, 256> kinds{};
  for (int c = 0; c < 256; ++c) {
    uint8_t kind = 0x80;
    if (c >= '0' && c <= '9') kind = digit;
    else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) kind = hex_letter;
    else if ((c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z')) kind = letter;
    else if (c == '.' || c == ',') kind = point;
    else if (c == '-' || c == '+' || c == ':' || c == '/' || c == '{' || c == '}') kind = mark;
    else if (c == ' ' || c == '\t') kind = blank;
    else if (c >= 0x80) kind = high;
    kinds[static_cast<size_t>(c)] = kind;
  }
  return kinds;
}
constexpr auto kinds = make_kinds();

constexpr size_t longest_read = 48;        // what is longer is text: no other type is written so long
constexpr double greatest_number = 1e100;  // of those that are reckoned with: sums of squares stay finite

uint8_t kinds_in(std::string_view text) {
  const auto kind = [&](size_t i) { return kinds[static_cast<unsigned char>(text[i])]; };
  unsigned met = 0;
  size_t i = 0;
  for (; i + 4 <= text.size(); i += 4) met |= (kind(i) | kind(i + 1)) | (kind(i + 2) | kind(i + 3));
  for (; i < text.size(); ++i) met |= kind(i);
  return static_cast<uint8_t>(met);
}

std::string_view trimmed(std::string_view value) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!value.empty() && is_blank(value.front())) value.remove_prefix(1);
  while (!value.empty() && is_blank(value.back())) value.remove_suffix(1);
  return value;
}

Reading numeric(ValueType type, double number) {
  Reading reading{.type = type};
  if (std::abs(number) <= greatest_number) reading.number = number;
  return reading;
}

Reading integer(std::string_view digits, bool is_negative) {
  double number = 0;
  if (digits.size() <= 18) {
    int64_t exact = 0;
    for (const char c : digits) exact = exact * 10 + (c - '0');
    number = static_cast<double>(exact);
  } else {
    for (const char c : digits) number = number * 10 + (c - '0');
  }
  return numeric(ValueType::integer, is_negative ? -number : number);
}

// Groups of three digits behind the first of one to three.
bool is_grouped(std::string_view digits, char separator) {
  size_t run = 0, groups = 0;
  for (const char c : digits) {
    if (c != separator) {
      ++run;
      continue;
    }
    if (groups == 0 ? run < 1 || run > 3 : run != 3) return false;
    ++groups;
    run = 0;
  }
  return groups > 0 && run == 3;
}

bool is_unsigned_number(std::string_view text) {
  bool has_digit = false, has_point = false, has_exponent = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      has_digit = true;
    } else if (c == '.' && !has_point && !has_exponent) {
      has_point = true;
    } else if ((c == 'e' || c == 'E') && has_digit && !has_exponent && i + 1 < text.size()) {
      has_exponent = true;
      if ((text[i + 1] == '-' || text[i + 1] == '+') && i + 2 < text.size()) ++i;
    } else {
      return false;
    }
  }
  return has_digit;
}

// With thousands separated, or a comma before the decimals, written as std::from_chars takes it. False: none of these.
bool normalise(std::string_view text, std::array<char, longest_read>& out, size_t& size, bool& is_integer) {
  const size_t comma = text.rfind(','), dot = text.rfind('.');
  char thousands = '\0', decimal = '\0';
  if (comma != std::string_view::npos && dot != std::string_view::npos) {
    thousands = comma < dot ? ',' : '.';
    decimal = comma < dot ? '.' : ',';
  } else if (comma != std::string_view::npos) {
    (is_grouped(text, ',') ? thousands : decimal) = ',';
  } else if (dot != std::string_view::npos) {
    if (text.find('.') == dot) decimal = '.';
    else if (is_grouped(text, '.')) thousands = '.';
    else return false;
  }
  const size_t end_of_whole = decimal == '\0' ? text.size() : text.find(decimal);
  if (thousands != '\0' && !is_grouped(text.substr(0, end_of_whole), thousands)) return false;
  size = 0;
  for (const char c : text)
    if (c != thousands || thousands == '\0') out[size++] = c == decimal ? '.' : c;
  is_integer = decimal == '\0' && text.find_first_of("eE") == std::string_view::npos;
  return is_unsigned_number({out.data(), size});
}

Reading read_number(std::string_view text) {
  const bool is_negative = text.front() == '-';
  if (is_negative || text.front() == '+') text.remove_prefix(1);
  std::array<char, longest_read> plain{};
  size_t size = 0;
  bool is_integer = false;
  // Most that is no number shows it at its first byte, or by a second point.
  if (text.empty() || (kinds[static_cast<unsigned char>(text.front())] & (digit | point)) == 0) return {};
  if (!normalise(text, plain, size, is_integer)) return {};
  if (is_integer) return integer({plain.data(), size}, is_negative);
  double number = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + size, number);
  if (error == std::errc::result_out_of_range) return {.type = ValueType::number};
  if (error != std::errc() || end != plain.data() + size) return {};
  return numeric(ValueType::number, is_negative ? -number : number);
}

bool is_uuid(std::string_view text) {
  if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    const uint8_t kind = kinds[static_cast<unsigned char>(text[i])];
    if (is_dash ? text[i] != '-' : (kind & (digit | hex_letter)) == 0) return false;
  }
  return true;
}

bool is_boolean(std::string_view text) {
  if (text.size() > 5) return false;
  std::array<char, 5> folded{};
  for (size_t i = 0; i < text.size(); ++i) folded[i] = static_cast<char>(text[i] | 0x20);
  const std::string_view word(folded.data(), text.size());
  for (const std::string_view one : {"true", "false", "t", "f", "yes", "no", "y", "n"})
    if (word == one) return true;
  return false;
}

Reading read_temporal(std::string_view text) {
  constexpr double day_s = 86'400;
  const auto date = read_date(text);
  if (!date) return {.type = read_time(text) ? ValueType::time : ValueType::text};
  Reading reading{.type = ValueType::date, .order = date->order};
  double offset = 0;
  if (date->length < text.size()) {
    const char between = text[date->length];
    if (between != 'T' && between != 't' && between != ' ') return {};
    const auto time = read_time(text.substr(date->length + 1));
    if (!time) return {};
    reading.type = ValueType::timestamp;
    offset = time->seconds - time->zone_offset;
  }
  reading.number = static_cast<double>(date->days) * day_s + offset;
  if (date->order == DayOrder::either)
    reading.month_first = static_cast<double>(date->days_month_first) * day_s + offset;
  return reading;
}

}  // namespace

std::string_view to_string(ValueType type) {
  switch (type) {
    case ValueType::text: return "text";
    case ValueType::integer: return "integer";
    case ValueType::number: return "number";
    case ValueType::boolean: return "boolean";
    case ValueType::date: return "date";
    case ValueType::time: return "time";
    case ValueType::timestamp: return "timestamp";
    case ValueType::uuid: return "uuid";
  }
  return "text";
}

Reading read_value(std::string_view value) noexcept {
  const std::string_view text = trimmed(value);
  if (text.empty() || text.size() > longest_read) return {};
  const uint8_t behind = kinds_in(text.substr(1));
  const uint8_t met = behind | kinds[static_cast<unsigned char>(text.front())];
  if (met == digit) return integer(text, false);
  if ((met & 0x80) != 0) return {};
  if ((met & digit) == 0) return {.type = is_boolean(text) ? ValueType::boolean : ValueType::text};
  if ((met & (letter | blank | high)) == 0) {
    // A sign stands in front of a number or behind the e of its exponent.
    if ((behind & mark) == 0 || (behind & hex_letter) != 0)
      if (const Reading number = read_number(text); number.type != ValueType::text) return number;
    if (is_uuid(text)) return {.type = ValueType::uuid};
  }
  return (met & (mark | point | blank)) != 0 ? read_temporal(text) : Reading{};
}

}  // namespace assay::profile
