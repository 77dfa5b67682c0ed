#include <fmt/format.h>

#include "store/job_conditions.h"
#include "store/sql_store.h"

// What users configure: datasources, templates, rule sets.
namespace assay::store {
namespace {

#define ASSAY_SOURCE_COLUMNS                                                                              \
  "id, name, kind, node_group, configuration, concurrent_tasks, connections, bytes_per_s, memory_bytes, " \
  "enabled"

model::Datasource datasource(const sql::Rows& rows, size_t row) {
  model::Datasource source;
  source.id = rows.integer(row, 0);
  source.name = rows.text(row, 1);
  source.kind = rows.text(row, 2);
  source.node_group = rows.text(row, 3);
  source.configuration = rows.text(row, 4);
  source.budget.concurrent_tasks = static_cast<uint32_t>(rows.integer(row, 5));
  source.budget.connections = static_cast<uint32_t>(rows.integer(row, 6));
  source.budget.bytes_per_s = static_cast<uint64_t>(rows.integer(row, 7));
  source.budget.memory_bytes = static_cast<uint64_t>(rows.integer(row, 8));
  source.enabled = rows.boolean(row, 9);
  return source;
}

[[noreturn]] void refuse(core::ErrorKind kind, const std::string& message) { throw core::Error(kind, message); }

}  // namespace

int64_t SqlStore::add_datasource(const model::Datasource& source) {
  int64_t id = 0;  // of an attempt whose commit nobody knows the end of: then the name that is taken is its own
  write("add_datasource", [&](sql::Connection& c) {
    const sql::Rows rows =
        query(c,
              text_("INSERT INTO datasources (name, kind, node_group, configuration, concurrent_tasks, connections, "
                    "bytes_per_s, memory_bytes, enabled, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, @now) "
                    "ON CONFLICT (name) WHERE removed_at = 0 DO NOTHING RETURNING id"),
              source.name, source.kind, source.node_group, source.configuration, source.budget.concurrent_tasks,
              source.budget.connections, source.budget.bytes_per_s, source.budget.memory_bytes, source.enabled);
    if (!rows.empty()) id = rows.integer(0, 0);
    else if (id == 0 || query(c, "SELECT 1 FROM datasources WHERE id = $1 AND name = $2", id, source.name).empty())
      refuse(core::ErrorKind::bad_input, fmt::format("there is a datasource '{}' already", source.name));
  });
  return id;
}

void SqlStore::update_datasource(const model::Datasource& source) {
  write("update_datasource", [&](sql::Connection& c) {
    const uint64_t changed = execute(
        c,
        "UPDATE datasources SET kind = $2, node_group = $3, configuration = $4, concurrent_tasks = $5, "
        "connections = $6, bytes_per_s = $7, memory_bytes = $8, enabled = $9 WHERE name = $1 AND removed_at = 0",
        source.name, source.kind, source.node_group, source.configuration, source.budget.concurrent_tasks,
        source.budget.connections, source.budget.bytes_per_s, source.budget.memory_bytes, source.enabled);
    if (changed == 0) refuse(core::ErrorKind::not_found, fmt::format("there is no datasource '{}'", source.name));
  });
}

void SqlStore::remove_datasource(std::string_view name) {
  write("remove_datasource", [&](sql::Connection& c) {
    const sql::Rows source =
        query(c, text_("SELECT id FROM datasources WHERE name = $1 AND removed_at = 0 @lock"), name);
    if (source.empty()) refuse(core::ErrorKind::not_found, fmt::format("there is no datasource '{}'", name));
    const sql::Rows user = query(c,
                                 "SELECT j.id FROM jobs j JOIN job_progress p ON p.job_id = j.id "
                                 "WHERE p.datasource_id = $1 AND NOT (j." ASSAY_JOB_IS_OVER ") ORDER BY j.id LIMIT 1",
                                 source.integer(0, 0));
    if (!user.empty())
      refuse(core::ErrorKind::bad_input,
             fmt::format("datasource '{}' is used by job {}, which is not over", name, user.integer(0, 0)));
    // Its ledger and findings stay by policy; the name is free again.
    execute(c, text_("UPDATE datasources SET removed_at = @now WHERE id = $1"), source.integer(0, 0));
  });
}

std::vector<model::Datasource> SqlStore::list_datasources() {
  return reading<std::vector<model::Datasource>>([&](sql::Connection& c) {
    const sql::Rows rows =
        query(c, "SELECT " ASSAY_SOURCE_COLUMNS " FROM datasources WHERE removed_at = 0 ORDER BY name");
    return each_row(rows, datasource);
  });
}

std::optional<model::Datasource> SqlStore::find_datasource(std::string_view name) {
  return reading<std::optional<model::Datasource>>([&](sql::Connection& c) -> std::optional<model::Datasource> {
    const sql::Rows rows =
        query(c, "SELECT " ASSAY_SOURCE_COLUMNS " FROM datasources WHERE name = $1 AND removed_at = 0", name);
    if (rows.empty()) return std::nullopt;
    return datasource(rows, 0);
  });
}

int64_t SqlStore::add_template(std::string_view name, std::string_view definition_json) {
  int64_t id = 0;  // as above
  write("add_template", [&](sql::Connection& c) {
    const sql::Rows rows =
        query(c,
              text_("INSERT INTO scan_templates (name, definition, created_at) VALUES ($1, $2, @now) "
                    "ON CONFLICT (name) DO NOTHING RETURNING id"),
              name, definition_json);
    if (!rows.empty()) id = rows.integer(0, 0);
    else if (id == 0 || query(c, "SELECT 1 FROM scan_templates WHERE id = $1 AND name = $2", id, name).empty())
      refuse(core::ErrorKind::bad_input, fmt::format("there is a template '{}' already", name));
  });
  return id;
}

void SqlStore::put_template(std::string_view name, std::string_view definition_json) {
  write("put_template", [&](sql::Connection& c) {
    execute(c,
            text_("INSERT INTO scan_templates (name, definition, created_at) VALUES ($1, $2, @now) "
                  "ON CONFLICT (name) DO UPDATE SET definition = excluded.definition"),
            name, definition_json);
  });
}

void SqlStore::remove_template(std::string_view name) {
  write("remove_template", [&](sql::Connection& c) {
    if (execute(c, "DELETE FROM scan_templates WHERE name = $1", name) == 0)
      refuse(core::ErrorKind::not_found, fmt::format("there is no template '{}'", name));
  });
}

std::vector<std::pair<std::string, std::string>> SqlStore::list_templates() {
  return reading<std::vector<std::pair<std::string, std::string>>>([&](sql::Connection& c) {
    const sql::Rows rows = query(c, "SELECT name, definition FROM scan_templates ORDER BY name");
    return each_row(rows, [](const sql::Rows& all, size_t row) {
      return std::pair(std::string(all.text(row, 0)), std::string(all.text(row, 1)));
    });
  });
}

std::optional<std::string> SqlStore::find_template(std::string_view name) {
  return reading<std::optional<std::string>>([&](sql::Connection& c) -> std::optional<std::string> {
    const sql::Rows rows = query(c, "SELECT definition FROM scan_templates WHERE name = $1", name);
    if (rows.empty()) return std::nullopt;
    return std::string(rows.text(0, 0));
  });
}

void SqlStore::put_rule_set(std::string_view hash, std::string_view definition) {
  write("put_rule_set", [&](sql::Connection& c) {
    execute(c,
            text_("INSERT INTO rule_sets (hash, definition, created_at) VALUES ($1, $2, @now) "
                  "ON CONFLICT (hash) DO NOTHING"),
            hash, definition);
  });
}

std::optional<std::string> SqlStore::find_rule_set(std::string_view hash) {
  return reading<std::optional<std::string>>([&](sql::Connection& c) -> std::optional<std::string> {
    const sql::Rows rows = query(c, "SELECT definition FROM rule_sets WHERE hash = $1", hash);
    if (rows.empty()) return std::nullopt;
    return std::string(rows.text(0, 0));
  });
}

}  // namespace assay::store
