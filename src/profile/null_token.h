#pragma once

#include <string_view>

namespace assay::profile {

/// Whether the value is one of the words and signs that people and programs write where there is no value: "NULL",
/// "N/A", "none", "-", "?", "#N/A", "\N", "k.A." and the like, in any case, with white space around it or without.
bool is_null_token(std::string_view value) noexcept;

}  // namespace assay::profile
