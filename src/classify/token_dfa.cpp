#include "classify/token_dfa.h"

#include <algorithm>
#include <bit>
#include <map>
#include <string>
#include <unordered_set>

namespace assay::classify {
namespace {

constexpr std::array<bool, 256> token_byte = [] {
  std::array<bool, 256> table{};
  for (unsigned b = 0; b < 256; ++b) table[b] = word_bytes().has(static_cast<uint8_t>(b));
  return table;
}();

// Spreads an id over 64 bits (the finalizer of SplitMix64, Steele, Lea and Flood, 2014).
uint64_t mixed(uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

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
  build_classes();
  build_steps();
}

void TokenNfa::build_classes() {
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
    signature.reserve(sets.size());
    for (const auto& set : sets) signature.push_back(set.has(b));
    const auto [it, added] = classes.emplace(std::move(signature), static_cast<uint8_t>(classes.size()));
    if (added) class_sample_.push_back(b);
    byte_class_[b] = it->second;
  }
  class_count_ = static_cast<unsigned>(class_sample_.size());
}

void TokenNfa::build_steps() {
  steps_.resize(states_.size());
  for (size_t id = 0; id < states_.size(); ++id) {
    const State& state = states_[id];
    if (!state.consumes) continue;
    for (unsigned c = 0; c < class_count_; ++c)
      if (state.bytes.has(class_sample_[c])) steps_[id].classes[c / 64] |= uint64_t{1} << (c % 64);
    const std::vector<int32_t> targets = closure(std::array{state.next});
    steps_[id].begin = static_cast<uint32_t>(targets_.size());
    steps_[id].count = static_cast<uint32_t>(targets.size());
    targets_.insert(targets_.end(), targets.begin(), targets.end());
  }
}

std::vector<int32_t> TokenNfa::closure(std::span<const int32_t> set) const {
  std::vector<int32_t> todo(set.begin(), set.end()), reached;
  std::unordered_set<int32_t> seen;
  while (!todo.empty()) {
    const int32_t id = todo.back();
    todo.pop_back();
    if (id < 0 || !seen.insert(id).second) continue;
    const State& state = states_[static_cast<size_t>(id)];
    if (state.consumes || state.accepts >= 0) {
      reached.push_back(id);
    } else {
      todo.push_back(state.next);
      todo.push_back(state.other);
    }
  }
  return reached;
}

TokenDfa::TokenDfa(const TokenNfa& nfa)
    : nfa_(nfa),
      row_shift_(static_cast<unsigned>(std::bit_width(std::max(nfa.class_count(), 2U) - 1))),
      mark_(nfa.states().size(), 0),
      accepts_(max_batch * token_match_bytes) {
  for (unsigned byte = 0; byte < bytes_.size(); ++byte)
    bytes_[byte] = static_cast<uint16_t>(nfa.byte_class()[byte] | (token_byte[byte] ? 0 : breaks_token));
  reset();
}

void TokenDfa::reset() {
  table_.assign(size_t{first_free_state} << row_shift_, unknown);
  std::fill_n(table_.begin() + (ptrdiff_t{dead_state} << row_shift_), size_t{1} << row_shift_, uint16_t{dead_state});
  members_.clear();
  members_begin_.assign(start_state + 1, 0);
  for (const auto* starts : {&nfa_.starts(), &nfa_.loose_starts()}) {
    const std::vector<int32_t> set = nfa_.closure(*starts);
    members_.insert(members_.end(), set.begin(), set.end());
    members_begin_.push_back(static_cast<uint32_t>(members_.size()));
  }
  accepting_.clear();
  accepting_begin_.assign(first_free_state + 1, 0);
  known_.clear();
}

uint16_t TokenDfa::intern(std::span<const int32_t> set) {
  if (set.empty()) return dead_state;
  SetName name;
  for (const int32_t id : set) {
    name.high += mixed(static_cast<uint64_t>(id) * 2 + 1);
    name.low += mixed(static_cast<uint64_t>(id) * 2 + 2);
  }
  const auto [found, added] = known_.try_emplace(name, static_cast<uint16_t>(state_count()));
  if (!added) return found->second;
  for (const int32_t nfa_id : set)
    if (const int32_t branch = nfa_.states()[static_cast<size_t>(nfa_id)].accepts; branch >= 0)
      accepting_.push_back(branch);
  std::sort(accepting_.begin() + accepting_begin_.back(), accepting_.end());
  if (accepting_.size() > accepting_begin_.back()) found->second |= accepts_bit;
  accepting_begin_.push_back(static_cast<uint32_t>(accepting_.size()));
  members_.insert(members_.end(), set.begin(), set.end());
  members_begin_.push_back(static_cast<uint32_t>(members_.size()));
  table_.resize(state_count() << row_shift_, unknown);
  return found->second;
}

uint16_t TokenDfa::build_transition(size_t state, unsigned byte_class) {
  next_set_.clear();
  ++mark_now_;
  for (uint32_t i = members_begin_[state]; i < members_begin_[state + 1]; ++i)
    for (const int32_t id : nfa_.after(members_[i], byte_class)) {
      uint32_t& mark = mark_[static_cast<size_t>(id)];
      if (mark == mark_now_) continue;
      mark = mark_now_;
      next_set_.push_back(id);
    }
  const uint16_t target = intern(next_set_);
  transition(state, byte_class) = target;
  return target;
}

// One stride of each walk, all of it within the text. False when a transition was not known yet: then nothing counts.
template <size_t lanes>
bool TokenDfa::stride(std::span<Walk, lanes> walks, uint16_t length) const {
  static_assert(unknown == 0 && dead_state == 1);
  const uint16_t* const table = table_.data();
  std::array<unsigned, lanes> state, byte;
  std::array<Accept*, lanes> accepts;
  for (size_t lane = 0; lane < lanes; ++lane) {
    state[lane] = walks[lane].state;
    byte[lane] = bytes_[static_cast<uint8_t>(*walks[lane].at)];
    accepts[lane] = walks[lane].accepts;
  }
  for (size_t step = 1; step <= stride_bytes; ++step)
    for (size_t lane = 0; lane < lanes; ++lane) {
      const unsigned target = table[size_t{state[lane]} << row_shift_ | (byte[lane] & 0xFF)];
      const unsigned next = bytes_[static_cast<uint8_t>(walks[lane].at[step])];
      state[lane] = target & ~unsigned{accepts_bit};
      *accepts[lane] = {static_cast<uint16_t>(state[lane]), static_cast<uint16_t>(length + step)};
      accepts[lane] += (target & (byte[lane] | next)) >> 15;
      byte[lane] = next;
    }
  bool all_known = true;
  for (size_t lane = 0; lane < lanes; ++lane) all_known &= state[lane] != unknown;
  if (!all_known) return false;
  for (size_t lane = 0; lane < lanes; ++lane) {
    walks[lane].at += stride_bytes;
    walks[lane].left -= stride_bytes;
    walks[lane].state = static_cast<uint16_t>(state[lane]);
    walks[lane].accepts = accepts[lane];
  }
  return true;
}

// The same, near the end of the text and through states that are not built yet.
void TokenDfa::stride_slowly(Walk& walk, uint16_t length) {
  for (size_t step = 1; step <= stride_bytes && walk.left > 0; ++step, ++walk.at, --walk.left) {
    const uint16_t byte = bytes_[static_cast<uint8_t>(*walk.at)];
    uint16_t target = transition(walk.state, byte & 0xFF);
    if (target == unknown) target = build_transition(walk.state, byte & 0xFF);
    walk.state = target & static_cast<uint16_t>(~accepts_bit);
    if (target == dead_state) return;
    const bool breaks = walk.left == 1 || ((byte | bytes_[static_cast<uint8_t>(walk.at[1])]) & breaks_token) != 0;
    if (target != walk.state && breaks) *walk.accepts++ = {walk.state, static_cast<uint16_t>(length + step)};
  }
  if (walk.left == 0) walk.state = dead_state;
}

// A few steps without a branch; what is not known yet stays unknown and is kept.
size_t TokenDfa::sift(std::string_view text, std::span<Start> starts) const {
  const uint16_t* const table = table_.data();
  size_t kept = 0;
  for (const Start start : starts) {
    const char* const p = text.data() + start.begin;
    unsigned state = start.loose_only ? loose_start_state : start_state, met = 0;
    for (size_t i = 0; i < sifted_bytes; ++i) {
      const unsigned target = table[size_t{state} << row_shift_ | (bytes_[static_cast<uint8_t>(p[i])] & 0xFFU)];
      met |= target;
      state = target & ~unsigned{accepts_bit};
    }
    const bool is_short = text.size() - start.begin < sifted_bytes;
    starts[kept] = start;
    kept += static_cast<size_t>((state != dead_state) | ((met & accepts_bit) != 0) | is_short);
  }
  return kept;
}

void TokenDfa::match(std::string_view text, std::span<const Start> starts) {
  static_assert(max_states + max_batch * token_match_bytes < accepts_bit);
  if (state_count() > max_states) reset();
  std::array<Walk, max_batch> walks;
  size_t going = starts.size();
  for (size_t i = 0; i < going; ++i) {
    const uint32_t left = static_cast<uint32_t>(std::min<size_t>(text.size() - starts[i].begin, token_match_bytes));
    walks[i] = {.at = text.data() + starts[i].begin,
                .left = left,
                .state = left == 0              ? dead_state
                         : starts[i].loose_only ? loose_start_state
                                                : start_state,
                .start = static_cast<uint16_t>(i),
                .accepts = accepts_.data() + i * token_match_bytes};
  }
  for (uint16_t length = 0; going > 0; length += stride_bytes) {
    size_t i = 0;
    for (; i + side_by_side <= going; i += side_by_side) {
      const std::span<Walk, side_by_side> group(walks.data() + i, side_by_side);
      const bool ends = std::ranges::any_of(group, [](const Walk& walk) { return walk.left <= stride_bytes; });
      if (ends || !stride(group, length))
        for (Walk& walk : group) stride_slowly(walk, length);
    }
    for (; i < going; ++i) {
      const std::span<Walk, 1> group(walks.data() + i, 1);
      if (walks[i].left <= stride_bytes || !stride(group, length)) stride_slowly(walks[i], length);
    }
    size_t kept = 0;
    for (i = 0; i < going; ++i) {
      accept_count_[walks[i].start] =
          static_cast<uint16_t>(walks[i].accepts - (accepts_.data() + size_t{walks[i].start} * token_match_bytes));
      walks[kept] = walks[i];
      kept += walks[i].state != dead_state ? 1 : 0;
    }
    going = kept;
  }
}

}  // namespace assay::classify
