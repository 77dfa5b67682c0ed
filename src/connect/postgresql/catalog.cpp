#include "connect/postgresql/catalog.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "core/printable.h"
#include "sql/identifier.h"

namespace assay::connect::postgresql {
namespace {

// A row of pg_stat counts what committed transactions did, without reading the table. A partitioned table's rows lie in
// its partitions, and what its columns of large objects name in pg_largeobject: $3 asks for these, $4 for
// pg_largeobject_metadata, whose rows are all of them.
constexpr const char* list_sql = R"(
SELECT c.schema, c.name, c.kind, coalesce(x.bytes, 0),
       CASE WHEN x.counters <> '' AND current_setting('track_counts')::boolean
            THEN md5(concat_ws(' ', extract(epoch FROM pg_postmaster_start_time()), c.oid, x.counters)) END
FROM (
  SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND (n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' OR
         $4::boolean AND c.oid = 'pg_catalog.pg_largeobject_metadata'::regclass)
    AND (n.nspname COLLATE "C", c.relname COLLATE "C") > ($1 COLLATE "C", $2 COLLATE "C")
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
  LIMIT 500
) c
LEFT JOIN LATERAL (
  SELECT (sum(pg_total_relation_size(p.oid)) FILTER (WHERE part.is_own))::bigint AS bytes,
         string_agg(concat_ws(':', p.oid, p.relfilenode, p.xmin, pg_stat_get_tuples_inserted(p.oid),
                              pg_stat_get_tuples_updated(p.oid), pg_stat_get_tuples_deleted(p.oid)), ' '
                    ORDER BY p.oid) AS counters
  FROM (SELECT c.oid, true UNION SELECT relid, true FROM pg_partition_tree(c.oid) UNION
        SELECT unnest(ARRAY['pg_catalog.pg_largeobject'::regclass, 'pg_catalog.pg_largeobject_metadata']),
               c.oid = 'pg_catalog.pg_largeobject_metadata'::regclass
        WHERE $4::boolean AND c.oid = 'pg_catalog.pg_largeobject_metadata'::regclass OR
              $3::boolean AND EXISTS (SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                                      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND
                                            'oid'::regtype IN (t.oid, t.typbasetype))) AS part(oid, is_own)
  JOIN pg_class p ON p.oid = part.oid
) x ON c.kind IN ('r', 'p', 'm')
ORDER BY c.schema COLLATE "C", c.name COLLATE "C")";

constexpr const char* columns_sql = R"(
SELECT a.attname, format_type(a.atttypid, a.atttypmod), coalesce(col_description(c.oid, a.attnum), ''), a.attnotnull,
       coalesce((SELECT k.position FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k(attnum, position)
                 WHERE i.indrelid = c.oid AND i.indisprimary AND k.attnum = a.attnum), 0),
       format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, NULL),
       t.typlen = -1 AND t.typname NOT IN ('numeric', 'inet', 'cidr')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY a.attnum)";

// What a page does not hold lies in another relation, and a page holds none that is too long, compressed as it may be:
// at most a hundredth of max_cell_bytes, and compression makes a value at most 255 times shorter. A table that was
// emptied or rewritten since the snapshot has no rows in it, without a word (manual, "Caveats" of MVCC): the function
// sees the file that it has now, pg_class that of then.
constexpr const char* table_sql = R"(
SELECT c.relkind, coalesce(obj_description(c.oid, 'pg_class'), ''), c.reltuples::bigint,
       (SELECT sum(pg_total_relation_size(part.oid))::bigint
        FROM (SELECT c.oid UNION SELECT relid FROM pg_partition_tree(c.oid)) AS part(oid)),
       c.relkind NOT IN ('r', 'm') OR pg_relation_size(nullif(c.reltoastrelid, 0)) > 0,
       EXISTS (SELECT FROM (SELECT c.oid UNION SELECT relid FROM pg_partition_tree(c.oid)) AS part(oid)
               JOIN pg_class p ON p.oid = part.oid WHERE pg_relation_filenode(p.oid) <> nullif(p.relfilenode, 0))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f'))";

// To others the columns of pg_stat_activity and pg_stat_replication that matter are NULL, or there are no rows.
constexpr const char* sees_statistics_sql =
    "SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'), current_user";

constexpr const char* running_sql = R"(
SELECT count(*) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()
  AND (usename <> current_user OR application_name <> current_setting('application_name')))";

constexpr int64_t finds_tid_ranges = 140'000;

constexpr const char* blocks_sql = R"(
WITH RECURSIVE tree(oid) AS (
  SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
  UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid)
SELECT current_setting('server_version_num'),
       coalesce(max(pg_relation_size(c.oid)), 0) / current_setting('block_size')::bigint,
       coalesce(bool_and(c.relkind = 'p' OR (c.relkind IN ('r', 'm') AND coalesce(a.amname, '') = 'heap')), false)
FROM tree JOIN pg_class c ON c.oid = tree.oid LEFT JOIN pg_am a ON a.oid = c.relam)";

// A standby that has replayed what it received is not behind, however old that is. Before the first transaction was
// replayed nothing is known but when the server started.
constexpr const char* standby_lag_sql = R"(
SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM clock_timestamp() -
                                    coalesce(pg_last_xact_replay_timestamp(), pg_postmaster_start_time())) END)";

constexpr const char* primary_lag_sql =
    "SELECT coalesce(max(extract(epoch FROM replay_lag)), 0) FROM pg_stat_replication";

std::string text_at(const sql::PostgresResult& result, int row, int column) {
  return {PQgetvalue(result.get(), row, column), static_cast<size_t>(PQgetlength(result.get(), row, column))};
}

int64_t number_at(const sql::PostgresResult& result, int row, int column) {
  const std::string text = text_at(result, row, column);
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

double seconds_at(const sql::PostgresResult& result, int row, int column) {
  const std::string text = text_at(result, row, column);
  double seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds;
}

void check_sees_statistics(Session& session, std::string_view setting) {
  const sql::PostgresResult result = session.query(sees_statistics_sql);
  if (text_at(result, 0, 0) == "t") return;
  const std::string user = core::printable(text_at(result, 0, 1), 200);
  throw sql::Error(core::ErrorKind::denied, sql::Trouble::other,
                   fmt::format("PostgreSQL: the setting {} needs the role pg_read_all_stats, or pg_monitor, which {} "
                               "does not have",
                               setting, user));
}

const char* kind_in_words(char kind) {
  switch (kind) {
    case 'p': return "partitioned table";
    case 'v': return "view";
    case 'm': return "materialized view";
    case 'f': return "foreign table";
    default: return "table";
  }
}

/// `name`: what stands for the column. `has_long_values`: of the types that are stored as they are read;
/// `is_long_type`: one whose values may have any length.
ColumnPlan plan_of(const std::string& name, const std::string& type, bool has_long_values, bool is_long_type) {
  using model::CellKind;
  // One more, so that the cut is seen.
  const std::string most = has_long_values ? std::string(most_bytes_of_row) : std::to_string(model::max_cell_bytes);
  const auto length_of = [&](const std::string& text) {
    return has_long_values ? fmt::format("least(coalesce(octet_length({}), 0), {})", text, model::max_cell_bytes) : "";
  };
  // To cut a text is to count its characters, which costs as much as all else; few texts are that long.
  const auto cut_if_long = [&](std::string_view cut) {
    return has_long_values ? fmt::format("CASE WHEN octet_length({0}) > {1} THEN {2} ELSE {0} END", name, most, cut)
                           : std::string(name);
  };
  if (type == "bytea")
    return {CellKind::binary, cut_if_long(fmt::format("substring({} FROM 1 FOR {} + 1)", name, most)),
            has_long_values ? "2 * " + length_of(name) : ""};  // it travels as hexadecimal digits
  if (type == "text" || type == "character varying")
    return {CellKind::text, cut_if_long(fmt::format("left({}, {} + 1)", name, most)), length_of(name)};
  const std::string text = name + "::text", cut = fmt::format("left({}, {} + 1)", text, most);
  if (type == "json" || type == "jsonb") return {CellKind::json, cut, length_of(text)};
  if (type == "xml") return {CellKind::xml, cut, length_of(text)};
  if (is_long_type) return {CellKind::text, cut, length_of(text)};
  return {CellKind::text, name};
}

std::string quoted(const std::string& name) { return sql::quote_identifier(sql::Dialect::postgresql, name); }

/// The content of the large object that an expression names, once for each row.
ColumnPlan plan_of_large_object(const std::string& named_by, size_t place, bool has_privilege_function) {
  const LargeObjectSource source = large_object_source(named_by, place, has_privilege_function);
  ColumnPlan plan = plan_of(source.content, "bytea", true, true);
  plan.source = source.from;
  plan.withheld = source.is_withheld;
  return plan;
}

bool is_list_of_large_objects(const std::string& schema, const std::string& name, LargeObjects large_objects) {
  return large_objects == LargeObjects::all && schema == "pg_catalog" && name == "pg_largeobject_metadata";
}

/// Of pg_largeobject_metadata: the number, and behind it what the object of that number holds.
void make_list_of_large_objects(Session& session, DescribedTable& table) {
  model::TableDescription& d = table.description;
  d.comment = "all large objects of the database";
  d.columns.resize(1);
  table.plans.resize(1);
  d.columns.push_back({.name = "content", .native_type = "large object", .comment = {}});
  table.plans.push_back(
      plan_of_large_object("pg_catalog.pg_largeobject_metadata.oid", 1, has_large_object_privilege(session)));
  d.bytes = static_cast<uint64_t>(
      number_at(session.query("SELECT pg_total_relation_size('pg_largeobject_metadata') + pg_total_relation_size("
                              "'pg_largeobject')"),
                0, 0));
}

/// A value of a long type is read as text, or is bytea. What else there is costs more as binary and cast to text than
/// as text.
ColumnPlan::BinaryForm binary_form_of(const std::string& type, bool is_long_type) {
  if (is_long_type) return ColumnPlan::BinaryForm::bytes;
  const bool is_integer = type == "smallint" || type == "integer" || type == "bigint";
  return is_integer ? ColumnPlan::BinaryForm::integer : ColumnPlan::BinaryForm::other;
}

}  // namespace

std::vector<ListedTable> list_tables(Session& session, const std::string& schema, const std::string& name,
                                     LargeObjects large_objects) {
  const auto flag = [&](LargeObjects asked) { return large_objects == asked ? "true" : "false"; };
  const sql::PostgresResult result =
      session.query(list_sql, {schema, name, flag(LargeObjects::of_rows), flag(LargeObjects::all)});
  std::vector<ListedTable> tables;
  tables.reserve(static_cast<size_t>(PQntuples(result.get())));
  for (int row = 0; row < PQntuples(result.get()); ++row)
    tables.push_back({.schema = text_at(result, row, 0),
                      .name = text_at(result, row, 1),
                      .kind = kind_in_words(text_at(result, row, 2).at(0)),
                      .bytes = static_cast<uint64_t>(number_at(result, row, 3)),
                      .change_id = text_at(result, row, 4)});
  return tables;
}

DescribedTable describe_table(Session& session, const std::string& schema, const std::string& name,
                              LargeObjects large_objects) {
  const sql::PostgresResult table = session.query(table_sql, {schema, name});
  if (PQntuples(table.get()) == 0)
    throw sql::Error(
        core::ErrorKind::not_found, sql::Trouble::other,
        fmt::format("PostgreSQL: there is no table {}.{}", core::printable(schema, 200), core::printable(name, 200)));
  if (text_at(table, 0, 5) == "t")
    throw sql::Error(core::ErrorKind::transient, sql::Trouble::conflict,
                     "PostgreSQL: the table was rewritten while it was about to be read");
  DescribedTable described;
  model::TableDescription& d = described.description;
  d.schema = schema;
  d.name = name;
  d.kind = kind_in_words(text_at(table, 0, 0).at(0));
  d.comment = text_at(table, 0, 1);
  // -1: never analysed
  if (const int64_t rows = number_at(table, 0, 2); rows >= 0) d.estimated_rows = static_cast<uint64_t>(rows);
  d.bytes = static_cast<uint64_t>(number_at(table, 0, 3));
  const bool has_long_values = text_at(table, 0, 4) == "t";
  const sql::PostgresResult columns = session.query(columns_sql, {schema, name});
  std::optional<bool> has_privilege_function;
  for (int row = 0; row < PQntuples(columns.get()); ++row) {
    d.columns.push_back({.name = text_at(columns, row, 0),
                         .native_type = text_at(columns, row, 1),
                         .comment = text_at(columns, row, 2),
                         .is_nullable = text_at(columns, row, 3) != "t",
                         .key_position = static_cast<uint32_t>(number_at(columns, row, 4))});
    const std::string column = quoted(d.columns.back().name), type = text_at(columns, row, 5);
    if (type == "oid" && large_objects == LargeObjects::of_rows) {
      if (!has_privilege_function) has_privilege_function = has_large_object_privilege(session);
      // In full, since where it is used pg_largeobject_metadata has columns, too.
      described.plans.push_back(plan_of_large_object(quoted(schema) + "." + quoted(name) + "." + column,
                                                     described.plans.size(), *has_privilege_function));
      continue;
    }
    const bool is_long_type = text_at(columns, row, 6) == "t";
    described.plans.push_back(plan_of(column, type, has_long_values, is_long_type));
    described.plans.back().binary = binary_form_of(type, is_long_type);
  }
  if (is_list_of_large_objects(schema, name, large_objects)) make_list_of_large_objects(session, described);
  return described;
}

uint64_t blocks_of_table(Session& session, const model::TableDescription& table) {
  const sql::PostgresResult result = session.query(blocks_sql, {table.schema, table.name});
  if (number_at(result, 0, 0) < finds_tid_ranges || text_at(result, 0, 2) != "t") return 0;
  return static_cast<uint64_t>(number_at(result, 0, 1));
}

ServerLoad server_load(Session& session, const LoadBounds& bounds) {
  ServerLoad load;
  if (bounds.max_replication_lag_s != 0) {
    const bool is_standby = text_at(session.query("SELECT pg_is_in_recovery()"), 0, 0) == "t";
    if (!is_standby) check_sees_statistics(session, "max_replication_lag_s");
    load.replication_lag_s = seconds_at(session.query(is_standby ? standby_lag_sql : primary_lag_sql), 0, 0);
  }
  if (bounds.max_running != 0) {
    check_sees_statistics(session, "max_running");
    load.running = static_cast<uint64_t>(number_at(session.query(running_sql), 0, 0));
  }
  return load;
}

std::string server_version(Session& session) {
  const sql::PostgresResult result = session.query("SHOW server_version");
  return "PostgreSQL " + core::printable(text_at(result, 0, 0), 100);
}

}  // namespace assay::connect::postgresql
