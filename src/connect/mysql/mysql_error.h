#pragma once

#include <string_view>

#include "sql/error.h"

namespace assay::connect::mysql {

/// The error for a number of the server or of the client library (manual of MariaDB, "Error Codes"; 2000 to 2999 are
/// the client's). `message` is left out where it may quote values or the statement.
sql::Error server_error(unsigned number, std::string_view sqlstate, std::string_view message);

}  // namespace assay::connect::mysql
