#pragma once

#include <vector>

#include "classify/candidate.h"
#include "classify/scratch.h"

namespace assay::classify {

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
                      std::vector<Candidate>& candidates) const = 0;
};

/// Judges a match by boundary, allow list and validator, and appends it when it stands.
/// `begin` and `end` are offsets in the window.
bool consider(const CompiledRules& rules, uint32_t pattern, const Window& window, size_t begin, size_t end, Scratch& scratch,
              std::vector<Candidate>& candidates);

class TokenDetector final : public Detector {
 public:
  explicit TokenDetector(const CompiledRules& rules) : rules_(rules) {}
  void detect(const Window&, size_t from, size_t to, const Survey&, Scratch&, std::vector<Candidate>&) const override;

 private:
  void detect_at(const Window&, size_t begin, Scratch&, std::vector<Candidate>&) const;
  const CompiledRules& rules_;
};

class KeywordDetector final : public Detector {
 public:
  explicit KeywordDetector(const CompiledRules& rules) : rules_(rules) {}
  void detect(const Window&, size_t from, size_t to, const Survey&, Scratch&, std::vector<Candidate>&) const override;

 private:
  void match_around(const Window&, uint32_t pattern, size_t keyword_begin, size_t keyword_end, size_t likely_begin, Scratch&,
                    std::vector<Candidate>&) const;
  const CompiledRules& rules_;
};

class LineDetector final : public Detector {
 public:
  explicit LineDetector(const CompiledRules& rules) : rules_(rules) {}
  void detect(const Window&, size_t from, size_t to, const Survey&, Scratch&, std::vector<Candidate>&) const override;

 private:
  const CompiledRules& rules_;
};

}  // namespace assay::classify
