#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "classify/candidate.h"
#include "classify/scratch.h"

namespace assay::classify {

/// Turns candidates into scored matches by what stands around them.
///
///   confidence = base (validated, when the validator said valid)
///              + boost * nearness of the nearest context word, or the whole boost when the key or column is named so
///              - penalty * nearness of the nearest negative word
///
/// Nearness falls from 1 at the value's edge to 0.5 at context_before bytes before it, and from 0.8 to 0.4 at
/// context_after bytes after it. That of negative words falls to 0 on half of either way: they tell what the number
/// beside them is, not what others in the line are. One a text; not thread-safe.
class Scorer {
 public:
  static constexpr size_t context_before = 100;
  static constexpr size_t context_after = 40;
  /// Confidences are rounded to three decimals: what is this much below a threshold may still reach it.
  static constexpr float rounding = 0.001F;

  explicit Scorer(const CompiledRules& rules) : rules_(rules) {}

  /// Forgets what was learnt of the last window; to be called when the window's text moves.
  void start_window();

  /// Context from the text around; the key is what stands before "=", ":" or ends an XML tag.
  /// A candidate that cannot reach `min_confidence` may come back with a confidence of 0.
  Match score(const Window& window, const Candidate& candidate, float min_confidence, const Scratch& scratch);

  /// False when no context could lift what the pattern finds at [begin, end) of the window to `min_confidence`,
  /// whatever its validator says.
  bool may_reach(const Window& window, uint32_t pattern, size_t begin, size_t end, float min_confidence);

  /// What a match within [begin, end) must be worth by itself (TokenEdge::standing) for may_reach() to say yes.
  float least_standing(const Window& window, size_t begin, size_t end, float min_confidence) {
    return has_context(window, begin, end) ? -1 : std::max(0.0F, min_confidence - rounding);
  }

  /// Whether a match leaves room in its cell for words around it. Where it does not, score_cell depends on the pattern,
  /// on what the validator said and on the column's name only.
  static bool has_context_in_cell(size_t match_bytes, size_t cell_bytes) { return cell_bytes > match_bytes + 3; }

  /// A cell: the context is its column's name and, inside the cell, what stands around.
  Match score_cell(const Window& window, const Candidate& candidate, size_t cell_begin, size_t cell_end,
                   const std::vector<WordHit>& column_hits);

 private:
  Match base_match(const Candidate& candidate) const;
  const std::vector<WordHit>& key_words(const Window& window, size_t begin);
  bool has_context(const Window& window, size_t begin, size_t end);
  void learn_words(const Window& window, size_t begin, size_t end);
  size_t first_word(size_t low);
  void apply_words(Match& match, const CompiledRule& rule, size_t begin, size_t end, size_t low, size_t high);
  static void apply_names(Match& match, const CompiledRule& rule, const std::vector<WordHit>& names);
  void settle(Match& match, const CompiledRule& rule) const;

  const CompiledRules& rules_;
  std::vector<WordHit> words_;  // of the window's [learnt_begin_, learnt_end_), by end
  size_t learnt_begin_ = 0, learnt_end_ = 0;
  size_t stride_ = 0;               // how far ahead of what is asked for words are read
  size_t near_word_ = 0;            // in words_, what was asked for last
  std::vector<WordHit> key_words_;  // in the key of what begins at key_of_
  size_t key_of_ = SIZE_MAX;
  // What begins here has no words around it as far as there.
  size_t barren_begin_ = SIZE_MAX, barren_high_ = 0;
};

/// A sum of evidence as a confidence: in [0, 1], rounded to thousandths, so that 0.15 + 0.35 reaches a threshold of
/// 0.5.
float settled_confidence(float sum);

/// The name that a value at `begin` is given in text: `name = value`, `"name": value`, `<name>value`, `--name value`.
/// Empty when there is none. Looks back over at most 96 bytes of the same line.
std::string_view key_before(std::string_view text, size_t begin);

}  // namespace assay::classify
