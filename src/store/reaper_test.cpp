#include <fmt/format.h>

#include <map>
#include <random>
#include <thread>

#include "store/store_test.h"

namespace assay::store {
namespace {

using model::TaskStatus;

class Reaper : public StoreTest {
 protected:
  /// A worker takes tasks and dies.
  std::vector<model::ClaimedTask> take_and_die(size_t most, bool isolated = false) {
    const std::string id = fmt::format("dying-{}", ++workers_);
    add_worker(id);
    auto tasks = claim(id, most, isolated);
    let_expire(id);
    return tasks;
  }
  int workers_ = 0;
};
ASSAY_FOR_ALL_STORES(Reaper);

TEST_P(Reaper, TasksOfTheLivingStay) {
  submit_and_take(2);
  add_worker("w");
  claim("w");
  EXPECT_EQ(store_->rescue_tasks_of_dead_workers(100), 0U);
  EXPECT_TRUE(store_->heartbeat_worker("w", 60'000, true));
  EXPECT_TRUE(store_->list_workers().at(0).draining);
}

TEST_P(Reaper, BatchMatesAreQuarantinedAndNotCharged) {
  const int64_t job = submit_and_take(3);
  take_and_die(3);
  EXPECT_EQ(store_->rescue_tasks_of_dead_workers(2), 2U);
  EXPECT_EQ(store_->rescue_tasks_of_dead_workers(2), 1U);  // the last one did not run alone
  EXPECT_EQ(store_->rescue_tasks_of_dead_workers(2), 0U);
  for (const TaskRow& row : store_->list_tasks(job, TaskStatus::ready, 0, 10)) {
    EXPECT_EQ(row.attempt, 0);
    EXPECT_EQ(row.epoch, 2);
  }
  expect_counters_to_equal_a_count();
  add_worker("w");
  EXPECT_TRUE(claim("w").empty());  // not in a batch
  const auto alone = claim("w", 100, true);
  ASSERT_EQ(alone.size(), 1U);
  EXPECT_TRUE(alone[0].isolated);
  EXPECT_EQ(alone[0].attempt, 1);
  expect_counters_to_equal_a_count();
  EXPECT_EQ(store_->complete_tasks("w", std::vector{completion(alone[0])}).size(), 1U);
  EXPECT_EQ(sum_of(job).rescues, 3U);
  expect_counters_to_equal_a_count();
}

TEST_P(Reaper, WhoRanAloneIsCharged) {
  const int64_t job = submit_and_take(1);
  take_and_die(1);
  EXPECT_EQ(store_->rescue_tasks_of_dead_workers(100), 1U);
  EXPECT_EQ(store_->list_tasks(job, std::nullopt, 0, 10).at(0).attempt, 1);
  expect_counters_to_equal_a_count();
}

TEST_P(Reaper, APoisonTaskDiesAndItsBatchMatesComplete) {
  NewMasterJob description;
  description.max_attempts = 3;
  const OwnedJob job = take(submit(10, description));
  const int64_t poison = store_->list_tasks(job.id, std::nullopt, 0, 10).at(4).id;
  int deaths = 0;
  for (int turn = 0; turn < 100 && sum_of(job.id).ready > 0; ++turn) {
    const std::string worker = fmt::format("w{}", turn);
    add_worker(worker);
    const auto tasks = claim(worker, 100, true);
    bool dies = false;
    for (const auto& each : tasks) dies = dies || each.id == poison;
    if (dies) {
      ++deaths;
      let_expire(worker);
      store_->rescue_tasks_of_dead_workers(100);
    } else {
      for (const auto& each : tasks) store_->complete_tasks(worker, std::vector{completion(each)});
      store_->unregister_worker(worker);
    }
  }
  EXPECT_EQ(sum_of(job.id).dead, 1U);
  EXPECT_EQ(sum_of(job.id).completed, 9U);
  EXPECT_EQ(deaths, 1 + 3);  // once with its mates, then alone until its attempts are used up
  const auto dead = store_->list_tasks(job.id, TaskStatus::dead, 0, 10);
  EXPECT_EQ(dead.at(0).id, poison);
  EXPECT_EQ(dead.at(0).attempt, 3);
  for (const TaskRow& row : store_->list_tasks(job.id, TaskStatus::completed, 0, 10)) EXPECT_EQ(row.attempt, 1);
  expect_counters_to_equal_a_count();
}

TEST_P(Reaper, TwoReapersRescueOnce) {
  const int64_t job = submit_and_take(400);
  take_and_die(400);
  std::vector<std::thread> threads;
  std::atomic<size_t> rescued = 0;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      while (const size_t some = store_->rescue_tasks_of_dead_workers(50)) rescued += some;
    });
  for (auto& thread : threads) thread.join();
  rescued += store_->rescue_tasks_of_dead_workers(1'000);
  EXPECT_EQ(rescued, 400U);
  EXPECT_EQ(sum_of(job).rescues, 400U);
  expect_counters_to_equal_a_count();
}

TEST_P(Reaper, RacesACompletionAndOneWins) {
  const int64_t job = submit_and_take(300);
  add_worker("w");
  const auto tasks = claim("w", 300);
  let_expire("w");
  std::atomic<size_t> completed = 0, rescued = 0;
  std::thread reaper([&] {
    while (const size_t some = store_->rescue_tasks_of_dead_workers(20)) rescued += some;
  });
  for (size_t at = 0; at < tasks.size(); at += 10) {
    std::vector<TaskCompletion> batch;
    for (size_t i = at; i < at + 10; ++i) batch.push_back(completion(tasks[i]));
    completed += store_->complete_tasks("w", batch).size();
  }
  reaper.join();
  rescued += store_->rescue_tasks_of_dead_workers(1'000);
  EXPECT_EQ(completed + rescued, 300U);
  EXPECT_EQ(sum_of(job).completed, completed);
  EXPECT_EQ(sum_of(job).ready, rescued);
  expect_counters_to_equal_a_count();
}

TEST_P(Reaper, AWorkerThatLeavesGivesBackWithoutCharge) {
  const int64_t job = submit_and_take(3);
  add_worker("w");
  const auto tasks = claim("w");
  store_->unregister_worker("w");
  EXPECT_EQ(sum_of(job).ready, 3U);
  EXPECT_EQ(store_->list_tasks(job, std::nullopt, 0, 10).at(0).attempt, 0);
  EXPECT_TRUE(store_->complete_tasks("w", std::vector{completion(tasks[0])}).empty());
  EXPECT_TRUE(store_->list_workers().empty());
  add_worker("w");  // the name comes back, as a new one
  EXPECT_EQ(claim("w").size(), 3U);
  expect_counters_to_equal_a_count();
}

TEST_P(Reaper, DeadProcessesAreForgotten) {
  submit_and_take(2);
  take_and_die(2);
  store_->rescue_tasks_of_dead_workers(1);
  EXPECT_EQ(store_->remove_dead_processes(0), 0U);  // one of its tasks is not rescued yet
  store_->rescue_tasks_of_dead_workers(1);
  EXPECT_EQ(store_->remove_dead_processes(3'600'000), 0U);
  EXPECT_EQ(store_->remove_dead_processes(0), 1U);
}

// Whatever happens in whatever order, the counters are what a full count says. The seed of a failure is printed.
TEST_P(Reaper, CountersEqualACountAfterRandomOperations) {
  for (unsigned seed = 1; seed <= (is_sqlite() ? 6U : 3U); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    std::mt19937 random(seed);
    const auto below = [&](size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random); };
    std::vector<OwnedJob> jobs;
    std::vector<std::pair<std::string, model::ClaimedTask>> held;
    const std::string worker = fmt::format("w{}", seed);
    add_worker(worker);
    for (int step = 0; step < 120; ++step) {
      const auto pop = [&] {
        std::swap(held[below(held.size())], held.back());
        auto out = held.back();
        held.pop_back();
        return out;
      };
      switch (below(12)) {
        case 0: {
          auto waiting = task(2);
          waiting.needs_admission = true;
          jobs.push_back(take(submit_tasks({task(), task(2), waiting, task()})));
          break;
        }
        case 1:
        case 2:
          for (auto& each : claim(worker, 1 + below(5), below(2) == 0)) held.emplace_back(worker, each);
          break;
        case 3:
        case 4:
          if (!held.empty()) {
            const auto [who, which] = pop();
            TaskCompletion done = completion(which);
            if (below(2) == 0) done.outputs = {{.child_kind = "work", .datasource_id = 2, .payload = "[]"}};
            store_->complete_tasks(who, std::vector{done});
          }
          break;
        case 5:
          if (!held.empty()) {
            const auto [who, which] = pop();
            const auto kind = below(3) == 0 ? model::FailureKind::permanent : model::FailureKind::transient;
            store_->fail_tasks(who, std::vector{failure(which, kind)});
          }
          break;
        case 6:
          if (!held.empty()) {
            const auto [who, which] = pop();
            store_->give_back_tasks(who, std::vector{which});
          }
          break;
        case 7:
          let_come_due();
          store_->retry_due_tasks(1 + below(5));
          break;
        case 8:
          if (below(3) == 0) {
            for (auto& each : take_and_die(1 + below(3), below(2) == 0))
              held.emplace_back(fmt::format("dying-{}", workers_), each);
          } else {
            store_->rescue_tasks_of_dead_workers(1 + below(4));
          }
          break;
        case 9:
          if (!jobs.empty()) {
            const OwnedJob& job = jobs[below(jobs.size())];
            std::vector<int64_t> ids;
            for (const TaskRow& row : store_->pending_tasks(job.id, 2)) ids.push_back(row.id);
            store_->admit_tasks(job.id, job.version, ids);
          }
          break;
        case 10:
          if (!jobs.empty()) {
            const OwnedJob& job = jobs[below(jobs.size())];
            std::vector<int64_t> ids;
            for (const auto& output : store_->waiting_outputs(job.id, 3)) ids.push_back(output.first);
            store_->replace_outputs(job.id, job.version, ids, std::vector(below(3), task(2)), {});
          }
          break;
        default:
          if (!jobs.empty()) store_->retry_dead_tasks(jobs[below(jobs.size())].id, {});
      }
    }
    expect_counters_to_equal_a_count();
    store_->unregister_worker(worker);
    expect_counters_to_equal_a_count();
  }
}

}  // namespace
}  // namespace assay::store
