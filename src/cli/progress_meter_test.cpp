#include "cli/progress_meter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

model::ProgressDelta work(uint64_t objects, uint64_t bytes, uint64_t all_objects = 1000,
                          uint64_t all_bytes = 1'000'000) {
  model::ProgressDelta w;
  w.objects_discovered = all_objects;
  w.bytes_discovered = all_bytes;
  w.objects_done = objects;
  w.bytes_done = bytes;
  return w;
}

TEST(ProgressMeter, TellsRateAndTimeLeft) {
  ProgressMeter meter;
  EXPECT_EQ(meter.remaining_s(), std::nullopt);
  meter.add(10'000, work(0, 0));
  EXPECT_EQ(meter.remaining_s(), std::nullopt);
  meter.add(12'000, work(200, 100'000));
  EXPECT_DOUBLE_EQ(meter.objects_per_s(), 100);
  EXPECT_DOUBLE_EQ(meter.bytes_per_s(), 50'000);
  EXPECT_DOUBLE_EQ(meter.remaining_s().value(), 18) << "bytes are the slower of the two";
  meter.add(14'000, work(1000, 1'000'000));
  EXPECT_DOUBLE_EQ(meter.remaining_s().value(), 0);
}

TEST(ProgressMeter, ForgetsWhatIsLongAgo) {
  ProgressMeter meter;
  for (int64_t s = 0; s <= 100; ++s) meter.add(s * 1000, work(s < 50 ? static_cast<uint64_t>(s) : 50, 0, 1000, 0));
  EXPECT_EQ(meter.objects_per_s(), 0);
  EXPECT_EQ(meter.remaining_s(), std::nullopt) << "nothing advances";
}

TEST(ProgressMeter, BeginsAnewWhenClockOrJobGoBack) {
  ProgressMeter meter;
  meter.add(10'000, work(500, 0));
  meter.add(9'000, work(600, 0));
  EXPECT_EQ(meter.objects_per_s(), 0);
  meter.add(10'000, work(10, 0));
  EXPECT_EQ(meter.objects_per_s(), 0);
}

TEST(ProgressLine, SaysWhatIsWorthSaying) {
  store::JobRow job;
  job.id = 7;
  job.status = model::JobStatus::running;
  store::ProgressRow sum;
  sum.work = work(1200, 3'000'000, 4000, 9'000'000);
  sum.work.findings = 12;
  ProgressMeter meter;
  meter.add(0, work(0, 0, 4000, 9'000'000));
  meter.add(1000, sum.work);
  std::string line = progress_line(job, sum, meter);
  EXPECT_THAT(line, HasSubstr("job 7 RUNNING  1,200 of 4,000 objects  3.0 MB of 9.0 MB  12 findings"));
  EXPECT_THAT(line, HasSubstr("3.0 MB/s  ETA 2 s"));
  EXPECT_THAT(line, Not(HasSubstr("unchanged")));
  sum.work.objects_skipped = 5;
  sum.work.objects_failed = 6;
  sum.dead = 7;
  job.status = model::JobStatus::failed;
  line = progress_line(job, sum, meter);
  EXPECT_THAT(line, HasSubstr("5 unchanged  6 not read in full  7 tasks dead"));
  EXPECT_THAT(line, Not(HasSubstr("ETA")));
}

}  // namespace
}  // namespace assay::cli
