#pragma once

#include <vector>

#include "classify/candidate.h"
#include "classify/scratch.h"

namespace assay::classify {

/// Takes what detectors find, each detector's candidates nearly in order of begin.
class CandidateSink {
 public:
  virtual ~CandidateSink() = default;
  /// False when nothing that the pattern finds at [begin, end) of the window can be reported, whatever its validator
  /// says. Asked before the validator, which it spares.
  virtual bool may_stand(const Window& window, uint32_t pattern, size_t begin, size_t end) = 0;
  virtual void take(const Window& window, const Candidate& candidate) = 0;
  /// What a match within [begin, end) must be worth by itself (TokenEdge::standing) for may_stand() to say yes: with
  /// less, nobody need ask.
  virtual float least_standing(const Window& window, size_t begin, size_t end) {
    static_cast<void>(window), static_cast<void>(begin), static_cast<void>(end);
    return -1;
  }
};

/// Finds candidates in text. Pattern rules are three of them (by tokens, by keywords, by lines); what needs more than
/// patterns, such as names of persons, is another. Immutable and shared; what changes is in the Scratch.
///
/// The contract that makes chunked scanning exact: a candidate that belongs to an anchor in [from, to) depends on
/// text within `reach_before` bytes before and `reach_after` bytes after the anchor only, begins at most
/// `reach_before` bytes before it, and is found whatever else is in the window.
class Detector {
 public:
  static constexpr size_t reach_before = 512;
  static constexpr size_t reach_after = 4608;

  virtual ~Detector() = default;
  virtual void detect(const Window& window, size_t from, size_t to, const Survey& survey, Scratch& scratch,
                      CandidateSink& sink) const = 0;
};

/// Judges a match by validator and allow list, and gives it to the sink when it stands.
/// `begin` and `end` are offsets in the window.
bool consider(const CompiledRules& rules, uint32_t pattern, const Window& window, size_t begin, size_t end,
              Scratch& scratch, CandidateSink& sink);

/// Neither the pattern's validator nor its rule's allow list objects to the value.
bool passes(const CompiledRules& rules, uint32_t pattern, std::string_view value);

class TokenDetector final : public Detector {
 public:
  explicit TokenDetector(const CompiledRules& rules) : rules_(rules) {}
  void detect(const Window&, size_t from, size_t to, const Survey&, Scratch&, CandidateSink&) const override;

 private:
  void detect_at(const Window&, size_t begin, std::span<const TokenDfa::Accept>, Scratch&, CandidateSink&) const;
  void judge(const Window&, const TokenEdge&, size_t begin, size_t end, Scratch&, CandidateSink&) const;
  const CompiledRules& rules_;
};

class KeywordDetector final : public Detector {
 public:
  explicit KeywordDetector(const CompiledRules& rules) : rules_(rules) {}
  void detect(const Window&, size_t from, size_t to, const Survey&, Scratch&, CandidateSink&) const override;

 private:
  void match_around(const Window&, uint32_t pattern, size_t keyword_begin, size_t keyword_end, size_t likely_begin,
                    Scratch&, CandidateSink&) const;
  const PlaceList& worthwhile_words(const Window&, const Survey&, Scratch&) const;
  bool passes_gate(uint32_t gate, const Window&, size_t begin, size_t end, const Survey&) const;
  const CompiledRules& rules_;
};

class LineDetector final : public Detector {
 public:
  explicit LineDetector(const CompiledRules& rules) : rules_(rules) {}
  void detect(const Window&, size_t from, size_t to, const Survey&, Scratch&, CandidateSink&) const override;

 private:
  const CompiledRules& rules_;
};

}  // namespace assay::classify
