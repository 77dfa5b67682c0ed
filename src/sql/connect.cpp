#include "sql/connection.h"

#include "sql/postgres_connection.h"
#include "sql/sqlite_connection.h"

namespace assay::sql {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

}  // namespace

std::string_view to_string(Dialect dialect) noexcept {
  switch (dialect) {
    case Dialect::sqlite: return "sqlite";
    case Dialect::postgresql: return "postgresql";
  }
  return "unknown";
}

std::unique_ptr<Connection> connect(const ConnectOptions& options) {
  const std::string_view url = options.url;
  if (url.find('\0') != std::string_view::npos)
    throw Error(core::ErrorKind::bad_input, Trouble::other, "a database's URL cannot have a NUL in it");
  if (url.starts_with(sqlite_scheme) && url.size() > sqlite_scheme.size())
    return std::make_unique<SqliteConnection>(options, std::string(url.substr(sqlite_scheme.size())));
  if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
    return std::make_unique<PostgresConnection>(options);
  // The URL itself is not shown: it may hold a password.
  throw Error(core::ErrorKind::bad_input, Trouble::other,
              "a database's URL begins with sqlite: (and a path) or postgresql://");
}

}  // namespace assay::sql
