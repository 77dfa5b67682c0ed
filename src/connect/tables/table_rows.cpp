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

bool is_past(const ReadingOptions& options, std::chrono::steady_clock::time_point begin) {
  return options.max_seconds != 0 &&
         std::chrono::steady_clock::now() - begin >= std::chrono::seconds(options.max_seconds);
}

std::vector<model::StreamColumn> stream_columns(const DescribedTable& table) {
  std::vector<model::StreamColumn> columns;
  columns.reserve(table.plans.size());
  for (const model::ColumnDescription& column : table.description.columns)
    columns.push_back({column.name, column.native_type, column.comment});
  return columns;
}

TableRows::TableRows(Source source, const DescribedTable& table, const ReadingOptions& options,
                     std::optional<Sampling> sampling)
    : RowsReader(table.description.name, stream_columns(table)),
      source_(std::move(source)),
      options_(options),
      sampling_(std::move(sampling)) {}

TableRows::~TableRows() = default;

bool TableRows::append_rows(std::string& out) {
  if (failure_) std::rethrow_exception(failure_);
  if (!keep_within_load()) return false;
  size_t whole = 0;  // bytes of rows
  // Whoever reads slowly gives what a second brings, or nobody would see that it goes on.
  const size_t most_bytes = options_.bytes_per_s == 0 ? batch_bytes : std::min(batch_bytes, options_.bytes_per_s);
  try {
    // What the database has ready is given on before more is waited for, but not row by row.
    while (!is_at_end_ && whole < most_bytes) {
      if (!source_.session->append_row(out)) {
        if (sampling_ && sampling_->rounds.is_random()) append_round_end(sampling_->rounds, out);
        whole = out.size();
        withheld_values_ += source_.session->withheld_values();
        is_at_end_ = !begin_round();
        continue;
      }
      if (out.size() != whole && options_.max_rows != 0 && rows_ == options_.max_rows) {
        out.resize(whole);  // it was asked for to see whether there is one
        limit_ = fmt::format("max_rows: {} rows were read", rows_);
        is_at_end_ = true;
        end_statement();
        break;
      }
      if (out.size() != whole) ++rows_;
      bytes_ += out.size() - whole;
      whole = out.size();
      if (is_at_limit()) break;
      if (sampling_ && sampling_->rounds.ends_behind(rows_)) {
        append_round_end(sampling_->rounds, out);
        whole = out.size();
      }
    }
  } catch (const sql::Error& error) {
    out.resize(whole);
    is_at_end_ = true;
    if (is_end_of_time(error)) {
      limit_ = fmt::format("max_seconds: {} rows were read", rows_);
    } else {
      keep_failure(error);
      if (out.empty()) std::rethrow_exception(failure_);
    }
  }
  keep_to_rate();
  if (is_at_end_) source_.session.reset();  // the next table's
  return !out.empty();
}

void TableRows::append_round_end(const SampleRounds& rounds, std::string& out) {
  model::RowStreamWriter(out).end_round(rounds.is_random(), rounds.certainty(), rounds.of_rows());
}

std::string TableRows::left_unread() const {
  if (withheld_values_ == 0) return {};
  return fmt::format("{} values may not be read with the privileges of the source's user", withheld_values_);
}

bool TableRows::begin_round() {
  if (!sampling_ || !sampling_->rounds.next(sampling_->choice)) return false;
  source_.session->begin(sampling_->table, sampling_->choice);
  return true;
}

// The server was told of the row too many and has no more: taking the end from it costs less than another connection.
void TableRows::end_statement() {
  if (!source_.session->limits_rows()) return;
  try {
    std::string unused;
    source_.session->append_row(unused);
  } catch (const sql::Error&) {
    return;  // the rows are read; another session reads the next table
  }
}

bool TableRows::is_end_of_time(const sql::Error& error) const {
  return error.trouble() == sql::Trouble::cancelled && !source_.stop.stop_requested() &&
         is_past(options_, source_.begin);
}

bool TableRows::is_at_limit() {
  if (options_.max_bytes != 0 && bytes_ >= options_.max_bytes)
    limit_ = fmt::format("max_bytes: {} rows were read", rows_);
  else if (is_past(options_, source_.begin)) limit_ = fmt::format("max_seconds: {} rows were read", rows_);
  is_at_end_ = !limit_.empty();
  return is_at_end_;
}

/// False when the table ends with it.
bool TableRows::keep_within_load() {
  if (source_.watch == nullptr || is_at_end_) return true;
  try {
    stood_still_ += source_.watch->keep_within();
  } catch (const sql::Error& error) {
    keep_failure(error);
    std::rethrow_exception(failure_);
  }
  // The server kept the statement and its snapshot all the while, which is what max_seconds bounds.
  if (stood_still_ == Clock::duration{} || !is_at_limit()) return true;
  source_.session.reset();
  return false;
}

void TableRows::keep_to_rate() {
  if (options_.bytes_per_s == 0 || is_at_end_) return;
  std::chrono::duration<double> due_after(static_cast<double>(bytes_) / static_cast<double>(options_.bytes_per_s));
  if (options_.max_seconds != 0)
    due_after = std::min<std::chrono::duration<double>>(due_after, std::chrono::seconds(options_.max_seconds));
  // What was not read while reading stood still is not made up for.
  const auto due = source_.begin + stood_still_ + std::chrono::duration_cast<Clock::duration>(due_after);
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  never.wait_until(lock, source_.stop, due, [] { return false; });
  is_at_limit();
}

void TableRows::keep_failure(const sql::Error& error) {
  const bool is_of_source =
      source_.stop.stop_requested() || (error.trouble() == sql::Trouble::connection_lost && !source_.is_there());
  failure_ = is_of_source ? std::make_exception_ptr(error) : std::make_exception_ptr(ReadFailure(verdict_of(error)));
}

}  // namespace assay::connect
