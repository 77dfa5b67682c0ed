#include "core/log.h"

#include <gmock/gmock.h>

#include <cmath>
#include <sstream>
#include <string>
#include <type_traits>

#include "core/clock.h"
#include "core/error.h"
#include "core/sensitive.h"

namespace assay::core {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

static_assert(!std::is_constructible_v<LogField, std::string_view, Sensitive<std::string>>,
              "a sensitive value must not become a field");
static_assert(!std::is_constructible_v<LogField, std::string_view, Sensitive<int>>);

TEST(Log, WritesOneJsonObjectALine) {
  std::ostringstream out;
  const Log log = Log::to_stream(out, LogLevel::info).with({{"worker", "w1"}, {"node_group", "default"}});
  log.info("task done", {{"job", 7}, {"task", int64_t{9}}, {"ratio", 0.5}, {"isolated", true}});
  EXPECT_THAT(out.str(),
              MatchesRegex("\\{\"time\":\"[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+\\.[0-9][0-9][0-9]Z\",\"level\":"
                           "\"info\",\"message\":\"task done\",\"worker\":\"w1\",\"node_group\":\"default\","
                           "\"job\":7,\"task\":9,\"ratio\":0.5,\"isolated\":true\\}\n"));
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
  std::ostringstream out;
  const Log log = Log::to_stream(out, LogLevel::warning);
  log.info("quiet");
  EXPECT_EQ(out.str(), "");
  EXPECT_FALSE(log.writes(LogLevel::info));
  log.error("loud");
  EXPECT_THAT(out.str(), HasSubstr("\"level\":\"error\",\"message\":\"loud\""));
}

TEST(Log, NothingInAFieldBreaksTheLine) {
  std::ostringstream out;
  const Log log = Log::to_stream(out, LogLevel::info);
  log.info("x", {{"text", std::string("a\"b\\c\nd\x01\x7f\xc3\xa9\xff\xed\xa0\x80")}, {"number", std::nan("")}});
  EXPECT_THAT(
      out.str(),
      HasSubstr(
          "\"text\":\"a\\\"b\\\\c\\u000ad\\u0001\\u007f\xc3\xa9\\ufffd\\ufffd\\ufffd\\ufffd\",\"number\":null}\n"));
}

TEST(Log, ADefaultOneWritesNothing) {
  const Log log;
  log.error("nobody hears");
  EXPECT_FALSE(log.writes(LogLevel::error));
}

TEST(Log, SaysWhichFileItCannotOpen) {
  try {
    Log::to_file("/dev/null/log", LogLevel::info);
    FAIL() << "opened it";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_THAT(error.what(), HasSubstr("/dev/null/log"));
  }
}

TEST(Log, LevelsHaveNames) {
  EXPECT_EQ(log_level_from_string("warning"), LogLevel::warning);
  EXPECT_EQ(log_level_from_string("loud"), std::nullopt);
  EXPECT_EQ(to_string(LogLevel::off), "off");
}

TEST(ManualClock, MovesBothClocksOrTheWallAlone) {
  ManualClock clock(1000);
  const int64_t begun = clock.monotonic_ms();
  clock.advance(5);
  EXPECT_EQ(clock.now_ms(), 1005);
  EXPECT_EQ(clock.monotonic_ms(), begun + 5);
  clock.set_now(0);
  EXPECT_EQ(clock.now_ms(), 0);
  EXPECT_EQ(clock.monotonic_ms(), begun + 5);
}

TEST(SystemClock, NeverGoesBack) {
  const int64_t first = system_clock().monotonic_ms();
  EXPECT_GE(system_clock().monotonic_ms(), first);
  EXPECT_GT(system_clock().now_ms(), 1'600'000'000'000);
}

}  // namespace
}  // namespace assay::core
