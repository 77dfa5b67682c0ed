#include "connect/mongodb/id_sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace assay::connect::mongodb {
namespace {

using ::testing::SizeIs;

Bson with_oid(const char* digits) {
  bson_oid_t id;
  bson_oid_init_from_string(&id, digits);
  return Bson(BCON_NEW("_id", BCON_OID(&id)));
}

/// What stands behind $gte: digits of a number, or of an object id.
std::string bound_of(const Bson& condition) {
  bson_iter_t iter, bound;
  if (!bson_iter_init(&iter, condition.get()) || !bson_iter_find_descendant(&iter, "_id.$gte", &bound)) return {};
  if (BSON_ITER_HOLDS_INT64(&bound)) return std::to_string(bson_iter_int64(&bound));
  char digits[25];
  bson_oid_to_string(bson_iter_oid(&bound), digits);
  return digits;
}

TEST(MongodbIdSample, NumbersAreChosenFromEachPartOfTheirRange) {
  std::mt19937_64 random(1);
  const Bson first(BCON_NEW("_id", BCON_INT32(-500))), last(BCON_NEW("_id", BCON_INT64(9'500)));
  const auto range = IdRange::between(*first, *last);
  ASSERT_TRUE(range.has_value());
  const auto conditions = range->conditions(10, random);
  ASSERT_THAT(conditions, SizeIs(10));
  for (int i = 0; i < 10; ++i) {
    const int bound = std::stoi(bound_of(conditions[static_cast<size_t>(i)]));
    EXPECT_GE(bound, -500 + 1'000 * i);
    EXPECT_LE(bound, 500 + 1'000 * i);
  }
}

TEST(MongodbIdSample, TheWidestRangeOfNumbersHasAllItsParts) {
  std::mt19937_64 random(1);
  const Bson first(BCON_NEW("_id", BCON_INT64(INT64_MIN))), last(BCON_NEW("_id", BCON_INT64(INT64_MAX)));
  const auto conditions = IdRange::between(*first, *last).value().conditions(4, random);
  EXPECT_LT(std::stoll(bound_of(conditions[0])), INT64_MIN / 2);
  EXPECT_GT(std::stoll(bound_of(conditions[3])), INT64_MAX / 2 - 1);
}

TEST(MongodbIdSample, ObjectIdsAreChosenWhereTheyDiffer) {
  std::mt19937_64 random(1);
  for (const auto& [from, to] : {std::pair{"650000000000000000000000", "660000000000000000000000"},
                                 {"65000000aaaaaaaaaa000000", "65000000aaaaaaaaaaffffff"},
                                 {"65000000aaaaaaaaaa000001", "65000000aaaaaaaaaa000001"}}) {
    const auto range = IdRange::between(*with_oid(from), *with_oid(to));
    ASSERT_TRUE(range.has_value());
    std::set<std::string> bounds;
    for (const Bson& condition : range->conditions(16, random)) bounds.insert(bound_of(condition));
    EXPECT_THAT(bounds, SizeIs(std::string(from) == to ? 1 : 16)) << from;
    EXPECT_GE(*bounds.begin(), from);
    EXPECT_LE(*bounds.rbegin(), to);
  }
}

TEST(MongodbIdSample, OtherIdsHaveNoRange) {
  const Bson text(BCON_NEW("_id", BCON_UTF8("a"))), number(BCON_NEW("_id", BCON_INT32(1))), none(BCON_NEW("a", "b"));
  EXPECT_FALSE(IdRange::between(*text, *text).has_value());
  EXPECT_FALSE(IdRange::between(*number, *with_oid("650000000000000000000000")).has_value());
  EXPECT_FALSE(IdRange::between(*none, *number).has_value());
}

}  // namespace
}  // namespace assay::connect::mongodb
