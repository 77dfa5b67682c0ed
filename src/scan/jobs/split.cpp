#include "scan/jobs/split.h"

#include <fmt/format.h>

#include <algorithm>

#include "store/keys.h"

namespace assay::scan {
namespace {

constexpr uint64_t most_ranges = 4096;
constexpr uint64_t ranges_an_output = 256;
// What a table holds is told by its columns: its findings have no bound.
constexpr uint64_t no_bound = uint64_t{1} << 62;

store::SplitObject split_of(const std::string& path, const ObjectItem& item, int64_t datasource_id) {
  store::SplitObject split;
  split.object.record.object = path;
  split.object.mtime_ns = item.mtime_ns;
  split.object.change_id = item.change_id;
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
  return split;
}

std::string cut_of(const ObjectItem& item, const connect::TableRanges& ranges) {
  std::string all = item.change_id + '\n' + ranges.snapshot;
  for (const std::string& range : ranges.ranges) all += '\n' + range;
  return store::digest_hex(all);
}

void add_range(const RangeItem& range, int64_t datasource_id, store::TaskCompletion& completion) {
  if (range.number % ranges_an_output == 0)
    completion.outputs.push_back(
        {.child_kind = std::string(range_kind), .datasource_id = datasource_id, .items = 0, .bytes = 0, .payload = {}});
  model::TaskOutput& output = completion.outputs.back();
  append_json(output.payload, range);
  ++output.items;
  output.bytes += range.end - range.begin;
}

// It is there, though nothing new is known of it yet.
void add(store::SplitObject&& split, store::TaskCompletion& completion) {
  for (model::TaskOutput& output : completion.outputs)
    if (output.child_kind == range_kind && !output.payload.ends_with(']')) output.payload += ']';
  completion.seen_objects.push_back(split.object.record.object);
  completion.splits.push_back(std::move(split));
}

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
  store::SplitObject split = split_of(path, item, datasource_id);
  split.object.record.format = plan.format;
  split.object.record.bytes = bytes;
  split.most_met = limits.max_findings_per_object;
  for (uint64_t begin = 0; begin < bytes; ++split.parts) {
    const uint64_t end = begin + std::min(range_bytes, bytes - begin);
    add_range({.object = item,
               .number = split.parts,
               .begin = begin,
               .end = end,
               .charset = plan.charset,
               .declared = plan.declared,
               .escapes = plan.escapes},
              datasource_id, completion);
    begin = end;
  }
  add(std::move(split), completion);
}

void add_split(const std::string& path, const ObjectItem& item, const connect::TableRanges& ranges,
               int64_t datasource_id, store::TaskCompletion& completion) {
  store::SplitObject split = split_of(path, item, datasource_id);
  split.object.record.bytes = item.size;
  split.parts = static_cast<uint32_t>(ranges.ranges.size());
  // The walk may meet a table twice, and it may be cut in two ways: of these, ranges do not fit together.
  const std::string cut = cut_of(item, ranges);
  split.object.change_id = cut;
  split.most_met = no_bound;
  split.join = {
      .child_kind = std::string(join_kind),
      .datasource_id = datasource_id,
      .items = 1,
      .bytes = 0,
      .payload = to_json(JoinItem{.object = item, .parts = split.parts, .has_snapshot = !ranges.snapshot.empty()})};
  for (uint32_t number = 0; number < split.parts; ++number)
    add_range({.object = item,
               .number = number,
               .begin = item.size / split.parts * number,
               .end = number + 1 == split.parts ? item.size : item.size / split.parts * (number + 1),
               .charset = {},
               .declared = {},
               .rows = ranges.ranges[number],
               .snapshot = ranges.snapshot,
               .parts = split.parts,
               .cut = cut},
              datasource_id, completion);
  add(std::move(split), completion);
}

}  // namespace assay::scan
