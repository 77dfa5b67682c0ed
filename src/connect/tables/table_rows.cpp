#include "connect/tables/table_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace assay::connect {

model::Verdict verdict_of(const sql::Error& error) {
  if (error.trouble() == sql::Trouble::cancelled)
    return {model::VerdictKind::timeout,
            "the server ended the statement: statement_timeout_s, or somebody cancelled it"};
  return {model::VerdictKind::io_error, error.what()};
}

std::vector<model::StreamColumn> stream_columns(const DescribedTable& table) {
  std::vector<model::StreamColumn> columns;
  columns.reserve(table.plans.size());
  for (const model::ColumnDescription& column : table.description.columns)
    columns.push_back({column.name, column.native_type, column.comment});
  return columns;
}

TableRows::TableRows(Source source, const DescribedTable& table, const ReadingOptions& options)
    : RowsReader(table.description.name, stream_columns(table)), source_(std::move(source)), options_(options) {}

TableRows::~TableRows() = default;

bool TableRows::append_rows(std::string& out) {
  try {
    // What the database has ready is given on before more is waited for, but not row by row.
    while (!is_at_end_ && out.size() < batch_bytes) {
      const size_t before = out.size();
      is_at_end_ = !source_.session->append_row(out);
      if (is_at_end_) break;
      if (options_.max_rows != 0 && rows_ == options_.max_rows) {
        out.resize(before);  // it was asked for to see whether there is one
        limit_ = fmt::format("max_rows: {} rows were read", rows_);
        is_at_end_ = true;
        break;
      }
      ++rows_;
      bytes_ += out.size() - before;
      if (is_at_limit()) break;
    }
  } catch (const sql::Error& error) {
    if (error.trouble() == sql::Trouble::cancelled && options_.max_seconds != 0 && !source_.stop.stop_requested() &&
        Clock::now() - begin_ >= std::chrono::seconds(options_.max_seconds)) {
      limit_ = fmt::format("max_seconds: {} rows were read", rows_);
      is_at_end_ = true;
    } else {
      fail(error);
    }
  }
  keep_to_rate();
  return !out.empty();
}

bool TableRows::is_at_limit() {
  if (options_.max_bytes != 0 && bytes_ >= options_.max_bytes)
    limit_ = fmt::format("max_bytes: {} rows were read", rows_);
  else if (options_.max_seconds != 0 && Clock::now() - begin_ >= std::chrono::seconds(options_.max_seconds))
    limit_ = fmt::format("max_seconds: {} rows were read", rows_);
  is_at_end_ = !limit_.empty();
  return is_at_end_;
}

void TableRows::keep_to_rate() const {
  if (options_.bytes_per_s == 0 || is_at_end_) return;
  const auto due = begin_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                                static_cast<double>(bytes_) / static_cast<double>(options_.bytes_per_s)));
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  never.wait_until(lock, source_.stop, due, [] { return false; });
}

void TableRows::fail(const sql::Error& error) const {
  if (source_.stop.stop_requested()) throw error;
  if (error.trouble() == sql::Trouble::connection_lost && !source_.is_there()) throw error;
  throw ReadFailure(verdict_of(error));
}

}  // namespace assay::connect
