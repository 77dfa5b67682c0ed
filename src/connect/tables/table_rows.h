#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "connect/tables/reading_options.h"
#include "connect/tables/rows_reader.h"
#include "connect/tables/table_database.h"

namespace assay::connect {

/// What is to be said of a table that cannot be read, or read on.
model::Verdict verdict_of(const sql::Error& error);

/// The rows of a table whose reading `session` began, within the limits of the settings.
class TableRows final : public RowsReader {
 public:
  struct Source {
    std::shared_ptr<TableSession> session;
    std::stop_token stop;
    /// Whether the server answers, asked when a connection was lost: then it is the table's matter.
    std::function<bool()> is_there;
  };
  /// `options` outlives it.
  TableRows(Source source, const DescribedTable& table, const ReadingOptions& options);
  ~TableRows() override;

 protected:
  bool append_rows(std::string& out) override;
  std::string cut_by() const override { return limit_; }

 private:
  using Clock = std::chrono::steady_clock;
  bool is_at_limit();
  void keep_to_rate() const;
  [[noreturn]] void fail(const sql::Error& error) const;

  Source source_;
  const ReadingOptions& options_;
  const Clock::time_point begin_ = Clock::now();
  uint64_t rows_ = 0, bytes_ = 0;
  bool is_at_end_ = false;
  std::string limit_;  ///< the one that ended it
};

/// What a table's header says of its columns.
std::vector<model::StreamColumn> stream_columns(const DescribedTable& table);

}  // namespace assay::connect
