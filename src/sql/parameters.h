#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sql/value.h"

namespace assay::sql {

/// Throws sql::Error(bad_input) for what one of the databases refuses or, worse, changes in silence: text that is no
/// UTF-8 or holds a NUL, numbers that are none (SQLite stores NaN as null). Such bytes go into a Blob.
/// With a `width`, the parameters are those of many rows of so many.
void check_parameters(std::span<const Value> parameters, size_t width = 0);

/// Whether the bytes are UTF-8 (RFC 3629).
bool is_utf8(std::string_view bytes) noexcept;

/// An array as JSON text, for SQLite's json_each().
std::string json_array(std::span<const int64_t> numbers);
std::string json_array(std::span<const std::string_view> texts);

/// An array as PostgreSQL reads it (manual, section 8.15.6), every text in quotes.
std::string array_literal(std::span<const int64_t> numbers);
std::string array_literal(std::span<const std::string_view> texts);

}  // namespace assay::sql
