#pragma once

#include <string>
#include <string_view>

#include "sql/connection.h"

namespace assay::sql {

/// A name of a table, column or channel as it is written in a statement: in double quotes, inner ones doubled (SQL
/// standard; the same in both dialects). Throws sql::Error(bad_input) for a name that cannot be one: empty, with a NUL,
/// no UTF-8.
std::string quote_identifier(Dialect dialect, std::string_view name);

}  // namespace assay::sql
