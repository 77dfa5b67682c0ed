#include "scan/jobs/packet.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::scan {
namespace {

TEST(Packet, ItemsComeBackWhateverTheirNames) {
  std::vector<ObjectItem> items;
  for (const char* name :
       {"a.txt", "with \"quotes\".csv", "back\\slash", "caf\xe9", "new\nline", "Überblick/日本.pdf", ""})
    items.push_back({.root = static_cast<uint32_t>(items.size()),
                     .relative = name,
                     .size = UINT64_MAX - items.size(),
                     .mtime_ns = INT64_MIN + static_cast<int64_t>(items.size()),
                     .change_id = "\"etag\\1\""});
  std::string array;
  for (const ObjectItem& item : items) append_json(array, item);
  array += ']';
  const std::vector<ObjectItem> back = object_items_from_json(array);
  ASSERT_EQ(back.size(), items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(back[i].root, items[i].root);
    EXPECT_EQ(back[i].relative, items[i].relative);
    EXPECT_EQ(back[i].size, items[i].size);
    EXPECT_EQ(back[i].mtime_ns, items[i].mtime_ns);
    EXPECT_EQ(back[i].change_id, items[i].change_id);
  }
}

TEST(Packet, RangesComeBackAsTheyWere) {
  const RangeItem item{.object = {.root = 1, .relative = "a\xff\"b", .size = 900, .mtime_ns = -5, .change_id = "1:2"},
                       .number = 3,
                       .begin = 600,
                       .end = 900,
                       .charset = "utf-8",
                       .declared = "windows-1252",
                       .escapes = 3};
  std::string array;
  append_json(array, item);
  const RangeItem back = range_item_from_json(array + "]");
  EXPECT_EQ(back.object.root, 1U);
  EXPECT_EQ(back.object.relative, item.object.relative);
  EXPECT_EQ(back.object.size, 900U);
  EXPECT_EQ(back.object.mtime_ns, -5);
  EXPECT_EQ(back.object.change_id, "1:2");
  EXPECT_EQ(back.number, 3U);
  EXPECT_EQ(back.begin, 600U);
  EXPECT_EQ(back.end, 900U);
  EXPECT_EQ(back.charset, "utf-8");
  EXPECT_EQ(back.declared, "windows-1252");
  EXPECT_EQ(back.escapes, 3);
  for (const char* json : {"", "[]", "[1]", "[{\"bytes\":1}]"}) EXPECT_ANY_THROW(range_item_from_json(json)) << json;
}

TEST(Packet, EnumerationsAreTakenUpWhereTheyWere) {
  const EnumeratePacket packet{.datasource_id = 7, .root = 2, .resume_after = "deep/\xff\\x", .met_unreadable = true};
  const EnumeratePacket back = enumerate_packet_from_json(to_json(packet));
  EXPECT_EQ(back.datasource_id, 7);
  EXPECT_EQ(back.root, 2U);
  EXPECT_EQ(back.resume_after, packet.resume_after);
  EXPECT_TRUE(back.met_unreadable);
}

TEST(Packet, TheFirstTaskOfASourceWalksItFromTheBeginning) {
  JobSource source;
  source.datasource_id = 9;
  const model::NewTask task = enumerate_task(source);
  EXPECT_EQ(task.kind, enumerate_kind);
  EXPECT_EQ(task.datasource_id, 9);
  const EnumeratePacket packet = enumerate_packet_from_json(task.work_packet);
  EXPECT_EQ(packet.root, 0U);
  EXPECT_EQ(packet.resume_after, "");
}

TEST(Packet, WhatIsMalformedIsRefused) {
  for (const char* json : {"", "{", "[]", "{\"source\":1}", "{\"source\":\"x\",\"root\":0,\"after\":\"\"}",
                           "{\"source\":1,\"root\":-1,\"after\":\"\",\"unreadable\":false}"})
    EXPECT_ANY_THROW(enumerate_packet_from_json(json)) << json;
  for (const char* json : {"", "{}", "[1]", "[{\"bytes\":1}]", "[{\"bytes\":-1,\"p\":\"a\",\"m\":0,\"c\":\"\"}]"})
    EXPECT_ANY_THROW(object_items_from_json(json)) << json;
}

}  // namespace
}  // namespace assay::scan
