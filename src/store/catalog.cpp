#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "store/catalog_rows.h"
#include "store/profile_text.h"
#include "store/sql_store.h"
#include "store/text.h"

// The catalog as users and exports read it: in pages.
namespace assay::store {
namespace {

constexpr size_t most_tables_with_columns = 50;

std::optional<uint64_t> known_number(int64_t number) {
  if (number < 0) return std::nullopt;
  return static_cast<uint64_t>(number);
}

model::CatalogTable catalog_table(const sql::Rows& rows, size_t row) {
  model::CatalogTable table;
  table.id = rows.integer(row, 0);
  table.datasource_id = rows.integer(row, 1);
  table.object = from_text(rows.text(row, 4));
  table.member = from_text(rows.text(row, 5));
  table.table_in_file = from_text(rows.text(row, 6));
  table.description.schema = from_text(rows.text(row, 7));
  table.description.name = from_text(rows.text(row, 8));
  table.description.kind = from_text(rows.text(row, 9));
  table.description.comment = from_text(rows.text(row, 10));
  table.column_count = static_cast<uint32_t>(rows.integer(row, 11));
  table.description.estimated_rows = known_number(rows.integer(row, 12));
  table.description.bytes = known_number(rows.integer(row, 13));
  table.description_hash = rows.text(row, 14);
  table.last_seen_run = rows.integer(row, 15);
  table.first_seen_at = rows.integer(row, 16);
  table.last_seen_at = rows.integer(row, 17);
  table.vanished_at = rows.integer(row, 18);
  table.profiled_at = rows.integer(row, 19);
  table.profiled_rows = known_number(rows.integer(row, 20));
  table.is_sample = rows.boolean(row, 21);
  return table;
}

/// The conditions of a filter on `t`, and their values.
class Selection {
 public:
  explicit Selection(const CatalogFilter& filter) : name_(to_text(filter.name)) {
    sql_ =
        "SELECT t.id, t.datasource_id, t.object_key, t.table_key, t.path, t.member, t.table_name, t.schema_name, "
        "t.name, t.kind, t.comment, t.column_count, t.estimated_rows, t.bytes, t.description_hash, t.seen_job_id, "
        "t.first_seen_at, t.last_seen_at, t.vanished_at, t.profiled_at, t.profiled_rows, t.is_sample FROM "
        "catalog_tables t JOIN datasources d ON d.id = t.datasource_id AND d.removed_at = 0 WHERE ";
    const size_t source = add(filter.after.datasource_id), object = add(filter.after.object_key);
    sql_ += fmt::format("(t.datasource_id, t.object_key, t.table_key) > (${}, ${}, ${})", source, object,
                        add(filter.after.table_key));
    if (!filter.datasource.empty()) sql_ += fmt::format(" AND d.name = ${}", add(filter.datasource));
    if (!filter.with_vanished) sql_ += " AND t.vanished_at = 0";
    if (!name_.empty())
      sql_ += fmt::format(
          " AND (t.name = ${0} OR t.schema_name || '.' || t.name = ${0} OR t.path = ${0} OR t.table_name = ${0} OR "
          "t.path || CASE WHEN t.member = '' THEN '' ELSE ' ' || t.member END || CASE WHEN t.table_name = '' THEN '' "
          "ELSE ' ' || t.table_name END = ${0})",
          add(name_));
    if (filter.is_sensitive)
      sql_ +=
          " AND EXISTS (SELECT 1 FROM columns c WHERE c.datasource_id = t.datasource_id AND c.object_key = "
          "t.object_key AND c.member = t.member AND (t.table_key = '' OR c.table_name = t.table_name))";
  }

  sql::Rows rows(sql::Connection& connection, size_t most) {
    sql_ += fmt::format(" ORDER BY t.datasource_id, t.object_key, t.table_key LIMIT ${}", add(most));
    return connection.query(sql_, values_);
  }

 private:
  template <typename T>
  size_t add(const T& value) {
    values_.push_back(value_of(value));
    return values_.size();
  }

  const std::string name_;
  std::string sql_;
  std::vector<sql::Value> values_;
};

/// A page of tables, and where each of them is found.
class Page {
 public:
  Page(sql::Connection& connection, const Statements& text) : connection_(connection), text_(text) {}

  void add(const sql::Rows& rows, size_t row) {
    const CatalogPosition position{rows.integer(row, 1), std::string(rows.text(row, 2)),
                                   std::string(rows.text(row, 3))};
    tables_.push_back(catalog_table(rows, row));
    index_[{position.datasource_id, position.object_key, position.table_key}] = tables_.size() - 1;
    last_ = position;
  }
  const CatalogPosition& last() const { return last_; }

  void add_columns() {
    std::vector<int64_t> ids;
    std::map<int64_t, size_t> index_of;
    for (size_t i = 0; i < tables_.size(); ++i) {
      ids.push_back(tables_[i].id);
      index_of[tables_[i].id] = i;
    }
    const sql::Rows rows =
        query(connection_,
              text_("SELECT table_id, position, name, native_type, comment, is_nullable, key_position, profile FROM "
                    "catalog_columns WHERE table_id @in_ids(1) ORDER BY table_id, position"),
              ids);
    for (size_t i = 0; i < rows.size(); ++i) {
      model::CatalogColumn& column = tables_[index_of.at(rows.integer(i, 0))].columns.emplace_back();
      column.position = static_cast<uint32_t>(rows.integer(i, 1));
      column.description = {.name = from_text(rows.text(i, 2)),
                            .native_type = from_text(rows.text(i, 3)),
                            .comment = from_text(rows.text(i, 4)),
                            .is_nullable = rows.boolean(i, 5),
                            .key_position = static_cast<uint32_t>(rows.integer(i, 6))};
      column.profile = profile_from_text(rows.text(i, 7));
      if (!column.profile) continue;
      column.profile->name = column.description.name;
      column.profile->native_type = column.description.native_type;
      column.profile->comment = column.description.comment;
    }
  }

  /// What columns hold. Sources are few in a page, mostly one.
  void add_verdicts(bool with_columns) {
    std::map<int64_t, std::set<std::string_view>> objects;
    for (const auto& [key, i] : index_) objects[std::get<0>(key)].insert(std::get<1>(key));
    for (const auto& [datasource_id, keys] : objects) {
      const std::vector<std::string_view> key_list(keys.begin(), keys.end());
      const sql::Rows rows =
          query(connection_,
                text_("SELECT object_key, path, member, table_name, column_name, entity, rule, category, sensitivity, "
                      "confidence, value_count, agreeing, reasons FROM columns WHERE datasource_id = $1 AND object_key "
                      "@in_texts(2) ORDER BY confidence DESC, id"),
                datasource_id, key_list);
      for (size_t i = 0; i < rows.size(); ++i) add_verdict(rows, i, datasource_id, with_columns);
    }
    for (model::CatalogTable& table : tables_) std::ranges::sort(table.entities);
  }

  std::vector<model::CatalogTable> take() { return std::move(tables_); }

 private:
  using Place = std::tuple<int64_t, std::string, std::string>;

  void add_verdict(const sql::Rows& rows, size_t i, int64_t datasource_id, bool with_columns) {
    model::ColumnFinding f;
    f.object = from_text(rows.text(i, 1));
    f.locator.member = from_text(rows.text(i, 2));
    f.locator.table = from_text(rows.text(i, 3));
    const std::string object_key(rows.text(i, 0));
    auto found = index_.find({datasource_id, object_key, catalog_table_key(f.locator.member, f.locator.table)});
    if (found == index_.end() && f.locator.member.empty()) found = index_.find({datasource_id, object_key, ""});
    if (found == index_.end()) return;
    model::CatalogTable& table = tables_[found->second];
    f.locator.column = from_text(rows.text(i, 4));
    f.entity = from_text(rows.text(i, 5));
    if (std::ranges::find(table.entities, f.entity) == table.entities.end()) table.entities.push_back(f.entity);
    if (!with_columns) return;
    f.rule = from_text(rows.text(i, 6));
    f.category = from_text(rows.text(i, 7));
    f.sensitivity = model::sensitivity_from_string(rows.text(i, 8)).value_or(model::Sensitivity::medium);
    f.confidence = rows.real(i, 9);
    f.values = static_cast<uint64_t>(rows.integer(i, 10));
    f.agreeing = static_cast<uint64_t>(rows.integer(i, 11));
    f.reasons = split_texts(rows.text(i, 12));
    const auto column = std::ranges::find(table.columns, f.locator.column,
                                          [](const model::CatalogColumn& c) { return c.description.name; });
    if (column != table.columns.end()) return column->verdicts.push_back(std::move(f));
    model::CatalogColumn& unknown = table.columns.emplace_back();
    unknown.description.name = f.locator.column;
    unknown.verdicts.push_back(std::move(f));
  }

  sql::Connection& connection_;
  const Statements& text_;
  std::vector<model::CatalogTable> tables_;
  std::map<Place, size_t> index_;
  CatalogPosition last_;
};

}  // namespace

CatalogPage SqlStore::list_catalog_tables(const CatalogFilter& filter) {
  const size_t most = filter.with_columns ? std::min(filter.most, most_tables_with_columns) : filter.most;
  return reading<CatalogPage>([&](sql::Connection& c) {
    CatalogPage result;
    const sql::Rows rows = Selection(filter).rows(c, most + 1);
    Page page(c, text_);
    for (size_t i = 0; i < std::min(rows.size(), most); ++i) page.add(rows, i);
    if (rows.size() > most) result.next = page.last();
    if (!rows.empty() && filter.with_columns) page.add_columns();
    if (!rows.empty()) page.add_verdicts(filter.with_columns);
    result.tables = page.take();
    return result;
  });
}

std::vector<model::DiscoveryRun> SqlStore::list_discovery_runs(std::string_view datasource, size_t most) {
  return reading<std::vector<model::DiscoveryRun>>([&](sql::Connection& c) {
    // A run that did not come to its end is over with its job.
    const sql::Rows rows =
        query(c,
              "SELECT h.job_id, h.datasource_id, h.started_at, CASE WHEN h.finished_at <> 0 THEN h.finished_at ELSE "
              "COALESCE((SELECT j.finished_at FROM jobs j WHERE j.id = h.job_id), 0) END, h.is_complete, h.objects, "
              "h.bytes, h.tables, (SELECT COUNT(*) FROM catalog_changes x WHERE x.datasource_id = h.datasource_id AND "
              "x.job_id = h.job_id AND x.what = 'appeared'), (SELECT COUNT(*) FROM catalog_changes x WHERE "
              "x.datasource_id = h.datasource_id AND x.job_id = h.job_id AND x.what = 'changed'), (SELECT COUNT(*) "
              "FROM catalog_changes x WHERE x.datasource_id = h.datasource_id AND x.job_id = h.job_id AND x.what = "
              "'vanished') FROM discovery_history h JOIN datasources d ON d.id = h.datasource_id AND d.removed_at = 0 "
              "WHERE d.name = $1 ORDER BY h.job_id DESC LIMIT $2",
              datasource, most);
    return each_row(rows, [](const sql::Rows& all, size_t row) {
      const auto count = [&](size_t column) { return static_cast<uint64_t>(all.integer(row, column)); };
      return model::DiscoveryRun{.run = all.integer(row, 0),
                                 .datasource_id = all.integer(row, 1),
                                 .started_at = all.integer(row, 2),
                                 .finished_at = all.integer(row, 3),
                                 .is_complete = all.boolean(row, 4),
                                 .objects = count(5),
                                 .bytes = count(6),
                                 .tables = count(7),
                                 .appeared = count(8),
                                 .changed = count(9),
                                 .vanished = count(10)};
    });
  });
}

std::vector<model::CatalogChange> SqlStore::list_catalog_changes(const ChangeFilter& filter) {
  return reading<std::vector<model::CatalogChange>>([&](sql::Connection& c) {
    const sql::Rows rows =
        query(c,
              "SELECT x.id, x.job_id, x.at, x.what, x.table_label, x.column_name, x.aspect, x.before_text, "
              "x.after_text FROM catalog_changes x WHERE x.datasource_id = (SELECT id FROM datasources WHERE name = $1 "
              "AND removed_at = 0) AND x.job_id > $2 AND x.job_id <= $3 AND (x.job_id, x.id) > ($4, $5) ORDER BY "
              "x.job_id, x.id LIMIT $6",
              filter.datasource, filter.after_run, filter.to_run, filter.last_run, filter.last_id, filter.most);
    return each_row(rows, [](const sql::Rows& all, size_t row) {
      model::CatalogChange change;
      change.id = all.integer(row, 0);
      change.run = all.integer(row, 1);
      change.at = all.integer(row, 2);
      change.what = model::change_kind_from_string(all.text(row, 3)).value_or(model::ChangeKind::changed);
      change.table = from_text(all.text(row, 4));
      change.column = from_text(all.text(row, 5));
      change.aspect = from_text(all.text(row, 6));
      change.before = from_text(all.text(row, 7));
      change.after = from_text(all.text(row, 8));
      return change;
    });
  });
}

}  // namespace assay::store
