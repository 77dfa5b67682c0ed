#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "classify/candidate.h"
#include "classify/cell_shape.h"
#include "classify/compiled_rules.h"

namespace assay::classify {

class CellPlan;

/// What was found in a cell, whichever digits it holds: its candidates, by their places in the cell. All cells of one
/// column and shape that have the same candidates are judged together, once a batch.
struct CellOutcome {
  struct Winner {
    Match match;
    uint32_t begin = 0, end = 0;  ///< in the cell
  };
  CellPlan* plan = nullptr;
  std::vector<Candidate> candidates;  ///< begin and end in the cell
  // What the batch makes of it; see TableScanner.
  size_t cells = 0;        ///< of the batch
  size_t sample_cell = 0;  ///< one of these
  std::vector<Winner> winners;
  // The outcome with one more candidate, by what names the candidate.
  std::vector<std::pair<uint64_t, CellOutcome*>> next;

  static uint64_t name_of(const Candidate& candidate) {
    static_assert(CellShape::max_bytes < 256);
    return uint64_t{candidate.pattern} << 32 | candidate.begin << 16 | candidate.end << 8 |
           static_cast<uint64_t>(candidate.check);
  }
};

/// How token patterns are tried on cells of one shape of a column: which starts, which patterns that may come to
/// something there, and which digits decide between them. Gives what TokenDetector gives, without what is hopeless
/// (TableScanner::is_hopeless, or not lifted by any word of the cell). Built from the shape by build_cell_plan().
class CellPlan {
 public:
  static constexpr size_t max_outcomes = 128;
  /// What outcomes take, about, when there are as many.
  static constexpr size_t outcomes_bytes = size_t{32} << 10;

  /// What is asked of a match; of one start, the longest first.
  struct Step {
    CheckFunction check = nullptr;         ///< the pattern's
    const ValueSet* allow_list = nullptr;  ///< the rule's, unless it is empty
    uint32_t pattern = 0;
    uint8_t begin = 0, end = 0;  ///< in the cell
    uint8_t longer_end = 0;      ///< of a match that could not stand, and of which the validator decides; or 0
    bool needs_proof = false;    ///< comes to nothing unless its validator says valid
    uint64_t same_pattern = 0;   ///< the steps before it, of its start, of the same pattern, a bit each
    bool operator==(const Step&) const = default;
  };
  /// A node's number, and from at_shift on the place in the cell whose digit says where to go on from it; or with
  /// leaf_bit a leaf's number. The place comes with what leads to the node, so that its digit is read before the node.
  using Way = uint32_t;
  static constexpr Way leaf_bit = Way{1} << 31;
  static constexpr unsigned at_shift = 16;
  using Node = std::array<Way, 10>;  ///< by digit
  struct Leaf {
    uint32_t begin = 0, count = 0;  ///< in steps
  };
  static constexpr size_t max_starts = 24, max_nodes = 4096, max_leaves = 1024, max_steps = 64;

  explicit CellPlan(const CellShape& shape) : shape_(shape) { outcomes_.emplace_back().plan = this; }

  const CellShape& shape() const { return shape_; }
  /// False when the shape has too much in it to be planned.
  bool is_usable() const { return is_usable_; }
  size_t memory_bytes() const;

  /// What token patterns find in a cell of the shape. nullptr when there were too many different outcomes already.
  CellOutcome* run(const CompiledRules& rules, const char* cell);
  /// `outcome`, one of this plan's, with one more candidate; begin and end in the cell. nullptr as above.
  CellOutcome* extend(CellOutcome& outcome, const Candidate& candidate);

 private:
  friend class CellPlanBuilder;
  bool take(const CompiledRules& rules, const Step& step, const char* cell, CellOutcome*& outcome);

  CellShape shape_;
  bool is_usable_ = false;
  std::vector<Way> roots_;  // a start each
  std::vector<Node> nodes_;
  std::vector<Leaf> leaves_;
  std::vector<Step> steps_;
  std::deque<CellOutcome> outcomes_;  // the first is that nothing was found
};

/// What a plan depends on beside the shape.
struct PlanTerms {
  const CompiledRules& rules;
  const std::vector<bool>& named;  ///< by rule: the column's name agrees
  float min_confidence = 0;
};

/// What separates cells in a batch: a byte that no pattern takes for a separator.
inline constexpr char cell_end_byte = '\x1f';
/// What may stand around a value that is its cell's whole.
inline constexpr std::string_view cell_fillers = " \t\"'";

/// Never fails; says with is_usable() whether there is a plan.
std::unique_ptr<CellPlan> build_cell_plan(const CellShape& shape, const PlanTerms& terms);

/// Whether no token pattern can match over the end of a cell: else no cell can be planned by itself.
bool tokens_end_with_cells(const TokenNfa& nfa);

}  // namespace assay::classify
