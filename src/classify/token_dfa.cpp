#include "classify/token_dfa.h"

#include <algorithm>
#include <bit>
#include <map>

namespace assay::classify {
namespace {

constexpr std::array<bool, 256> token_byte = [] {
  std::array<bool, 256> table{};
  for (unsigned b = 0; b < 256; ++b) table[b] = word_bytes().has(static_cast<uint8_t>(b));
  return table;
}();

}  // namespace

int32_t TokenNfa::push(State state) {
  states_.push_back(state);
  return static_cast<int32_t>(states_.size() - 1);
}

// Builds backwards: returns the entry of `node`, which continues at `next`.
int32_t TokenNfa::build(const RegexNode& node, int32_t next) {
  switch (node.kind) {
    case RegexNode::Kind::empty: return next;
    case RegexNode::Kind::bytes: return push({.bytes = node.bytes, .consumes = true, .next = next});
    case RegexNode::Kind::sequence:
      for (size_t i = node.children.size(); i-- > 0;) next = build(*node.children[i], next);
      return next;
    case RegexNode::Kind::choice: {
      int32_t entry = build(*node.children.back(), next);
      for (size_t i = node.children.size() - 1; i-- > 0;) {
        const int32_t branch = build(*node.children[i], next);
        entry = push({.next = branch, .other = entry});
      }
      return entry;
    }
    case RegexNode::Kind::repeat: {
      const int32_t after = next;
      for (unsigned i = node.min; i < node.max; ++i) {
        const int32_t body = build(*node.children.front(), next);
        next = push({.next = body, .other = after});
      }
      for (unsigned i = 0; i < node.min; ++i) next = build(*node.children.front(), next);
      return next;
    }
  }
  return next;
}

void TokenNfa::add(const RegexNode& body, int32_t branch_id, bool loose) {
  const int32_t accept = push({.accepts = branch_id});
  starts_.push_back(build(body, accept));
  if (loose) loose_starts_.push_back(starts_.back());
}

void TokenNfa::finish() {
  // Refine the one class of all bytes by each set that occurs.
  std::vector<ByteSet> sets;
  for (const auto& state : states_)
    if (state.consumes && std::ranges::find(sets, state.bytes) == sets.end()) sets.push_back(state.bytes);
  std::map<std::vector<bool>, uint8_t> classes;
  // What numbers are made of comes first, so that it shares a cache line in each row of the automaton.
  std::string order = "0123456789 -./:,+()\n";
  for (unsigned b = 0; b < 256; ++b)
    if (!order.contains(static_cast<char>(b))) order += static_cast<char>(b);
  for (const char c : order) {
    const auto b = static_cast<uint8_t>(c);
    std::vector<bool> signature;
    for (const auto& set : sets) signature.push_back(set.has(b));
    const auto [it, added] = classes.emplace(std::move(signature), static_cast<uint8_t>(classes.size()));
    if (added) class_sample_.push_back(b);
    byte_class_[b] = it->second;
  }
  class_count_ = static_cast<unsigned>(class_sample_.size());
}

TokenDfa::TokenDfa(const TokenNfa& nfa)
    : nfa_(nfa), row_shift_(static_cast<unsigned>(std::bit_width(nfa.class_count() - 1U))), mark_(nfa.states().size(), 0) {
  reset();
}

void TokenDfa::reset() {
  transitions_.assign(size_t{first_free_state} << row_shift_, unknown);
  std::fill_n(transitions_.begin() + (ptrdiff_t{dead_state} << row_shift_), size_t{1} << row_shift_, uint16_t{dead_state});
  sets_.assign(first_free_state, {});
  accepting_.clear();
  accepting_begin_.assign(first_free_state + 1, 0);
  known_.clear();
  sets_[start_state] = nfa_.starts();
  sets_[loose_start_state] = nfa_.loose_starts();
  close(sets_[start_state]);
  close(sets_[loose_start_state]);
}

// Follows free edges; keeps consuming and accepting states, sorted.
void TokenDfa::close(std::vector<int32_t>& set) const {
  ++mark_now_;
  std::vector<int32_t> todo(set.begin(), set.end());
  set.clear();
  while (!todo.empty()) {
    const int32_t id = todo.back();
    todo.pop_back();
    if (id < 0 || mark_[static_cast<size_t>(id)] == mark_now_) continue;
    mark_[static_cast<size_t>(id)] = mark_now_;
    const auto& state = nfa_.states()[static_cast<size_t>(id)];
    if (state.consumes || state.accepts >= 0) {
      set.push_back(id);
    } else {
      todo.push_back(state.next);
      todo.push_back(state.other);
    }
  }
  std::ranges::sort(set);
}

uint16_t TokenDfa::intern(std::vector<int32_t> set) {
  if (set.empty()) return dead_state;
  std::string key(reinterpret_cast<const char*>(set.data()), set.size() * sizeof(int32_t));
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  auto id = static_cast<uint16_t>(sets_.size());
  for (int32_t nfa_id : set)
    if (const int32_t branch = nfa_.states()[static_cast<size_t>(nfa_id)].accepts; branch >= 0) accepting_.push_back(branch);
  std::sort(accepting_.begin() + accepting_begin_.back(), accepting_.end());
  if (accepting_.size() > accepting_begin_.back()) id |= accepts_bit;
  accepting_begin_.push_back(static_cast<uint32_t>(accepting_.size()));
  sets_.push_back(std::move(set));
  transitions_.resize(sets_.size() << row_shift_, unknown);
  known_.emplace(std::move(key), id);
  return id;
}

uint16_t TokenDfa::build_transition(size_t state, unsigned byte_class) {
  const uint8_t sample = nfa_.class_sample()[byte_class];
  std::vector<int32_t> set;
  for (int32_t id : sets_[state]) {
    const auto& from = nfa_.states()[static_cast<size_t>(id)];
    if (from.consumes && from.bytes.has(sample)) set.push_back(from.next);
  }
  close(set);
  const uint16_t target = intern(std::move(set));
  transitions_[state << row_shift_ | byte_class] = target;
  return target;
}

void TokenDfa::match(std::string_view text, size_t start, bool loose_only, std::vector<Accept>& accepts) {
  if (sets_.size() > max_states) reset();
  const auto& byte_class = nfa_.byte_class();
  size_t state = loose_only ? loose_start_state : start_state;
  for (size_t at = start; at < text.size(); ++at) {
    const unsigned c = byte_class[static_cast<uint8_t>(text[at])];
    uint16_t next = transitions_[state << row_shift_ | c];
    if (next == unknown) next = build_transition(state, c);
    if (next == dead_state) return;
    state = next & ~accepts_bit;
    if (next == state || (at + 1 < text.size() && token_byte[static_cast<uint8_t>(text[at])] && token_byte[static_cast<uint8_t>(text[at + 1])]))
      continue;
    for (uint32_t i = accepting_begin_[state]; i < accepting_begin_[state + 1]; ++i)
      accepts.push_back({accepting_[i], static_cast<uint32_t>(at + 1)});
  }
}

}  // namespace assay::classify
