#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "connect/tables/load_watch.h"
#include "connect/tables/reading_options.h"
#include "connect/tables/rows_reader.h"
#include "connect/tables/sample_rounds.h"
#include "connect/tables/table_database.h"

namespace assay::connect {

/// What is to be said of a table that cannot be read, or read on.
model::Verdict verdict_of(const sql::Error& error);

/// Whether a table that was begun at `begin` has had its max_seconds.
bool is_past(const ReadingOptions& options, std::chrono::steady_clock::time_point begin);

/// The rows of a table whose reading `session` began, within the limits of the settings.
class TableRows final : public RowsReader {
 public:
  struct Source {
    std::shared_ptr<TableSession> session;
    std::stop_token stop;
    /// Whether the server answers, asked when a connection was lost: then it is the table's matter.
    std::function<bool()> is_there;
    /// When the table was first asked for.
    std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
    std::shared_ptr<LoadWatch> watch{};  ///< nullptr: nothing has a bound
  };
  /// The rounds of a sample, of which the first was begun.
  struct Sampling {
    DescribedTable table;
    RowChoice choice;
    SampleRounds rounds;
  };
  /// `options` outlives it.
  TableRows(Source source, const DescribedTable& table, const ReadingOptions& options,
            std::optional<Sampling> sampling);
  ~TableRows() override;

  std::shared_ptr<const std::atomic<bool>> is_standing() const override {
    return source_.watch == nullptr ? nullptr : source_.watch->is_standing();
  }

 protected:
  bool append_rows(std::string& out) override;
  std::string cut_by() const override { return limit_; }
  std::string left_unread() const override;

 private:
  using Clock = std::chrono::steady_clock;
  bool is_at_limit();
  static void append_round_end(const SampleRounds& rounds, std::string& out);
  bool begin_round();
  void end_statement();
  bool is_end_of_time(const sql::Error& error) const;
  bool keep_within_load();
  void keep_to_rate();
  void keep_failure(const sql::Error& error);

  Source source_;  ///< its session until the end
  const ReadingOptions& options_;
  std::optional<Sampling> sampling_;
  uint64_t rows_ = 0, bytes_ = 0, withheld_values_ = 0;
  Clock::duration stood_still_{};
  bool is_at_end_ = false;
  std::string limit_;           ///< the one that ended it
  std::exception_ptr failure_;  ///< thrown when the rows before it were given
};

/// What a table's header says of its columns.
std::vector<model::StreamColumn> stream_columns(const DescribedTable& table);

}  // namespace assay::connect
