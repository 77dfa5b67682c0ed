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
  explicit PatternMarks(size_t patterns) : marks_(patterns) {}

  void start() { ++now_; }
  bool is_done(uint32_t pattern) const { return marks_[pattern].place == now_ && marks_[pattern].is_done; }
  void set_done(uint32_t pattern) { marks_[pattern] = {now_, 0, 0, true}; }
  /// A match that was not judged because it could not be reported whatever the judgement. The first one is kept.
  bool has_postponed(uint32_t pattern) const { return marks_[pattern].place == now_ && !marks_[pattern].is_done; }
  void postpone(uint32_t pattern, size_t begin, size_t end) { marks_[pattern] = {now_, begin, end, false}; }
  std::pair<size_t, size_t> postponed(uint32_t pattern) const { return {marks_[pattern].begin, marks_[pattern].end}; }

 private:
  struct Mark {
    uint64_t place = 0;
    size_t begin = 0, end = 0;
    bool is_done = false;
  };
  std::vector<Mark> marks_;
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
