#include "classify/scorer.h"

#include <algorithm>

namespace assay::classify {
namespace {

bool is_word_boundary(char c) {
  return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<uint8_t>(c) >= 0x80);
}

constexpr size_t max_boundary_search = 256;
constexpr size_t phrase_reach = 64;
constexpr size_t first_stride = 128, longest_stride = 1024;
// A word and the value after it may be this far apart (": ", " = ") and still touch.
constexpr size_t adjacent = 3;

size_t boundary_before(std::string_view text, size_t at) {
  const size_t low = at > max_boundary_search ? at - max_boundary_search : 0;
  while (at > low && !is_word_boundary(text[at - 1])) --at;
  return at;
}
size_t boundary_after(std::string_view text, size_t at) {
  const size_t high = std::min(text.size(), at + max_boundary_search);
  while (at < high && !is_word_boundary(text[at])) ++at;
  return at;
}

bool begins_word(std::string_view text, size_t at) { return at == 0 || is_word_boundary(text[at - 1]); }

}  // namespace

void Scorer::start_window() {
  words_.clear();
  learnt_begin_ = learnt_end_ = 0;
  key_of_ = SIZE_MAX;
  barren_begin_ = SIZE_MAX;
}

Match Scorer::base_match(const Candidate& candidate) const {
  const CompiledPattern& pattern = rules_.patterns[candidate.pattern];
  Match match{.begin = candidate.begin,
              .end = candidate.end,
              .rule = pattern.rule,
              .pattern = candidate.pattern,
              .confidence = 0,
              .evidence = {}};
  match.evidence.check = candidate.check;
  match.evidence.base = pattern.check != nullptr && candidate.check == Check::valid ? pattern.validated : pattern.base;
  return match;
}

// Makes words_ hold the phrases that begin in [begin, end), and maybe others, reusing what is there when the ranges
// touch. Where no word begins near, as in scripts without spaces, words are read for this range alone: what was learnt
// before it would show.
void Scorer::learn_words(const Window& window, size_t begin, size_t end) {
  size_t start = boundary_before(window.text, begin);
  if (!begins_word(window.text, start)) {
    start_window();
    while (start < begin && (static_cast<uint8_t>(window.text[start]) & 0xC0) == 0x80) ++start;
    end = boundary_after(window.text, end);
    return rules_.words.find(window.text.substr(start, end - start), static_cast<uint32_t>(start), words_);
  }
  if (begin >= learnt_begin_ && end <= learnt_end_ && learnt_end_ != 0) return;
  bool goes_on = learnt_end_ != 0 && start >= learnt_begin_ && start <= learnt_end_ &&
                 (learnt_end_ >= window.text.size() || is_word_boundary(window.text[learnt_end_]));
  size_t again = 0;
  if (goes_on) {
    again = std::max(learnt_begin_,
                     boundary_before(window.text, learnt_end_ > phrase_reach ? learnt_end_ - phrase_reach : 0));
    goes_on = begins_word(window.text, again);
  }
  // Where candidates stand close, the next ones are near: many small steps would read words again and again. The more
  // have come, the surer that is.
  stride_ = goes_on ? std::min(2 * stride_, longest_stride) : first_stride;
  if (goes_on) end = std::max(end, std::min(learnt_end_ + stride_, window.text.size()));
  end = boundary_after(window.text, end);
  size_t known = 0;
  if (goes_on) {
    // What ends by learnt_end_ is known; once more over the words that a phrase may have begun with.
    known = words_.size();
    start = again;
  } else {
    words_.clear();
    learnt_begin_ = start;
  }
  rules_.words.find(window.text.substr(start, end - start), static_cast<uint32_t>(start), words_);
  if (goes_on) {
    const auto fresh = words_.begin() + static_cast<ptrdiff_t>(known);
    words_.erase(std::remove_if(fresh, words_.end(), [&](const WordHit& word) { return word.end <= learnt_end_; }),
                 words_.end());
  }
  learnt_end_ = end;
}

// The first of words_ that ends at `low` or behind. What is asked for comes nearly in order.
size_t Scorer::first_word(size_t low) {
  size_t i = std::min(near_word_, words_.size());
  while (i > 0 && words_[i - 1].end >= low) --i;
  while (i < words_.size() && words_[i].end < low) ++i;
  near_word_ = i;
  return i;
}

// Words inside [low, high) and outside the value [begin, end).
void Scorer::apply_words(Match& match, const CompiledRule& rule, size_t begin, size_t end, size_t low, size_t high) {
  Evidence& evidence = match.evidence;
  for (auto word = words_.begin() + static_cast<ptrdiff_t>(first_word(low)); word != words_.end() && word->begin < high;
       ++word) {
    if (word->begin < low || word->end > high) continue;
    float nearness = 0, negative_nearness = 0;
    if (word->end <= begin) {
      const size_t gap = begin - word->end;
      const float far = static_cast<float>(gap > adjacent ? gap - adjacent : 0) / static_cast<float>(context_before);
      nearness = 1.0F - 0.5F * far;
      negative_nearness = 1.0F - 2.0F * far;
    } else if (word->begin >= end) {
      const float far = static_cast<float>(word->begin - end) / static_cast<float>(context_after);
      nearness = 0.8F - 0.4F * far;
      negative_nearness = 0.8F - 1.6F * far;
    } else {
      continue;
    }
    if (contains(rule.positive, word->phrase) && rule.boost * nearness > evidence.boost) {
      evidence.boost = rule.boost * nearness;
      evidence.phrase = static_cast<int32_t>(word->phrase);
      evidence.phrase_is_name = false;
    }
    if (contains(rule.negative, word->phrase) && rule.penalty * negative_nearness > evidence.penalty) {
      evidence.penalty = rule.penalty * negative_nearness;
      evidence.negative_phrase = static_cast<int32_t>(word->phrase);
    }
  }
}

void Scorer::apply_names(Match& match, const CompiledRule& rule, const std::vector<WordHit>& names) {
  Evidence& evidence = match.evidence;
  for (const WordHit& name : names) {
    if (contains(rule.names, name.phrase) && rule.boost >= evidence.boost) {
      evidence.boost = rule.boost;
      evidence.phrase = static_cast<int32_t>(name.phrase);
      evidence.phrase_is_name = true;
    }
    if (contains(rule.negative, name.phrase) && rule.penalty >= evidence.penalty) {
      evidence.penalty = rule.penalty;
      evidence.negative_phrase = static_cast<int32_t>(name.phrase);
    }
  }
}

// Rounds as std::round does, which is a call: twice the sum and one is exact in double.
float settled_confidence(float sum) {
  const float thousandths = std::clamp(sum, 0.0F, 1.0F) * 1000.0F;
  const int rounded = static_cast<int>(2.0 * static_cast<double>(thousandths) + 1.0) / 2;
  return static_cast<float>(rounded) / 1000.0F;
}

void Scorer::settle(Match& match, const CompiledRule& rule) const {
  const Evidence& evidence = match.evidence;
  match.confidence = settled_confidence(evidence.base + evidence.boost - evidence.penalty);
  if (rule.context_required && evidence.phrase == Evidence::none) match.confidence = 0;
}

// The words in the key before `begin`; candidates that begin together ask for it together.
const std::vector<WordHit>& Scorer::key_words(const Window& window, size_t begin) {
  if (key_of_ == begin) return key_words_;
  key_of_ = begin;
  key_words_.clear();
  const std::string_view key = key_before(window.text, begin);
  if (!key.empty()) rules_.words.find(key, 0, key_words_);
  return key_words_;
}

// Whether there is any word that could bear on what stands at [begin, end). Candidates that begin together ask
// together, the longest first, and where data is dense there is none for any of them.
bool Scorer::has_context(const Window& window, size_t begin, size_t end) {
  const size_t high = std::min(window.text.size(), end + context_after);
  if (begin == barren_begin_ && high <= barren_high_) return false;
  const size_t low = begin > context_before ? begin - context_before : 0;
  learn_words(window, low, high);
  const size_t word = first_word(low);
  if ((word < words_.size() && words_[word].begin < high) || !key_words(window, begin).empty()) return true;
  barren_begin_ = begin;
  barren_high_ = high;
  return false;
}

bool Scorer::may_reach(const Window& window, uint32_t pattern_id, size_t begin, size_t end, float min_confidence) {
  const CompiledPattern& pattern = rules_.patterns[pattern_id];
  const float wanted = min_confidence - rounding;
  const CompiledRule& rule = rules_.rules[pattern.rule];
  if (!rule.context_required && pattern.best >= wanted) return true;
  if (pattern.best + rule.boost < wanted || !rule.has_context || !has_context(window, begin, end)) return false;
  const size_t low = begin > context_before ? begin - context_before : 0;
  const size_t high = std::min(window.text.size(), end + context_after);
  for (size_t i = first_word(low); i < words_.size() && words_[i].begin < high; ++i)
    if (words_[i].begin >= low && contains(rule.positive, words_[i].phrase)) return true;
  return std::ranges::any_of(key_words(window, begin),
                             [&](const WordHit& word) { return contains(rule.names, word.phrase); });
}

Match Scorer::score(const Window& window, const Candidate& candidate, float min_confidence, const Scratch& scratch) {
  Match match = base_match(candidate);
  const CompiledRule& rule = rules_.rules[match.rule];
  // Most candidates in ordinary text are numbers that no context could lift far enough; nobody asks why.
  if (match.evidence.base + rule.boost < min_confidence - rounding && scratch.trace == nullptr) return match;
  const auto begin = static_cast<size_t>(candidate.begin - window.base);
  const auto end = static_cast<size_t>(candidate.end - window.base);
  if (rule.has_context && has_context(window, begin, end)) {
    const size_t low = begin > context_before ? begin - context_before : 0;
    const size_t high = std::min(window.text.size(), end + context_after);
    apply_words(match, rule, begin, end, low, high);
    if (match.evidence.boost < rule.boost) apply_names(match, rule, key_words(window, begin));
  }
  settle(match, rule);
  return match;
}

Match Scorer::score_cell(const Window& window, const Candidate& candidate, size_t cell_begin, size_t cell_end,
                         const std::vector<WordHit>& column_hits) {
  Match match = base_match(candidate);
  const CompiledRule& rule = rules_.rules[match.rule];
  if (rule.has_context) {
    const auto begin = static_cast<size_t>(candidate.begin - window.base);
    const auto end = static_cast<size_t>(candidate.end - window.base);
    if (has_context_in_cell(end - begin, cell_end - cell_begin)) {
      const size_t low = std::max(cell_begin, begin > context_before ? begin - context_before : 0);
      const size_t high = std::min(cell_end, end + context_after);
      learn_words(window, low, high);
      apply_words(match, rule, begin, end, low, high);
    }
    apply_names(match, rule, column_hits);
  }
  settle(match, rule);
  return match;
}

}  // namespace assay::classify
