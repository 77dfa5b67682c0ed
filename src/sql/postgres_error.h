#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string_view>

#include "sql/error.h"

namespace assay::sql {

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

/// The error for an SQLSTATE (manual, appendix A). `message` is the server's primary message, which is left out for
/// the classes in which it quotes values.
Error postgres_error(std::string_view sqlstate, std::string_view message);

/// The error that `result` is, or that the lost connection behind it is.
Error postgres_error(PGconn* connection, const PGresult* result);

/// Why `connection`, which was told to give verbose messages, could not be made. Never shows `password`.
Error postgres_connect_error(PGconn* connection, std::string_view password);

/// Whether a prepared statement's plan does not fit a changed table any more.
bool is_stale_plan(const PGresult* result) noexcept;

}  // namespace assay::sql
