#include "store/keys.h"
#include "store/sql_store.h"
#include "store/text.h"

// The ledger: every object that was seen, and what became of it.
namespace assay::store {
namespace {

constexpr int64_t objects_a_page = 1'000;
constexpr size_t most_walks = 10'000;

}  // namespace

std::vector<KnownObject> SqlStore::known_objects(int64_t datasource_id, std::span<const std::string_view> paths) {
  std::vector<std::string> keys;
  for (const std::string_view path : paths) keys.push_back(object_key(path));
  const std::vector<std::string_view> views(keys.begin(), keys.end());
  return reading<std::vector<KnownObject>>([&](sql::Connection& c) {
    const sql::Rows rows = query(c,
                                 text_("SELECT path, bytes, mtime_ns, change_id, content_hash, rule_set_hash, verdict "
                                       "FROM objects WHERE datasource_id = $1 AND object_key @in_texts(2) "
                                       "AND member_key = '' AND deleted_at = 0"),
                                 datasource_id, views);
    std::vector<KnownObject> objects;
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto verdict = model::verdict_kind_from_string(rows.text(i, 6));
      objects.push_back({.path = from_text(rows.text(i, 0)),
                         .size = static_cast<uint64_t>(rows.integer(i, 1)),
                         .mtime_ns = rows.integer(i, 2),
                         .change_id = from_text(rows.text(i, 3)),
                         .content_hash = from_text(rows.text(i, 4)),
                         .rule_set_hash = std::string(rows.text(i, 5)),
                         .complete = verdict && is_complete(*verdict)});
    }
    return objects;
  });
}

size_t SqlStore::mark_unseen_objects_deleted(int64_t job_id, int64_t datasource_id, size_t most) {
  const std::pair walk(job_id, datasource_id);
  int64_t from = 0;
  {
    const std::lock_guard lock(memory_mutex_);
    if (const auto known = unseen_scan_.find(walk); known != unseen_scan_.end()) from = known->second;
  }
  int64_t reached = 0;
  const auto count = writing<size_t>("mark_unseen_objects_deleted", [&](sql::Connection& c) {
    // An object that a later job saw is there.
    const sql::Rows rows = query(c,
                                 text_("SELECT id, object_key FROM objects WHERE datasource_id = $1 AND id > $2 AND "
                                       "seen_job_id < $3 AND member_key = '' AND deleted_at = 0 ORDER BY id LIMIT $4 "
                                       "@lock"),
                                 datasource_id, from, job_id, most);
    const auto keys = each_row(rows, [](const sql::Rows& all, size_t row) { return all.text(row, 1); });
    if (keys.empty()) return size_t{0};
    reached = rows.integer(rows.size() - 1, 0);
    execute(c, text_("DELETE FROM findings WHERE datasource_id = $1 AND object_key @in_texts(2)"), datasource_id, keys);
    execute(c, text_("DELETE FROM columns WHERE datasource_id = $1 AND object_key @in_texts(2)"), datasource_id, keys);
    execute(c, text_("DELETE FROM objects WHERE datasource_id = $1 AND object_key @in_texts(2) AND member_key <> ''"),
            datasource_id, keys);
    execute(c,
            text_("UPDATE objects SET deleted_at = @now, findings = 0 WHERE datasource_id = $1 AND "
                  "object_key @in_texts(2)"),
            datasource_id, keys);
    return keys.size();
  });
  const std::lock_guard lock(memory_mutex_);
  if (unseen_scan_.size() > most_walks) unseen_scan_.clear();
  if (count == 0) unseen_scan_.erase(walk);
  else unseen_scan_[walk] = reached;
  return count;
}

void SqlStore::for_each_object(int64_t job_id, const std::function<void(const model::ObjectRecord&)>& visit) {
  const auto sources = reading<std::vector<int64_t>>([&](sql::Connection& c) {
    const sql::Rows rows =
        query(c, "SELECT DISTINCT datasource_id FROM job_progress WHERE job_id = $1 ORDER BY datasource_id", job_id);
    return numbers_of(rows);
  });
  for (const int64_t source : sources)
    for (int64_t after = 0;;) {
      // In pages, so that no connection is held while the caller works.
      const auto rows = reading<sql::Rows>([&](sql::Connection& c) {
        return query(
            c,
            "SELECT id, path, member, format, bytes, findings, verdict, reason, suppressed, owner FROM objects "
            "WHERE "
            "datasource_id = $1 AND id > $2 AND seen_job_id = $3 AND deleted_at = 0 ORDER BY id LIMIT $4",
            source, after, job_id, objects_a_page);
      });
      for (size_t i = 0; i < rows.size(); ++i) {
        model::ObjectRecord record;
        record.object = from_text(rows.text(i, 1));
        record.member = from_text(rows.text(i, 2));
        record.format = from_text(rows.text(i, 3));
        record.bytes = static_cast<uint64_t>(rows.integer(i, 4));
        record.findings = static_cast<uint64_t>(rows.integer(i, 5));
        record.verdict = {model::verdict_kind_from_string(rows.text(i, 6)).value_or(model::VerdictKind::ok),
                          from_text(rows.text(i, 7))};
        record.suppressed = static_cast<uint64_t>(rows.integer(i, 8));
        record.owner = from_text(rows.text(i, 9));
        visit(record);
      }
      if (rows.size() < static_cast<size_t>(objects_a_page)) break;
      after = rows.integer(rows.size() - 1, 0);
    }
}

}  // namespace assay::store
