#include "core/nearest_name.h"

#include <gtest/gtest.h>

#include <array>

namespace assay::core {
namespace {

TEST(NearestName, CountsWhatWasMistyped) {
  EXPECT_EQ(spelling_distance("scan", "scan", 9), 0U);
  EXPECT_EQ(spelling_distance("SCAN", "scan", 9), 0U);
  EXPECT_EQ(spelling_distance("scna", "scan", 9), 1U);
  EXPECT_EQ(spelling_distance("scn", "scan", 9), 1U);
  EXPECT_EQ(spelling_distance("scann", "scan", 9), 1U);
  EXPECT_EQ(spelling_distance("scam", "scan", 9), 1U);
  EXPECT_EQ(spelling_distance("", "scan", 9), 4U);
  EXPECT_EQ(spelling_distance("kitten", "sitting", 9), 3U);
  EXPECT_EQ(spelling_distance("kitten", "sitting", 1), 2U);
}

TEST(NearestName, IsNoneWhereNothingIsNear) {
  const std::array<std::string, 4> names = {"scan", "rules", "explain", "EMAIL_ADDRESS"};
  EXPECT_EQ(nearest_name("scna", names), "scan");
  EXPECT_EQ(nearest_name("EMIAL_ADDRESS", names), "EMAIL_ADDRESS");
  EXPECT_EQ(nearest_name("email_adress", names), "EMAIL_ADDRESS");
  EXPECT_EQ(nearest_name("rule", names), "rules");
  EXPECT_EQ(nearest_name("bogus", names), std::nullopt);
  EXPECT_EQ(nearest_name("", names), std::nullopt);
  EXPECT_EQ(nearest_name(std::string(100'000, 'a'), names), std::nullopt);
  EXPECT_EQ(did_you_mean("scna", names), "; did you mean 'scan'?");
  EXPECT_EQ(did_you_mean("bogus", names), "");
}

}  // namespace
}  // namespace assay::core
