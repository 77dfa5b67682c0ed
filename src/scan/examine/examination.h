#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "classify/classifier.h"
#include "classify/fingerprint.h"
#include "classify/table_scanner.h"
#include "classify/text_scanner.h"
#include "extract/extractor.h"
#include "extract/text/text_range.h"
#include "scan/examine/finding_kinds.h"
#include "scan/examine/listed_cells.h"
#include "scan/examine/names.h"
#include "scan/examine/part_seal.h"
#include "scan/examine/plain_characters.h"
#include "scan/examine/range_places.h"
#include "scan/examine/table_profiling.h"
#include "scan/wire/protocol.h"

namespace assay::scan {

/// Where an examination's results go, and how it shows that it is alive.
class Reporter {
 public:
  virtual ~Reporter() = default;
  virtual void send(std::string_view frame) = 0;
  /// What was sent before is safe from what may happen in the member that begins.
  virtual void begin_member(uint64_t ordinal) = 0;
  virtual void tick() = 0;
};

/// What does not change from object to object. Made once, before workers are forked.
struct ExaminerState {
  explicit ExaminerState(ExaminerSetup setup);

  ExaminerSetup setup;
  classify::Classifier classifier;
  classify::Scratch scratch;
  classify::Fingerprinter fingerprinter;
  FindingKinds kinds;
  PartSeal part_seal;
  std::vector<bool> rule_is_reported;  ///< by rule, as --entities says
};

/// One object on its way: opened, sniffed, extracted, classified, reported; members inside it likewise. Runs in a
/// sandboxed worker. Every object and member ends with exactly one ledger record.
class Examination final : public extract::Sink,
                          private classify::MatchSink,
                          private classify::TableSink,
                          private extract::TextRangeSink {
 public:
  Examination(ExaminerState& state, const ExaminerRequest& request, extract::Scratch& spool, Reporter& reporter);

  /// Examines the object and sends its record last. Throws only what is a bug.
  void run(extract::Input& object);

  // extract::Sink: what extractors say.
  void begin_text(const extract::Part& part) override;
  void left_out(std::span<const extract::LeftOut> places) override { left_out_ = places; }
  void text(std::string_view utf8) override;
  void end_text() override;
  void begin_table(const extract::TableInfo& table) override;
  void row(uint64_t row_number, std::span<const std::string_view> cells) override;
  void lines_below(uint64_t lines) override { lines_below_ = lines; }
  void add_column(const extract::InnerColumn& column) override;
  void inner_values(uint64_t row_number, std::span<const extract::InnerValue> values) override;
  void end_table() override;
  bool is_enough(const extract::SampleRound& round) override;
  void member(std::string_view name, extract::Input& content) override;
  void unread_member(std::string_view name, model::Verdict verdict) override;
  void partial(std::string_view reason) override;
  void may_lack_log() override;
  void tick() override;

 private:
  /// The object or member in work.
  struct Level {
    std::string path;  ///< member path; "" for the object
    model::Verdict verdict;
    std::string format;
    uint64_t findings = 0;
    /// Parts whose text does not have the lines of the file, and how many lines they had so far.
    struct PartLines {
      std::string name;
      uint32_t page = 0;
      uint64_t lines = 0;
    };
    std::vector<PartLines> parts = {};
    KnownNames names{};
    extract::Input* content = nullptr;  ///< nullptr when it cannot be kept
  };

  void on_match(const classify::Match& match, const classify::Place& place) override;
  void on_cell_match(const classify::Match& match, uint64_t row, uint32_t column, size_t begin, size_t code_point,
                     std::string_view value) override;
  void on_column(const classify::ColumnVerdict& verdict) override;
  void on_explained_cell(uint32_t column, std::string_view value, uint64_t begin,
                         std::span<const classify::TraceEntry> traces) override;

  // extract::TextRangeSink; it shares text().
  void begin_range() override { range_places_.begin(); }
  void end_range() override { range_places_.end(); }

  void examine_level(std::string_view name, extract::Input& content);
  /// The lines of the part in work, before the text in work; null when they are not counted.
  Level::PartLines* lines_of_part();
  void read_to_its_end(extract::Input* content);
  bool plan_ranges(extract::Format format, extract::Input& content);
  void examine_range(extract::Input& object, const RangeRequest& request);
  /// What is known of the table in work is not judged but kept for send_part().
  void save_part();
  void send_part();
  void join_parts(extract::Input& parts);
  void absorb_part(std::string_view state, std::map<std::string, uint32_t>& known);
  /// `shown` below the object or member in work.
  std::string path_of_member(const std::string& shown) const;
  void send(const model::TableProfile& profile);
  void send_record(const Level& level, uint64_t bytes);
  void charge(uint64_t bytes);
  void note_given_up();
  uint64_t line_of_row(uint64_t row) const;
  std::string name_of_column(uint32_t column) const;
  void heading(uint64_t row_number, std::span<const std::string_view> cells);
  void hide_names();
  void report_names();
  std::string shown_part(const std::string& name);
  /// The table in work is the object, not one inside a file.
  bool is_of_database() const { return request_.is_rows && levels_.size() == 1; }
  /// The table in work is a part of one.
  bool is_part() const { return request_.rows_part && is_of_database(); }
  /// What is met now was reported by a worker that died later.
  bool is_muted() const { return !request_.lethal_members.empty() && last_ordinal_ < request_.lethal_members.back(); }
  const model::Rule& rule_of(const classify::Match& match) const {
    return *state_.classifier.rules().rules[match.rule].source;
  }
  /// What is said of this value; its kind travels beside it.
  model::Finding describe(const classify::Match& match, std::string_view value) const;
  void report(const classify::Match& match, const model::Finding& finding);
  void explain_text(std::string_view utf8);
  bool is_explained(uint64_t row_number) const {
    return request_.explain_line != 0 && row_number + lines_below_ == request_.explain_line;
  }
  void explain_if_asked(uint64_t row_number);
  void send_line_met();
  /// Those of `traces` that begin in [from, to), where `text` stands.
  void send_traces(std::span<const classify::TraceEntry> traces, uint64_t from, uint64_t to, std::string_view text,
                   std::string_view column);

  ExaminerState& state_;
  const ExaminerRequest& request_;
  extract::Scratch& spool_;
  Reporter& reporter_;
  classify::TextScanner text_scanner_;
  classify::TableScanner table_scanner_;
  std::optional<TableProfiling> profiling_;  ///< when profiles are asked for
  std::vector<Level> levels_;
  extract::Part part_;
  uint64_t lines_before_ = 0, newlines_ = 0;  ///< of the part, before this text; in it
  bool is_in_line_ = false;                   ///< the text does not end with a line end, so far
  extract::TableInfo table_;
  std::vector<extract::InnerColumn> inner_columns_;  ///< of it
  /// Of the table in work: from which row on rows begin so many lines below the line of their number.
  struct LinesBelow {
    uint64_t row = 0, lines = 0;
  };
  std::deque<LinesBelow> lines_below_rows_;
  uint64_t lines_below_ = 0;  ///< of the row that comes next
  bool in_text_ = false, in_table_ = false, in_heading_ = false;
  std::optional<extract::SampleRound> sample_;  ///< of the table in work
  ListedCells listed_;                          ///< of a database's table in work
  std::string frame_;

  uint64_t object_bytes_ = 0;    ///< of the object, as far as read
  uint64_t expanded_bytes_ = 0;  ///< of all members
  uint64_t members_ = 0;
  uint64_t last_ordinal_ = 0;
  uint64_t findings_ = 0;
  bool exhausted_ = false;    ///< a budget of the whole object ended
  RangePlaces range_places_;  ///< when only a range is examined
  PlainCharacters plain_characters_;
  std::span<const extract::LeftOut> left_out_;  ///< of the text that comes next
  uint64_t last_row_ = 0;                       ///< of the table in work
  uint64_t rows_of_part_ = 0;
  std::optional<std::string> part_state_;  ///< of a table's part, once it was read
  uint64_t unlisted_ = 0;                  ///< of all parts that are joined

  // assay explain
  std::vector<classify::TraceEntry> trace_;
  std::string explained_line_, line_before_;
  uint64_t explain_at_line_ = 1, explain_offset_ = 0, explained_begin_ = 0;
  bool explained_found_ = false;
};

}  // namespace assay::scan
