#pragma once

#include <cstddef>
#include <string_view>

namespace assay::classify {

/// How a value reads when it is split into words at '_', '-', '.', '/', ' ' and at the humps of camelCase.
struct WordShape {
  int words = 0;
  bool only_letters = true;   ///< besides the separators
  bool names_a_role = false;  ///< one word says what the value is for: "password", "token", "user", "config", "enter"
  size_t role_letters = 0;    ///< letters of such words that have four or more
};

WordShape word_shape(std::string_view text) noexcept;

/// Reads like the output of a random generator and not like names joined by case, '_', '-', '.' or '/'. Meant for
/// texts of 14 bytes and more; a shorter one never looks random.
bool looks_random(std::string_view text) noexcept;

/// One of the passwords that people choose most, all letters or all digits, such as "letmein" or "qwerty".
bool is_common_password(std::string_view text) noexcept;

}  // namespace assay::classify
