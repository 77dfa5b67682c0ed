#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "classify/candidate.h"
#include "classify/compiled_rules.h"
#include "classify/survey.h"

struct hs_scratch;

namespace assay::classify {

/// What has become of patterns at one place of the text, forgotten at the next place without being touched.
class PatternMarks {
 public:
  explicit PatternMarks(size_t patterns) : marks_(patterns), postponed_(patterns) {}

  void start() { now_ += 2; }
  bool is_done(uint32_t pattern) const { return marks_[pattern] == (now_ | done); }
  void set_done(uint32_t pattern) { marks_[pattern] = now_ | done; }
  /// A match that was not judged because it could not be reported whatever the judgement. The first one is kept.
  bool has_postponed(uint32_t pattern) const { return marks_[pattern] == now_; }
  void postpone(uint32_t pattern, size_t begin, size_t end) {
    marks_[pattern] = now_;
    postponed_[pattern] = {begin, end};
  }
  std::pair<size_t, size_t> postponed(uint32_t pattern) const { return postponed_[pattern]; }

 private:
  static constexpr uint64_t done = 1;
  std::vector<uint64_t> marks_;  // the place, an even number, and whether it is done
  std::vector<std::pair<size_t, size_t>> postponed_;
  uint64_t now_ = 0;
};

/// The working memory of one thread: automaton cache, match data, lists. Made once, used for any number of texts.
class Scratch {
 public:
  explicit Scratch(const CompiledRules& rules);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  TokenDfa dfa;
  Pcre::Scratch pcre;
  hs_scratch* hyperscan = nullptr;
  Survey survey;
  PlaceList words;                            ///< indexes into survey.keyword_words
  PlaceList literal_places;                   ///< that glued keywords are looked up at
  std::vector<TokenDfa::Start> token_starts;  ///< where token patterns are tried
  PatternMarks marks;
  std::vector<TraceEntry>* trace = nullptr;  ///< when set, every candidate's end is written here
};

/// A stretch of text under examination. `text` has survey_padding readable bytes behind it.
struct Window {
  std::string_view text;
  uint64_t base = 0;  ///< offset of text's first byte in the component
};

}  // namespace assay::classify
