#pragma once

#include <string_view>

#include "sql/error.h"

namespace assay::connect::odbc {

/// The error for a diagnostic record (ODBC Programmer's Reference, appendix A; `native` is the server's own number).
/// `message` is left out where it may quote values or the statement.
sql::Error odbc_error(std::string_view sqlstate, int native, std::string_view message);

}  // namespace assay::connect::odbc
