#include "scan/jobs/split.h"

#include <gtest/gtest.h>

#include "coordinate/json_slices.h"

namespace assay::scan {
namespace {

const ObjectItem large = {.root = 0, .relative = "a.log", .size = 1'000'000, .mtime_ns = 7, .change_id = "c"};

std::vector<RangeItem> ranges_of(const store::TaskCompletion& completion) {
  std::vector<RangeItem> ranges;
  for (const model::TaskOutput& output : completion.outputs)
    coordinate::for_each_element(output.payload, [&](std::string_view item) {
      ranges.push_back(range_item_from_json("[" + std::string(item) + "]"));
    });
  return ranges;
}

store::TaskCompletion split(const ObjectItem& item, const SplitBounds& bounds, uint64_t max_object_bytes = 0) {
  model::Limits limits;
  limits.max_object_bytes = max_object_bytes;
  store::TaskCompletion completion;
  add_split("/a.log", item, {.format = "log", .charset = "utf-8", .declared = {}}, bounds, limits, 3, completion);
  return completion;
}

TEST(Split, RangesLieSideBySide) {
  const auto completion = split(large, {.split_from = 1, .range_bytes = 300'000});
  const auto ranges = ranges_of(completion);
  ASSERT_EQ(ranges.size(), 4U);
  uint64_t end = 0;
  for (size_t i = 0; i < ranges.size(); ++i) {
    EXPECT_EQ(ranges[i].number, i);
    EXPECT_EQ(ranges[i].begin, end);
    EXPECT_EQ(ranges[i].charset, "utf-8");
    end = ranges[i].end;
  }
  EXPECT_EQ(end, large.size);
  ASSERT_EQ(completion.splits.size(), 1U);
  EXPECT_EQ(completion.splits[0].parts, 4U);
  EXPECT_EQ(completion.splits[0].object.change_id, "c");
  EXPECT_TRUE(object_items_from_json(completion.splits[0].whole.payload).at(0).is_whole);
  EXPECT_EQ(completion.seen_objects, std::vector<std::string>{"/a.log"});
}

TEST(Split, RangesOfATableAreJoinedByATask) {
  store::TaskCompletion completion;
  ObjectItem table = large;
  table.relative = "public/t";
  add_split("pg/public/t", table, {.ranges = {"..10", "10..20", "20.."}, .snapshot = "0-A-1", .held = nullptr}, 3,
            completion);
  const auto ranges = ranges_of(completion);
  ASSERT_EQ(ranges.size(), 3U);
  uint64_t end = 0;
  for (const RangeItem& range : ranges) {
    EXPECT_EQ(range.begin, end);
    EXPECT_EQ(range.snapshot, "0-A-1");
    EXPECT_EQ(range.parts, 3U);
    EXPECT_EQ(range.cut, completion.splits.at(0).object.change_id);
    EXPECT_EQ(range.object.relative, "public/t");
    end = range.end;
  }
  EXPECT_EQ(ranges[1].rows, "10..20");
  EXPECT_EQ(end, table.size);
  ASSERT_EQ(completion.splits.size(), 1U);
  ASSERT_TRUE(completion.splits[0].join.has_value());
  EXPECT_EQ(completion.splits[0].join->child_kind, join_kind);
  const JoinItem join = join_item_from_json(completion.splits[0].join->payload);
  EXPECT_EQ(join.parts, 3U);
  EXPECT_TRUE(join.has_snapshot);
  EXPECT_EQ(join.object.size, table.size);
  EXPECT_EQ(join.object.change_id, "c");
  EXPECT_TRUE(object_items_from_json(completion.splits[0].whole.payload).at(0).is_whole);
  store::TaskCompletion other;
  add_split("pg/public/t", table, {.ranges = {"..10", "10..21", "21.."}, .snapshot = "0-A-1", .held = nullptr}, 3,
            other);
  EXPECT_NE(other.splits.at(0).object.change_id, completion.splits[0].object.change_id);
}

TEST(Split, OfTheLargestObjectsIsBounded) {
  ObjectItem huge = large;
  huge.size = uint64_t{1} << 50;
  const auto completion = split(huge, {.split_from = 1, .range_bytes = least_range_bytes});
  const auto ranges = ranges_of(completion);
  EXPECT_LE(ranges.size(), 4096U);
  EXPECT_EQ(ranges.back().end, huge.size);
  for (const model::TaskOutput& output : completion.outputs) EXPECT_LE(output.items, 256U);
}

TEST(Split, EndsWhereTheObjectMayBeRead) {
  const auto completion = split(large, {.split_from = 1, .range_bytes = 300'000}, 500'000);
  EXPECT_EQ(ranges_of(completion).back().end, 500'000U);
  EXPECT_EQ(completion.splits[0].object.record.bytes, 500'000U);
}

TEST(Split, IsForLargeObjectsThatAreNotToBeWhole) {
  EXPECT_TRUE(may_split(large, {.split_from = 1'000'000, .range_bytes = 300'000}));
  EXPECT_FALSE(may_split(large, {.split_from = 1'000'001, .range_bytes = 300'000}));
  EXPECT_FALSE(may_split(large, {.split_from = 0, .range_bytes = 300'000})) << "0: none";
  EXPECT_FALSE(may_split(large, {.split_from = 1, .range_bytes = 1'000'000})) << "one range is no split";
  ObjectItem whole = large;
  whole.is_whole = true;
  EXPECT_FALSE(may_split(whole, {.split_from = 1, .range_bytes = 300'000}));
  JobConfiguration job;
  job.split_from = 5;
  job.range_bytes = 1;
  EXPECT_EQ(split_bounds(job, {}).split_from, 5U);
  EXPECT_EQ(split_bounds(job, {}).range_bytes, least_range_bytes);
  EXPECT_EQ(split_bounds({}, {.split_from = 7, .range_bytes = 300'000}).range_bytes, 300'000U);
}

}  // namespace
}  // namespace assay::scan
