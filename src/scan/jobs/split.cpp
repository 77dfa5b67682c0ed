#include "scan/jobs/split.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::scan {
namespace {

constexpr uint64_t most_ranges = 4096;
constexpr uint64_t ranges_an_output = 256;

}  // namespace

std::string too_many_findings() {
  return fmt::format("only the first {} findings are kept", most_findings_of_an_object);
}

SplitBounds split_bounds(const JobConfiguration& configuration, const SplitBounds& of_worker) {
  return {.split_from = configuration.split_from.value_or(of_worker.split_from),
          .range_bytes = std::clamp(configuration.range_bytes.value_or(of_worker.range_bytes), least_range_bytes,
                                    most_range_bytes)};
}

bool may_split(const ObjectItem& item, const SplitBounds& bounds) {
  return !item.is_whole && bounds.split_from != 0 && item.size >= bounds.split_from && item.size > bounds.range_bytes;
}

void add_split(const std::string& path, const ObjectItem& item, const RangePlan& plan, const SplitBounds& bounds,
               const model::Limits& limits, int64_t datasource_id, store::TaskCompletion& completion) {
  const uint64_t bytes = limits.max_object_bytes == 0 ? item.size : std::min(item.size, limits.max_object_bytes);
  const uint64_t range_bytes = std::max(bounds.range_bytes, bytes / most_ranges + 1);
  store::SplitObject split;
  split.object.record.object = path;
  split.object.record.format = plan.format;
  split.object.record.bytes = bytes;
  split.object.mtime_ns = item.mtime_ns;
  split.object.change_id = item.change_id;
  split.most_met = limits.max_findings_per_object;
  split.most_kept = most_findings_of_an_object;
  split.too_many = too_many_findings();
  ObjectItem whole = item;
  whole.is_whole = true;
  split.whole = {.child_kind = std::string(examine_kind),
                 .datasource_id = datasource_id,
                 .items = 1,
                 .bytes = item.size,
                 .payload = {}};
  append_json(split.whole.payload, whole);
  split.whole.payload += ']';
  for (uint64_t begin = 0; begin < bytes; ++split.parts) {
    if (split.parts % ranges_an_output == 0)
      completion.outputs.push_back({.child_kind = std::string(range_kind),
                                    .datasource_id = datasource_id,
                                    .items = 0,
                                    .bytes = 0,
                                    .payload = {}});
    model::TaskOutput& output = completion.outputs.back();
    const uint64_t end = begin + std::min(range_bytes, bytes - begin);
    append_json(output.payload, {.object = item,
                                 .number = split.parts,
                                 .begin = begin,
                                 .end = end,
                                 .charset = plan.charset,
                                 .declared = plan.declared});
    ++output.items;
    output.bytes += end - begin;
    begin = end;
  }
  for (model::TaskOutput& output : completion.outputs)
    if (output.child_kind == range_kind && !output.payload.ends_with(']')) output.payload += ']';
  completion.splits.push_back(std::move(split));
  completion.seen_objects.push_back(path);  // it is there, though nothing new is known of it yet
}

}  // namespace assay::scan
