#include <gtest/gtest.h>

#include "classify/validators/check_expectations.h"

namespace assay::classify {
namespace {

TEST(GeoCoordinates, NeedsTwoPreciseNumbersInRange) {
  for (const auto* text : {"40.7128, -74.0060", "48.85837,2.294481", "(51.5007; -0.1246)", "51°30'26\"N 0°7'39\"W",
                           "40° 26.767' N, 79° 58.933' W"})
    EXPECT_EQ(check_of("geo_coordinates", text), Check::valid) << text;
  for (const auto* text : {"91.1234, 10.1234", "40.71, -74.00", "40.7128, 181.0060", "0.1234, 0.5678",
                           "95°30'26\"N 0°7'39\"W", "51°61'26\"N 0°7'39\"W", "12.5", ""})
    EXPECT_EQ(check_of("geo_coordinates", text), Check::invalid) << text;
}

}  // namespace
}  // namespace assay::classify
