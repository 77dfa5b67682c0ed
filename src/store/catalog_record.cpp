#include <algorithm>
#include <memory>
#include <set>

#include "store/catalog_rows.h"
#include "store/keys.h"
#include "store/sql_store.h"
#include "store/text.h"

// What jobs tell the catalog: descriptions and profiles with the task that examined the table, and at the end of a run
// what is gone.
namespace assay::store {
namespace {

bool tells_something(const TaskCompletion& task) {
  return task.is_discovery || !task.tables.empty() || !task.profiles.empty() || !task.columns.empty() ||
         !task.objects.empty() || !task.seen_objects.empty();
}

bool lies_below(std::string_view path, std::string_view root) {
  if (!path.starts_with(root)) return false;
  return path.size() == root.size() || root.ends_with('/') || path[root.size()] == '/';
}

/// A table that its source was not seen to have.
struct Missing {
  int64_t id = 0;
  std::string object_key, path, label, kind;
  bool is_described = false;
};

std::vector<Missing> missing_tables(const sql::Rows& rows) {
  return each_row(rows, [](const sql::Rows& all, size_t row) {
    Missing missing;
    missing.id = all.integer(row, 0);
    missing.object_key = all.text(row, 1);
    model::CatalogTable table;
    table.object = from_text(all.text(row, 2));
    table.member = from_text(all.text(row, 3));
    table.table_in_file = from_text(all.text(row, 4));
    table.description.schema = from_text(all.text(row, 5));
    table.description.name = from_text(all.text(row, 6));
    table.description.kind = all.text(row, 7);
    missing.path = table.object;
    missing.label = to_text(model::name_of(table));
    missing.kind = table.description.kind;
    missing.is_described = !all.text(row, 8).empty();
    return missing;
  });
}

/// The folders that a path lies in, as the ledger names them.
void add_folders(std::set<std::string>& keys, std::string_view path) {
  for (size_t slash = path.find('/', 1); slash != std::string_view::npos; slash = path.find('/', slash + 1))
    keys.insert(object_key(path.substr(0, slash)));
}

/// A folder that the job left out stands for all inside it: what lies there is not missing.
void drop_left_out(sql::Connection& connection, const Statements& text, int64_t job_id, int64_t datasource_id,
                   std::vector<Missing>& missing) {
  std::set<std::string> folders;
  for (const Missing& table : missing) add_folders(folders, table.path);
  if (folders.empty()) return;
  const std::vector<std::string_view> keys(folders.begin(), folders.end());
  const sql::Rows left_out = query(
      connection,
      text("SELECT path FROM objects WHERE datasource_id = $1 AND object_key @in_texts(2) AND member_key = '' AND "
           "verdict = $3 AND seen_job_id >= $4 AND deleted_at = 0"),
      datasource_id, keys, to_string(model::VerdictKind::excluded), job_id);
  for (size_t i = 0; i < left_out.size(); ++i) {
    const std::string folder = from_text(left_out.text(i, 0));
    std::erase_if(missing, [&](const Missing& table) { return lies_below(table.path, folder); });
  }
}

}  // namespace

void SqlStore::write_catalog(sql::Connection& connection, std::span<const TaskCompletion> tasks,
                             std::span<const size_t> order, std::span<const HeldTask> held) {
  std::map<std::pair<int64_t, int64_t>, std::unique_ptr<CatalogRows>> all;
  for (const HeldTask& each : held) {
    const TaskCompletion& task = tasks[order[each.index]];
    if (!tells_something(task)) continue;
    const int64_t datasource_id = task.datasource_id != 0 ? task.datasource_id : each.datasource_id;
    auto& rows = all[{each.job_id, datasource_id}];
    if (!rows) rows = std::make_unique<CatalogRows>(connection, text_, datasource_id, each.job_id);
    rows->add(task);
  }
  for (const auto& [key, rows] : all) rows->write();
}

int64_t SqlStore::record_vanished_tables(int64_t job_id, int64_t datasource_id, std::span<const std::string_view> roots,
                                         int64_t after_id, size_t most) {
  return writing<int64_t>("record_vanished_tables", [&](sql::Connection& c) -> int64_t {
    const sql::Rows rows =
        query(c,
              text_("SELECT t.id, t.object_key, t.path, t.member, t.table_name, t.schema_name, t.name, t.kind, "
                    "t.description_hash FROM catalog_tables t WHERE t.datasource_id = $1 AND t.id > $2 AND "
                    "t.seen_job_id < $3 AND t.vanished_at = 0 AND NOT EXISTS (SELECT 1 FROM objects o WHERE "
                    "o.datasource_id = t.datasource_id AND o.object_key = t.object_key AND o.member_key = '' AND "
                    "o.deleted_at = 0 AND o.seen_job_id >= $3) ORDER BY t.id LIMIT $4"),
              datasource_id, after_id, job_id, most);
    std::vector<Missing> missing = missing_tables(rows);
    if (missing.empty()) return 0;
    const int64_t last = missing.back().id;
    std::erase_if(missing, [&](const Missing& table) {
      return std::ranges::none_of(roots, [&](std::string_view root) { return lies_below(table.path, root); });
    });
    drop_left_out(c, text_, job_id, datasource_id, missing);
    std::vector<int64_t> gone, forgotten;
    std::vector<model::CatalogChange> changes;
    for (const Missing& table : missing) {
      if (!table.is_described) {
        forgotten.push_back(table.id);
        continue;
      }
      gone.push_back(table.id);
      model::CatalogChange& change = changes.emplace_back();
      change.what = model::ChangeKind::vanished;
      change.table = table.label;
      change.before = table.kind;
    }
    // Another job may have seen one meanwhile; then its change would say what is not so.
    const sql::Rows marked = query(c,
                                   text_("SELECT id FROM catalog_tables WHERE id @in_ids(1) AND seen_job_id < $2 AND "
                                         "vanished_at = 0 ORDER BY object_key, table_key @lock"),
                                   gone, job_id);
    std::vector<int64_t> still_gone = numbers_of(marked);
    std::ranges::sort(still_gone);
    std::vector<model::CatalogChange> kept_changes;
    for (size_t i = 0; i < gone.size(); ++i)
      if (std::ranges::binary_search(still_gone, gone[i])) kept_changes.push_back(std::move(changes[i]));
    execute(c, text_("UPDATE catalog_tables SET vanished_at = @now WHERE id @in_ids(1)"), still_gone);
    execute(c, text_("DELETE FROM catalog_tables WHERE id @in_ids(1) AND seen_job_id < $2"), forgotten, job_id);
    insert_catalog_changes(c, text_, datasource_id, job_id, kept_changes);
    return rows.size() < most ? 0 : last;
  });
}

void SqlStore::close_discovery_run(int64_t job_id, int64_t datasource_id) {
  write("close_discovery_run", [&](sql::Connection& c) {
    const sql::Rows found = query(c,
                                  "SELECT COALESCE(SUM(objects_discovered), 0), COALESCE(SUM(bytes_discovered), 0) "
                                  "FROM job_progress WHERE job_id = $1 AND datasource_id = $2",
                                  job_id, datasource_id);
    const sql::Rows tables = query(c,
                                   "SELECT COUNT(*) FROM catalog_tables WHERE datasource_id = $1 AND seen_job_id >= $2 "
                                   "AND vanished_at = 0",
                                   datasource_id, job_id);
    execute(c,
            text_("INSERT INTO discovery_history (datasource_id, job_id, started_at, finished_at, objects, bytes, "
                  "is_complete, tables) VALUES ($1, $2, @now, @now, $3, $4, TRUE, $5) ON CONFLICT (datasource_id, "
                  "job_id) DO UPDATE SET finished_at = excluded.finished_at, objects = excluded.objects, bytes = "
                  "excluded.bytes, is_complete = TRUE, tables = excluded.tables"),
            datasource_id, job_id, found.integer(0, 0), found.integer(0, 1), tables.integer(0, 0));
  });
}

}  // namespace assay::store
