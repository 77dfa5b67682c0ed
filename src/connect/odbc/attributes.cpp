#include "connect/odbc/attributes.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "connect/odbc/odbc_session.h"
#include "core/error.h"

namespace assay::connect::odbc {
namespace {

constexpr std::array password_keys{"PWD", "PASSWORD", "PRIV_KEY_FILE_PWD", "TOKEN", "ACCESSTOKEN"};

[[noreturn]] void refuse(const char* what) {
  throw core::Error(core::ErrorKind::bad_input,
                    std::string("the setting connection must be KEY=VALUE;KEY=VALUE: ") + what);
}

bool is_same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

/// The value at the beginning of `text`, which is moved behind it and its semicolon.
std::string take_value(std::string_view& text) {
  std::string value;
  if (!trimmed(text.substr(0, text.find(';'))).starts_with('{')) {
    const size_t end = std::min(text.find(';'), text.size());
    value = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return value;
  }
  size_t at = text.find('{') + 1;
  for (; at < text.size(); ++at) {
    if (text[at] == '}' && (at + 1 == text.size() || text[at + 1] != '}')) break;
    if (text[at] == '}') ++at;
    value += text[at];
  }
  if (at == text.size()) refuse("a brace is not closed");
  text.remove_prefix(at + 1);
  text = trimmed(text);
  if (!text.empty() && text.front() != ';') refuse("something stands behind a brace");
  if (!text.empty()) text.remove_prefix(1);
  return value;
}

}  // namespace

Attributes parsed_attributes(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) refuse("it holds a NUL");
  Attributes attributes;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) refuse("an = is missing");
    const std::string key(trimmed(text.substr(0, equals)));
    if (key.empty() || key.find_first_of(";{}") != std::string::npos) refuse("a key is missing");
    if (std::ranges::any_of(password_keys, [&](const char* one) { return is_same(one, key); }))
      refuse("a password has no place in it; give a reference to it as the setting password=env:NAME");
    text.remove_prefix(equals + 1);
    attributes.emplace_back(key, take_value(text));
  }
  return attributes;
}

bool has(const Attributes& attributes, std::string_view key) {
  return std::ranges::any_of(attributes, [&](const auto& one) { return is_same(one.first, key); });
}

std::string joined(const Attributes& attributes) {
  std::string text;
  for (const auto& [key, value] : attributes) {
    const bool is_plain = std::ranges::all_of(value, [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-' || c == '/' || c == ':';
    });
    text += key + "=" + (is_plain ? value : braced(value)) + ";";
  }
  return text;
}

}  // namespace assay::connect::odbc
