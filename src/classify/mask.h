#pragma once

#include <string>
#include <string_view>

namespace assay::classify {

/// The value with nearly all of it hidden: separators and lengths stay, letters and digits become '*'. At most the last
/// four characters of values of twelve or more, the last two of eight or more, are shown; nothing of shorter values
/// and of secrets but their first characters where these name the kind ("ghp_"). The result is printable UTF-8 of at
/// most 64 characters on one line.
std::string mask(std::string_view value, std::string_view entity, bool is_secret);

}  // namespace assay::classify
