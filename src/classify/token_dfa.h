#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "classify/token_regex.h"

namespace assay::classify {

/// All token patterns as one non-deterministic automaton (Thompson's construction). Immutable, shared.
class TokenNfa {
 public:
  struct State {
    ByteSet bytes{};
    bool consumes = false;  ///< follow `next` on one of `bytes`; else `next` and `other` are followed freely
    int32_t next = -1, other = -1;
    int32_t accepts = -1;  ///< branch id
  };

  /// `branch_id` is reported when the branch matches. `loose` branches also match where match() is asked for them only.
  void add(const RegexNode& body, int32_t branch_id, bool loose);
  /// To be called once, after the last add().
  void finish();

  const std::vector<State>& states() const { return states_; }
  const std::vector<int32_t>& starts() const { return starts_; }
  const std::vector<int32_t>& loose_starts() const { return loose_starts_; }
  /// Bytes that no pattern tells apart share a class.
  const std::array<uint8_t, 256>& byte_class() const { return byte_class_; }
  unsigned class_count() const { return class_count_; }
  /// The states that a byte of the class, consumed by the state, leads to: consuming and accepting ones, free edges
  /// followed. Empty when the state does not consume it.
  std::span<const int32_t> after(int32_t state, unsigned byte_class) const {
    const Step& step = steps_[static_cast<size_t>(state)];
    if (((step.classes[byte_class / 64] >> (byte_class % 64)) & 1) == 0) return {};
    return {targets_.data() + step.begin, step.count};
  }
  /// Makes of `set` the consuming and accepting states that free edges lead to.
  std::vector<int32_t> closure(std::span<const int32_t> set) const;

 private:
  int32_t build(const RegexNode& node, int32_t next);
  int32_t push(State state);
  void build_classes();
  void build_steps();

  /// What a state consumes and where that leads, laid out to be read fast.
  struct Step {
    std::array<uint64_t, 4> classes{};
    uint32_t begin = 0, count = 0;  // in targets_
  };

  std::vector<State> states_;
  std::vector<int32_t> starts_, loose_starts_;
  std::array<uint8_t, 256> byte_class_{};
  std::vector<uint8_t> class_sample_;  // a byte of each class
  unsigned class_count_ = 0;
  std::vector<Step> steps_;
  std::vector<int32_t> targets_;
};

/// The deterministic automaton of a TokenNfa, built as text asks for it and dropped when it grows past a bound.
/// One a thread.
class TokenDfa {
 public:
  explicit TokenDfa(const TokenNfa& nfa);

  /// Where to match from. With `loose_only` the other branches are left out.
  struct Start {
    uint32_t begin;
    bool loose_only;
  };
  /// A place where branches match.
  struct Accept {
    uint16_t state;   ///< says which ones: branches()
    uint16_t length;  ///< bytes from the start
  };
  static constexpr size_t max_batch = 32;

  /// Keeps, at the front and in order, the starts from which something may match as the first few bytes tell it, and
  /// returns how many: of the numbers of most text, few. Some bytes behind the text must be readable.
  size_t sift(std::string_view text, std::span<Start> starts) const;

  /// Matches from each of up to max_batch starts, at most token_match_bytes far: for every branch and every end that is
  /// no place inside a token. Some bytes behind the text must be readable. Goes from all starts side by side and
  /// without a branch on what is read: one by one, each step would wait for the last.
  void match(std::string_view text, std::span<const Start> starts);

  /// Where the last match() from its n-th start accepted, in order of ends. Valid until the next one.
  std::span<const Accept> accepts(size_t start) const {
    return {accepts_.data() + start * token_match_bytes, accept_count_[start]};
  }
  /// The branches that match there, in order. Valid until the next match().
  std::span<const int32_t> branches(const Accept& accept) const {
    return std::span(accepting_)
        .subspan(accepting_begin_[accept.state], accepting_begin_[accept.state + 1U] - accepting_begin_[accept.state]);
  }

  size_t state_count() const { return members_begin_.size() - 1; }

 private:
  // A transition is the number of a state; the top bit says that the state accepts. Zero is not known yet.
  static constexpr uint16_t unknown = 0;
  static constexpr uint16_t accepts_bit = uint16_t{1} << 15;
  static constexpr size_t max_states = 16384;

  /// A start on its way through the text.
  struct Walk {
    const char* at;
    uint32_t left;  // bytes that may still be read
    uint16_t state;
    uint16_t start;
    Accept* accepts;
  };
  static constexpr size_t side_by_side = 4, stride_bytes = 8, sifted_bytes = 4;
  template <size_t lanes>
  bool stride(std::span<Walk, lanes> walks, uint16_t length) const;
  void stride_slowly(Walk& walk, uint16_t length);

  void reset();
  uint16_t build_transition(size_t state, unsigned byte_class);
  uint16_t intern(std::span<const int32_t> set);

  const TokenNfa& nfa_;
  enum : uint16_t { dead_state = 1, start_state = 2, loose_start_state = 3, first_free_state = 4 };
  uint16_t& transition(size_t state, unsigned byte_class) { return table_[state << row_shift_ | byte_class]; }

  /// What a byte is to the automaton: its class, and the top bit when it is no byte of a token.
  static constexpr uint16_t breaks_token = accepts_bit;
  std::array<uint16_t, 256> bytes_{};
  unsigned row_shift_;                     // a row has a power of two of places, one a class
  std::vector<uint16_t> table_;            // [state << row_shift_ | class]
  std::vector<int32_t> members_;           // consuming and accepting NFA states of the states, state by state
  std::vector<uint32_t> members_begin_;    // by state, and one more
  std::vector<int32_t> accepting_;         // branches that end in the states, state by state
  std::vector<uint32_t> accepting_begin_;  // by state, and one more
  /// Names a set of NFA states whatever their order: 128 bits, so that two sets never share one.
  struct SetName {
    uint64_t high = 0, low = 0;
    bool operator==(const SetName&) const = default;
  };
  struct SetNameHash {
    size_t operator()(const SetName& name) const { return static_cast<size_t>(name.low); }
  };
  std::unordered_map<SetName, uint16_t, SetNameHash> known_;
  std::vector<int32_t> next_set_;  // working memory of build_transition
  std::vector<uint32_t> mark_;     // by NFA state: the build that it was met in last
  uint32_t mark_now_ = 0;

  // Of the last match(), token_match_bytes a start: one more than can be counted is never written.
  std::vector<Accept> accepts_;
  std::array<uint16_t, max_batch> accept_count_{};
};

}  // namespace assay::classify
