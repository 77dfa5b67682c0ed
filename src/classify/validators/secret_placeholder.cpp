#include "classify/validators/secret_placeholder.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "classify/validators/secret_text.h"
#include "classify/validators/secret_words.h"

namespace assay::classify {

namespace {

using namespace std::string_view_literals;

/// Whole values that say "nothing here" or name a type.
constexpr auto empty_values = std::to_array<std::string_view>({
    "null",    "none",      "nil",       "true",   "false",     "undefined", "empty",      "blank",    "string",
    "str",     "text",      "bytes",     "object", "any",       "char",      "varchar",    "required", "optional",
    "default", "unset",     "disabled",  "hidden", "encrypted", "masked",    "redacted",   "removed",  "omitted",
    "secret",  "secrets",   "password",  "passwd", "pwd",       "pass",      "passphrase", "token",    "tokens",
    "apikey",  "api_key",   "api-key",   "key",    "value",     "tbd",       "n/a",        "foo",      "bar",
    "foobar",  "foobarbaz", "baz",       "sha1",   "sha256",    "sha512",    "md5",        "base64",   "bcrypt",
    "scrypt",  "argon2",    "argon2id",  "pbkdf2", "utf8",      "utf-8",     "basic",      "bearer",   "oauth",
    "oauth2",  "jwt",       "saml",      "ldap",   "hmac",      "plain",     "plaintext",  "user",     "username",
    "email",   "anonymous", "file",      "env",    "vault",     "prompt",    "int",        "boolean",  "self",
    "this",    "auto",      "generated", "random", "yes",       "no",        "on",         "off",
});

/// Parts that no random generator and no person with a real secret writes, in the order of their bytes.
constexpr auto telling_parts = std::to_array<std::string_view>({
    "(hidden)",   "***",         "----",         "-here",       "...",         "12345678901234",
    "[filtered]", "____",        "_here",        "abcdefghij",  "change this", "change-me",
    "change_me",  "change_this", "changeme",     "changethis",  "do-not-use",  "do_not_use",
    "donotuse",   "dummy",       "example",      "fake",        "fill-in",     "fill_in",
    "fill_me",    "fillme",      "fixme",        "goeshere",    "insert",      "lorem",
    "my-api",     "my-key",      "my-password",  "my-secret",   "my-token",    "my_api",
    "my_key",     "my_password", "my_secret",    "my_token",    "mypassword",  "mysecret",
    "mytoken",    "not-a-real",  "not-a-secret", "not-real",    "not_a_real",  "not_a_secret",
    "not_real",   "notasecret",  "notreal",      "placeholder", "redacted",    "replace",
    "sample",     "todo",        "xxxx",         "your ",       "your-",       "your_",
    "yourapi",    "yourkey",     "yourpass",     "yoursecret",  "yourtoken",   "\u2022\u2022\u2022",
    "\u2026",
});
static_assert(std::ranges::is_sorted(telling_parts));

/// Where in `telling_parts` the parts that start with a byte begin; those of the next byte end them.
constexpr auto first_part_of = [] {
  std::array<uint8_t, 257> first{};
  for (const auto part : telling_parts)
    for (size_t byte = static_cast<unsigned char>(part[0]) + 1U; byte < first.size(); ++byte) ++first[byte];
  return first;
}();

bool has_telling_part(std::string_view text) noexcept {
  for (size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(to_lower(text[at]));
    for (size_t part = first_part_of[byte]; part < first_part_of[byte + 1U]; ++part) {
      const auto wanted = telling_parts[part];
      if (equals_folded(text.substr(at, wanted.size()), wanted)) return true;
    }
  }
  return false;
}

bool names_only_words(std::string_view text) noexcept {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return is_word(c) || std::string_view("-. @!*").contains(c); });
}

bool wrapped_in(std::string_view text, std::string_view open, std::string_view close) noexcept {
  if (text.size() < open.size() + close.size() + 1 || !text.starts_with(open) || !text.ends_with(close)) return false;
  return names_only_words(text.substr(open.size(), text.size() - open.size() - close.size()));
}

/// A run of one character that makes up most of the value, or a few characters over and over.
bool is_monotonous(std::string_view text) noexcept {
  const size_t repeat = longest_repeat(text);
  if (repeat == text.size() || repeat >= 8 || (repeat >= 4 && repeat * 2 > text.size())) return true;
  return text.size() >= 12 && entropy_bits(text) < 2.0;
}

bool is_identifier(std::string_view text) noexcept {
  return !text.empty() && !is_decimal(text.front()) && std::ranges::all_of(text, is_word);
}

/// name.name, name.name.name: at least one dot, every part an identifier of two characters or more.
bool is_dotted_name(std::string_view text) noexcept {
  if (!text.contains('.')) return false;
  while (true) {
    const size_t dot = text.find('.');
    const auto part = text.substr(0, dot);
    if (part.size() < 2 || !is_identifier(part)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

/// A dotted name that also reads as one: no part mixes letters and digits the way generated secrets do.
bool is_property_path(std::string_view text) noexcept {
  return is_dotted_name(text) && !looks_random(text) && !has_swapped_digit(text) &&
         count_characters(text).digits * 4 < text.size();
}

bool is_call(std::string_view text) noexcept {
  const size_t open = text.find('(');
  if (open == std::string_view::npos || open == 0) return false;
  const char before = text[open - 1];
  if (!is_word(before)) return false;
  const auto callee = text.substr(0, open);
  const auto in_callee = [](char c) { return is_word(c) || std::string_view(".:$>-").contains(c); };
  if (!std::ranges::all_of(callee, in_callee)) return false;
  const char after = open + 1 < text.size() ? text[open + 1] : '(';
  return std::string_view(")(;").contains(text.back()) || after == '"' || after == '\'';
}

/// os.environ['X'], args[0], row["password"]
bool is_subscript(std::string_view text) noexcept {
  const size_t open = text.find('[');
  if (open == std::string_view::npos || open == 0) return false;
  const auto base = text.substr(0, open);
  return is_identifier(base) || is_dotted_name(base) || base.starts_with('$');
}

}  // namespace

bool is_template(std::string_view text) noexcept {
  for (const auto opener : {"${"sv, "$("sv, "{{"sv, "#{"sv, "<%"sv, "%("sv, "{%"sv, "%{"sv})
    if (text.contains(opener)) return true;
  if (text.starts_with('$') && is_identifier(text.substr(1))) return true;
  if (text == "%s" || text == "%d" || text == "%v" || text == "%q" || text == "?" || text == "%@" || text == "{}")
    return true;
  if (text.ends_with("=%s") || text.starts_with("%s")) return true;
  return wrapped_in(text, "%", "%") || wrapped_in(text, "{", "}") || wrapped_in(text, "<", ">") ||
         wrapped_in(text, "[", "]") || wrapped_in(text, "__", "__") || wrapped_in(text, "@", "@") ||
         wrapped_in(text, "(", ")") || wrapped_in(text, ":", "") || wrapped_in(text, "&lt;", "&gt;");
}

bool is_placeholder(std::string_view text) noexcept {
  if (text.empty() || is_template(text) || is_monotonous(text)) return true;
  if (text.size() > 2 && text.starts_with('*') && text.ends_with('*')) return true;  // *REMOVED*, as exports write it
  for (const auto word : empty_values)
    if (equals_folded(text, word)) return true;
  return has_telling_part(text);
}

bool is_code_reference(std::string_view text) noexcept {
  for (const auto operation : {"->"sv, "::"sv, "=>"sv, "||"sv, "&&"sv, "!="sv, " + "sv, " ? "sv})
    if (text.contains(operation)) return true;
  return is_call(text) || is_subscript(text) || is_property_path(text);
}

bool is_location(std::string_view text) noexcept {
  if (text.contains("://") || text.contains(":\\")) return true;
  for (const auto start : {"./"sv, "../"sv, "~/"sv, "file:"sv, "vault:"sv, "env:"sv, "arn:"sv, "ssm:"sv, "projects/"sv})
    if (text.starts_with(start)) return true;
  for (const auto end : {".pem"sv, ".key"sv, ".txt"sv, ".json"sv, ".yml"sv, ".yaml"sv, ".html"sv, ".php"sv, ".env"sv,
                         ".crt"sv, ".js"sv, ".ts"sv, ".py"sv})
    if (text.size() > end.size() && text.ends_with(end)) return true;
  if (!text.starts_with('/')) return false;
  return text.size() > 1 && (is_letter(text[1]) || text[1] == '_' || text[1] == '.') && text.substr(1).contains('/') &&
         !looks_random(text);
}

}  // namespace assay::classify
