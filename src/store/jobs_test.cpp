#include <fmt/format.h>

#include <map>
#include <set>
#include <thread>

#include "core/fault_point.h"
#include "model/transitions.h"
#include "store/job_conditions.h"
#include "store/store_test.h"

namespace assay::store {
namespace {

using core::ErrorKind;
using model::JobCommand;
using model::JobStatus;
using testing::ElementsAre;

class Jobs : public StoreTest {
 protected:
  Jobs() { add_worker("w"); }
  ~Jobs() override { core::set_fault_points(""); }
  void command(const OwnedJob& job, JobCommand what) {
    store_->request_command(job.id, what);
    EXPECT_TRUE(store_->execute_pending_command(job.id, job.version));
  }
  std::vector<Store::JobNeeds> needs() {
    std::vector<Store::JobNeeds> jobs = store_->digest_jobs("o", 0, {}).jobs;
    std::erase_if(jobs,
                  [](const auto& job) { return !job.command && !job.monitor && !job.pipeliner && !job.assigner; });
    return jobs;
  }
  void complete_all() {
    for (;;) {
      const auto tasks = claim();
      if (tasks.empty()) return;
      for (const auto& each : tasks) store_->complete_tasks("w", std::vector{completion(each)});
    }
  }
};
ASSAY_FOR_ALL_STORES(Jobs);

TEST_P(Jobs, AreSubmittedWhole) {
  NewMasterJob master;
  master.template_name = "nightly";
  master.priority = 3;
  master.children.push_back({.node_group = "a", .configuration = R"({"x":1})", .first_tasks = {task(), task()}});
  master.children.push_back({.node_group = "b", .configuration = R"({"x":2})", .first_tasks = {task()}});
  const SubmittedJob submitted = store_->submit_job(master);
  ASSERT_EQ(submitted.job_ids.size(), 2U);
  EXPECT_FALSE(submitted.existed);
  const JobRow row = store_->find_job(submitted.job_ids[1]).value();
  EXPECT_EQ(row.node_group, "b");
  EXPECT_EQ(row.template_name, "nightly");
  EXPECT_EQ(row.priority, 3);
  EXPECT_EQ(row.status, JobStatus::queued);
  EXPECT_EQ(row.master_job_id, submitted.master_job_id);
  EXPECT_EQ(store_->job_configuration(submitted.job_ids[1]), R"({"x":2})");
  EXPECT_EQ(sum_of(submitted.job_ids[0]).ready, 2U);
  EXPECT_EQ(store_->list_jobs(1).at(0).id, submitted.job_ids[1]);
  EXPECT_EQ(error_of([&] { store_->submit_job({}); }).kind(), ErrorKind::bad_input);
  EXPECT_EQ(error_of([&] { (void)store_->job_configuration(99); }).kind(), ErrorKind::not_found);
  EXPECT_FALSE(store_->find_job(99));
  expect_counters_to_equal_a_count();
}

TEST_P(Jobs, WithOneKeyAreOne) {
  std::vector<SubmittedJob> submitted(8);
  std::vector<std::thread> threads;
  for (auto& result : submitted)
    threads.emplace_back([&] {
      NewMasterJob job;
      job.idempotency_key = "monday";
      job.children.push_back({.node_group = "default", .configuration = "{}", .first_tasks = {task()}});
      result = store_->submit_job(job);
    });
  for (auto& thread : threads) thread.join();
  std::set<int64_t> masters;
  int fresh = 0;
  for (const auto& each : submitted) {
    masters.insert(each.master_job_id);
    fresh += each.existed ? 0 : 1;
    EXPECT_EQ(each.job_ids, submitted[0].job_ids);
  }
  EXPECT_EQ(masters.size(), 1U);
  EXPECT_EQ(fresh, 1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs"), 1);
  EXPECT_EQ(number("SELECT COUNT(*) FROM tasks"), 1);
}

TEST_P(Jobs, WhoseSubmissionsAnswerIsLostAreOne) {
  core::set_fault_points("submit_job.after_commit=throw:1");
  NewMasterJob job;
  job.children.push_back({.node_group = "default", .configuration = "{}", .first_tasks = {task()}});
  EXPECT_EQ(store_->submit_job(job).job_ids.size(), 1U);
  EXPECT_EQ(number("SELECT COUNT(*) FROM jobs"), 1);
}

TEST_P(Jobs, AreClaimedOnceAndBestFirst) {
  const int64_t later = submit(1);
  NewMasterJob urgent;
  urgent.priority = -5;
  const int64_t first = submit(1, urgent);
  const auto one = store_->claim_jobs("o", "default", 1, 60'000);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].id, first);
  EXPECT_EQ(one[0].version, 1);
  EXPECT_EQ(one[0].status, JobStatus::running);
  EXPECT_EQ(store_->claim_jobs("p", "default", 10, 60'000).at(0).id, later);
  EXPECT_TRUE(store_->claim_jobs("p", "default", 10, 60'000).empty());
  EXPECT_TRUE(store_->claim_jobs("p", "elsewhere", 10, 60'000).empty());
}

TEST_P(Jobs, ThatWaitLongOvertake) {
  const int64_t old = submit(1);
  execute(*raw_, "UPDATE jobs SET created_at = created_at - 600000 WHERE id = $1", old);
  NewMasterJob urgent;
  urgent.priority = -5;
  submit(1, urgent);
  EXPECT_EQ(store_->claim_jobs("o", "default", 1, 60'000).at(0).id, old);
}

TEST_P(Jobs, OfTheDeadAreTakenOverAndTheOldOwnerIsFencedOff) {
  const OwnedJob mine = take(submit(1));
  execute(*raw_, "UPDATE jobs SET orchestrator_lease_expiry = 1");
  const auto theirs = store_->claim_jobs("p", "default", 10, 60'000);
  ASSERT_EQ(theirs.size(), 1U);
  EXPECT_EQ(theirs[0].version, mine.version + 1);
  EXPECT_EQ(theirs[0].status, JobStatus::running);
  const std::vector ids{mine.id}, versions{mine.version};
  EXPECT_TRUE(store_->renew_leases("o", ids, versions, 60'000).empty());
  EXPECT_FALSE(store_->execute_pending_command(mine.id, mine.version));
  EXPECT_FALSE(store_->fail_job(mine.id, mine.version, "no"));
  EXPECT_FALSE(store_->finish_job_if_done(mine.id, mine.version));
  EXPECT_FALSE(store_->transition_job_from_pausing_to_paused(mine.id, mine.version));
  EXPECT_FALSE(store_->finish_cancelling_job(mine.id, mine.version));
  EXPECT_EQ(store_->admit_tasks(mine.id, mine.version, std::vector<int64_t>{1}), 0U);
  EXPECT_FALSE(store_->replace_outputs(mine.id, mine.version, {}, std::vector{task()}, {}));
  EXPECT_EQ(status(mine.id), JobStatus::running);
  EXPECT_THAT(store_->renew_leases("p", ids, std::vector{theirs[0].version}, 60'000), ElementsAre(mine.id));
  expect_counters_to_equal_a_count();
}

TEST_P(Jobs, LeasesAreRenewedInOneStatement) {
  std::vector<int64_t> ids, versions;
  for (int i = 0; i < 5; ++i) submit(0);
  for (const OwnedJob& job : store_->claim_jobs("o", "default", 10, 1'000)) {
    ids.push_back(job.id);
    versions.push_back(job.version);
  }
  ++versions[2];
  EXPECT_TRUE(store_->finish_job_if_done(ids[4], versions[4]));
  EXPECT_THAT(store_->renew_leases("o", ids, versions, 90'000), ElementsAre(ids[0], ids[1], ids[3]));
  EXPECT_GT(store_->find_job(ids[0])->orchestrator_lease_expiry, store_->now_ms() + 60'000);
}

TEST_P(Jobs, OfAnOrchestratorThatLeavesAreFreeAtOnce) {
  store_->register_orchestrator({.id = "o", .name = "o", .node_group = "default", .host = "h", .pid = 1}, 60'000);
  EXPECT_TRUE(store_->heartbeat_orchestrator("o", 60'000));
  EXPECT_EQ(store_->list_orchestrators().size(), 1U);
  const OwnedJob job = take(submit(1));
  store_->unregister_orchestrator("o");
  EXPECT_FALSE(store_->heartbeat_orchestrator("o", 60'000));
  EXPECT_EQ(store_->claim_jobs("p", "default", 10, 60'000).at(0).id, job.id);
}

TEST_P(Jobs, PauseDrainAndResume) {
  const OwnedJob job = take(submit(3));
  const auto running = claim("w", 1);
  store_->request_command(job.id, JobCommand::pause);
  EXPECT_EQ(status(job.id), JobStatus::running);
  EXPECT_TRUE(needs().at(0).command);
  EXPECT_TRUE(store_->execute_pending_command(job.id, job.version));
  EXPECT_TRUE(needs().empty());
  EXPECT_EQ(status(job.id), JobStatus::pausing);
  EXPECT_TRUE(needs().empty());
  EXPECT_FALSE(store_->transition_job_from_pausing_to_paused(job.id, job.version));
  store_->complete_tasks("w", std::vector{completion(running[0])});
  EXPECT_TRUE(needs().at(0).monitor);
  EXPECT_TRUE(store_->transition_job_from_pausing_to_paused(job.id, job.version));
  EXPECT_TRUE(store_->transition_job_from_pausing_to_paused(job.id, job.version));  // says again what is so
  EXPECT_EQ(status(job.id), JobStatus::paused);
  EXPECT_TRUE(claim().empty());
  command(job, JobCommand::resume);
  EXPECT_EQ(status(job.id), JobStatus::running);
  EXPECT_EQ(claim().size(), 2U);
}

TEST_P(Jobs, CancelLeavesUnfinishedTasksAsTheyAre) {
  const OwnedJob job = take(submit(3));
  const auto running = claim("w", 1);
  command(job, JobCommand::cancel);
  EXPECT_FALSE(store_->finish_cancelling_job(job.id, job.version));
  store_->complete_tasks("w", std::vector{completion(running[0])});
  EXPECT_TRUE(store_->finish_cancelling_job(job.id, job.version));
  EXPECT_EQ(status(job.id), JobStatus::cancelled);
  EXPECT_GT(store_->find_job(job.id)->finished_at, 0);
  EXPECT_EQ(sum_of(job.id).ready, 2U);
  EXPECT_EQ(error_of([&] { store_->request_command(job.id, JobCommand::pause); }).kind(), ErrorKind::bad_input);
  EXPECT_EQ(error_of([&] { store_->retry_dead_tasks(job.id, {}); }).kind(), ErrorKind::bad_input);
}

TEST_P(Jobs, CancelledWhileQueuedEndAtOnce) {
  const int64_t job = submit(1);
  store_->request_command(job, JobCommand::cancel);
  EXPECT_EQ(status(job), JobStatus::cancelled);
  EXPECT_TRUE(store_->claim_jobs("o", "default", 10, 60'000).empty());
}

TEST_P(Jobs, PausedWhileQueuedRunNoTask) {
  const int64_t job = submit(1);
  store_->request_command(job, JobCommand::pause);
  EXPECT_EQ(take(job).status, JobStatus::pausing);
  EXPECT_TRUE(claim().empty());
}

TEST_P(Jobs, RefuseCommandsThatMakeNoSense) {
  const OwnedJob job = take(submit(1));
  EXPECT_EQ(error_of([&] { store_->request_command(job.id, JobCommand::resume); }).kind(), ErrorKind::bad_input);
  EXPECT_EQ(error_of([&] { store_->request_command(99, JobCommand::pause); }).kind(), ErrorKind::not_found);
  command(job, JobCommand::cancel);
  EXPECT_EQ(error_of([&] { store_->request_command(job.id, JobCommand::resume); }).kind(), ErrorKind::bad_input);
  EXPECT_FALSE(store_->find_job(job.id)->pending_command);
}

TEST_P(Jobs, AResumeTakesBackAPauseThatNobodyObeyedYet) {
  const OwnedJob job = take(submit(1));
  store_->request_command(job.id, JobCommand::pause);
  store_->request_command(job.id, JobCommand::resume);
  EXPECT_TRUE(store_->execute_pending_command(job.id, job.version));
  EXPECT_EQ(status(job.id), JobStatus::running);
}

TEST_P(Jobs, FinishOnlyWhenNothingIsLeft) {
  const OwnedJob job = take(submit(1));
  EXPECT_FALSE(store_->finish_job_if_done(job.id, job.version));
  TaskCompletion done = completion(claim().at(0));
  EXPECT_FALSE(store_->finish_job_if_done(job.id, job.version));
  done.outputs = {{.child_kind = "work", .datasource_id = 1, .items = 1, .bytes = 1, .payload = "[{}]"}};
  store_->complete_tasks("w", std::vector{done});
  EXPECT_FALSE(store_->finish_job_if_done(job.id, job.version));
  EXPECT_TRUE(needs().at(0).pipeliner);
  const auto outputs = store_->waiting_outputs(job.id, 10);
  auto child = task();
  child.needs_admission = true;
  child.parent_task_id = done.task_id;
  const std::vector ids{outputs.at(0).first};
  EXPECT_TRUE(store_->replace_outputs(job.id, job.version, ids, std::vector{child}, {}));
  EXPECT_FALSE(store_->replace_outputs(job.id, job.version, ids, std::vector{child}, {}));  // once
  EXPECT_FALSE(store_->finish_job_if_done(job.id, job.version));
  EXPECT_TRUE(needs().at(0).assigner);
  EXPECT_TRUE(claim().empty());
  const auto pending = store_->pending_tasks(job.id, 10);
  ASSERT_EQ(pending.size(), 1U);
  EXPECT_EQ(pending[0].parent_task_id, done.task_id);
  EXPECT_EQ(store_->admit_tasks(job.id, job.version, std::vector{pending[0].id}), 1U);
  EXPECT_EQ(store_->admit_tasks(job.id, job.version, std::vector{pending[0].id}), 0U);
  complete_all();
  EXPECT_TRUE(needs().at(0).monitor);
  EXPECT_TRUE(store_->finish_job_if_done(job.id, job.version));
  EXPECT_TRUE(store_->finish_job_if_done(job.id, job.version));
  EXPECT_EQ(status(job.id), JobStatus::completed);
  EXPECT_TRUE(needs().empty());
  expect_counters_to_equal_a_count();
}

TEST_P(Jobs, RetryBringsDeadTasksAndTheJobBack) {
  const OwnedJob job = take(submit(3));
  for (const auto& each : claim()) store_->fail_tasks("w", std::vector{failure(each, model::FailureKind::permanent)});
  EXPECT_TRUE(store_->finish_job_if_done(job.id, job.version));
  const int64_t one = store_->list_tasks(job.id, model::TaskStatus::dead, 0, 10).at(0).id;
  EXPECT_EQ(store_->retry_dead_tasks(job.id, std::vector{one}), 1U);
  EXPECT_EQ(status(job.id), JobStatus::queued);
  EXPECT_FALSE(store_->fail_job(job.id, job.version, "late"));  // whoever held it is fenced off
  EXPECT_EQ(store_->retry_dead_tasks(job.id, {}), 2U);
  EXPECT_EQ(store_->retry_dead_tasks(job.id, {}), 0U);
  const OwnedJob again = take(job.id);
  EXPECT_EQ(claim().at(0).attempt, 1);
  EXPECT_EQ(again.status, JobStatus::running);
  EXPECT_EQ(error_of([&] { store_->retry_dead_tasks(99, {}); }).kind(), ErrorKind::not_found);
  expect_counters_to_equal_a_count();
}

TEST_P(Jobs, WhoseDeadAreTriedAgainRunTheirLastTaskAgain) {
  model::NewTask last = task(1, model::last_priority);
  last.kind = "sweep";
  last.needs_admission = true;
  OwnedJob job = take(submit_tasks({task(1), task(2), last}));
  store_->fail_tasks("w", std::vector{failure(claim("w", 1).at(0), model::FailureKind::permanent)});
  complete_all();
  store_->admit_tasks(job.id, job.version, std::vector{store_->pending_tasks(job.id, 10).at(0).id});
  const auto sweep = store_->claim_ready_tasks({.worker_id = "w", .node_group = "default", .kinds = {"sweep"}});
  ASSERT_EQ(sweep.size(), 1U);
  store_->complete_tasks("w", std::vector{completion(sweep[0])});
  EXPECT_TRUE(store_->finish_job_if_done(job.id, job.version));

  EXPECT_EQ(store_->retry_dead_tasks(job.id, {}), 1U);
  const auto pending = store_->pending_tasks(job.id, 10);
  ASSERT_EQ(pending.size(), 1U) << "one for the source of the dead, none for the other";
  EXPECT_EQ(pending[0].kind, "sweep");
  EXPECT_EQ(pending[0].parent_task_id, sweep[0].id);
  EXPECT_EQ(pending[0].priority, model::last_priority);
  expect_counters_to_equal_a_count();
  job = take(job.id);
  store_->fail_tasks("w", std::vector{failure(claim().at(0), model::FailureKind::permanent)});
  EXPECT_EQ(store_->retry_dead_tasks(job.id, {}), 1U);
  EXPECT_EQ(store_->pending_tasks(job.id, 10).size(), 1U) << "the one that waits does";
  expect_counters_to_equal_a_count();
}

TEST_P(Jobs, FailWithAReason) {
  const OwnedJob job = take(submit(3));
  EXPECT_TRUE(store_->fail_job(job.id, job.version, "the rule set is gone"));
  EXPECT_EQ(status(job.id), JobStatus::failed);
  EXPECT_EQ(store_->find_job(job.id)->error, "the rule set is gone");
  EXPECT_TRUE(claim().empty());
}

TEST_P(Jobs, ClaimsWhoseAnswerIsLostAreKept) {
  const int64_t id = submit(1);
  core::set_fault_points("claim_jobs.after_commit=throw:1");
  const auto jobs = store_->claim_jobs("o", "default", 10, 60'000);
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(jobs[0].version, store_->find_job(id)->version);
}

TEST_P(Jobs, OldTasksAreRemovedInBatches) {
  const OwnedJob old = take(submit(7));
  TaskCompletion first = completion(claim("w", 1).at(0));
  model::Finding finding;
  finding.object = "/a";
  first.findings = {finding};
  store_->complete_tasks("w", std::vector{first});
  complete_all();
  EXPECT_TRUE(store_->finish_job_if_done(old.id, old.version));
  submit(2);
  EXPECT_EQ(store_->remove_old_tasks(60'000, 5), 0U);
  execute(*raw_, "UPDATE jobs SET finished_at = finished_at - 100000 WHERE finished_at > 0");
  EXPECT_EQ(store_->remove_old_tasks(60'000, 5), 5U);
  EXPECT_EQ(store_->remove_old_tasks(60'000, 5), 2U);
  EXPECT_EQ(store_->remove_old_tasks(60'000, 5), 0U);
  EXPECT_EQ(number("SELECT COUNT(*) FROM tasks"), 2);
  EXPECT_EQ(store_->list_findings({}).size(), 1U);
  EXPECT_EQ(sum_of(old.id).completed, 7U);
}

TEST_P(Jobs, MetricsCountWhatIsThere) {
  store_->register_orchestrator({.id = "o", .name = "o", .node_group = "default", .host = "h", .pid = 1}, 60'000);
  submit_and_take(3);
  submit(2);
  claim("w", 1);
  const QueueMetrics all = store_->queue_metrics("default");
  EXPECT_EQ(all.ready, 4U);
  EXPECT_EQ(all.running, 1U);
  EXPECT_EQ(all.running_jobs, 1U);
  EXPECT_EQ(all.queued_jobs, 1U);
  EXPECT_EQ(all.live_workers, 1U);
  EXPECT_EQ(all.live_orchestrators, 1U);
  EXPECT_EQ(store_->queue_metrics("elsewhere").ready, 0U);
  EXPECT_EQ(store_->queue_metrics("").ready, 4U);
}

// What statements say of statuses in their own words is what the state machine says.
TEST(JobConditions, AgreeWithTheStateMachine) {
  for (const JobStatus each : model::all_job_statuses) {
    const std::string quoted = fmt::format("'{}'", to_string(each));
    EXPECT_EQ(std::string_view(ASSAY_ACTIVE_JOB).find(quoted) != std::string_view::npos, is_active(each));
    EXPECT_EQ(std::string_view(ASSAY_JOB_IS_OVER).find(quoted) != std::string_view::npos, is_over(each));
  }
  EXPECT_EQ(source_of(model::TaskEvent::claim), model::TaskStatus::ready);
  EXPECT_EQ(target_of(model::TaskEvent::claim), model::TaskStatus::running);
}

}  // namespace
}  // namespace assay::store
