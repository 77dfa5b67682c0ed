#include "http/retry.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace assay::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Retry, WaitsARandomTimeOfAGrowingRange) {
  const RetryPolicy policy{.most_attempts = 5, .first_delay = milliseconds(100), .most_delay = milliseconds(250)};
  std::set<int64_t> first;
  for (int i = 0; i < 2000; ++i) {
    const auto delay = delay_before_retry(policy, 1, nullptr);
    ASSERT_TRUE(delay);
    EXPECT_LE(*delay, milliseconds(100));
    first.insert(delay->count());
    EXPECT_LE(*delay_before_retry(policy, 2, nullptr), milliseconds(200));
    EXPECT_LE(*delay_before_retry(policy, 4, nullptr), milliseconds(250));
  }
  EXPECT_EQ(first.size(), 101U);  // all of 0..100, so near to certain with 2000 draws that the test is
  EXPECT_FALSE(delay_before_retry(policy, 5, nullptr));
}

TEST(Retry, DoesAsTheServerAsksWithinBounds) {
  const RetryPolicy policy{.most_attempts = 3, .first_delay = milliseconds(1), .most_retry_after = seconds(10)};
  const auto after = [&](const std::string& value) {
    const Response answer{.status = 503, .headers = {{"Retry-After", value}}, .body = {}};
    return delay_before_retry(policy, 1, &answer);
  };
  EXPECT_EQ(after("7"), milliseconds(7000));
  EXPECT_EQ(after("11"), std::nullopt);
  EXPECT_LE(after("Sun, 06 Nov 1994 08:49:37 GMT"), milliseconds(1));
  EXPECT_EQ(after("Sun, 06 Nov 2094 08:49:37 GMT"), std::nullopt);
  EXPECT_LE(after("-5"), milliseconds(1));
  EXPECT_LE(after("whenever"), milliseconds(1));
}

TEST(Retry, AWaitEndsWithAStop) {
  std::stop_source stop;
  const std::jthread stopper([&] { stop.request_stop(); });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(wait_before_retry(std::chrono::hours(1), stop.get_token()), core::Error);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(1));
}

}  // namespace
}  // namespace assay::http
