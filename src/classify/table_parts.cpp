#include <cmath>

#include "classify/table_scanner.h"

// Tables that are scanned part by part, each by a scanner of its own, and judged as one.
namespace assay::classify {

void TableScanner::save_column(const Column& column, core::WireWriter& out) const {
  out.u64(column.values);
  out.u32(static_cast<uint32_t>(column.rules.size()));
  for (const Tally& tally : column.rules) {
    out.u32(tally.rule);
    out.u64(tally.agreeing);
    out.u64(tally.validated);
    out.f64(tally.base_sum);
  }
}

void TableScanner::absorb_column(Column& column, core::WireReader& saved) const {
  column.values += saved.u64();
  for (uint32_t n = saved.u32(); n > 0; --n) {
    const uint32_t rule = saved.u32();
    if (rule >= classifier_.rules().rules.size()) core::refuse_saved();
    const uint64_t agreeing = saved.u64(), validated = saved.u64();
    const double base_sum = saved.f64();
    if (validated > agreeing || !std::isfinite(base_sum)) core::refuse_saved();
    Tally& tally = column.tally_for(rule);
    tally.agreeing += agreeing;
    tally.validated += validated;
    tally.base_sum += base_sum;
  }
}

void TableScanner::save(core::WireWriter& out) {
  scan_batch();
  for (const auto* columns : {&columns_, &inner_}) {
    out.u32(static_cast<uint32_t>(columns->size()));
    for (const Column& column : *columns) save_column(column, out);
  }
}

void TableScanner::absorb(core::WireReader& saved, std::span<const uint32_t> inner) {
  const uint32_t own = saved.u32();
  if (own > max_columns) core::refuse_saved();
  for (uint32_t i = 0; i < own; ++i) absorb_column(column(i), saved);
  const uint32_t inside = saved.u32();
  if (inside > inner.size()) core::refuse_saved();
  for (uint32_t i = 0; i < inside; ++i) absorb_column(inner_.at(inner[i]), saved);
}

}  // namespace assay::classify
