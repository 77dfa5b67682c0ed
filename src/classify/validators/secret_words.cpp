#include "classify/validators/secret_words.h"

#include <algorithm>
#include <array>

#include "classify/validators/secret_text.h"

namespace assay::classify {

namespace {

/// Words of which names and labels in code and forms are made, in alphabetical order.
constexpr auto role_words = std::to_array<std::string_view>({
    "a",           "access",      "account",      "admin",      "again",
    "an",          "and",         "api",          "app",        "arg",
    "args",        "array",       "attr",         "auth",       "authorization",
    "base",        "bearer",      "body",         "buffer",     "by",
    "cert",        "change",      "char",         "check",      "class",
    "client",      "cloud",       "code",         "column",     "conf",
    "config",      "confirm",     "confirmation", "connection", "const",
    "contrasena",  "control",     "cookie",       "create",     "cred",
    "credential",  "credentials", "crypt",        "csrf",       "current",
    "data",        "database",    "db",           "default",    "digest",
    "email",       "encoded",     "encoder",      "encrypted",  "enter",
    "env",         "error",       "event",        "expired",    "false",
    "field",       "file",        "for",          "forgot",     "form",
    "from",        "function",    "generate",     "get",        "handler",
    "hash",        "header",      "headers",      "helper",     "hint",
    "host",        "http",        "id",           "in",         "incorrect",
    "info",        "input",       "invalid",      "is",         "item",
    "jwt",         "key",         "keys",         "label",      "length",
    "list",        "local",       "login",        "manager",    "map",
    "max",         "message",     "method",       "min",        "missing",
    "model",       "must",        "my",           "name",       "new",
    "not",         "null",        "oauth",        "object",     "of",
    "old",         "option",      "options",      "or",         "param",
    "parameter",   "params",      "parser",       "pass",       "passphrase",
    "passwd",      "password",    "passwords",    "passwort",   "path",
    "placeholder", "please",      "policy",       "port",       "private",
    "prompt",      "props",       "provider",     "public",     "pw",
    "pwd",         "query",       "ref",          "refresh",    "repeat",
    "req",         "request",     "required",     "reset",      "response",
    "result",      "root",        "salt",         "schema",     "secret",
    "secrets",     "security",    "self",         "senha",      "server",
    "service",     "session",     "set",          "show",       "sign",
    "signature",   "signing",     "state",        "store",      "str",
    "string",      "temp",        "text",         "the",        "this",
    "to",          "token",       "tokens",       "true",       "type",
    "update",      "url",         "user",         "username",   "val",
    "valid",       "validator",   "value",        "values",     "var",
    "variable",    "wachtwoord",  "webhook",      "with",       "wrong",
    "your",
});
static_assert(std::ranges::is_sorted(role_words));

/// What the yearly public lists of leaked passwords have in their first places, in alphabetical order.
constexpr auto common_passwords = std::to_array<std::string_view>({
    "abc",      "admin",    "administrator", "asdfgh",   "asdfghjkl", "ashley",     "azerty",    "bailey",  "baseball",
    "batman",   "charlie",  "computer",      "donald",   "dragon",    "football",   "freedom",   "hello",   "hockey",
    "hunter",   "iloveyou", "jennifer",      "jordan",   "killer",    "letmein",    "liverpool", "login",   "lovely",
    "maggie",   "master",   "matrix",        "michael",  "monkey",    "mustang",    "ninja",     "passw",   "pepper",
    "pokemon",  "princess", "qazwsx",        "qwerty",   "qwertyui",  "qwertyuiop", "root",      "scott",   "secret",
    "shadow",   "soccer",   "starwars",      "sunshine", "superman",  "tiger",      "toor",      "trustno", "welcome",
    "whatever", "zaqwsx",   "zxcvbn",        "zxcvbnm",
});
static_assert(std::ranges::is_sorted(common_passwords));

bool less_folded(std::string_view a, std::string_view b) noexcept {
  return std::ranges::lexicographical_compare(a, b, {}, to_lower, to_lower);
}

template <size_t N>
bool contains_word(const std::array<std::string_view, N>& sorted, std::string_view word) noexcept {
  const auto found = std::ranges::lower_bound(sorted, word, less_folded);
  return found != sorted.end() && equals_folded(word, *found);
}

/// Places where a random text changes character class. An upper case letter before a lower case one is not counted:
/// that is how a capitalised word begins.
size_t class_breaks(std::string_view text) noexcept {
  size_t breaks = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    const char a = text[i - 1];
    const char b = text[i];
    breaks += (is_lower(a) && is_upper(b)) || (is_letter(a) && is_decimal(b)) || (is_decimal(a) && is_letter(b));
  }
  return breaks;
}

bool is_vowel(char c) noexcept { return std::string_view("aeiouy").contains(to_lower(c)); }

/// Random letters hold a vowel in about 6 of 26 places and long runs of consonants; words hold one in every 2.5.
bool letters_look_random(std::string_view text, const CharacterCounts& counts) noexcept {
  const size_t vowels = static_cast<size_t>(std::ranges::count_if(text, is_vowel));
  return counts.letters() >= 20 && counts.letters() * 9 >= text.size() * 8 && vowels * 100 < counts.letters() * 30;
}

bool is_separator(char c) noexcept { return std::string_view("_-./ :").contains(c); }

}  // namespace

WordShape word_shape(std::string_view text) noexcept {
  WordShape shape;
  size_t i = 0;
  while (i < text.size()) {
    if (!is_letter(text[i])) {
      shape.only_letters = shape.only_letters && is_separator(text[i]);
      ++i;
      continue;
    }
    const size_t begin = i++;
    while (i < text.size() && is_letter(text[i]) && !(is_lower(text[i - 1]) && is_upper(text[i]))) ++i;
    ++shape.words;
    if (!contains_word(role_words, text.substr(begin, i - begin))) continue;
    shape.names_a_role = true;
    if (i - begin >= 4) shape.role_letters += i - begin;
  }
  return shape;
}

bool looks_random(std::string_view text) noexcept {
  if (text.size() < 14) return false;
  const double entropy = entropy_bits(text);
  if (is_mixed_hex(text)) return entropy >= 2.8;
  if (entropy < 3.0) return false;
  const auto counts = count_characters(text);
  if (counts.letters() < 4 || word_shape(text).role_letters * 10 >= text.size() * 3) return false;
  if (counts.digits == 0) {
    const bool mixed = counts.lower >= 4 && counts.upper >= 4 && class_breaks(text) * 100 >= text.size() * 16;
    return letters_look_random(text, counts) && (mixed || counts.upper == 0 || counts.lower == 0);
  }
  return class_breaks(text) * 100 >= text.size() * 18;
}

bool is_common_password(std::string_view text) noexcept { return contains_word(common_passwords, text); }

}  // namespace assay::classify
