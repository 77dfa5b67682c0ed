#include "coordinate/owned_jobs.h"

#include <gmock/gmock.h>

namespace assay::coordinate {
namespace {

using ::testing::ElementsAre;

class OwnedJobsTest : public ::testing::Test {
 protected:
  void adopt(int64_t id, int64_t version, int64_t for_ms = 1'000) {
    store::OwnedJob job;
    job.id = id;
    job.version = version;
    job.configuration = R"({"correlation_id":"c"})";
    jobs.adopt({job}, clock.monotonic_ms() + for_ms);
  }
  core::ManualClock clock;
  OwnedJobs jobs{clock};
};

TEST_F(OwnedJobsTest, GivesAJobOutOnlyWhileItsLeaseIsCertain) {
  adopt(1, 5);
  ASSERT_TRUE(jobs.find(1));
  EXPECT_EQ(jobs.find(1)->correlation_id, "c");
  clock.advance(999);
  const auto job = jobs.find(1);
  ASSERT_TRUE(job);
  EXPECT_TRUE(jobs.holds(*job));
  clock.advance(1);
  EXPECT_FALSE(jobs.find(1));
  EXPECT_FALSE(jobs.holds(*job));
}

TEST_F(OwnedJobsTest, ARenewalKeepsWhatWasRenewedAndDropsTheRest) {
  adopt(1, 5);
  adopt(2, 6);
  const auto asked = jobs.fences();
  EXPECT_THAT(asked.ids, ElementsAre(1, 2));
  EXPECT_THAT(asked.versions, ElementsAre(5, 6));
  adopt(3, 1);
  const std::vector<int64_t> renewed = {2};
  EXPECT_EQ(jobs.settle_renewal(asked, renewed, clock.monotonic_ms() + 5'000), 1U);
  clock.advance(1'000);
  EXPECT_FALSE(jobs.find(1));
  EXPECT_TRUE(jobs.find(2));
  EXPECT_EQ(jobs.size(), 2U) << "the one that came meanwhile is not judged by that renewal";
}

TEST_F(OwnedJobsTest, ARenewalDoesNotTouchAJobTakenAnewMeanwhile) {
  adopt(1, 5);
  const auto asked = jobs.fences();
  adopt(1, 7);
  EXPECT_EQ(jobs.settle_renewal(asked, {}, 0), 0U);
  EXPECT_TRUE(jobs.find(1));
  jobs.drop(1, 5);
  EXPECT_TRUE(jobs.find(1)) << "dropped at an older version";
  jobs.set_status(1, 5, model::JobStatus::paused);
  EXPECT_EQ(jobs.find(1)->status, model::JobStatus::queued);
}

TEST_F(OwnedJobsTest, NotesEachNeedOnceAndSkipsJobsNoLongerHeld) {
  int told = 0;
  jobs.on_need([&](Need) { ++told; });
  adopt(1, 1);
  adopt(2, 1);
  EXPECT_TRUE(jobs.note(Need::monitor, 1));
  EXPECT_FALSE(jobs.note(Need::monitor, 1));
  jobs.note(Need::monitor, 9);
  jobs.note_quietly(Need::monitor, 2);
  EXPECT_EQ(told, 2);
  EXPECT_EQ(jobs.waiting(Need::monitor), 3U);
  EXPECT_EQ(jobs.next(Need::monitor)->id, 1);
  EXPECT_EQ(jobs.next(Need::monitor)->id, 2);
  EXPECT_FALSE(jobs.next(Need::monitor));
  EXPECT_FALSE(jobs.next(Need::pipeliner));
}

TEST_F(OwnedJobsTest, GivesAllThatIsNotedAtOnce) {
  adopt(1, 1);
  jobs.note(Need::digest, 1);
  jobs.note(Need::digest, 9);
  EXPECT_THAT(jobs.take_all(Need::digest), ElementsAre(1, 9));
  EXPECT_EQ(jobs.waiting(Need::digest), 0U);
  EXPECT_TRUE(jobs.note(Need::digest, 1)) << "noted anew";
}

TEST_F(OwnedJobsTest, AJobWhoseLeaseWasInDoubtIsAskedAboutAgain) {
  adopt(1, 1);
  adopt(2, 1, 9'000);
  jobs.note(Need::pipeliner, 1);
  clock.advance(2'000);
  EXPECT_FALSE(jobs.next(Need::pipeliner)) << "and what it needed is forgotten";
  const std::vector<int64_t> renewed = {1, 2};
  jobs.settle_renewal(jobs.fences(), renewed, clock.monotonic_ms() + 5'000);
  EXPECT_THAT(jobs.take_all(Need::digest), ElementsAre(1));
  jobs.settle_renewal(jobs.fences(), renewed, clock.monotonic_ms() + 5'000);
  EXPECT_THAT(jobs.take_all(Need::digest), ElementsAre());
}

TEST_F(OwnedJobsTest, KnowsWhetherCountersMoved) {
  adopt(1, 1);
  EXPECT_TRUE(jobs.saw_changes(1, 0));
  EXPECT_FALSE(jobs.saw_changes(1, 0));
  EXPECT_TRUE(jobs.saw_changes(1, 4));
  adopt(1, 2);
  EXPECT_TRUE(jobs.saw_changes(1, 4)) << "taken anew";
  EXPECT_FALSE(jobs.saw_changes(2, 4)) << "not held";
}

}  // namespace
}  // namespace assay::coordinate
