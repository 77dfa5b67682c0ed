#include <fmt/format.h>

#include <thread>

#include "core/fault_point.h"
#include "sql/error.h"
#include "store/store_test.h"
#include "tests/support/commit_cutter.h"
#include "tests/support/postgres_server.h"

// A claim that was committed, and whose answer was lost for longer than it is asked for again: the worker does not know
// that the tasks are its own. PostgreSQL only: SQLite has no line to lose.
namespace assay::store {
namespace {

using testing::Each;
using testing::Field;

class DoubtfulClaims : public StoreTest {
 protected:
  DoubtfulClaims() : cutter_(test::PostgresServer::shared().port()) {
    StoreOptions options;
    options.url = fmt::format("postgresql://assay@127.0.0.1:{}/{}", cutter_.port(), place_);
    far_ = Store::open(options, false);
    add_worker("w");
    job_ = submit_and_take(4);
    cutter_.lose_every(1);
    const core::Error error = error_of([&] { far_claim(2); });
    cutter_.lose_every(0);
    EXPECT_EQ(error.kind(), core::ErrorKind::transient);
    EXPECT_EQ(sum_of(job_).running, 2U) << "they were claimed all the same";
  }
  ~DoubtfulClaims() override { core::set_fault_points(""); }

  std::vector<model::ClaimedTask> far_claim(size_t most) {
    return far_->claim_ready_tasks({.worker_id = "w", .node_group = "default", .kinds = {"work"}, .most = most});
  }

  tests::CommitCutter cutter_;
  std::unique_ptr<Store> far_;  // the worker's way to the database
  int64_t job_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Dialects, DoubtfulClaims, testing::Values(sql::Dialect::postgresql),
                         [](const auto& test) { return std::string(to_string(test.param)); });

TEST_P(DoubtfulClaims, AreGivenBackBeforeTheNext) {
  const auto tasks = far_claim(4);
  ASSERT_EQ(tasks.size(), 4U);
  std::vector<int64_t> epochs;
  for (const auto& task : tasks) epochs.push_back(task.epoch);
  EXPECT_THAT(epochs, testing::UnorderedElementsAre(3, 3, 1, 1)) << "two were claimed, given back, and claimed again";
  EXPECT_THAT(tasks, Each(Field(&model::ClaimedTask::attempt, 1))) << "nobody is charged";
  EXPECT_EQ(sum_of(job_).running, 4U);
  expect_counters_to_equal_a_count();
}

TEST_P(DoubtfulClaims, WhoseGivingBackIsLostTooAreGivenBackOnce) {
  core::set_fault_points(
      "give_back_doubtful_claims.before_commit=throw:1,give_back_doubtful_claims.after_commit=throw:1");
  EXPECT_EQ(far_claim(4).size(), 4U);
  EXPECT_EQ(sum_of(job_).running, 4U);
  expect_counters_to_equal_a_count();
}

TEST_P(DoubtfulClaims, ThatTheReaperRescuedBelongToOthers) {
  let_expire("w");
  EXPECT_EQ(store_->rescue_tasks_of_dead_workers(100), 2U);
  add_worker("v");
  const auto others = claim("v", 4, true);
  ASSERT_EQ(others.size(), 1U) << "one that was rescued comes alone";
  EXPECT_TRUE(far_claim(4).empty()) << "a worker that is lost claims nothing";
  EXPECT_EQ(store_->complete_tasks("v", std::vector{completion(others[0])}).size(), 1U)
      << "what another holds by now is not given back";
  expect_counters_to_equal_a_count();
}

TEST_P(DoubtfulClaims, RaceWithTheReaperToOneEnd) {
  let_expire("w");
  // The reaper has the rows while the worker wants to give them back: whoever is second finds nothing of its own.
  std::jthread reaper([&] { store_->rescue_tasks_of_dead_workers(100); });
  EXPECT_TRUE(far_claim(4).empty() || sum_of(job_).running > 0);
  reaper.join();
  store_->rescue_tasks_of_dead_workers(100);
  const ProgressRow sum = sum_of(job_);
  EXPECT_EQ(sum.ready + sum.running, 4U);
  expect_counters_to_equal_a_count();
}

}  // namespace
}  // namespace assay::store
