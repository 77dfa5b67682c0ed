#include <deque>
#include <set>

#include "store/keys.h"
#include "store/sql_store.h"
#include "store/text.h"

// What completions leave behind: the ledger's rows, findings, columns. A raw value is never read here: findings come
// with masks and fingerprints.
namespace assay::store {
namespace {

/// One datasource's share of a transaction. Texts that are made here live in `texts` until the statements have run.
class ResultRows {
 public:
  ResultRows(sql::Connection& connection, const Statements& text, int64_t datasource_id, int64_t job_id,
             std::string rule_set_hash)
      : connection_(connection),
        text_(text),
        datasource_id_(datasource_id),
        job_id_(job_id),
        rule_set_hash_(std::move(rule_set_hash)) {}

  void add(const TaskCompletion& task) {
    for (const ObjectResult& object : task.objects) add_object(object);
    for (const model::Finding& finding : task.findings) add_finding(finding, task.task_id);
    for (const model::ColumnFinding& column : task.columns) add_column(column, task.task_id);
    for (const std::string& path : task.seen_objects) seen_.push_back(keep(object_key(path)));
  }

  void write() {
    remove_old();
    objects_.run(connection_, upsert());
    findings_.run(
        connection_,
        "INSERT INTO findings (job_id, task_id, datasource_id, object_key, path, member, part, page, table_name, "
        "column_name, row_number, cell, line, line_column, entity, rule, pattern, category, sensitivity, confidence, "
        "reasons, start_byte, end_byte, start_code_point, end_code_point, masked, fingerprint, suppressed) VALUES ($1, "
        "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, "
        "$25, $26, $27, $28)");
    columns_.run(
        connection_,
        "INSERT INTO columns (job_id, task_id, datasource_id, object_key, path, member, table_name, column_name, "
        "entity, rule, category, sensitivity, confidence, value_count, agreeing, reasons) VALUES ($1, $2, $3, "
        "$4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
    if (!seen_.empty())
      execute(connection_,
              text_("UPDATE objects SET seen_job_id = $1 WHERE datasource_id = $2 AND object_key @in_texts(3) AND "
                    "seen_job_id < $1"),
              job_id_, datasource_id_, seen_);
  }

 private:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  std::string_view safe(std::string_view bytes) { return keep(to_text(bytes)); }

  void add_object(const ObjectResult& object) {
    const model::ObjectRecord& r = object.record;
    const std::string_view key = keep(object_key(r.object));
    whole_.insert(key);
    objects_.add(datasource_id_, key, r.member.empty() ? std::string_view() : keep(digest_hex(r.member)),
                 safe(r.object), safe(r.member), safe(r.format), r.bytes, r.findings, to_string(r.verdict.kind),
                 safe(r.verdict.reason), object.mtime_ns, safe(object.change_id), safe(object.content_hash),
                 rule_set_hash_, job_id_, r.suppressed, safe(r.owner));
  }

  void add_finding(const model::Finding& f, int64_t task_id) {
    const model::Locator& l = f.locator;
    findings_.add(job_id_, task_id, datasource_id_, keep(object_key(f.object)), safe(f.object), safe(l.member),
                  safe(l.part), l.page, safe(l.table), safe(l.column), l.row, safe(l.cell), l.line, l.line_column,
                  safe(f.entity), safe(f.rule), safe(f.pattern), safe(f.category), to_string(f.sensitivity),
                  f.confidence, keep(join_texts(f.reasons)), f.start, f.end, f.start_code_point, f.end_code_point,
                  safe(f.masked), safe(f.fingerprint), f.suppressed);
  }

  void add_column(const model::ColumnFinding& f, int64_t task_id) {
    const model::Locator& l = f.locator;
    columns_.add(job_id_, task_id, datasource_id_, keep(object_key(f.object)), safe(f.object), safe(l.member),
                 safe(l.table), safe(l.column), safe(f.entity), safe(f.rule), safe(f.category),
                 to_string(f.sensitivity), f.confidence, f.values, f.agreeing, keep(join_texts(f.reasons)));
  }

  void remove_old() {
    const std::vector<std::string_view> whole(whole_.begin(), whole_.end());
    if (whole.empty()) return;
    execute(connection_, text_("DELETE FROM findings WHERE datasource_id = $1 AND object_key @in_texts(2)"),
            datasource_id_, whole);
    execute(connection_, text_("DELETE FROM columns WHERE datasource_id = $1 AND object_key @in_texts(2)"),
            datasource_id_, whole);
    execute(connection_,
            text_("DELETE FROM objects WHERE datasource_id = $1 AND object_key @in_texts(2) AND member_key <> ''"),
            datasource_id_, whole);
  }

  /// What a later job saw stays seen by it, or that job's sweep would take the object for one that is gone.
  std::string_view upsert() const {
    return text_(
        "INSERT INTO objects AS o (datasource_id, object_key, member_key, path, member, format, bytes, findings, "
        "verdict, "
        "reason, mtime_ns, change_id, content_hash, rule_set_hash, job_id, seen_job_id, suppressed, owner, "
        "first_seen_at, "
        "scanned_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16, $17, @now, @now) "
        "ON CONFLICT (datasource_id, object_key, member_key) DO UPDATE SET path = excluded.path, "
        "member = excluded.member, format = excluded.format, bytes = excluded.bytes, "
        "findings = excluded.findings, suppressed = excluded.suppressed, owner = excluded.owner, verdict = "
        "excluded.verdict, reason = "
        "excluded.reason, "
        "mtime_ns = excluded.mtime_ns, change_id = excluded.change_id, content_hash = excluded.content_hash, "
        "rule_set_hash = excluded.rule_set_hash, job_id = excluded.job_id, "
        "seen_job_id = CASE WHEN o.seen_job_id > excluded.seen_job_id THEN o.seen_job_id "
        "ELSE excluded.seen_job_id END, "
        "scanned_at = excluded.scanned_at, deleted_at = 0");
  }

  sql::Connection& connection_;
  const Statements& text_;
  const int64_t datasource_id_, job_id_;
  const std::string rule_set_hash_;
  std::deque<std::string> texts_;
  std::set<std::string_view> whole_;
  std::vector<std::string_view> seen_;
  Batch objects_{17}, findings_{28}, columns_{16};
};

}  // namespace

std::string SqlStore::rule_set_of(sql::Connection& connection, int64_t job_id) {
  {
    const std::lock_guard lock(memory_mutex_);
    if (const auto known = rule_set_of_job_.find(job_id); known != rule_set_of_job_.end()) return known->second;
    if (rule_set_of_job_.size() > 10'000) rule_set_of_job_.clear();
  }
  const sql::Rows rows = query(connection, "SELECT rule_set_hash FROM jobs WHERE id = $1", job_id);
  std::string hash(rows.empty() ? "" : rows.text(0, 0));
  const std::lock_guard lock(memory_mutex_);
  rule_set_of_job_.emplace(job_id, hash);
  return hash;
}

void SqlStore::write_results(sql::Connection& connection, std::span<const TaskCompletion> tasks,
                             std::span<const size_t> order, std::span<const HeldTask> held) {
  // By job and datasource, in the order of their numbers, as everything that takes locks.
  std::map<std::pair<int64_t, int64_t>, std::unique_ptr<ResultRows>> all;
  for (const HeldTask& each : held) {
    const TaskCompletion& task = tasks[order[each.index]];
    if (task.objects.empty() && task.findings.empty() && task.columns.empty() && task.seen_objects.empty()) continue;
    const int64_t datasource_id = task.datasource_id != 0 ? task.datasource_id : each.datasource_id;
    auto& rows = all[{each.job_id, datasource_id}];
    if (!rows)
      rows = std::make_unique<ResultRows>(connection, text_, datasource_id, each.job_id,
                                          rule_set_of(connection, each.job_id));
    rows->add(task);
  }
  for (const auto& [key, rows] : all) rows->write();
}

}  // namespace assay::store
