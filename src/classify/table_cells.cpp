#include <algorithm>
#include <utility>

#include "classify/table_scanner.h"

// What TableScanner does with cells whose shape has a plan: their candidates are found cell by cell, without the
// automaton of all patterns, and cells of a column in which the same was found are counted, judged and resolved
// together. Nothing that decides about such a cell differs between them: digits make no words, and a planned cell has
// room for no context that its shape does not tell.

namespace assay::classify {

void TableScanner::plan_cells() {
  outcomes_.clear();
  if (scratch_.trace != nullptr || cells_.size() < ColumnPlans::planned_after) return;
  if (!may_plan_) may_plan_ = tokens_end_with_cells(classifier_.rules().token_nfa);
  if (!*may_plan_) return;
  // Column by column, so that one cell is like the last. What begins the batch has nothing before it, and so is not
  // like other cells.
  for_each_column([](Column& c, uint32_t) { c.first_cell = c.cells = 0; });
  for (auto i = static_cast<uint32_t>(cells_.size()) - 1; i > 0; --i) {
    Column& c = column(cells_[i].column);
    cells_[i].next = std::exchange(c.first_cell, i);
    ++c.cells;
  }
  for_each_column([this](Column& c, uint32_t) {
    if (c.values + c.cells >= ColumnPlans::planned_after && c.lead.empty()) plan_column(c);
  });
}

void TableScanner::plan_column(Column& c) {
  if (c.plans == nullptr) {
    if (plan_bytes_ >= ColumnPlans::max_bytes) return;
    c.plans = std::make_unique<ColumnPlans>();
    plan_bytes_ += sizeof(ColumnPlans);
  }
  const CompiledRules& rules = classifier_.rules();
  const ColumnPlans::MakePlan plan_for = [&](const CellShape& shape) {
    return build_cell_plan(shape, {rules, named_rules(c), min_confidence_});
  };
  CellShape shape;
  for (uint32_t i = c.first_cell; i != 0; i = cells_[i].next) {
    Cell& cell = cells_[i];
    const char* const text = buffer_.data() + cell.begin;
    if (!shape.read({text, cell.end - cell.begin})) continue;
    CellPlan* const plan = c.plans->find(shape, plan_for, plan_bytes_);
    if (plan != nullptr) cell.outcome = plan->run(rules, text);
  }
}

// The automaton is not asked about planned cells.
void TableScanner::leave_out_planned(PlaceList& digit_tokens) const {
  const uint32_t* token = digit_tokens.begin();
  const uint32_t* const end = digit_tokens.end();
  digit_tokens.clear();
  uint32_t* to = digit_tokens.room_for(0);
  size_t kept = 0;
  for (const Cell& cell : cells_) {
    const bool is_planned = cell.outcome != nullptr;
    for (; token != end && *token < cell.end; ++token) {
      to[kept] = *token;
      kept += is_planned ? 0 : 1;
    }
  }
  digit_tokens.keep(kept);
}

// What other detectors found in planned cells becomes part of the outcome. Of a cell in which more is found than plans
// keep, what the plan found becomes candidates like those of any other cell.
void TableScanner::join_outcomes() {
  std::vector<Candidate> unplanned;
  size_t kept = 0;
  auto extra = candidates_.begin();
  for (size_t i = 0; i < cells_.size(); ++i) {
    Cell& cell = cells_[i];
    for (; extra != candidates_.end() && extra->begin < cell.end; ++extra) {
      if (cell.outcome != nullptr) {
        CellOutcome* const longer = cell.outcome->plan->extend(
            *cell.outcome, {extra->begin - cell.begin, extra->end - cell.begin, extra->pattern, extra->check});
        if (longer == nullptr)
          for (const Candidate& found : cell.outcome->candidates) unplanned.push_back(in_cell(found, cell));
        cell.outcome = longer;
      }
      if (cell.outcome == nullptr) candidates_[kept++] = *extra;
    }
    if (cell.outcome == nullptr || cell.outcome->cells++ != 0) continue;
    cell.outcome->sample_cell = i;
    outcomes_.push_back(cell.outcome);
  }
  candidates_.resize(kept);
  if (unplanned.empty()) return;
  candidates_.insert(candidates_.end(), unplanned.begin(), unplanned.end());
  sort_candidates(candidates_);
}

void TableScanner::tally_outcomes() {
  std::vector<uint32_t> counted;
  for (CellOutcome* const outcome : outcomes_) {
    const Cell& cell = cells_[outcome->sample_cell];
    sort_candidates(outcome->candidates);
    counted.clear();
    for (const Candidate& found : outcome->candidates)
      if (fills_cell(in_cell(found, cell), cell)) count(found, outcome->cells, column(cell.column), counted);
  }
}

// Judges one cell of each outcome as it would any other.
void TableScanner::judge_outcomes(const Window& window) {
  Resolver resolver(classifier_.rules());
  std::vector<Match> winners;
  for (CellOutcome* const outcome : outcomes_) {
    const size_t place = outcome->sample_cell;
    const Cell& cell = cells_[place];
    winners.clear();
    for (const Candidate& found : outcome->candidates) {
      const Candidate candidate = in_cell(found, cell);
      const Match match = judge(window, candidate, {place, fills_cell(candidate, cell)});
      if (match.confidence >= min_confidence_ && match.confidence > 0) resolver.add(match, nullptr, winners);
    }
    resolver.finish(nullptr, winners);
    outcome->winners.clear();
    for (const Match& match : winners)
      outcome->winners.push_back(
          {match, static_cast<uint32_t>(match.begin - cell.begin), static_cast<uint32_t>(match.end - cell.begin)});
    outcome->cells = 0;
  }
}

// Views are made a batch at a time: passing one on that was just made waits for its stores.
void TableScanner::view_planned() {
  planned_values_.clear();
  for (const Cell& cell : cells_) {
    if (cell.outcome == nullptr) continue;
    for (const CellOutcome::Winner& winner : cell.outcome->winners)
      planned_values_.emplace_back(buffer_.data() + cell.begin + winner.begin, winner.end - winner.begin);
  }
}

// Cells that have plans are ASCII.
void TableScanner::report_planned(const Cell& cell, const std::string_view*& value) {
  for (CellOutcome::Winner& winner : cell.outcome->winners) {
    winner.match.begin = cell.begin + winner.begin;
    winner.match.end = cell.begin + winner.end;
    sink_.on_cell_match(winner.match, cell.row, cell.column, winner.begin, winner.begin, *value++);
  }
}

Candidate TableScanner::in_cell(const Candidate& found, const Cell& cell) {
  return {cell.begin + found.begin, cell.begin + found.end, found.pattern, found.check};
}

}  // namespace assay::classify
