#pragma once

#include <array>
#include <cstdint>
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
    bool consumes = false;          ///< follow `next` on one of `bytes`; else `next` and `other` are followed freely
    int32_t next = -1, other = -1;
    int32_t accepts = -1;           ///< branch id
  };

  /// `branch_id` is reported when the branch matches.
  void add(const RegexNode& body, int32_t branch_id);
  /// To be called once, after the last add().
  void finish();

  const std::vector<State>& states() const { return states_; }
  const std::vector<int32_t>& starts() const { return starts_; }
  /// Bytes that no pattern tells apart share a class.
  const std::array<uint8_t, 256>& byte_class() const { return byte_class_; }
  unsigned class_count() const { return class_count_; }
  const std::vector<uint8_t>& class_sample() const { return class_sample_; }

 private:
  int32_t build(const RegexNode& node, int32_t next);
  int32_t push(State state);

  std::vector<State> states_;
  std::vector<int32_t> starts_;
  std::array<uint8_t, 256> byte_class_{};
  std::vector<uint8_t> class_sample_;
  unsigned class_count_ = 0;
};

/// The deterministic automaton of a TokenNfa, built as text asks for it and dropped when it grows past a bound.
/// One a thread.
class TokenDfa {
 public:
  explicit TokenDfa(const TokenNfa& nfa);

  struct Accept {
    int32_t branch;
    uint32_t end;  ///< offset one past the match
  };

  /// Appends to `accepts` every branch that matches text[start, end), for every end, in order of ends.
  void match(std::string_view text, size_t start, std::vector<Accept>& accepts);

  size_t state_count() const { return sets_.size(); }

 private:
  static constexpr uint32_t unknown = 0, dead = 1, start_state = 2;
  static constexpr size_t max_states = 16384;

  void reset();
  uint32_t build_transition(uint32_t state, unsigned byte_class);
  uint32_t intern(std::vector<int32_t> set);
  void close(std::vector<int32_t>& set) const;

  const TokenNfa& nfa_;
  std::vector<uint32_t> transitions_;            // [state * class_count + class]
  std::vector<std::vector<int32_t>> sets_;       // consuming NFA states and accepts of each state
  std::vector<std::vector<int32_t>> accepting_;  // branches that end in the state
  std::vector<uint8_t> has_accepts_;
  std::unordered_map<std::string, uint32_t> known_;
  mutable std::vector<uint32_t> mark_;
  mutable uint32_t mark_now_ = 0;
};

}  // namespace assay::classify
