#pragma once

#include <sqlite3.h>

#include "sql/error.h"

namespace assay::sql {

/// When SQLite refused. While a statement is prepared its parameters have no values yet, so the message can hold none;
/// what functions say while it runs can, and is left out.
enum class SqliteStage : uint8_t { prepare, run };

/// The error for an extended result code (https://sqlite.org/rescode.html) that `database` has just given.
Error sqlite_error(sqlite3* database, int code, SqliteStage stage);

/// Whether the database behind the connection is gone or damaged.
bool is_sqlite_lost(int code) noexcept;

}  // namespace assay::sql
