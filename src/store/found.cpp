#include <fmt/format.h>

#include "store/sql_store.h"
#include "store/text.h"

// What jobs found, as users and reports read it: in pages, in the order of ids.
namespace assay::store {
namespace {

StoredFinding stored_finding(const sql::Rows& rows, size_t row) {
  StoredFinding stored;
  stored.id = rows.integer(row, 0);
  stored.job_id = rows.integer(row, 1);
  stored.datasource_id = rows.integer(row, 2);
  model::Finding& f = stored.finding;
  f.object = from_text(rows.text(row, 3));
  f.locator.member = from_text(rows.text(row, 4));
  f.locator.part = from_text(rows.text(row, 5));
  f.locator.page = static_cast<uint32_t>(rows.integer(row, 6));
  f.locator.table = from_text(rows.text(row, 7));
  f.locator.column = from_text(rows.text(row, 8));
  f.locator.row = static_cast<uint64_t>(rows.integer(row, 9));
  f.locator.cell = from_text(rows.text(row, 10));
  f.locator.line = static_cast<uint64_t>(rows.integer(row, 11));
  f.locator.line_column = static_cast<uint64_t>(rows.integer(row, 12));
  f.entity = from_text(rows.text(row, 13));
  f.rule = from_text(rows.text(row, 14));
  f.pattern = from_text(rows.text(row, 15));
  f.category = from_text(rows.text(row, 16));
  f.sensitivity = model::sensitivity_from_string(rows.text(row, 17)).value_or(model::Sensitivity::medium);
  f.confidence = rows.real(row, 18);
  f.reasons = split_texts(rows.text(row, 19));
  f.start = static_cast<uint64_t>(rows.integer(row, 20));
  f.end = static_cast<uint64_t>(rows.integer(row, 21));
  f.start_code_point = static_cast<uint64_t>(rows.integer(row, 22));
  f.end_code_point = static_cast<uint64_t>(rows.integer(row, 23));
  f.masked = from_text(rows.text(row, 24));
  f.fingerprint = from_text(rows.text(row, 25));
  f.suppressed = rows.boolean(row, 26);
  return stored;
}

StoredColumn stored_column(const sql::Rows& rows, size_t row) {
  StoredColumn stored;
  stored.id = rows.integer(row, 0);
  stored.job_id = rows.integer(row, 1);
  stored.datasource_id = rows.integer(row, 2);
  model::ColumnFinding& f = stored.column;
  f.object = from_text(rows.text(row, 3));
  f.locator.member = from_text(rows.text(row, 4));
  f.locator.table = from_text(rows.text(row, 5));
  f.locator.column = from_text(rows.text(row, 6));
  f.entity = from_text(rows.text(row, 7));
  f.rule = from_text(rows.text(row, 8));
  f.category = from_text(rows.text(row, 9));
  f.sensitivity = model::sensitivity_from_string(rows.text(row, 10)).value_or(model::Sensitivity::medium);
  f.confidence = rows.real(row, 11);
  f.values = static_cast<uint64_t>(rows.integer(row, 12));
  f.agreeing = static_cast<uint64_t>(rows.integer(row, 13));
  f.reasons = split_texts(rows.text(row, 14));
  return stored;
}

/// What of an earlier job belongs to job $N: it lies in an object that the job saw as it was. Rows remember the last
/// job that saw them, so of one that came to its end also what later jobs still saw: what it had not seen, it would
/// have marked as deleted.
constexpr std::string_view kept_from_before =
    "f.job_id < ${0} AND f.datasource_id IN (SELECT datasource_id FROM job_progress WHERE job_id = ${0}) AND EXISTS "
    "(SELECT 1 FROM objects o WHERE o.datasource_id = f.datasource_id AND o.object_key = f.object_key AND "
    "o.member_key = '' AND o.deleted_at = 0 AND (o.seen_job_id = ${0} OR (o.seen_job_id > ${0} AND EXISTS (SELECT 1 "
    "FROM jobs j WHERE j.id = ${0} AND j.status = ${1}))))";

/// The conditions of a filter on `f`, a table of findings, and their values.
class Selection {
 public:
  Selection(const FindingFilter& filter, std::string_view columns, std::string_view table)
      : entity_(to_text(filter.entity)), prefix_(to_text(filter.path_prefix)) {
    sql_ = fmt::format("SELECT {} FROM {} f WHERE f.id > ${}", columns, table, add(filter.after_id));
    if (filter.job_id != 0) of_job(filter);
    if (!filter.datasource.empty())
      sql_ +=
          fmt::format(" AND f.datasource_id IN (SELECT id FROM datasources WHERE name = ${})", add(filter.datasource));
    if (!entity_.empty()) sql_ += fmt::format(" AND f.entity = ${}", add(entity_));
    if (filter.min_confidence > 0) sql_ += fmt::format(" AND f.confidence >= ${}", add(filter.min_confidence));
    if (!prefix_.empty()) sql_ += fmt::format(" AND substr(f.path, 1, length(${0})) = ${0}", add(prefix_));
    const bool by_job = filter.job_id != 0 && filter.new_only;
    sql_ += fmt::format(" ORDER BY {} LIMIT ${}", by_job ? "f.job_id, f.id" : "f.id", add(filter.most));
  }

  sql::Rows rows(sql::Connection& connection) const { return connection.query(sql_, values_); }

 private:
  template <typename T>
  size_t add(const T& value) {
    values_.push_back(value_of(value));
    return values_.size();
  }

  void of_job(const FindingFilter& filter) {
    const size_t job = add(filter.job_id);
    if (filter.new_only) {
      sql_ += fmt::format(" AND f.job_id = ${}", job);
      return;
    }
    const size_t completed = add(to_string(model::JobStatus::completed));
    sql_ +=
        fmt::format(" AND (f.job_id = ${} OR ({}))", job, fmt::format(fmt::runtime(kept_from_before), job, completed));
  }

  const std::string entity_, prefix_;
  std::string sql_;
  std::vector<sql::Value> values_;
};

}  // namespace

std::vector<StoredFinding> SqlStore::list_findings(const FindingFilter& filter) {
  const Selection selection(
      filter,
      "f.id, f.job_id, f.datasource_id, f.path, f.member, f.part, f.page, f.table_name, f.column_name, f.row_number, "
      "f.cell, f.line, f.line_column, f.entity, f.rule, f.pattern, f.category, f.sensitivity, f.confidence, f.reasons, "
      "f.start_byte, f.end_byte, f.start_code_point, f.end_code_point, f.masked, f.fingerprint, f.suppressed",
      "findings");
  return reading<std::vector<StoredFinding>>(
      [&](sql::Connection& c) { return each_row(selection.rows(c), stored_finding); });
}

std::vector<StoredColumn> SqlStore::list_columns(const FindingFilter& filter) {
  const Selection selection(
      filter,
      "f.id, f.job_id, f.datasource_id, f.path, f.member, f.table_name, f.column_name, f.entity, f.rule, f.category, "
      "f.sensitivity, f.confidence, f.value_count, f.agreeing, f.reasons",
      "columns");
  return reading<std::vector<StoredColumn>>(
      [&](sql::Connection& c) { return each_row(selection.rows(c), stored_column); });
}

}  // namespace assay::store
