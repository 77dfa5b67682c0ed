#include "connect/odbc/attributes.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "connect/odbc/odbc_session.h"
#include "core/error.h"

namespace assay::connect::odbc {
namespace {

/// What stands in the names of keys whose values are secrets, whatever the driver, without what is no letter or digit.
constexpr std::array secret_words{"PWD",   "PASSW",      "PASSPHRASE", "SECRET",
                                  "TOKEN", "CREDENTIAL", "APIKEY",     "PRIVKEYBASE64"};

[[noreturn]] void refuse(const char* what) {
  throw core::Error(core::ErrorKind::bad_input,
                    std::string("the setting connection must be KEY=VALUE;KEY=VALUE: ") + what);
}

bool is_same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

bool is_secret(std::string_view key) {
  std::string plain;
  for (const unsigned char c : key)
    if (std::isalnum(c) != 0) plain += static_cast<char>(std::toupper(c));
  return plain == "PASS" || std::ranges::any_of(secret_words, [&](const char* word) { return plain.contains(word); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

/// Whether a value holds settings of its own, as psqlODBC's pqopt does, with a secret among them.
bool holds_secret(std::string_view value) {
  for (size_t at = value.find('='); at != std::string_view::npos; at = value.find('=', at + 1)) {
    const std::string_view before = trimmed(value.substr(0, at));
    if (is_secret(before.substr(before.find_last_of(" \t;,&{") + 1))) return true;  // npos + 1 is 0
  }
  return false;
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
    text.remove_prefix(equals + 1);
    attributes.emplace_back(key, take_value(text));
    if (is_secret(key) || holds_secret(attributes.back().second))
      refuse("a password or the like has no place in it; give a reference to it as the setting password=env:NAME");
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
