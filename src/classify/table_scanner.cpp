#include "classify/table_scanner.h"

#include <algorithm>
#include <cstring>

#include "classify/certainty.h"
#include "classify/count.h"
#include "model/cell.h"

namespace assay::classify {
namespace {

// A column needs this many values before they lift the confidence of one of them.
constexpr uint64_t min_values = 8;
constexpr float lifting_share = 0.8F;

// Letters, or bytes that may be letters of another script: without any there is no word to be context.
bool has_letters(const char* begin, const char* end) {
  return std::any_of(begin, end, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  });
}

// What patterns see before a value that stands under `key`: as in JSON, which all of them know.
std::string lead_of(std::string_view key) { return "\"" + std::string(key) + "\": \""; }

bool is_filler(char c) { return cell_fillers.contains(c); }

}  // namespace

TableScanner::TableScanner(const Classifier& classifier, Scratch& scratch, float min_confidence, TableSink& sink)
    : classifier_(classifier),
      scratch_(scratch),
      min_confidence_(min_confidence),
      sink_(sink),
      scorer_(classifier.rules()) {}

const TableScanner::Tally* TableScanner::Column::tally_of(uint32_t rule) const {
  for (const Tally& tally : rules)
    if (tally.rule == rule) return &tally;
  return nullptr;
}

TableScanner::Tally& TableScanner::Column::tally_for(uint32_t rule) {
  const auto place = std::ranges::lower_bound(rules, rule, {}, &Tally::rule);
  if (place != rules.end() && place->rule == rule) return *place;
  return *rules.insert(place, Tally{.rule = rule});
}

static_assert(TableScanner::max_columns == model::first_inner_column);

TableScanner::Column& TableScanner::column(uint32_t index) {
  if (index >= model::first_inner_column) return inner_[index - model::first_inner_column];
  if (index >= columns_.size()) columns_.resize(index + 1);
  return columns_[index];
}

void TableScanner::begin(std::span<const std::string> column_names) {
  columns_.clear();
  inner_.clear();
  plan_bytes_ = 0;
  has_leads_ = false;
  for (size_t i = 0; i < std::min(column_names.size(), max_columns); ++i) {
    Column& c = column(static_cast<uint32_t>(i));
    c.name = column_names[i];
    classifier_.rules().words.find(c.name, 0, c.name_hits);
    if (!classifier_.rules().secret_keys.occur_in(c.name)) continue;
    c.lead = lead_of(c.name);
    has_leads_ = true;
  }
}

void TableScanner::row(uint64_t number, std::span<const std::string_view> cells) {
  for (size_t i = 0; i < std::min(cells.size(), max_columns); ++i) {
    if (cells[i].empty()) continue;
    static const std::string none;
    add_cell(number, static_cast<uint32_t>(i), cells[i], has_leads_ && i < columns_.size() ? columns_[i].lead : none);
  }
  if (buffer_.size() >= batch_bytes) scan_batch();
}

void TableScanner::add_inner(std::string_view name, std::string_view key) {
  Column& c = inner_.emplace_back();
  c.name = name;
  classifier_.rules().words.find(c.name, 0, c.name_hits);
  if (!key.empty()) c.lead = lead_of(key);
}

void TableScanner::inner_value(uint64_t number, uint32_t column_index, std::string_view value) {
  if (value.empty()) return;
  add_cell(number, column_index, value, column(column_index).lead);
  if (buffer_.size() >= batch_bytes) scan_batch();
}

void TableScanner::add_cell(uint64_t number, uint32_t column_index, std::string_view value, const std::string& lead) {
  buffer_ += lead;
  const size_t begin = buffer_.size(), end = begin + value.size();
  // Field by field: a whole one made elsewhere is copied by loads that wait for its stores.
  Cell& cell = cells_.emplace_back();
  cell.begin = static_cast<uint32_t>(begin);
  cell.end = static_cast<uint32_t>(end);
  cell.column = column_index;
  cell.row = number;
  const size_t size = end + (lead.empty() ? 1 : 2);
  // libstdc++ 12 tells its capacity instead of the size when it has to grow.
  buffer_.resize_and_overwrite(size, [&](char* text, size_t) {
    std::memcpy(text + begin, value.data(), value.size());
    text[end] = '"';
    text[size - 1] = cell_end_byte;
    return size;
  });
}

void TableScanner::finish() {
  scan_batch();
  for_each_column([this](const Column& c, uint32_t i) {
    ColumnVerdict best;
    for (const Tally& tally : c.rules) {
      const WordHit* name = nullptr;
      const float confidence = column_confidence(c, tally, &name);
      if (confidence < min_confidence_ || confidence <= best.confidence) continue;
      best = {i,
              c.name,
              tally.rule,
              confidence,
              c.values,
              tally.agreeing,
              name != nullptr,
              name != nullptr ? classifier_.rules().words.text(name->phrase) : ""};
    }
    if (best.confidence > 0) sink_.on_column(best);
  });
  columns_.clear();
  inner_.clear();
}

// The cell that holds the byte at `begin`, or one beside it when none does. What is asked for comes nearly in order.
size_t TableScanner::cell_around(size_t begin) {
  while (near_cell_ > 0 && cells_[near_cell_].begin > begin) --near_cell_;
  while (near_cell_ + 1 < cells_.size() && cells_[near_cell_].end <= begin) ++near_cell_;
  return near_cell_;
}

bool TableScanner::may_stand(const Window&, uint32_t pattern_id, size_t begin, size_t end) {
  const CompiledPattern& pattern = classifier_.rules().patterns[pattern_id];
  if (is_explaining_ || pattern.can_prove || pattern.base >= min_confidence_) return true;
  const Cell& cell = cells_[cell_around(begin)];
  return begin < cell.begin || end > cell.end || !is_hopeless(pattern, begin, end, cell);
}

// Keeps what lies in one cell and may come to be reported: in columns of numbers, few candidates are and do.
void TableScanner::take(const Window&, const Candidate& candidate) {
  const Cell& cell = cells_[cell_around(candidate.begin)];
  if (candidate.begin < cell.begin || candidate.end > cell.end) return;
  if (is_explaining_) {
    if (cell.row == explained_row_) candidates_.push_back(candidate);
    return;
  }
  const CompiledPattern& pattern = classifier_.rules().patterns[candidate.pattern];
  const bool is_valid = pattern.check != nullptr && candidate.check == Check::valid;
  if (is_valid || !is_hopeless(pattern, candidate.begin, candidate.end, cell)) candidates_.push_back(candidate);
}

// What the pattern found in [begin, end), without a checksum, is nothing that its column's name or words in its cell
// can lift to the threshold. Most candidates in numeric columns are; dropping them early makes such tables fast.
bool TableScanner::is_hopeless(const CompiledPattern& pattern, size_t begin, size_t end, const Cell& cell) {
  return scratch_.trace == nullptr && is_beyond_lift(pattern, begin, end, cell);
}

bool TableScanner::is_beyond_lift(const CompiledPattern& pattern, size_t begin, size_t end, const Cell& cell) {
  if (pattern.base >= min_confidence_) return false;
  if (has_letters(buffer_.data() + cell.begin, buffer_.data() + begin) ||
      has_letters(buffer_.data() + end, buffer_.data() + cell.end))
    return false;
  return !named_rules(column(cell.column))[pattern.rule];
}

const std::vector<bool>& TableScanner::named_rules(Column& c) const {
  if (c.named.empty()) {
    c.named.resize(classifier_.rules().rules.size());
    for (size_t rule = 0; rule < c.named.size(); ++rule)
      c.named[rule] = std::ranges::any_of(
          c.name_hits, [&](const WordHit& hit) { return contains(classifier_.rules().rules[rule].names, hit.phrase); });
  }
  return c.named;
}

void TableScanner::scan_batch() {
  if (cells_.empty()) {
    buffer_.clear();
    return;
  }
  const size_t size = buffer_.size();
  buffer_.append(survey_padding, '\0');
  const Window window{std::string_view(buffer_).substr(0, size), 0};
  scratch_.survey.clear();
  survey_window(window.text, 0, size, classifier_.rules().keywords, scratch_.survey);
  plan_cells();
  leave_out_planned(scratch_.survey.digit_tokens);
  candidates_.clear();
  near_cell_ = 0;
  for (const auto& detector : classifier_.detectors())
    detector->detect(window, 0, size, scratch_.survey, scratch_, *this);
  sort_candidates(candidates_);
  join_outcomes();

  for (const Cell& c : cells_) ++column(c.column).values;
  tally();
  tally_outcomes();
  for_each_column([this](Column& c, uint32_t) {
    c.judgements.clear();
    for (Tally& rule_tally : c.rules) {
      const WordHit* name = nullptr;
      rule_tally.confidence = column_confidence(c, rule_tally, &name);
    }
  });
  report_cells();
  if (explained_row_ != 0) explain_cells();
  buffer_.clear();
  cells_.clear();
}

bool TableScanner::fills_cell(const Candidate& candidate, const Cell& cell) const {
  size_t begin = cell.begin, end = cell.end;
  while (begin < candidate.begin && is_filler(buffer_[begin])) ++begin;
  while (end > candidate.end && is_filler(buffer_[end - 1])) --end;
  return begin == candidate.begin && end == candidate.end;
}

// Gives each candidate its place, and counts those that are their cell's whole value, once a rule and cell.
void TableScanner::tally() {
  places_.clear();
  size_t cell = 0;
  std::vector<uint32_t> counted;  // rules counted for the cell already
  for (const Candidate& candidate : candidates_) {
    if (cells_[cell].end <= candidate.begin) counted.clear();
    while (cells_[cell].end <= candidate.begin) ++cell;
    const bool whole = fills_cell(candidate, cells_[cell]);
    places_.push_back({cell, whole});
    if (whole) count(candidate, 1, column(cells_[cell].column), counted);
  }
}

// A candidate that is the whole of so many cells. What is multiplied here is what adding one by one would give: floats
// of a few bits, summed in double.
void TableScanner::count(const Candidate& candidate, uint64_t cells, Column& column,
                         std::vector<uint32_t>& counted) const {
  const CompiledPattern& pattern = classifier_.rules().patterns[candidate.pattern];
  if (std::ranges::find(counted, pattern.rule) != counted.end()) return;
  counted.push_back(pattern.rule);
  Tally& tally = column.tally_for(pattern.rule);
  tally.agreeing += cells;
  const bool validated = pattern.check != nullptr && candidate.check == Check::valid;
  if (validated) tally.validated += cells;
  tally.base_sum += static_cast<double>(cells) * static_cast<double>(validated ? pattern.validated : pattern.base);
}

TableScanner::Shares TableScanner::shares_of(const Column& column, const Tally& tally) {
  const auto values = static_cast<float>(column.values);
  return {static_cast<float>(tally.agreeing) / values, static_cast<float>(tally.validated) / values};
}

float TableScanner::column_confidence(const Column& column, const Tally& tally, const WordHit** name) const {
  if (column.values == 0 || tally.agreeing == 0) return 0;
  return confidence_at(column, tally, shares_of(column, tally), name);
}

// mean base confidence of the values that agree, plus the boost when the name agrees, plus what is left to certainty
// times how far a checksum held in all of them (chance passes one in ten, not ten in ten); scaled down when few agree.
float TableScanner::confidence_at(const Column& column, const Tally& tally, Shares shares, const WordHit** name) const {
  const CompiledRule& rule = classifier_.rules().rules[tally.rule];
  auto confidence = static_cast<float>(tally.base_sum / static_cast<double>(tally.agreeing));
  for (const WordHit& hit : column.name_hits) {
    if (contains(rule.names, hit.phrase)) {
      *name = &hit;
      break;
    }
  }
  for (const WordHit& hit : column.name_hits)
    if (contains(rule.negative, hit.phrase)) confidence -= rule.penalty;
  if (*name != nullptr) confidence += rule.boost;
  if (column.values >= min_values && shares.validated > lifting_share)
    confidence +=
        std::max(0.0F, 1.0F - confidence) * 0.8F * (shares.validated - lifting_share) / (1.0F - lifting_share);
  if (rule.context_required && *name == nullptr && shares.validated <= lifting_share) return 0;
  return settled_confidence(std::clamp(confidence, 0.0F, 1.0F) * std::min(1.0F, shares.agreeing / 0.5F));
}

// Confidence grows with both shares, so the ends of their intervals are the ends of its own.
bool TableScanner::is_decided(const Column& column, double z) const {
  float best = 0, least_of_best = 0, most = 0;
  for (const Tally& tally : column.rules) {
    const ShareInterval agreeing = share_interval(tally.agreeing, column.values, z);
    const ShareInterval validated = share_interval(tally.validated, column.values, z);
    const auto at = [&](double one, double other) {
      const WordHit* name = nullptr;
      return confidence_at(column, tally, {static_cast<float>(one), static_cast<float>(other)}, &name);
    };
    const WordHit* name = nullptr;
    most = std::max(most, at(agreeing.high, validated.high));
    const float confidence = column_confidence(column, tally, &name);
    if (confidence <= best) continue;
    best = confidence;
    least_of_best = at(agreeing.low, validated.low);
  }
  return best >= min_confidence_ ? least_of_best >= min_confidence_ : most < min_confidence_;
}

std::vector<std::string> TableScanner::undecided_columns(double z) {
  scan_batch();
  std::vector<std::string> names;
  for_each_column([&](const Column& c, uint32_t) {
    if (!is_decided(c, z)) names.push_back(c.name);
  });
  return names;
}

float TableScanner::lifted(const Match& match, const Column& column, bool whole_cell, float& share) const {
  if (!whole_cell || column.values < min_values) return match.confidence;
  const Tally* tally = column.tally_of(match.rule);
  if (tally == nullptr) return match.confidence;
  share = static_cast<float>(tally->agreeing) / static_cast<float>(column.values);
  return share < lifting_share ? match.confidence : std::max(match.confidence, tally->confidence);
}

Match TableScanner::judge_afresh(const Window& window, const Candidate& candidate, const Cell& cell, bool whole_cell) {
  const Column& c = column(cell.column);
  Match match = scorer_.score_cell(window, candidate, cell.begin, cell.end, c.name_hits);
  float share = 0;
  const float lifted_confidence = lifted(match, c, whole_cell, share);
  if (lifted_confidence > match.confidence) {
    match.confidence = lifted_confidence;
    match.evidence.column_share = share;
  }
  return match;
}

// Where no words stand around it in its cell, a match is worth what others of its kind in the column are.
Match TableScanner::judge(const Window& window, const Candidate& candidate, const Place& place) {
  const Cell& cell = cells_[place.cell];
  const bool whole_cell = place.fills_cell;
  if (Scorer::has_context_in_cell(candidate.end - candidate.begin, cell.end - cell.begin))
    return judge_afresh(window, candidate, cell, whole_cell);
  auto& judgements = column(cell.column).judgements;
  auto known = std::ranges::find_if(judgements, [&](const Judgement& judgement) {
    return judgement.pattern == candidate.pattern && judgement.check == candidate.check &&
           judgement.whole_cell == whole_cell;
  });
  if (known == judgements.end())
    known = judgements.insert(
        known, {candidate.pattern, candidate.check, whole_cell, judge_afresh(window, candidate, cell, whole_cell)});
  Match match = known->match;
  match.begin = candidate.begin;
  match.end = candidate.end;
  return match;
}

void TableScanner::report_cells() {
  const Window window{std::string_view(buffer_).substr(0, buffer_.size() - survey_padding), 0};
  scorer_.start_window();
  Resolver resolver(classifier_.rules());
  winners_.clear();
  for (size_t i = 0; i < candidates_.size(); ++i) {
    const Match match = judge(window, candidates_[i], places_[i]);
    if (match.confidence >= min_confidence_ && match.confidence > 0) resolver.add(match, scratch_.trace, winners_);
  }
  resolver.finish(scratch_.trace, winners_);
  judge_outcomes(window);
  view_planned();
  const std::string_view* planned = planned_values_.data();
  auto match = winners_.begin();
  for (const Cell& cell : cells_) {
    if (cell.outcome != nullptr) {
      report_planned(cell, planned);
      continue;
    }
    const std::string_view text = window.text.substr(cell.begin, cell.end - cell.begin);
    for (; match != winners_.end() && match->begin < cell.end; ++match) {
      const size_t begin = match->begin - cell.begin;
      sink_.on_cell_match(*match, cell.row, cell.column, begin, count_code_points(text.substr(0, begin)),
                          text.substr(begin, match->end - match->begin));
    }
  }
}

}  // namespace assay::classify
