#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "classify/cell_plan.h"
#include "classify/scorer.h"
#include "classify/survey.h"
#include "classify/token_places.h"

namespace assay::classify {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_filler(char c) { return cell_fillers.contains(c); }
bool is_word(char c) { return word_bytes().has(static_cast<uint8_t>(c)); }

// The shape as it stands in a batch, and what must be readable behind it.
std::string in_a_batch(std::string_view shape) {
  return std::string(1, cell_end_byte) + std::string(shape) + cell_end_byte + std::string(survey_padding, '\0');
}

}  // namespace

/// Walks the automaton of the token patterns through a shape, from each start: what is no digit leads one way, a digit
/// as many as there are sets of states behind it.
class CellPlanBuilder {
 public:
  CellPlanBuilder(const PlanTerms& terms, CellPlan& plan)
      : terms_(terms),
        rules_(terms.rules),
        nfa_(terms.rules.token_nfa),
        plan_(plan),
        padded_(in_a_batch(plan.shape().text())),
        text_(std::string_view(padded_).substr(0, padded_.size() - survey_padding)) {}

  void build() { plan_.is_usable_ = build_starts(); }

 private:
  bool build_starts() {
    find_words();
    std::vector<TokenDfa::Start> starts;
    Survey survey;
    survey_window(text_, 0, text_.size(), rules_.keywords, survey);
    for (const uint32_t token : survey.digit_tokens) add_token_starts(text_, token, starts);
    if (starts.size() > CellPlan::max_starts) return false;
    for (const TokenDfa::Start& start : starts) {
      start_ = start.begin;
      histories_.assign(1, {});
      leaf_of_.clear();
      leaves_.clear();
      known_.clear();
      nodes_.clear();
      find_live(hopeful(start.loose_only));
      const CellPlan::Way root = walk(start_, live_[start_], 0);
      if (!fits_) return false;
      const bool is_empty = (root & CellPlan::leaf_bit) != 0 && plan_.leaves_[root & ~CellPlan::leaf_bit].count == 0;
      if (!is_empty) plan_.roots_.push_back(root);
    }
    return true;
  }

  using Set = std::vector<int32_t>;  // of states, in order
  /// Where the walk came past ends of matches: the last, and those before it.
  struct History {
    size_t before = 0;
    size_t end = 0;  // of text_
    Set branches;    // that match there, in order
  };

  // Words are made of letters, so the shape has the cell's.
  void find_words() {
    std::vector<WordHit> hits;
    rules_.words.find(text_, 0, hits);
    for (const WordHit& hit : hits) words_.push_back(hit.phrase);
  }
  bool may_be_lifted(uint32_t rule) const {
    return terms_.named[rule] ||
           std::ranges::any_of(words_, [&](uint32_t phrase) { return contains(rules_.rules[rule].positive, phrase); });
  }
  // Worth nothing in this shape, wherever it stands, unless its validator says valid.
  bool needs_proof(const CompiledPattern& pattern) const {
    return pattern.base < terms_.min_confidence - Scorer::rounding && !may_be_lifted(pattern.rule);
  }
  // Worth nothing between `begin` and `end`, whatever its validator says: what is not the whole cell is not lifted by
  // other values of the column. Neither is a shorter match from there.
  bool is_worthless(const CompiledPattern& pattern, size_t begin, size_t end) const {
    const float boost = may_be_lifted(pattern.rule) ? rules_.rules[pattern.rule].boost : 0;
    return pattern.best + boost < terms_.min_confidence - Scorer::rounding && !is_whole(begin, end);
  }
  bool is_whole(size_t begin, size_t end) const {
    return std::all_of(text_.begin() + 1, text_.begin() + static_cast<ptrdiff_t>(begin), is_filler) &&
           std::all_of(text_.begin() + static_cast<ptrdiff_t>(end), text_.end() - 1, is_filler);
  }
  bool has_letters_around(size_t begin, size_t end) const {
    return std::any_of(text_.begin(), text_.begin() + static_cast<ptrdiff_t>(begin), is_letter) ||
           std::any_of(text_.begin() + static_cast<ptrdiff_t>(end), text_.end(), is_letter);
  }
  // See TableScanner::is_hopeless.
  bool is_hopeless(const CompiledPattern& pattern, size_t begin, size_t end) const {
    return pattern.base < terms_.min_confidence && !has_letters_around(begin, end) && !terms_.named[pattern.rule];
  }

  // Where the branches begin that may come to something.
  Set hopeful(bool loose_only) const {
    Set starts;
    for (size_t branch = 0; branch < rules_.token_edges.size(); ++branch) {
      const TokenEdge& edge = rules_.token_edges[branch];
      const CompiledPattern& pattern = rules_.patterns[edge.pattern];
      if ((edge.loose || !loose_only) && (pattern.can_prove || !needs_proof(pattern)))
        starts.push_back(nfa_.starts()[branch]);
    }
    return starts;
  }

  // The states that the cell's bytes may lead to, whichever its digits are, and from which they may lead to a match.
  void find_live(const Set& starts) {
    live_.assign(text_.size(), {});
    live_[start_] = nfa_.closure(starts);
    std::ranges::sort(live_[start_]);
    for (size_t at = start_; at + 1 < text_.size(); ++at) {
      for (const int32_t state : live_[at])
        if (consumes(state, at)) append_targets(state, live_[at + 1]);
      sort_out(live_[at + 1]);
    }
    for (size_t at = text_.size() - 1; at >= start_; --at) {
      const Set ends = at == start_ ? Set{} : ending(live_[at], at);
      std::erase_if(live_[at], [&](int32_t state) {
        if (const int32_t branch = nfa_.states()[static_cast<size_t>(state)].accepts; branch >= 0)
          return !std::ranges::binary_search(ends, branch);
        if (at + 1 == text_.size() || !consumes(state, at)) return true;
        targets_.clear();
        append_targets(state, targets_);
        return std::ranges::none_of(targets_,
                                    [&](int32_t next) { return std::ranges::binary_search(live_[at + 1], next); });
      });
    }
  }
  bool consumes(int32_t state, size_t at) const {
    const ByteSet& bytes = nfa_.states()[static_cast<size_t>(state)].bytes;
    if (!nfa_.states()[static_cast<size_t>(state)].consumes) return false;
    if (!is_digit(text_[at])) return bytes.has(static_cast<uint8_t>(text_[at]));
    ByteSet digits = digit_bytes();
    digits.keep_all(bytes);
    return !digits.empty();
  }
  // Where a state leads does not depend on the byte, once it consumes it.
  void append_targets(int32_t state, Set& targets) const {
    const uint8_t byte = nfa_.states()[static_cast<size_t>(state)].bytes.first();
    const auto next = nfa_.after(state, nfa_.byte_class()[byte]);
    targets.insert(targets.end(), next.begin(), next.end());
  }
  static void sort_out(Set& set) {
    std::ranges::sort(set);
    const auto [first, last] = std::ranges::unique(set);
    set.erase(first, last);
  }

  // The live states behind the byte at `at`, were it `byte`.
  Set after(const Set& set, size_t at, uint8_t byte) const {
    Set next;
    for (const int32_t state : set)
      for (const int32_t target : nfa_.after(state, nfa_.byte_class()[byte]))
        if (std::ranges::binary_search(live_[at + 1], target)) next.push_back(target);
    sort_out(next);
    return next;
  }

  // The branches of `set` that match up to `end`, in order.
  Set ending(const Set& set, size_t end) const {
    Set branches;
    if (is_word(text_[end - 1]) && is_word(text_[end])) return branches;
    for (const int32_t state : set)
      if (const int32_t branch = nfa_.states()[static_cast<size_t>(state)].accepts; branch >= 0)
        branches.push_back(branch);
    if (branches.empty()) return branches;
    const Wholeness whole = wholeness(text_, start_, end);
    std::erase_if(branches, [&](int32_t id) {
      const auto branch = static_cast<size_t>(id);
      if (!whole.loosely || (!whole.strictly && !rules_.token_edges[branch].loose)) return true;
      if (is_worthless(rules_.patterns[rules_.token_edges[branch].pattern], start_, end)) return true;
      const EdgeBytes& bytes = rules_.edge_bytes[branch];
      return bytes.not_before.has(static_cast<uint8_t>(text_[start_ - 1])) ||
             bytes.not_after.has(static_cast<uint8_t>(text_[end]));
    });
    std::ranges::sort(branches);
    return branches;
  }

  // What the walk has come past when it reaches `end` with `set`.
  size_t note(size_t before, size_t end, const Set& set) {
    Set branches = ending(set, end);
    if (branches.empty()) return before;
    for (size_t i = 1; i < histories_.size(); ++i)
      if (histories_[i].before == before && histories_[i].end == end && histories_[i].branches == branches) return i;
    histories_.push_back({before, end, std::move(branches)});
    return histories_.size() - 1;
  }

  CellPlan::Way walk(size_t at, Set set, size_t history) {
    while (fits_ && !set.empty() && at + 1 < text_.size()) {
      if (!is_digit(text_[at])) {
        set = after(set, at, static_cast<uint8_t>(text_[at]));
        history = note(history, ++at, set);
        continue;
      }
      std::array<std::pair<Set, size_t>, 10> ways;
      bool is_one = true;
      for (size_t digit = 0; digit < ways.size(); ++digit) {
        Set next = after(set, at, static_cast<uint8_t>('0' + digit));
        const size_t passed = note(history, at + 1, next);
        ways[digit] = {std::move(next), passed};
        is_one = is_one && ways[digit] == ways[0];
      }
      if (!is_one) return fork(at, set, history, ways);
      std::tie(set, history) = std::move(ways[0]);
      ++at;
    }
    return leaf(history);
  }

  CellPlan::Way fork(size_t at, const Set& set, size_t history, const std::array<std::pair<Set, size_t>, 10>& ways) {
    const auto key = std::tuple(at, history, set);
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    CellPlan::Node node{};
    for (size_t digit = 0; digit < ways.size(); ++digit) {
      const auto same = std::find(ways.begin(), ways.begin() + static_cast<ptrdiff_t>(digit), ways[digit]);
      const auto index = static_cast<size_t>(same - ways.begin());
      node[digit] = index < digit ? node[index] : walk(at + 1, ways[digit].first, ways[digit].second);
    }
    if (std::ranges::all_of(node, [&](CellPlan::Way next) { return next == node[0]; })) return node[0];
    fits_ = fits_ && plan_.nodes_.size() < CellPlan::max_nodes;
    if (!fits_) return CellPlan::leaf_bit;
    const auto in_cell = static_cast<uint32_t>(at - 1);
    const auto [same, added] = nodes_.emplace(
        std::pair(in_cell, node), in_cell << CellPlan::at_shift | static_cast<uint32_t>(plan_.nodes_.size()));
    if (added) plan_.nodes_.push_back(node);
    return known_[key] = same->second;
  }

  CellPlan::Way leaf(size_t history) {
    if (const auto known = leaf_of_.find(history); known != leaf_of_.end()) return known->second;
    fits_ = fits_ && plan_.leaves_.size() < CellPlan::max_leaves;
    if (!fits_) return CellPlan::leaf_bit;
    const auto first = static_cast<uint32_t>(plan_.steps_.size());
    std::map<uint32_t, size_t> passed_over;  // by pattern, the end
    for (size_t i = history; i != 0; i = histories_[i].before)
      for (size_t k = histories_[i].branches.size(); k-- > 0;)
        add_step(rules_.token_edges[static_cast<size_t>(histories_[i].branches[k])], histories_[i].end, first,
                 passed_over);
    const auto count = static_cast<uint32_t>(plan_.steps_.size()) - first;
    fits_ = fits_ && count <= CellPlan::max_steps;
    const auto steps = std::span(plan_.steps_);
    for (const CellPlan::Way other : leaves_) {
      const CellPlan::Leaf& known = plan_.leaves_[other & ~CellPlan::leaf_bit];
      if (!std::ranges::equal(steps.subspan(first), steps.subspan(known.begin, known.count))) continue;
      plan_.steps_.resize(first);
      return leaf_of_[history] = other;
    }
    plan_.leaves_.push_back({first, count});
    leaves_.push_back(CellPlan::leaf_bit | static_cast<uint32_t>(plan_.leaves_.size() - 1));
    return leaf_of_[history] = leaves_.back();
  }

  void add_step(const TokenEdge& edge, size_t end, uint32_t first, std::map<uint32_t, size_t>& passed_over) {
    fits_ = fits_ && !edge.has_group;
    const CompiledPattern& pattern = rules_.patterns[edge.pattern];
    const bool is_lost = is_hopeless(pattern, start_, end);
    if (is_lost && !pattern.can_prove) {
      passed_over.try_emplace(edge.pattern, end);
      return;
    }
    const ValueSet& allow_list = rules_.rules[pattern.rule].allow_list;
    CellPlan::Step step{.check = pattern.check,
                        .allow_list = allow_list.empty() ? nullptr : &allow_list,
                        .pattern = edge.pattern,
                        .begin = static_cast<uint8_t>(start_ - 1),
                        .end = static_cast<uint8_t>(end - 1),
                        .needs_proof = is_lost || needs_proof(pattern)};
    if (const auto longer = passed_over.find(edge.pattern); longer != passed_over.end())
      step.longer_end = static_cast<uint8_t>(longer->second - 1);
    for (size_t i = first; i < plan_.steps_.size(); ++i) {
      if (plan_.steps_[i].pattern != edge.pattern) continue;
      if (plan_.steps_[i].end == step.end) return;  // another branch of the same pattern
      step.same_pattern |= uint64_t{1} << ((i - first) % CellPlan::max_steps);
    }
    plan_.steps_.push_back(step);
  }

  const PlanTerms& terms_;
  const CompiledRules& rules_;
  const TokenNfa& nfa_;
  CellPlan& plan_;
  const std::string padded_;
  const std::string_view text_;  // a byte that ends cells, the cell, and another one
  std::vector<uint32_t> words_;  // phrases in the cell
  bool fits_ = true;
  // Of the start in work.
  size_t start_ = 0;
  std::vector<Set> live_;           // by place in text_
  Set targets_;                     // working memory
  std::vector<History> histories_;  // the first is the empty one
  std::map<size_t, CellPlan::Way> leaf_of_;
  std::vector<CellPlan::Way> leaves_;
  std::map<std::tuple<size_t, size_t, Set>, CellPlan::Way> known_;
  std::map<std::pair<uint32_t, CellPlan::Node>, CellPlan::Way> nodes_;
};

std::unique_ptr<CellPlan> build_cell_plan(const CellShape& shape, const PlanTerms& terms) {
  auto plan = std::make_unique<CellPlan>(shape);
  CellPlanBuilder(terms, *plan).build();
  return plan;
}

bool tokens_end_with_cells(const TokenNfa& nfa) {
  return std::ranges::none_of(nfa.states(), [](const TokenNfa::State& state) {
    return state.consumes && state.bytes.has(static_cast<uint8_t>(cell_end_byte));
  });
}

}  // namespace assay::classify
