#pragma once

#include "classify/validators/validator.h"

namespace assay::classify {

/// A value that stood between quotes or in a password's own place of a URL, where code cannot stand.
/// `valid`: a person or a machine would use it as a password; `plausible`: it may as well be a label or a name.
Check check_quoted_password(std::string_view value) noexcept;

/// The same for a value without quotes, where names of variables, types and functions stand as often.
Check check_bare_password(std::string_view value) noexcept;

/// An API key, token or other secret that a machine made up, with or without quotes. `valid` when it looks random.
Check check_generated_secret(std::string_view value) noexcept;

/// A secret that a vendor's published format already describes: only placeholders and dull fillings are refused.
Check check_vendor_token(std::string_view value) noexcept;

/// Hexadecimal or decimal digits of a vendor's key, told from counters and fillings by their entropy.
Check check_random_key(std::string_view value) noexcept;

/// "name:password", as curl -u and URLs have it.
Check check_name_and_password(std::string_view value) noexcept;

}  // namespace assay::classify
