#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "classify/candidate.h"
#include "classify/compiled_rules.h"
#include "classify/survey.h"

struct hs_scratch;

namespace assay::classify {

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
  std::vector<TokenDfa::Accept> accepts;
  std::vector<WordHit> key_hits;
  std::vector<TraceEntry>* trace = nullptr;  ///< when set, every candidate's end is written here
};

/// A stretch of text under examination. `text` has survey_padding readable bytes behind it.
struct Window {
  std::string_view text;
  uint64_t base = 0;     ///< offset of text's first byte in the component
};

}  // namespace assay::classify
