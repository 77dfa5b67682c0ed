#include "classify/column_plans.h"

namespace assay::classify {

CellPlan* ColumnPlans::find(const CellShape& shape, const MakePlan& make, size_t& bytes) {
  if (last_ != nullptr && last_->shape() == shape) {
    ++planned_;
    return last_;
  }
  if (is_given_up_) return nullptr;
  if (++asked_ == tried_cells) {
    is_given_up_ = planned_ < tried_cells / least_planned_share;
    asked_ = planned_ = 0;
  }
  Slot* const slot = slot_of(shape);
  if (slot == nullptr) return nullptr;
  if (slot->plan == nullptr) {
    if (++slot->seen < planned_after || bytes >= max_bytes) return nullptr;
    slot->plan = make(shape);
    bytes += slot->plan->memory_bytes();
  }
  if (!slot->plan->is_usable() || slot->plan->shape() != shape) return nullptr;
  ++planned_;
  return last_ = slot->plan.get();
}

// The shape's place, a new one when there is room. Where there is none, the first that has no plan grows older.
ColumnPlans::Slot* ColumnPlans::slot_of(const CellShape& shape) {
  const uint64_t hash = shape.hash();
  Slot* oldest = nullptr;
  for (size_t i = 0; i < probes; ++i) {
    Slot& slot = slots_[(hash + i) % slots_.size()];
    if (slot.hash == hash && slot.seen != 0) return &slot;
    if (slot.seen == 0) {
      slot.hash = hash;
      return &slot;
    }
    if (slot.plan == nullptr && (oldest == nullptr || slot.seen < oldest->seen)) oldest = &slot;
  }
  if (oldest == nullptr || --oldest->seen != 0) return nullptr;
  oldest->hash = hash;
  return oldest;
}

}  // namespace assay::classify
