#pragma once

#include <libpq-fe.h>

#include <memory>

#include "sql/connection.h"

namespace assay::sql {

struct FinishConnection {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using PostgresHandle = std::unique_ptr<PGconn, FinishConnection>;

/// A connection with the session's settings made: UTC, ISO dates, the statement timeout. Throws as sql::connect() does.
/// With several hosts in the URL the time limit holds for each (in whole seconds, at least two).
PostgresHandle open_postgres(const ConnectOptions& options);

}  // namespace assay::sql
