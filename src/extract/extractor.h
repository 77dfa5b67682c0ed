#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extract/failure.h"
#include "extract/format.h"
#include "extract/input.h"
#include "model/limits.h"

namespace assay::extract {

/// Which piece of an object the text that follows belongs to.
struct Part {
  std::string name;   ///< "" main content, else "comments", "notes", "headers", "metadata", "form", "properties", ...
  uint32_t page = 0;  ///< 1-based page or slide; 0 where there are none
  /// The lines of the text are the lines of the file. Else they are counted through all texts of the part.
  bool has_lines = false;
  std::string table = {}, cell = {};  ///< of what is said about a cell of a sheet: "Staff", "B7"
};

/// Characters of the file that stand before the byte at `at` of a text and are not in it: an escape is longer than what
/// it stands for.
struct LeftOut {
  size_t at = 0;
  uint32_t code_points = 0;
};

/// How a table names its columns.
struct TableInfo {
  std::string name;                  ///< sheet or table; "" when the object is the table (CSV)
  std::vector<std::string> columns;  ///< names, in order; may be empty when unknown: then they are A, B, C, ...
  std::vector<std::string> types;    ///< native types where the source declares them, parallel to columns or empty
  std::vector<std::string> comments = {};  ///< the same of what the source says about its columns
  bool is_sheet = false;                   ///< cells are reported as B7
  bool rows_are_lines = false;             ///< a row begins in the line of its number, or Sink::lines_below() it
  uint64_t header_row = 0;  ///< the row given that holds the names, and is no value; 0 when none is given
};

/// A column for what lies at one path inside the cells of another: in JSON, in XML, in an array.
struct InnerColumn {
  std::string name;           ///< "payload.customer.email", "payload.phones[]"
  std::string key;            ///< the last name of the path; "" when there is none that says something
  uint32_t within = 0;        ///< 0-based column of the table
  bool has_elements = false;  ///< values are elements or the like, of which a row may hold any number
};

struct InnerValue {
  uint32_t column = 0;  ///< 0-based; of the inner ones the first is model::first_inner_column
  std::string_view text;
};

/// Where the reading of a table stands of which a random sample is read, some rows at a time, until it is enough.
struct SampleRound {
  uint64_t rows = 0;      ///< that were read
  uint64_t of_rows = 0;   ///< the whole table's, as its source estimates; 0 unknown
  double certainty = 99;  ///< with which what is asked of the table is to be known, in percent
  bool is_random = true;  ///< else the rows come in the server's order
  bool is_all = false;    ///< the table came to its end, so that it is no sample after all
};

/// Takes what an extractor finds in one object. All text is UTF-8 (invalid input bytes were replaced by U+FFFD).
/// Text and cells may be cut anywhere, at the extractor's convenience, but a cell is whole: cells longer than
/// 1 MiB are given by begin_text/text/end_text with the cell's place in the part's name instead.
/// Any call may throw Failure, when a budget ends; an extractor lets it pass through.
class Sink {
 public:
  virtual ~Sink() = default;

  virtual void begin_text(const Part& part) = 0;
  /// Of the text that is given next, so that columns are those of the file. No line ends among what is left out.
  virtual void left_out(std::span<const LeftOut>) {}
  virtual void text(std::string_view utf8) = 0;
  virtual void end_text() = 0;

  virtual void begin_table(const TableInfo& table) = 0;
  /// `row_number` is 1-based as the user sees it. Cells are views, valid during the call; model/cell.h says what one
  /// without text means. A row of very many cells may come in several calls with the same number; cells that were given
  /// before are empty then.
  virtual void row(uint64_t row_number, std::span<const std::string_view> cells) = 0;
  /// Where rows are lines: the row given next, and those behind it, begin so many lines below the line of their number.
  virtual void lines_below(uint64_t) {}
  /// The open table has one more column.
  virtual void add_column(const InnerColumn& column) = 0;
  /// Values inside cells of the row that is given next, in columns that were added or the table's own; they may come in
  /// several calls, and there may be several of a column. The cell that they lie in is model::value_elsewhere.
  virtual void inner_values(uint64_t row_number, std::span<const InnerValue> values) = 0;
  virtual void end_table() = 0;
  /// Whether the rows of the open table so far tell what all would; if not, more come if there are more. Where
  /// `is_all`, nobody asks.
  virtual bool is_enough(const SampleRound&) { return false; }

  /// An attachment, archive member, embedded file: it is sniffed and examined like an object, under the budgets of
  /// the whole. `name` is as found (any bytes). Never throws for what goes wrong inside the member: that becomes the
  /// member's verdict. Not to be called between begin and end of a text or table.
  virtual void member(std::string_view name, Input& content) = 0;
  /// A member that is known to exist but cannot be read (encrypted, unsupported method, a link, a device).
  virtual void unread_member(std::string_view name, model::Verdict verdict) = 0;

  /// Something of the current object was left out; its verdict becomes PARTIAL(reason) unless it is worse already.
  virtual void partial(std::string_view reason) = 0;
  /// The object is a database whose latest changes may stand in a write-ahead log beside it: who knows what is there
  /// says whether something is left out.
  virtual void may_lack_log() {}

  /// Tells the watchdog that work goes on, in loops that produce nothing for a while. Cheap.
  virtual void tick() = 0;
};

/// What an extractor may use besides its input.
struct Context {
  const model::Limits& limits;
  Scratch& scratch;
  bool ocr = false;                 ///< read text in images
  bool binaries = false;            ///< printable strings of unknown binaries
  std::string_view name;            ///< last component of the object's or member's name: a hint only
  Format format = Format::unknown;  ///< what sniff() said
  /// Of a table that is read part by part: which one this is. Rows are told apart by it.
  std::optional<uint32_t> rows_part = std::nullopt;
};

/// One family of formats: reads the input, calls the sink. Returns when the end was reached; throws Failure when it
/// could not be. Never opens files, never starts threads: the kernel would end the process.
using ExtractFunction = void (*)(Input&, const Context&, Sink&);

}  // namespace assay::extract
