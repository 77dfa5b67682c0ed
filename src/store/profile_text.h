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

/// Name, type and comment of the column apart. With `is_sensitive` no `minimum` ... `quantiles` and no `newest_s`: a
/// minimum may be somebody's number. Counts, lengths, distinct values and patterns stay; values are as the examiner
/// gave them, which are masks (docs/data-quality.md). It says that it is of a sensitive column, too.
std::string to_profile_text(const model::ColumnProfile& profile, bool is_sensitive);
/// Written with `is_sensitive`.
bool is_of_sensitive_column(std::string_view json);

/// nullopt for "" and for what is no profile.
std::optional<model::ColumnProfile> profile_from_text(std::string_view json);

}  // namespace assay::store
