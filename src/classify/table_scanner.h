#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classify/classifier.h"
#include "classify/column_plans.h"
#include "classify/resolver.h"
#include "classify/scorer.h"
#include "core/codec.h"

namespace assay::classify {

/// What a column as a whole holds.
struct ColumnVerdict {
  uint32_t column = 0;  ///< 0-based
  std::string name;
  uint32_t rule = 0;
  float confidence = 0;
  uint64_t values = 0;    ///< values that are not empty
  uint64_t agreeing = 0;  ///< of these, how many are, as a whole, what the rule looks for
  bool name_agrees = false;
  std::string phrase;  ///< what in the name agreed
};

class TableSink {
 public:
  virtual ~TableSink() = default;
  /// `begin` is the match's offset in the cell in bytes, `code_point` in code points. `value` is valid during the call.
  virtual void on_cell_match(const Match& match, uint64_t row, uint32_t column, size_t begin, size_t code_point,
                             std::string_view value) = 0;
  virtual void on_column(const ColumnVerdict& verdict) = 0;
  /// A cell of the row that TableScanner::explain() named, and what became of every candidate in it; `begin` is what
  /// places in `traces` count from.
  virtual void on_explained_cell(uint32_t, std::string_view, uint64_t begin, std::span<const TraceEntry> traces) {
    static_cast<void>(begin), static_cast<void>(traces);
  }
};

/// Scans a table row by row. A cell's match is scored with its column's name and with what the column's other values
/// are; cells never give context to each other. Each column that agrees gets one verdict at the end.
///
/// Rows are judged in batches of batch_bytes of cell text, each batch under what the table's values up to its end say,
/// so results do not depend on how rows arrive.
class TableScanner : private CandidateSink {
 public:
  static constexpr size_t batch_bytes = size_t{128} << 10;
  static constexpr size_t max_columns = 16384;

  TableScanner(const Classifier& classifier, Scratch& scratch, float min_confidence, TableSink& sink);

  void begin(std::span<const std::string> column_names);
  void row(uint64_t number, std::span<const std::string_view> cells);
  /// One more column, for values inside cells; the first is model::first_inner_column, the next one more. `key` is what
  /// stands before them there: patterns that need to see it do.
  void add_inner(std::string_view name, std::string_view key);
  /// A value of such a column, or one more of the table's own.
  void inner_value(uint64_t number, uint32_t column, std::string_view value);
  void finish();

  /// Rows of this number are explained to the sink, cell by cell, under what the scan knows of their columns when it
  /// judges them; the scan itself goes on as it would. 0, as at first, is none.
  void explain(uint64_t row) { explained_row_ = row; }

  /// What came since begin() being a random sample of the table: names of the columns of which another sample might say
  /// otherwise; `z` as in share_interval(). A column is decided when it has a verdict and keeps it, or has none and
  /// gets none, wherever in their intervals the shares of values that rules look for lie. Ends the batch.
  std::vector<std::string> undecided_columns(double z);

  /// What verdicts of columns will be made of, to go on in the scanner of another part of the table; counts, no values.
  /// Ends the batch.
  void save(core::WireWriter& out);
  /// Adds what another scanner with the same rules saved of other rows; its inner columns are those of the places
  /// `inner` here, each of them added. Throws core::Error(permanent) for what none saved.
  void absorb(core::WireReader& saved, std::span<const uint32_t> inner);

 private:
  struct Cell {
    uint32_t begin = 0, end = 0;
    uint32_t column = 0;
    uint32_t next = 0;  ///< of its column in the batch; 0 behind the last
    uint64_t row = 0;
    CellOutcome* outcome = nullptr;  ///< of a cell whose shape has a plan
  };
  struct Tally {
    uint32_t rule = 0;
    uint64_t agreeing = 0, validated = 0;
    double base_sum = 0;   // in float, the mean would drift over millions of values
    float confidence = 0;  ///< of the column, as of this batch
  };
  /// A candidate that lies in one cell and may be reported.
  struct Place {
    size_t cell = 0;
    bool fills_cell = false;
  };
  /// What is true of each match of the pattern in a column that fills its cell or nearly so, for one batch.
  struct Judgement {
    uint32_t pattern = 0;
    Check check = Check::plausible;
    bool whole_cell = false;
    Match match;  // without a place
  };
  struct Column {
    std::string name;
    std::string lead;  // before each value, and a quote behind it
    std::vector<WordHit> name_hits;
    uint64_t values = 0;
    std::vector<Tally> rules;           // in order of rules
    std::vector<bool> named;            // by rule: the name agrees; filled with the first candidate
    std::vector<Judgement> judgements;  // of this batch
    std::unique_ptr<ColumnPlans> plans;
    uint32_t first_cell = 0;  // of the batch; see Cell::next
    uint32_t cells = 0;       // of the batch

    const Tally* tally_of(uint32_t rule) const;
    Tally& tally_for(uint32_t rule);
  };

  void save_column(const Column& column, core::WireWriter& out) const;
  void absorb_column(Column& column, core::WireReader& saved) const;
  Column& column(uint32_t index);
  void add_cell(uint64_t number, uint32_t column_index, std::string_view value, const std::string& lead);
  /// Of the table, then the inner ones.
  template <typename Use>
  void for_each_column(const Use& use) {
    for (size_t i = 0; i < columns_.size(); ++i) use(columns_[i], static_cast<uint32_t>(i));
    for (size_t i = 0; i < inner_.size(); ++i) use(inner_[i], static_cast<uint32_t>(max_columns + i));
  }
  bool may_stand(const Window& window, uint32_t pattern, size_t begin, size_t end) override;
  void take(const Window& window, const Candidate& candidate) override;
  bool is_hopeless(const CompiledPattern& pattern, size_t begin, size_t end, const Cell& cell);
  bool is_beyond_lift(const CompiledPattern& pattern, size_t begin, size_t end, const Cell& cell);
  const std::vector<bool>& named_rules(Column& column) const;
  void scan_batch();
  void explain_cells();
  void judge_explained(const Window& window, std::vector<TraceEntry>& traces);
  void plan_cells();
  void plan_column(Column& column);
  void leave_out_planned(PlaceList& digit_tokens) const;
  void join_outcomes();
  void tally_outcomes();
  void judge_outcomes(const Window& window);
  static Candidate in_cell(const Candidate& found, const Cell& cell);
  size_t cell_around(size_t begin);
  void tally();
  void count(const Candidate& candidate, uint64_t cells, Column& column, std::vector<uint32_t>& counted) const;
  float lifted(const Match& match, const Column& column, bool whole_cell, float& share) const;
  /// Of all values.
  struct Shares {
    float agreeing = 0, validated = 0;
  };
  static Shares shares_of(const Column& column, const Tally& tally);
  float column_confidence(const Column& column, const Tally& tally, const WordHit** name) const;
  float confidence_at(const Column& column, const Tally& tally, Shares shares, const WordHit** name) const;
  bool is_decided(const Column& column, double z) const;
  bool fills_cell(const Candidate& candidate, const Cell& cell) const;
  Match judge(const Window& window, const Candidate& candidate, const Place& place);
  Match judge_afresh(const Window& window, const Candidate& candidate, const Cell& cell, bool whole_cell);
  void report_cells();
  void view_planned();
  void report_planned(const Cell& cell, const std::string_view*& value);

  const Classifier& classifier_;
  Scratch& scratch_;
  float min_confidence_;
  TableSink& sink_;
  Scorer scorer_;
  std::vector<Column> columns_, inner_;
  bool has_leads_ = false;  // of columns_
  std::string buffer_;
  std::vector<Cell> cells_;
  size_t near_cell_ = 0;                          // of what was asked for last
  std::vector<Candidate> candidates_;             // each in one cell
  std::vector<Place> places_;                     // of candidates_, one each
  std::vector<CellOutcome*> outcomes_;            // of the batch's planned cells, each once
  std::vector<std::string_view> planned_values_;  // of the batch's planned cells: what is reported, in order
  size_t plan_bytes_ = 0;
  uint64_t explained_row_ = 0;
  bool is_explaining_ = false;  // the batch is gone through once more, for that row
  std::optional<bool> may_plan_;
  std::vector<Match> winners_;
};

}  // namespace assay::classify
