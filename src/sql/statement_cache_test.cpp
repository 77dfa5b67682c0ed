#include "sql/statement_cache.h"

#include <gtest/gtest.h>

namespace assay::sql {
namespace {

TEST(StatementCache, KeepsTheOnesUsedLast) {
  StatementCache<int> cache;
  const auto name = [](int i) { return "statement " + std::to_string(i); };
  const auto capacity = static_cast<int>(StatementCache<int>::capacity);
  for (int i = 0; i < capacity; ++i) {
    EXPECT_EQ(cache.make_room(), std::nullopt);
    cache.insert(name(i), i);
  }
  ASSERT_NE(cache.find(name(0)), nullptr);  // used again, so that 1 is the one used longest ago
  EXPECT_EQ(cache.make_room(), 1);
  cache.insert("another", -1);
  EXPECT_EQ(cache.size(), StatementCache<int>::capacity);
  EXPECT_EQ(cache.find(name(1)), nullptr);
  EXPECT_EQ(*cache.find(name(0)), 0);
  EXPECT_EQ(*cache.find("another"), -1);
}

TEST(StatementCache, Forgets) {
  StatementCache<int> cache;
  cache.insert("a", 1);
  EXPECT_EQ(cache.remove("a"), 1);
  EXPECT_EQ(cache.remove("a"), std::nullopt);
  EXPECT_EQ(cache.find("a"), nullptr);
  cache.insert("a", 2);
  cache.clear();
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(cache.find("a"), nullptr);
}

}  // namespace
}  // namespace assay::sql
