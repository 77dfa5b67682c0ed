#include "scan/examine/examination.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "classify/certainty.h"
#include "classify/count.h"
#include "classify/given_up.h"
#include "classify/mask.h"
#include "extract/failure.h"
#include "extract/format.h"
#include "extract/nested/unfolding_sink.h"
#include "model/cell.h"
#include "model/column_letters.h"
#include "scan/examine/budgeted_input.h"
#include "scan/examine/formats.h"
#include "core/printable.h"
#include "scan/examine/suppression.h"

namespace assay::scan {
namespace {

using core::printable;
using model::VerdictKind;

constexpr uint64_t ratio_counts_from = uint64_t{64} << 20;
constexpr size_t max_reason = 256;
// A sample is not enough while what rules look for could be in more of the values unseen.
constexpr double rare_share = 0.001;
constexpr size_t most_named_columns = 5, most_named_bytes = 40;
constexpr size_t most_counted_parts = 64;
constexpr size_t most_rows_to_place = 2 * classify::TableScanner::batch_bytes;  // more than wait to be judged
constexpr size_t max_name_bytes = 4096;  // of what is found on the way: tables, columns, members, parts
// Above it, a column without findings may still hold what rules look for.
constexpr double default_min_confidence = 0.5;

// Which of two verdicts of one object stands.
int badness(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::ok: return 0;
    case VerdictKind::partial: return 1;
    default: return 2;
  }
}

// A member without a name must not pass for the object, which is what an empty path means.
std::string shown_name(std::string_view name) { return name.empty() ? "(no name)" : printable(name, max_name_bytes); }

void worsen(model::Verdict& verdict, model::Verdict other) {
  if (badness(other.kind) <= badness(verdict.kind)) return;
  verdict = std::move(other);
  verdict.reason = printable(verdict.reason, max_reason);
}

// What a sample says, for the ledger. No name is long here: it was cut when the table began.
std::string sample_in_words(const extract::SampleRound& round, std::span<const std::string> undecided) {
  std::string words = fmt::format("{} rows", round.rows);
  if (round.of_rows > 0) words += fmt::format(" of about {}", round.of_rows);
  words += round.is_random ? " at random" : " in the server's order";
  const double unseen = classify::most_unseen_share(round.rows, round.certainty / 100);
  words += fmt::format("; with {} % certainty what was found nowhere is in less than {:.2g} % of them", round.certainty,
                       unseen * 100);
  if (undecided.empty()) return words + ", and every column's verdict stands";
  const size_t named = std::min(undecided.size(), most_named_columns);
  words += fmt::format(", and the verdicts of {} columns are open: ", undecided.size());
  for (size_t i = 0; i < named; ++i) words += (i == 0 ? "" : ", ") + printable(undecided[i], most_named_bytes);
  return named < undecided.size() ? words + ", ..." : words;
}

model::Verdict verdict_without_extractor(extract::Format format) {
  switch (format) {
    case extract::Format::empty: return {};
    case extract::Format::audio_video: return {VerdictKind::excluded, "audio or video holds no text"};
    case extract::Format::font: return {VerdictKind::excluded, "a font holds no text"};
    case extract::Format::executable: return {VerdictKind::excluded, "an executable; --binaries reads its strings"};
    case extract::Format::unknown:
      return {VerdictKind::unsupported, "binary of unknown format; --binaries reads its strings"};
    default: return {VerdictKind::unsupported, fmt::format("no extractor for {}", to_string(format))};
  }
}

}  // namespace

ExaminerState::ExaminerState(ExaminerSetup given)
    : setup(std::move(given)),
      classifier(classify::load_rules(setup.rules)),
      scratch(classifier.rules()),
      fingerprinter(setup.fingerprint_key),
      kinds(classifier.rules()),
      part_seal(setup.fingerprint_key) {
  for (const auto& rule : classifier.rules().sources())
    rule_is_reported.push_back(setup.entities.empty() ||
                               std::ranges::find(setup.entities, rule.entity) != setup.entities.end());
}

Examination::Examination(ExaminerState& state, const ExaminerRequest& request, extract::Scratch& spool,
                         Reporter& reporter)
    : state_(state),
      request_(request),
      spool_(spool),
      reporter_(reporter),
      text_scanner_(state.classifier, state.scratch,
                    request.explain_line != 0 ? 0.0F : static_cast<float>(state.setup.min_confidence), *this),
      table_scanner_(state.classifier, state.scratch, static_cast<float>(state.setup.min_confidence), *this) {
  using model::ProfileScope;
  const bool is_asked =
      state.setup.profile == ProfileScope::all || (state.setup.profile == ProfileScope::databases && request.is_rows);
  if (!is_asked || request.explain_line != 0) return;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  profiling_.emplace(std::chrono::duration_cast<std::chrono::seconds>(now).count(),
                     state.setup.min_confidence <= default_min_confidence,
                     [this](model::TableProfile&& profile) { send(profile); });
}

void Examination::send(const model::TableProfile& profile) {
  for (const std::string& piece : encode(profile)) reporter_.send(piece);
}

void Examination::run(extract::Input& object) {
  levels_.push_back({});
  BudgetedInput input(object, [this](uint64_t bytes) {
    object_bytes_ += bytes;
    reporter_.tick();
  });
  if (request_.range) {
    examine_range(input, *request_.range);
    send_record(levels_.back(), request_.range->end - request_.range->begin);
  } else if (request_.is_join) {
    join_parts(input);
    send_record(levels_.back(), input.reached());
  } else {
    if (!request_.is_rows) levels_.back().content = &input;
    examine_level(request_.name, input);
    if (object.is_cut()) worsen(levels_.back().verdict, {VerdictKind::limit, "max_object_bytes"});
    if (request_.rows_part) send_part();
    const auto size = object.known_size();
    send_record(levels_.back(), size ? *size : input.reached());
  }
  levels_.pop_back();
}

// Open, sniff, extract, classify; whatever goes wrong becomes the verdict.
void Examination::examine_level(std::string_view name, extract::Input& content) {
  try {
    const bool is_rows = request_.is_rows && levels_.size() == 1;
    const extract::Format format = is_rows ? extract::Format::rows : extract::sniff(content, name);
    levels_.back().format = to_string(format);
    const bool strings_wanted =
        state_.setup.binaries || (format != extract::Format::unknown && format != extract::Format::executable);
    const auto extract = strings_wanted ? extractor_for(format) : nullptr;
    if (extract == nullptr) {
      worsen(levels_.back().verdict, verdict_without_extractor(format));
      return;
    }
    if (request_.may_split && levels_.size() == 1 && plan_ranges(format, content)) return;
    const extract::Context context{
        .limits = state_.setup.limits,
        .scratch = spool_,
        .ocr = state_.setup.ocr,
        .binaries = state_.setup.binaries,
        .name = name,
        .format = format,
        .rows_part = is_rows && request_.rows_part ? std::optional(request_.rows_part->number) : std::nullopt};
    extract::UnfoldingSink unfolding(*this);
    extract(content, context, unfolding);
  } catch (const extract::Failure& failure) {
    worsen(levels_.back().verdict, failure.verdict());
    if (profiling_) profiling_->cut();
  } catch (const std::bad_alloc&) {
    throw;  // the sandbox's matter
  } catch (const std::exception& error) {
    worsen(levels_.back().verdict, {VerdictKind::partial, fmt::format("the extractor gave up: {}", error.what())});
    if (profiling_) profiling_->cut();
  }
  // An extractor that ended early left its text open; what was read until then is still judged.
  try {
    if (in_text_) end_text();
    if (in_table_) end_table();
  } catch (const extract::Failure& failure) {
    worsen(levels_.back().verdict, failure.verdict());
  }
  note_given_up();
  if (profiling_) profiling_->end();
}

// Patterns that could not be matched in full are a gap like any other.
void Examination::note_given_up() {
  if (auto reason = classify::take_given_up(state_.classifier.rules(), state_.scratch))
    worsen(levels_.back().verdict, {VerdictKind::partial, std::move(*reason)});
}

void Examination::begin_text(const extract::Part& part) {
  part_ = part;
  state_.scratch.trace = request_.explain_line != 0 ? &trace_ : nullptr;
  part_.name = printable(shown_part(part_.name), max_name_bytes);
  part_.table = printable(shown_part(part_.table), max_name_bytes);
  part_.cell = printable(part_.cell, max_name_bytes);
  if (part_.name.empty() && part_.page == 0 && !part_.has_lines) part_.name = "body";
  const Level::PartLines* lines = lines_of_part();
  lines_before_ = lines == nullptr ? 0 : lines->lines;
  newlines_ = 0;
  is_in_line_ = false;
  in_text_ = true;
  explain_at_line_ = 1;
  explain_offset_ = 0;
  explained_found_ = false;
  line_before_.clear();
}

// Of very many parts the last ones begin anew with each text.
Examination::Level::PartLines* Examination::lines_of_part() {
  if (part_.has_lines || !part_.cell.empty()) return nullptr;
  auto& parts = levels_.back().parts;
  auto found = std::ranges::find(parts, part_.name, &Level::PartLines::name);
  if (found == parts.end()) {
    if (parts.size() == most_counted_parts) return nullptr;
    found = parts.insert(parts.end(), {.name = part_.name, .page = part_.page});
  }
  if (found->page != part_.page) *found = {.name = part_.name, .page = part_.page};
  return &*found;
}

void Examination::text(std::string_view utf8) {
  reporter_.tick();
  if (!part_.has_lines && !utf8.empty()) {
    newlines_ += classify::count_byte(utf8, '\n');
    is_in_line_ = utf8.back() != '\n';
  }
  auto left_out = std::exchange(left_out_, {});
  if (is_muted()) return;
  utf8 = plain_characters_.text(utf8, left_out);
  if (request_.explain_line != 0) explain_text(utf8);
  if (request_.range) range_places_.pass(utf8, left_out);
  for (const auto& [at, characters] : left_out) text_scanner_.leave_out(at, characters);
  text_scanner_.feed(utf8);
}

void Examination::end_text() {
  in_text_ = false;
  if (Level::PartLines* lines = lines_of_part()) lines->lines = lines_before_ + newlines_ + (is_in_line_ ? 1 : 0);
  if (is_muted()) return;
  text_scanner_.finish();
  state_.scratch.trace = nullptr;
  if (explained_found_ && part_.has_lines) {
    send_line_met();
    send_traces(trace_, explained_begin_, explained_begin_ + explained_line_.size(), explained_line_, {});
  }
  trace_.clear();
}

void Examination::begin_table(const extract::TableInfo& table) {
  listed_.begin_table(is_of_database() ? request_.rows_part.value_or(RowsPart{}).parts : 1);
  last_row_ = 0;
  sample_.reset();
  table_ = table;
  lines_below_rows_.clear();
  lines_below_ = 0;
  table_scanner_.explain(0);
  inner_columns_.clear();
  in_table_ = true;
  table_scanner_.begin(table_.columns);
  hide_names();
  table_.name = printable(table_.name, max_name_bytes);  // that of a crafted database may be longer than a message
  // What lies in a database's cells is not one of its tables.
  const bool is_wanted = state_.setup.profile == model::ProfileScope::all || levels_.size() == 1;
  if (profiling_ && is_wanted && !is_muted()) profiling_->begin(levels_.back().path, table_);
  report_names();
}

void Examination::row(uint64_t row_number, std::span<const std::string_view> cells) {
  reporter_.tick();
  if (is_muted()) return;
  explain_if_asked(row_number);
  if (row_number == table_.header_row) return heading(row_number, cells);
  last_row_ = row_number;
  if (lines_below_ != (lines_below_rows_.empty() ? 0 : lines_below_rows_.back().lines)) {
    lines_below_rows_.push_back({row_number, lines_below_});
    if (lines_below_rows_.size() > most_rows_to_place) lines_below_rows_.pop_front();
  }
  table_scanner_.row(row_number, plain_characters_.cells(cells));
  if (profiling_) profiling_->row(row_number, cells);
}

void Examination::add_column(const extract::InnerColumn& column) {
  inner_columns_.push_back(column);
  inner_columns_.back().name = levels_.back().names.hidden.hide(column.name);
  if (is_muted()) return;
  table_scanner_.add_inner(column.name, column.key);
  if (profiling_) profiling_->add_column(inner_columns_.back());
}

void Examination::inner_values(uint64_t row_number, std::span<const extract::InnerValue> values) {
  reporter_.tick();
  if (is_muted()) return;
  explain_if_asked(row_number);
  for (const auto& [column, text] : values) {
    table_scanner_.inner_value(row_number, column, plain_characters_.cells(std::span(&text, 1)).front());
    if (profiling_) profiling_->inner_value(column, text);
  }
}

// 0 when it is not known any more.
uint64_t Examination::line_of_row(uint64_t row) const {
  const auto behind = std::ranges::upper_bound(lines_below_rows_, row, {}, &LinesBelow::row);
  if (behind != lines_below_rows_.begin()) return row + std::prev(behind)->lines;
  return lines_below_rows_.size() < most_rows_to_place ? row : 0;
}

std::string Examination::name_of_column(uint32_t column) const {
  if (column >= model::first_inner_column)
    return printable(inner_columns_.at(column - model::first_inner_column).name, max_name_bytes);
  return column < table_.columns.size() && !table_.columns[column].empty()
             ? printable(table_.columns[column], max_name_bytes)
             : model::column_letters(column);
}

// The row that names the columns is looked at by itself: it is none of their values, and no name speaks for itself.
void Examination::heading(uint64_t row_number, std::span<const std::string_view> cells) {
  classify::TableScanner scanner(state_.classifier, state_.scratch, state_.setup.min_confidence, *this);
  in_heading_ = true;
  if (is_explained(row_number)) scanner.explain(row_number);
  scanner.begin({});
  scanner.row(row_number, cells);
  scanner.finish();
  in_heading_ = false;
}

void Examination::end_table() {
  in_table_ = false;
  if (is_muted()) return;
  if (is_part()) return save_part();
  table_scanner_.finish();
  model::Verdict& verdict = levels_.back().verdict;
  const uint64_t unlisted = listed_.unlisted() + std::exchange(unlisted_, 0);
  if (unlisted == 0 || verdict.kind != VerdictKind::ok) return;
  verdict.reason +=
      fmt::format("{}{} findings in cells are counted and not listed", verdict.reason.empty() ? "" : "; ", unlisted);
}

bool Examination::is_enough(const extract::SampleRound& round) {
  if (is_muted() || request_.explain_line != 0) return false;
  model::Verdict& verdict = levels_.back().verdict;
  if (round.is_all) {
    sample_.reset();
    if (verdict.kind == VerdictKind::ok) verdict.reason.clear();
    return true;
  }
  sample_ = round;
  const double certainty = round.certainty / 100;
  auto undecided = table_scanner_.undecided_columns(classify::deviations_of(certainty));
  for (std::string& name : undecided) name = levels_.back().names.hidden.hide(name);
  const bool is_rare_seen = classify::most_unseen_share(round.rows, certainty) <= rare_share;
  if (verdict.kind == VerdictKind::ok) verdict.reason = sample_in_words(round, undecided);
  const bool is_enough = undecided.empty() && is_rare_seen;
  if (profiling_ && (is_enough || round.is_random)) profiling_->cut();
  return is_enough;
}

std::string Examination::path_of_member(const std::string& shown) const {
  const std::string& parent = levels_.back().path;
  return parent.empty() ? shown : parent + "!/" + shown;
}

void Examination::member(std::string_view name, extract::Input& content) {
  const auto& limits = state_.setup.limits;
  if (profiling_) profiling_->end();
  ++last_ordinal_;
  if (std::ranges::binary_search(request_.lethal_members, last_ordinal_)) return;
  const std::string shown = shown_name(levels_.back().names.hidden.hide(name));
  note_given_up();
  levels_.push_back({.path = path_of_member(shown), .verdict = {}, .format = {}, .findings = 0});
  frame_.clear();
  encode(MemberBegin{levels_.back().path}, frame_);
  reporter_.send(frame_);
  reporter_.begin_member(last_ordinal_);
  read_to_its_end(levels_[levels_.size() - 2].content);
  BudgetedInput input(content, [this](uint64_t bytes) { charge(bytes); });
  levels_.back().content = &input;
  if (++members_ > limits.max_members) {
    exhausted_ = true;
    levels_.back().verdict = {VerdictKind::limit, "max_members"};
  } else if (levels_.size() - 1 > limits.max_depth) {
    levels_.back().verdict = {VerdictKind::limit, "max_depth"};
  } else {
    const size_t slash = shown.rfind('/');
    examine_level(slash == std::string::npos ? shown : std::string_view(shown).substr(slash + 1), input);
  }
  const Level level = std::move(levels_.back());
  levels_.pop_back();
  send_record(level, content.known_size().value_or(input.reached()));
  if (exhausted_) throw extract::Failure(level.verdict.kind, level.verdict.reason);
}

// What a member lies in and what it expands to are spooled one above the other, so the lower one must have ended.
void Examination::read_to_its_end(extract::Input* content) {
  if (content == nullptr) return;
  try {
    content->size();
  } catch (const extract::Failure&) {
    if (exhausted_) throw;
    // Whoever reads so far will meet it again.
  }
}

void Examination::unread_member(std::string_view name, model::Verdict verdict) {
  ++last_ordinal_;
  if (++members_ > state_.setup.limits.max_members) {
    exhausted_ = true;
    throw extract::Failure(VerdictKind::limit, "max_members");
  }
  verdict.reason = printable(verdict.reason, max_reason);
  const std::string shown = shown_name(levels_.back().names.hidden.hide(name));
  send_record({.path = path_of_member(shown), .verdict = std::move(verdict), .format = {}, .findings = 0}, 0);
}

void Examination::partial(std::string_view reason) {
  worsen(levels_.back().verdict, {VerdictKind::partial, levels_.back().names.hidden.hide(reason)});
  if (profiling_) profiling_->cut();
}

// Nobody knows what stands beside a member.
void Examination::may_lack_log() {
  Level& level = levels_.back();
  if (levels_.size() > 1) {
    if (level.verdict.kind == VerdictKind::ok) level.verdict.reason = std::string(log_not_seen);
  } else if (!is_muted()) {
    frame_.clear();
    encode(MayLackLog{}, frame_);
    reporter_.send(frame_);
  }
}

void Examination::tick() { reporter_.tick(); }

void Examination::charge(uint64_t bytes) {
  reporter_.tick();
  expanded_bytes_ += bytes;
  const auto& limits = state_.setup.limits;
  const char* which = nullptr;
  if (expanded_bytes_ > limits.max_expanded_bytes) which = "max_expanded_bytes";
  if (expanded_bytes_ > ratio_counts_from &&
      expanded_bytes_ / limits.max_expansion_ratio > std::max<uint64_t>(object_bytes_, 1))
    which = "max_expansion_ratio";
  if (which == nullptr) return;
  exhausted_ = true;
  throw extract::Failure(VerdictKind::limit, which);
}

void Examination::send_record(const Level& level, uint64_t bytes) {
  if (is_muted()) return;
  model::ObjectRecord record{.object = {},
                             .member = level.path,
                             .format = level.format,
                             .bytes = bytes,
                             .findings = level.findings,
                             .verdict = level.verdict};
  frame_.clear();
  encode(record, frame_);
  reporter_.send(frame_);
}

model::Finding Examination::describe(const classify::Match& match, std::string_view value) const {
  const model::Rule& rule = rule_of(match);
  const bool is_secret = rule.category == "secret";
  model::Finding finding;
  finding.locator.member = levels_.back().path;
  finding.masked = classify::mask(value, rule.entity, is_secret);
  const auto hash = state_.fingerprinter(rule.entity, value, is_secret);
  finding.fingerprint = classify::to_hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
  if (state_.setup.reveal) finding.value = core::Sensitive<std::string>(std::string(value.substr(0, 4096)));
  return finding;
}

void Examination::report(const classify::Match& match, const model::Finding& finding) {
  if (++findings_ > state_.setup.limits.max_findings_per_object) {
    exhausted_ = true;
    if (profiling_) profiling_->doubt();
    throw extract::Failure(VerdictKind::limit, "max_findings_per_object");
  }
  if (!finding.suppressed) ++levels_.back().findings;
  frame_.clear();
  encode(finding, state_.kinds.of(match), frame_);
  reporter_.send(frame_);
}

void Examination::on_match(const classify::Match& match, const classify::Place& place) {
  if (!state_.rule_is_reported[match.rule] || request_.explain_line != 0) return;
  if (request_.range && !range_places_.has(match.begin)) return;
  const std::string_view value = place.value();
  model::Finding finding = describe(match, value);
  finding.locator.part = part_.name;
  finding.locator.page = part_.page;
  finding.locator.table = part_.table;
  finding.locator.cell = part_.cell;
  finding.locator.line = lines_before_ + place.line;
  finding.locator.line_column = place.line_column;
  finding.start = match.begin;
  finding.end = match.end;
  finding.start_code_point = place.code_point;
  finding.end_code_point = place.code_point + classify::count_code_points(value);
  if (request_.range) range_places_.relate(finding);
  const model::Rule& rule = rule_of(match);
  finding.suppressed = is_ignored_inline(place.window, place.begin, place.end, rule.entity, rule.name);
  report(match, finding);
}

void Examination::on_cell_match(const classify::Match& match, uint64_t row, uint32_t column, size_t begin,
                                size_t code_point, std::string_view value) {
  if (profiling_ && !in_heading_) profiling_->on_cell_match(column, rule_of(match));
  if (!state_.rule_is_reported[match.rule] || request_.explain_line != 0) return;
  if (is_of_database() && !listed_.takes(column)) return;
  model::Finding finding = describe(match, value);
  finding.locator.table = table_.name;
  finding.locator.row = row;
  finding.locator.column = name_of_column(column);
  const bool is_inner = column >= model::first_inner_column;
  const uint32_t own = is_inner ? inner_columns_.at(column - model::first_inner_column).within : column;
  if (table_.is_sheet) finding.locator.cell = model::column_letters(own) + std::to_string(row);
  else if (table_.rows_are_lines) finding.locator.line = line_of_row(row);
  finding.start = begin;
  finding.end = begin + value.size();
  finding.start_code_point = code_point;
  finding.end_code_point = code_point + classify::count_code_points(value);
  report(match, finding);
}

void Examination::on_column(const classify::ColumnVerdict& verdict) {
  if (profiling_ && !in_heading_)
    profiling_->on_column(verdict, *state_.classifier.rules().rules[verdict.rule].source,
                          state_.rule_is_reported[verdict.rule]);
  if (in_heading_ || !state_.rule_is_reported[verdict.rule] || request_.explain_line != 0) return;
  const model::Rule& rule = *state_.classifier.rules().rules[verdict.rule].source;
  model::ColumnFinding column;
  column.locator.member = levels_.back().path;
  column.locator.table = table_.name;
  column.locator.column = name_of_column(verdict.column);
  column.entity = rule.entity;
  column.rule = rule.name;
  column.category = rule.category;
  column.sensitivity = rule.sensitivity;
  column.confidence = verdict.confidence;
  column.values = verdict.values;
  column.agreeing = verdict.agreeing;
  column.reasons.push_back(fmt::format("{} of {} values agree", verdict.agreeing, verdict.values));
  if (sample_) {
    const double z = classify::deviations_of(sample_->certainty / 100);
    const auto share = classify::share_interval(verdict.agreeing, verdict.values, z);
    column.reasons.push_back(fmt::format(
        "of all the table's values {:.1f} to {:.1f} % agree, with {} % certainty{}", 100 * share.low, 100 * share.high,
        sample_->certainty, sample_->is_random ? "" : " if the server's order has nothing to do with them"));
  }
  if (verdict.name_agrees) column.reasons.push_back(fmt::format("the column's name says '{}'", verdict.phrase));
  frame_.clear();
  encode(column, frame_);
  reporter_.send(frame_);
}

}  // namespace assay::scan
