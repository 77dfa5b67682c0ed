#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/rule_loader.h"
#include "model/finding.h"
#include "model/limits.h"
#include "model/table_profile.h"

/// What the scan and its examiners say to each other, inside the opaque payloads of the sandbox.
namespace assay::scan {

/// Given once, to the zygote.
struct ExaminerSetup {
  std::vector<classify::RuleSource> rules;
  std::vector<std::string> entities;
  double min_confidence = 0.5;
  model::Limits limits;
  bool ocr = false;
  bool binaries = false;
  bool reveal = false;
  std::string fingerprint_key;
  std::vector<std::string> ocr_languages;
  model::ProfileScope profile = model::ProfileScope::none;
};
std::string encode(const ExaminerSetup& setup);
ExaminerSetup decode_setup(std::string_view bytes);

/// One range of a large text, and what its head says to those who read it from its middle (extract/text/text_range.h).
struct RangeRequest {
  uint64_t begin = 0, end = 0;  ///< bytes of the object
  std::string charset;
  std::string declared;
  uint8_t escapes = 0;  ///< extract::Escapes
};

/// One part of a table's rows: what is known of its columns does not become verdicts here, but waits, sealed, for the
/// other parts.
struct RowsPart {
  uint32_t number = 0, parts = 1;
};

/// Given with each object.
struct ExaminerRequest {
  std::string name;  ///< last component of the path: a hint for the sniffer
  /// Ordinals of the members that workers died in, ascending. They are passed over, and what comes before the last of
  /// them was reported already.
  std::vector<uint64_t> lethal_members;
  bool is_stream = false;     ///< not seekable: standard input, a large object from elsewhere
  bool is_rows = false;       ///< a table's rows (model/row_stream.h), which nobody has to sniff
  uint64_t explain_line = 0;  ///< when not 0, every candidate of that line is reported with its fate
  bool may_split = false;     ///< an object that can be examined range by range is not examined: a RangePlan says so
  std::optional<RangeRequest> range = std::nullopt;  ///< only this; places are those within it
  std::optional<RowsPart> rows_part = std::nullopt;  ///< with is_rows: the rows are a part of the table
  bool is_join = false;  ///< no rows but what is known of all parts, sealed: verdicts and profile are made of it
};
std::string encode(const ExaminerRequest& request);
ExaminerRequest decode_request(std::string_view bytes);

/// What an examiner sends. Findings carry no object path: the parent knows it.
enum class FrameTag : uint8_t {
  finding = 1,
  column = 2,
  record = 3,
  trace = 4,
  begin = 5,
  line_met = 6,
  range_plan = 7,
  range_end = 8,
  profile = 9,
  sealed = 10,
  may_lack_log = 11
};

void encode(const model::Finding& finding, std::string& out);
/// What findings have in common that one rule found for the same reasons: the rule's names, category and sensitivity,
/// the confidence, the reasons. encode() of a finding with its kind does not look at these members.
std::string encode_kind(const model::Finding& finding);
void encode(const model::Finding& finding, std::string_view kind, std::string& out);
void encode(const model::ColumnFinding& column, std::string& out);
void encode(const model::ObjectRecord& record, std::string& out);

/// A member is about to be examined: if the worker dies now, this is what it died in.
struct MemberBegin {
  std::string member;
};
void encode(const MemberBegin& begin, std::string& out);

/// A candidate's fate, for `assay explain`: one line for a person, without the value.
struct TraceLine {
  uint64_t line = 0;
  uint64_t line_column = 0;  ///< in code points; in a table, in the cell
  uint64_t length = 0;       ///< in code points
  std::string column;        ///< of a table: its name, or its letters; "" is no table
  std::string rule;
  std::string entity;
  std::string masked;
  double confidence = 0;
  std::string fate;  ///< "reported", "validator", "below_threshold", "overlapped by RULE", ...
  std::vector<std::string> reasons;
};
void encode(const TraceLine& trace, std::string& out);

/// The line that ExaminerRequest::explain_line asks for exists in the text or table in work.
struct LineMet {};
void encode(const LineMet& met, std::string& out);

/// The object was not examined: it can be, range by range, by requests that say this.
struct RangePlan {
  std::string format;
  std::string charset;
  std::string declared;
  uint8_t escapes = 0;
};
void encode(const RangePlan& plan, std::string& out);

/// The range was read to its end: what those behind it must know to tell their places.
struct RangeEnd {
  uint64_t text_bytes = 0, code_points = 0, newlines = 0;  ///< of the range's text
  uint64_t tail_code_points = 0;                           ///< of these, behind the last newline
  std::string charset;                                     ///< "" when all bytes were ASCII
  bool is_exact = true;  ///< false: what was found is not what the whole object's examination would find
  uint64_t met = 0;      ///< findings, with the suppressed ones
};
void encode(const RangeEnd& end, std::string& out);

/// A piece of what is known of a part of a table, of at most max_piece_bytes. Only examiners can read it
/// (scan/examine/part_seal.h).
struct SealedPiece {
  std::string bytes;
};
void encode(const SealedPiece& piece, std::string& out);
/// The object is a database whose latest changes may stand in a write-ahead log beside it.
struct MayLackLog {};
void encode(const MayLackLog& may, std::string& out);
/// What is said of such a database when nobody knows whether there is a log.
inline constexpr std::string_view log_not_seen = "what a write-ahead log beside the database may hold is not seen";

/// How what is known of the parts travels to the examiner that joins them: u32 bytes, bytes of each part; u32 0.
inline constexpr size_t max_sealed_bytes = size_t{24} << 20;  ///< of a part

/// A piece of a table's profile, small enough for one message: some of its columns, in order. The first has the table's
/// own facts, too. It has no object path, as findings have none.
struct ProfilePiece {
  model::TableProfile table;
  bool is_first = false, is_last = false;
};
/// All pieces of a profile, each of at most max_piece_bytes when names and texts are as short as examiners make them.
std::vector<std::string> encode(const model::TableProfile& profile);
void encode(const ProfilePiece& piece, std::string& out);
inline constexpr size_t max_piece_bytes = size_t{60} << 10;
/// Of one table, and of all tables of one object, each table counting as one more.
inline constexpr size_t max_profiled_columns = 16'384, max_profiled_columns_of_an_object = 65'536;

/// Calls exactly one of the handlers. Throws core::Error when the payload is malformed.
class FrameVisitor {
 public:
  virtual ~FrameVisitor() = default;
  /// The finding lies in memory that is used again for the next; its handler may give it an object.
  virtual void visit(model::Finding& finding) = 0;
  virtual void visit(model::ColumnFinding&& column) = 0;
  virtual void visit(model::ObjectRecord&& record) = 0;
  virtual void visit(TraceLine&& trace) = 0;
  virtual void visit(MemberBegin&& begin) = 0;
  virtual void visit(LineMet&& met) = 0;
  virtual void visit(RangePlan&&) {}
  virtual void visit(RangeEnd&&) {}
  virtual void visit(ProfilePiece&&) {}
  virtual void visit(SealedPiece&&) {}
  virtual void visit(MayLackLog&&) {}
};
void decode_frame(std::string_view payload, FrameVisitor& visitor);

}  // namespace assay::scan
