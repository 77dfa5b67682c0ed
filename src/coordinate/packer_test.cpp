#include "coordinate/packer.h"

#include <gmock/gmock.h>

#include "core/error.h"

namespace assay::coordinate {
namespace {

using ::testing::SizeIs;

using Packings = std::map<std::string, Packing, std::less<>>;

model::TaskOutput output(std::string kind, int64_t datasource_id, std::string payload) {
  return {.child_kind = std::move(kind), .datasource_id = datasource_id, .payload = std::move(payload)};
}

TEST(Packer, PacksByCountAndKeepsOrder) {
  const Packings packings = {{"read", {.most_items = 2, .most_bytes = 1000}}};
  Packer packer(packings);
  packer.add(output("read", 7, R"([{"i":1,"bytes":1},{"i":2,"bytes":1},{"i":3,"bytes":1}])"));
  packer.add(output("read", 7, R"([{"i":4,"bytes":1}, {"i":5}])"));
  const auto tasks = packer.take();
  ASSERT_THAT(tasks, SizeIs(3));
  EXPECT_EQ(tasks[0].work_packet, R"([{"i":1,"bytes":1},{"i":2,"bytes":1}])");
  EXPECT_EQ(tasks[1].work_packet, R"([{"i":3,"bytes":1},{"i":4,"bytes":1}])");
  EXPECT_EQ(tasks[2].work_packet, R"([{"i":5}])");
  EXPECT_EQ(tasks[0].items, 2U);
  EXPECT_EQ(tasks[0].bytes, 2U);
  EXPECT_EQ(tasks[0].kind, "read");
  EXPECT_EQ(tasks[0].datasource_id, 7);
  EXPECT_EQ(packer.size(), 0U);
}

TEST(Packer, PacksByBytesAndGivesLargeItemsATaskOfTheirOwn) {
  const Packings packings = {{"read", {.most_items = 100, .most_bytes = 10}}};
  Packer packer(packings);
  packer.add(output(
      "read", 0, R"([{"bytes":6},{"bytes":4},{"bytes":1},{"bytes":99},{"bytes":1},{"bytes":18446744073709551615}])"));
  const auto tasks = packer.take();
  ASSERT_THAT(tasks, SizeIs(5));
  EXPECT_EQ(tasks[0].bytes, 10U);
  EXPECT_EQ(tasks[1].bytes, 1U);
  EXPECT_EQ(tasks[2].bytes, 99U);
  EXPECT_EQ(tasks[3].bytes, 1U);
  EXPECT_EQ(tasks[4].items, 1U);
}

TEST(Packer, NeverMixesKindsOrDatasources) {
  const Packings none;
  Packer packer(none);
  packer.add(output("read", 1, R"([{"a":1}])"));
  packer.add(output("read", 2, R"([{"a":2}])"));
  packer.add(output("list", 1, R"([{"a":3}])"));
  packer.add(output("read", 1, R"([{"a":4}])"));
  packer.add(output("read", 1, "[]"));
  const auto tasks = packer.take();
  ASSERT_THAT(tasks, SizeIs(3));
  EXPECT_EQ(tasks[0].kind, "list");
  EXPECT_EQ(tasks[1].work_packet, R"([{"a":1},{"a":4}])");
  EXPECT_EQ(tasks[2].datasource_id, 2);
}

TEST(Packer, KeepsNothingOfAMalformedPayload) {
  const Packings none;
  Packer packer(none);
  EXPECT_THROW(packer.add(output("read", 1, R"([{"a":1},)")), core::Error);
  EXPECT_THAT(packer.take(), SizeIs(0));
}

}  // namespace
}  // namespace assay::coordinate
