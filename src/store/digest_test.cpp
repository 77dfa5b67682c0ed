#include <gmock/gmock.h>

#include "store/statements.h"
#include "store/store_test.h"

namespace assay::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Digest : public StoreTest {
 protected:
  Digest() { add_worker("w"); }
  /// The jobs of the next answer.
  std::vector<int64_t> ask(std::vector<int64_t> also = {}) {
    const Store::JobDigest digest = store_->digest_jobs("o", mark_, also);
    mark_ = digest.mark;
    std::vector<int64_t> ids;
    for (const Store::JobNeeds& job : digest.jobs) ids.push_back(job.job_id);
    return ids;
  }
  int64_t mark_ = 0;
};
ASSAY_FOR_ALL_STORES(Digest);

TEST_P(Digest, TellsOfAllAtFirstAndThenOfWhatChanged) {
  const int64_t first = submit_and_take(1), second = submit_and_take(2), third = submit_and_take(1);
  EXPECT_THAT(ask(), ElementsAre(first, second, third));
  EXPECT_THAT(ask(), IsEmpty());
  const auto claimed = claim("w", 1);
  ASSERT_EQ(claimed.size(), 1U);
  EXPECT_THAT(ask(), ElementsAre(claimed[0].job_id));
  EXPECT_THAT(ask(), IsEmpty());
  store_->complete_tasks("w", std::vector{completion(claimed[0])});
  EXPECT_THAT(ask(), ElementsAre(claimed[0].job_id));
  EXPECT_THAT(ask(std::vector{second}), ElementsAre(second)) << "asked for";
  EXPECT_THAT(ask(), IsEmpty());
}

TEST_P(Digest, TellsOfNoJobThatAnotherHolds) {
  const int64_t mine = submit_and_take(1);
  const int64_t other = submit(1);
  store_->claim_jobs("p", "default", 10, 60'000);
  EXPECT_THAT(ask(), ElementsAre(mine));
  const int64_t waiting = submit(1);
  EXPECT_EQ(claim("w", 100).size(), 2U);
  EXPECT_THAT(ask(std::vector{other, waiting}), ElementsAre(mine));
}

TEST_P(Digest, TellsOfCommandsUntilTheyAreObeyed) {
  const int64_t job = submit_and_take(1);
  submit_and_take(1);
  ask();
  store_->request_command(job, model::JobCommand::pause);
  EXPECT_THAT(ask(), ElementsAre(job));
  EXPECT_THAT(ask(), ElementsAre(job));
  EXPECT_TRUE(store_->execute_pending_command(job, store_->find_job(job)->version));
  EXPECT_THAT(ask(), IsEmpty());
}

TEST_P(Digest, CountsChanges) {
  const int64_t job = submit_and_take(2);
  const auto changes = [&] { return store_->digest_jobs("o", 0, {}).jobs.at(0).changes; };
  int64_t before = changes();
  const auto claimed = claim("w", 1);
  EXPECT_GT(changes(), before);
  before = changes();
  // There and back again: the counters are what they were, and yet something moved.
  store_->give_back_tasks("w", claimed);
  EXPECT_GT(changes(), before);
  EXPECT_EQ(sum_of(job).ready, 2U);
}

/// A transaction that began before the question, and is over after the answer, also when others began later and were
/// over earlier.
TEST_P(Digest, MissesNoTransactionThatTakesLong) {
  if (is_sqlite()) GTEST_SKIP() << "one writer at a time";
  const int64_t slow = submit_and_take(1), quick = submit_and_take(1);
  EXPECT_THAT(ask(), ElementsAre(slow, quick));
  const auto write = [](sql::Connection& connection, int64_t job_id) {
    execute(connection,
            expand("UPDATE job_progress SET changed_in = @change, changes = changes + 1 WHERE job_id = $1",
                   sql::Dialect::postgresql),
            job_id);
  };
  sql::ConnectOptions connect;
  connect.url = options_.url;
  const auto other = sql::connect(connect);
  raw_->begin();
  write(*raw_, slow);
  EXPECT_THAT(ask(), IsEmpty());
  write(*other, quick);
  EXPECT_THAT(ask(), ElementsAre(quick));
  raw_->commit();
  EXPECT_THAT(ask(), testing::Contains(slow));
  EXPECT_THAT(ask(), IsEmpty());
}

TEST_P(Digest, AMarkOfAnotherServerIsPutRightByTheNextChange) {
  if (is_sqlite()) GTEST_SKIP() << "its marks are its own";
  const int64_t job = submit_and_take(1);
  raw_->run_script("UPDATE job_progress SET changed_in = 4000000000000000000");
  EXPECT_THAT(ask(), ElementsAre(job));
  EXPECT_THAT(ask(), IsEmpty()) << "else it would come with every answer";
  EXPECT_EQ(claim("w", 1).size(), 1U);
  EXPECT_THAT(ask(), ElementsAre(job));
  EXPECT_THAT(ask(), IsEmpty());
}

}  // namespace
}  // namespace assay::store
