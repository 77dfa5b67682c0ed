#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/table_profile.h"

/// A column's profile as the store keeps it and as exports show it: JSON, with the names of model::ColumnProfile. Keys
/// of numbers that are 0, of texts that are "" and of lists that are empty are left out.
namespace assay::store {

/// Bounds on what is kept of one profile.
inline constexpr size_t most_profile_values = 32;
inline constexpr size_t most_profile_value_bytes = 256;

/// Name, type and comment of the column apart. With `is_sensitive` nothing that is computed from the values themselves:
/// a minimum may be somebody's number.
std::string to_profile_text(const model::ColumnProfile& profile, bool is_sensitive);

/// nullopt for "" and for what is no profile.
std::optional<model::ColumnProfile> profile_from_text(std::string_view json);

}  // namespace assay::store
