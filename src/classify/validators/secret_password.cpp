#include "classify/validators/secret_password.h"

#include <algorithm>

#include "classify/validators/secret_placeholder.h"
#include "classify/validators/secret_text.h"
#include "classify/validators/secret_words.h"

namespace assay::classify {

namespace {

constexpr size_t longest_password_bytes = 128;

bool has_space(std::string_view text) noexcept { return text.find_first_of(" \t\r\n") != std::string_view::npos; }

/// A letter on each side, or a digit: "P@ss", "s3cr#t". "Password:" and "Required!" have theirs at the end.
bool has_inner_symbol(std::string_view text) noexcept {
  for (size_t i = 1; i + 1 < text.size(); ++i)
    if (std::string_view("@#$%^&*!+=~?|").contains(text[i])) return true;
  return false;
}

/// Only letters and the separators that join names.
Check judge_words(std::string_view text, bool quoted) noexcept {
  if (is_common_password(text)) return quoted ? Check::valid : Check::plausible;
  if (looks_random(text)) return Check::valid;
  return word_shape(text).names_a_role ? Check::invalid : Check::plausible;
}

/// Hashes, salts and the like keep "pass1" and "token2" apart from "password123": one digit numbers a field.
Check judge_letters_and_digits(std::string_view text, const CharacterCounts& counts, bool quoted) noexcept {
  const auto shape = word_shape(text);
  if (shape.names_a_role && counts.digits == 1 && is_decimal(text.back()))
    return quoted ? Check::plausible : Check::invalid;
  const bool reads_as_a_name =
      counts.other != 0 && counts.digits * 6 < text.size() && !looks_random(text) && !has_swapped_digit(text);
  if (shape.names_a_role && (!quoted || reads_as_a_name) && counts.digits < 3) return Check::invalid;
  return reads_as_a_name && !quoted ? Check::plausible : Check::valid;
}

Check judge_digits(std::string_view text, bool quoted) noexcept {
  if (!quoted) return text.size() >= 6 ? Check::plausible : Check::invalid;
  return text.size() >= 4 && text.size() <= 20 ? Check::valid : Check::plausible;
}

Check judge_password(std::string_view text, bool quoted) noexcept {
  const auto counts = count_characters(text);
  if (counts.letters() == 0 && counts.digits == text.size()) return judge_digits(text, quoted);
  const bool separators_only =
      std::ranges::all_of(text, [](char c) { return is_word(c) || c == '-' || c == '.' || c == '/'; });
  if (separators_only) {
    if (counts.digits == 0) return judge_words(text, quoted);
    if (counts.letters() == 0) return Check::plausible;
    return judge_letters_and_digits(text, counts, quoted);
  }
  if (counts.letters() + counts.digits < 3) return Check::invalid;
  if (counts.digits != 0 || has_inner_symbol(text)) return Check::valid;
  return word_shape(text).names_a_role ? Check::invalid : Check::plausible;
}

bool cannot_be_secret(std::string_view text) noexcept {
  return is_placeholder(text) || is_location(text) || is_code_reference(text);
}

/// Versions, dates and times: "v1.2.3-rc.1", "2024-01-01T00:00:00Z".
bool is_version_or_time(std::string_view text) noexcept {
  const auto counts = count_characters(text);
  return counts.letters() <= 3 && counts.other >= 2 && counts.digits + counts.letters() + counts.other == text.size() &&
         std::ranges::all_of(
             text, [](char c) { return is_letter(c) || is_decimal(c) || std::string_view(".-:+ ").contains(c); });
}

}  // namespace

Check check_quoted_password(std::string_view value) noexcept {
  if (value.size() < 4 || value.size() > longest_password_bytes) return Check::invalid;
  if (is_common_password(value) && !equals_folded(value, "secret")) return Check::valid;
  if (cannot_be_secret(value)) return Check::invalid;
  if (!has_space(value)) return judge_password(value, true);
  const auto counts = count_characters(value);
  const bool sentence = counts.digits == 0 && !has_inner_symbol(value);
  return sentence || value.starts_with(' ') || value.ends_with(' ') ? Check::invalid : Check::plausible;
}

Check check_bare_password(std::string_view value) noexcept {
  if (value.size() < 5 || value.size() > longest_password_bytes || has_space(value)) return Check::invalid;
  if (value.find_first_of("()[]{}<>\"'`,;\\") != std::string_view::npos) return Check::invalid;
  if (cannot_be_secret(value) || is_version_or_time(value)) return Check::invalid;
  if (value.starts_with('$') || value.starts_with('&') || value.starts_with('-')) return Check::invalid;
  return judge_password(value, false);
}

Check check_generated_secret(std::string_view value) noexcept {
  if (value.size() < 8 || has_space(value) || cannot_be_secret(value) || is_version_or_time(value))
    return Check::invalid;
  if (longest_ladder(value) >= 8) return Check::invalid;
  if (looks_random(value)) return Check::valid;
  const auto counts = count_characters(value);
  const auto shape = word_shape(value);
  if (counts.digits == 0 && shape.names_a_role) return Check::invalid;
  const bool chosen = counts.digits >= 2 && has_inner_symbol(value) && !shape.names_a_role;
  return chosen ? Check::valid : Check::plausible;
}

Check check_vendor_token(std::string_view value) noexcept {
  if (is_placeholder(value)) return Check::invalid;
  if (longest_ladder(value) >= 9) return Check::invalid;
  const double enough = value.size() >= 32 ? 2.7 : value.size() >= 20 ? 2.4 : 2.0;
  return entropy_bits(value) >= enough ? Check::plausible : Check::invalid;
}

Check check_random_key(std::string_view value) noexcept {
  if (is_placeholder(value) || longest_ladder(value) >= 7) return Check::invalid;
  const auto counts = count_characters(value);
  if (counts.letters() == 0 || counts.digits == 0) return Check::invalid;
  return looks_random(value) ? Check::valid : Check::invalid;
}

Check check_name_and_password(std::string_view value) noexcept {
  const size_t colon = value.find(':');
  if (colon == std::string_view::npos || colon == 0) return Check::invalid;
  if (is_template(value.substr(0, colon))) return Check::invalid;
  return check_quoted_password(value.substr(colon + 1));
}

}  // namespace assay::classify
