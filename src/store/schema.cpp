#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "store/migrations/migrations.h"
#include "store/sql_store.h"

// Which database is ours, how new its schema is, and how it becomes newer.
namespace assay::store {
namespace {

constexpr int oldest_postgresql = 130'000;        // server_version_num
constexpr int64_t migration_lock = 0x6173736179;  // "assay"

struct Applied {
  int number = 0;
  std::string name, checksum;
};

struct Schema {
  bool has_tables = false, is_ours = false;
  std::vector<Applied> applied;
  int version() const { return applied.empty() ? 0 : applied.back().number; }
};

int newest() { return migrations().back()->number; }

[[noreturn]] void refuse(const std::string& message) { throw core::Error(core::ErrorKind::bad_input, message); }

sql::ConnectOptions connect_options(const StoreOptions& options) {
  sql::ConnectOptions out;
  out.url = options.url;
  out.application_name = options.application_name;
  out.durable = options.durable;
  out.now_ms = options.now_ms;
  return out;
}

bool is_sqlite(const sql::Connection& connection) { return connection.dialect() == sql::Dialect::sqlite; }

void check_server(sql::Connection& connection) {
  if (is_sqlite(connection)) return;
  const sql::Rows version = query(connection, "SELECT current_setting('server_version_num')");
  if (version.integer(0, 0) < oldest_postgresql)
    refuse("the database server is too old; Assay needs PostgreSQL 13 or newer");
}

Schema read_schema(sql::Connection& connection) {
  Schema schema;
  const sql::Rows tables =
      is_sqlite(connection)
          ? query(connection, "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
          : query(connection, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()");
  schema.has_tables = tables.integer(0, 0) > 0;
  // Others have a table of that name, too; ours has a checksum.
  const sql::Rows marks =
      is_sqlite(connection)
          ? query(connection,
                  "SELECT COUNT(*) FROM pragma_table_info('schema_migrations') WHERE name IN ('number', "
                  "'name', 'checksum', 'applied_at')")
          : query(connection,
                  "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = current_schema() AND "
                  "table_name = 'schema_migrations' AND column_name IN ('number', 'name', 'checksum', 'applied_at')");
  schema.is_ours = marks.integer(0, 0) == 4;
  if (!schema.is_ours) return schema;
  const sql::Rows rows = query(connection, "SELECT number, name, checksum FROM schema_migrations ORDER BY number");
  for (size_t i = 0; i < rows.size(); ++i)
    schema.applied.push_back(
        {static_cast<int>(rows.integer(i, 0)), std::string(rows.text(i, 1)), std::string(rows.text(i, 2))});
  return schema;
}

/// Throws unless every step that ran is one that this program knows.
void check_schema(const Schema& schema, sql::Dialect dialect) {
  if (schema.has_tables && !schema.is_ours)
    refuse("the database belongs to another product: it has tables, but none of Assay's; give Assay one of its own");
  if (schema.version() > newest())
    refuse(
        fmt::format("the database has schema {}, and this Assay knows {}; it needs the Assay that migrated it, or a "
                    "newer one",
                    schema.version(), newest()));
  for (size_t i = 0; i < schema.applied.size(); ++i) {
    const Applied& applied = schema.applied[i];
    const Migration* known = i < migrations().size() ? migrations()[i] : nullptr;
    if (!known || known->number != applied.number || checksum_of(*known, dialect) != applied.checksum)
      refuse(
          fmt::format("migration {} ('{}') of the database is not the one that this Assay has; it was made by another "
                      "version",
                      applied.number, applied.name));
  }
}

SchemaStatus status_of_schema(const Schema& schema) {
  SchemaStatus status;
  status.version = schema.version();
  status.newest = newest();
  for (const Applied& applied : schema.applied) status.applied.emplace_back(applied.number, applied.name);
  return status;
}

[[noreturn]] void refuse_read_only() { refuse("the database is read-only; Assay writes its jobs and findings there"); }

/// Whether it can be written is asked before anything is begun.
void check_writable(sql::Connection& connection) {
  const sql::Transaction transaction(connection);
  if (!is_sqlite(connection) && query(connection, "SHOW transaction_read_only").text(0, 0) == "on") refuse_read_only();
}

/// A file that may not be written says so when it is opened already.
template <typename Work>
auto refusing_read_only(const Work& work) {
  try {
    return work();
  } catch (const sql::Error& error) {
    if (error.trouble() == sql::Trouble::read_only) refuse_read_only();
    throw;
  }
}

void apply(sql::Connection& connection, const Migration& migration) {
  connection.run_script(script_of(migration, connection.dialect()));
  execute(connection,
          expand("INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES ($1, $2, $3, @now)",
                 connection.dialect()),
          migration.number, migration.name, checksum_of(migration, connection.dialect()));
}

/// All steps that are missing, in one transaction: two processes that begin at a time wait for each other.
SchemaStatus migrate_connection(sql::Connection& connection) {
  check_server(connection);
  check_schema(read_schema(connection), connection.dialect());
  check_writable(connection);
  sql::Transaction transaction(connection);
  if (!is_sqlite(connection)) query(connection, "SELECT pg_advisory_xact_lock($1)", migration_lock);
  const Schema before = read_schema(connection);
  check_schema(before, connection.dialect());
  if (!before.is_ours)
    execute(connection,
            "CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, "
            "checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)");
  for (const Migration* migration : migrations())
    if (migration->number > before.version()) apply(connection, *migration);
  const SchemaStatus status = status_of_schema(read_schema(connection));
  transaction.commit();
  return status;
}

}  // namespace

SchemaStatus Store::schema_status(const StoreOptions& options) {
  sql::ConnectOptions connect = connect_options(options);
  connect.read_only = true;  // looking makes no file
  return refusing_read_only([&] {
    const auto connection = sql::connect(connect);
    check_server(*connection);
    const Schema schema = read_schema(*connection);
    check_schema(schema, connection->dialect());
    return status_of_schema(schema);
  });
}

SchemaStatus Store::migrate(const StoreOptions& options) {
  return refusing_read_only([&] {
    const auto connection = sql::connect(connect_options(options));
    return migrate_connection(*connection);
  });
}

std::unique_ptr<Store> Store::open(const StoreOptions& options, bool create) {
  // A database in memory lives as long as its connection, so the store's own one is migrated.
  auto store = std::make_unique<SqlStore>(options);
  refusing_read_only([&] { store->prepare_schema(create); });
  return store;
}

void SqlStore::prepare_schema(bool create) {
  if (!create && options_.url != "sqlite::memory:" && dialect_ == sql::Dialect::sqlite) {
    // Without `create`, opening makes no file.
    sql::ConnectOptions connect = connect_options(options_);
    connect.read_only = true;
    try {
      sql::connect(connect);
    } catch (const core::Error& error) {
      if (error.kind() != core::ErrorKind::not_found) throw;
      refuse("there is no database yet; `assay db migrate` makes it");
    }
  }
  auto lease = connection();
  if (create) {
    migrate_connection(*lease);
    return;
  }
  check_server(*lease);
  const Schema schema = read_schema(*lease);
  check_schema(schema, dialect_);
  if (schema.version() < newest())
    refuse(fmt::format("the database has schema {}, and this Assay needs {}; run `assay db migrate` first",
                       schema.version(), newest()));
  check_writable(*lease);
}

}  // namespace assay::store
