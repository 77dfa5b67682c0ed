#pragma once

#include <array>
#include <functional>
#include <memory>

#include "classify/cell_plan.h"

namespace assay::classify {

/// The plans of one column: which shapes its cells have, and for those that come often how to go about them. Making a
/// plan costs as much as some hundred cells, so rare shapes have none. Of bounded size.
class ColumnPlans {
 public:
  /// So many cells of a shape are seen before it is planned.
  static constexpr unsigned planned_after = 256;
  /// Of all plans of a table.
  static constexpr size_t max_bytes = size_t{16} << 20;

  using MakePlan = std::function<std::unique_ptr<CellPlan>(const CellShape&)>;

  /// The plan for cells of the shape; nullptr when there is none. `bytes` is what the table's plans take, and grows by
  /// what is made.
  CellPlan* find(const CellShape& shape, const MakePlan& make, size_t& bytes);

 private:
  /// A column in which so few cells have plans is left alone.
  static constexpr uint64_t tried_cells = 8192, least_planned_share = 8;
  struct Slot {
    uint64_t hash = 0;
    unsigned seen = 0;
    std::unique_ptr<CellPlan> plan;
  };
  static constexpr size_t probes = 4;

  Slot* slot_of(const CellShape& shape);

  std::array<Slot, 64> slots_;
  CellPlan* last_ = nullptr;
  uint64_t asked_ = 0, planned_ = 0;
  bool is_given_up_ = false;
};

}  // namespace assay::classify
