#include "cli/report/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>
#include <utility>

namespace assay::cli {
namespace {

bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

void append_escaped(char c, std::string& out) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

void append(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const auto plain = static_cast<size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    append_escaped(text.front(), out);
    text.remove_prefix(1);
  }
  out += '"';
}

template <typename Number>
void append_number(Number number, std::string& out) {
  fmt::format_to(std::back_inserter(out), "{}", number);
}

template <typename Items, typename Write>
void append_list(const Items& items, std::string& out, const Write& write) {
  out += '[';
  bool is_first = true;
  for (const auto& item : items) {
    if (!std::exchange(is_first, false)) out += ',';
    write(item);
  }
  out += ']';
}

void append(const boost::json::value& value, std::string& out) {
  switch (value.kind()) {
    case boost::json::kind::double_: return append_number(value.get_double(), out);
    case boost::json::kind::uint64: return append_number(value.get_uint64(), out);
    case boost::json::kind::int64: return append_number(value.get_int64(), out);
    case boost::json::kind::string: return append(std::string_view(value.get_string()), out);
    case boost::json::kind::array:
      return append_list(value.get_array(), out, [&](const auto& item) { append(item, out); });
    case boost::json::kind::object: {
      out += '{';
      bool is_first = true;
      for (const auto& member : value.get_object()) {
        if (!std::exchange(is_first, false)) out += ',';
        append(std::string_view(member.key()), out);
        out += ':';
        append(member.value(), out);
      }
      out += '}';
      return;
    }
    case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; return;
    case boost::json::kind::null: out += "null"; return;
  }
}

}  // namespace

std::string to_text(const boost::json::value& value) {
  std::string out;
  append(value, out);
  return out;
}

void JsonObjectText::begin(std::string_view key) {
  if (!std::exchange(is_empty_, false)) out_ += ',';
  append(key, out_);
  out_ += ':';
}

void JsonObjectText::add(std::string_view key, std::string_view text) {
  begin(key);
  append(text, out_);
}

void JsonObjectText::add(std::string_view key, uint64_t number) {
  begin(key);
  append_number(number, out_);
}

void JsonObjectText::add(std::string_view key, int64_t number) {
  begin(key);
  append_number(number, out_);
}

void JsonObjectText::add(std::string_view key, double number) {
  begin(key);
  append_number(number, out_);
}

void JsonObjectText::add(std::string_view key, const std::vector<std::string>& texts) {
  begin(key);
  append_list(texts, out_, [&](std::string_view text) { append(text, out_); });
}

JsonObjectText JsonObjectText::add_object(std::string_view key) {
  begin(key);
  return JsonObjectText(out_);
}

}  // namespace assay::cli
