#include <fmt/format.h>

#include "core/fault_point.h"
#include "store/store_test.h"

namespace assay::store {
namespace {

using model::FailureKind;
using model::TaskStatus;
using testing::ElementsAre;

class Completions : public StoreTest {
 protected:
  Completions() {
    add_worker("w");
    add_worker("v");
  }
  ~Completions() override { core::set_fault_points(""); }

  static model::Finding finding(const std::string& path, const std::string& mask) {
    model::Finding f;
    f.object = path;
    f.locator.member = "a.zip!/b.csv";
    f.locator.column = "phone";
    f.locator.row = 7;
    f.entity = "PHONE_NUMBER";
    f.rule = "phone";
    f.sensitivity = model::Sensitivity::high;
    f.confidence = 0.75;
    f.reasons = {"pattern", "column:phone"};
    f.start = 3;
    f.end = 9;
    f.masked = mask;
    f.fingerprint = "00112233445566778899aabbccddeeff";
    return f;
  }
  static ObjectResult object(const std::string& path, const std::string& member = "") {
    ObjectResult result;
    result.record.object = path;
    result.record.member = member;
    result.record.format = "text";
    result.record.bytes = 12;
    result.record.findings = 1;
    result.mtime_ns = 99;
    result.change_id = "inode 5";
    return result;
  }
  std::vector<std::string> masks(FindingFilter filter = {}) {
    std::vector<std::string> out;
    for (const StoredFinding& each : store_->list_findings(filter)) out.push_back(each.finding.masked);
    return out;
  }
  std::vector<int64_t> complete(const TaskCompletion& one, std::string_view worker = "w") {
    return store_->complete_tasks(worker, std::vector{one});
  }
};
ASSAY_FOR_ALL_STORES(Completions);

TEST_P(Completions, WriteEverythingAtOnce) {
  NewMasterJob description;
  description.rule_set_hash = "rules-1";
  const int64_t job = take(submit(1, description)).id;
  TaskCompletion done = completion(claim()[0]);
  done.objects = {object("/a"), object("/a", "in.zip")};
  done.objects[0].record.owner = "CRM\\Zo\xC3\xAB";
  done.findings = {finding("/a", "***1")};
  model::ColumnFinding column;
  column.object = "/a";
  column.entity = "PHONE_NUMBER";
  column.values = 10;
  column.agreeing = 9;
  done.columns = {column};
  done.outputs = {{.child_kind = "scan", .datasource_id = 1, .items = 2, .bytes = 30, .payload = "[{},{}]"}};
  done.progress.objects_done = 1;
  done.progress.findings = 1;
  EXPECT_THAT(complete(done), ElementsAre(done.task_id));

  const auto stored = store_->list_findings({.job_id = job});
  ASSERT_EQ(stored.size(), 1U);
  const model::Finding &is = stored[0].finding, want = finding("/a", "***1");
  EXPECT_EQ(is.object, want.object);
  EXPECT_EQ(is.locator, want.locator);
  EXPECT_EQ(is.entity, want.entity);
  EXPECT_EQ(is.reasons, want.reasons);
  EXPECT_EQ(is.sensitivity, want.sensitivity);
  EXPECT_DOUBLE_EQ(is.confidence, want.confidence);
  EXPECT_EQ(is.masked, want.masked);
  EXPECT_EQ(is.fingerprint, want.fingerprint);
  EXPECT_EQ(number("SELECT agreeing FROM columns"), 9);

  const std::string_view path = "/a";
  const auto known = store_->known_objects(1, std::vector{path});
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0].path, "/a");
  EXPECT_EQ(known[0].size, 12U);
  EXPECT_EQ(known[0].change_id, "inode 5");
  EXPECT_EQ(known[0].rule_set_hash, "rules-1");
  EXPECT_TRUE(known[0].complete);
  std::vector<std::string> ledger;
  store_->for_each_object(
      job, [&](const model::ObjectRecord& r) { ledger.push_back(r.object + "|" + r.member + "|" + r.owner); });
  EXPECT_THAT(ledger, ElementsAre("/a||CRM\\Zo\xC3\xAB", "/a|in.zip|"));

  const auto outputs = store_->waiting_outputs(job, 10);
  ASSERT_EQ(outputs.size(), 1U);
  EXPECT_EQ(outputs[0].second.payload, "[{},{}]");
  const ProgressRow sum = sum_of(job);
  EXPECT_EQ(sum.completed, 1U);
  EXPECT_EQ(sum.outputs_waiting, 1U);
  EXPECT_EQ(sum.work.findings, 1U);
  EXPECT_EQ(store_->list_tasks(job, TaskStatus::completed, 0, 10).at(0).attempt, 1);
  expect_counters_to_equal_a_count();
}

TEST_P(Completions, AreRecordedOnceWhenSaidTwice) {
  const int64_t job = submit_and_take(1);
  TaskCompletion done = completion(claim()[0]);
  done.findings = {finding("/a", "***1")};
  done.progress.objects_done = 1;
  EXPECT_THAT(complete(done), ElementsAre(done.task_id));
  EXPECT_THAT(complete(done), ElementsAre(done.task_id));  // it is recorded, so it is said to be
  EXPECT_EQ(masks().size(), 1U);
  EXPECT_EQ(sum_of(job).work.objects_done, 1U);
  EXPECT_EQ(sum_of(job).completed, 1U);
}

TEST_P(Completions, OfOthersAreFencedOff) {
  submit_and_take(3);
  const auto tasks = claim();
  TaskCompletion stale = completion(tasks[0]), stolen = completion(tasks[1]), good = completion(tasks[2]);
  stale.epoch -= 1;
  stale.findings = stolen.findings = {finding("/x", "no")};
  good.findings = {finding("/y", "yes")};
  EXPECT_TRUE(complete(stolen, "v").empty());
  EXPECT_THAT(store_->complete_tasks("w", std::vector{stale, good}), ElementsAre(good.task_id));
  EXPECT_THAT(masks(), ElementsAre("yes"));
  expect_counters_to_equal_a_count();
}

TEST_P(Completions, OfALostClaimDoNotHideThatOfTheNewOne) {
  const int64_t job = take(submit(1)).id;
  const auto lost = claim()[0];
  store_->give_back_tasks("w", std::vector{lost});
  const auto held = claim()[0];
  ASSERT_EQ(held.id, lost.id);
  const std::vector<TaskFailure> failures = {
      {.task_id = lost.id, .job_id = job, .epoch = lost.epoch, .error = "it took too long"},
      {.task_id = held.id, .job_id = job, .epoch = held.epoch, .error = "the share was away"}};
  EXPECT_THAT(store_->fail_tasks("w", failures), ElementsAre(held.id));
  EXPECT_EQ(store_->retry_due_tasks(10), 1U);
  const auto next = claim()[0];
  EXPECT_THAT(store_->complete_tasks("w", std::vector{completion(held), completion(next)}), ElementsAre(next.id));
  EXPECT_EQ(store_->list_tasks(job, TaskStatus::completed, 0, 10).size(), 1U);
  expect_counters_to_equal_a_count();
}

TEST_P(Completions, OfTasksThatWereRescuedChangeNothing) {
  const int64_t job = submit_and_take(2);
  const auto tasks = claim();
  let_expire("w");
  EXPECT_EQ(store_->rescue_tasks_of_dead_workers(100), 2U);
  EXPECT_FALSE(store_->heartbeat_worker("w", 60'000, false));
  EXPECT_TRUE(claim("w").empty());  // a zombie claims nothing
  EXPECT_TRUE(store_->complete_tasks("w", std::vector{completion(tasks[0]), completion(tasks[1])}).empty());
  EXPECT_TRUE(store_->fail_tasks("w", std::vector{failure(tasks[0])}).empty());
  EXPECT_EQ(store_->give_back_tasks("w", tasks), 0U);
  EXPECT_EQ(sum_of(job).ready, 2U);
  expect_counters_to_equal_a_count();
}

TEST_P(Completions, WhoseAnswerIsLostAreRecordedOnce) {
  const int64_t job = submit_and_take(4);
  const auto tasks = claim();
  TaskCompletion done = completion(tasks[0]);
  done.findings = {finding("/a", "***1")};
  core::set_fault_points("complete_tasks.after_commit=throw:1");
  EXPECT_THAT(complete(done), ElementsAre(done.task_id));
  core::set_fault_points("complete_tasks.before_commit=throw:1");
  EXPECT_THAT(complete(completion(tasks[1])), ElementsAre(tasks[1].id));
  EXPECT_EQ(masks().size(), 1U);
  EXPECT_EQ(sum_of(job).completed, 2U);
  expect_counters_to_equal_a_count();
}

TEST_P(Completions, ClaimsWhoseAnswerIsLostAreKept) {
  const int64_t job = submit_and_take(4);
  core::set_fault_points("claim_ready_tasks.after_commit=throw:1");
  EXPECT_EQ(claim("w", 2).size(), 2U);
  EXPECT_EQ(sum_of(job).running, 2U);
  expect_counters_to_equal_a_count();
}

TEST_P(Completions, ReplaceWhatWasKnownOfTheObject) {
  submit_and_take(1);
  TaskCompletion first = completion(claim()[0]);
  first.objects = {object("/a"), object("/a", "old.zip"), object("/b")};
  first.findings = {finding("/a", "a1"), finding("/a", "a2"), finding("/b", "b1")};
  complete(first);
  const int64_t job = submit_and_take(1);
  TaskCompletion second = completion(claim()[0]);
  second.objects = {object("/a"), object("/a", "new.zip")};
  second.findings = {finding("/a", "a3")};
  second.seen_objects = {"/b"};
  complete(second);
  EXPECT_THAT(masks(), testing::UnorderedElementsAre("a3", "b1"));
  std::vector<std::string> ledger;
  store_->for_each_object(job, [&](const model::ObjectRecord& r) { ledger.push_back(r.object + "|" + r.member); });
  EXPECT_THAT(ledger, testing::UnorderedElementsAre("/a|", "/a|new.zip", "/b|"));
}

TEST_P(Completions, KeepPathsOfAnyBytes) {
  const int64_t job = submit_and_take(1);
  const std::string path = "/a\xff\xfe/\xc3\xa4\xee\xb8\x80" + std::string(3'000, 'x');
  TaskCompletion done = completion(claim()[0]);
  done.objects = {object(path)};
  done.findings = {finding(path, "***")};
  complete(done);
  EXPECT_EQ(store_->list_findings({.job_id = job}).at(0).finding.object, path);
  EXPECT_EQ(store_->list_findings({.path_prefix = "/a\xff"}).size(), 1U);
  EXPECT_EQ(store_->list_findings({.path_prefix = "/b"}).size(), 0U);
  EXPECT_EQ(store_->known_objects(1, std::vector<std::string_view>{path}).at(0).path, path);
}

TEST_P(Completions, NeverHoldARawValue) {
  submit_and_take(1);
  TaskCompletion done = completion(claim()[0]);
  model::Finding f = finding("/a", "4111********1111");
  f.value = core::Sensitive<std::string>("4111111111111111");
  done.findings = {f};
  complete(done);
  for (const char* column : {"masked", "fingerprint", "reasons", "path", "pattern"})
    EXPECT_EQ(query(*raw_, fmt::format("SELECT {} FROM findings", column)).text(0, 0).find("4111111111111111"),
              std::string_view::npos);
}

TEST_P(Completions, FilterFindings) {
  model::Datasource share;
  share.name = "share";
  const int64_t source = store_->add_datasource(share);
  const int64_t job = take(submit_tasks({task(source)})).id;
  TaskCompletion done = completion(claim()[0]);
  model::Finding mail = finding("/x/m", "m@***");
  mail.entity = "EMAIL_ADDRESS";
  mail.confidence = 0.3;
  done.findings = {finding("/a/b", "p1"), mail, finding("/a/c", "p2")};
  complete(done);
  EXPECT_THAT(masks({.entity = "EMAIL_ADDRESS"}), ElementsAre("m@***"));
  EXPECT_THAT(masks({.path_prefix = "/a/"}), ElementsAre("p1", "p2"));
  EXPECT_THAT(masks({.min_confidence = 0.5}), ElementsAre("p1", "p2"));
  EXPECT_THAT(masks({.datasource = "share"}), ElementsAre("p1", "m@***", "p2"));
  EXPECT_THAT(masks({.datasource = "other"}), ElementsAre());
  EXPECT_THAT(masks({.job_id = job, .most = 1}), ElementsAre("p1"));
  const int64_t first = store_->list_findings({.job_id = job, .most = 1})[0].id;
  EXPECT_THAT(masks({.job_id = job, .after_id = first}), ElementsAre("m@***", "p2"));
  EXPECT_THAT(masks({.job_id = job + 1}), ElementsAre());
}

TEST_P(Completions, FailuresWaitAndThenRunOut) {
  NewMasterJob description;
  description.max_attempts = 2;
  const OwnedJob job = take(submit(1, description));
  auto attempt = claim().at(0);
  EXPECT_THAT(store_->fail_tasks("w", std::vector{failure(attempt)}), ElementsAre(attempt.id));
  TaskRow row = store_->list_tasks(job.id, TaskStatus::failed, 0, 10).at(0);
  EXPECT_EQ(row.error, "the share does not answer");
  EXPECT_GT(row.not_before, store_->now_ms() + 30'000);
  EXPECT_EQ(store_->retry_due_tasks(100), 0U);
  EXPECT_TRUE(claim().empty());
  let_come_due();
  EXPECT_EQ(store_->retry_due_tasks(100), 1U);
  EXPECT_EQ(sum_of(job.id).retries, 1U);
  attempt = claim().at(0);
  EXPECT_EQ(attempt.attempt, 2);
  store_->fail_tasks("w", std::vector{failure(attempt)});
  EXPECT_EQ(store_->list_tasks(job.id, TaskStatus::dead, 0, 10).size(), 1U);
  EXPECT_TRUE(store_->finish_job_if_done(job.id, job.version));
  EXPECT_EQ(status(job.id), model::JobStatus::failed);
  EXPECT_EQ(store_->find_job(job.id)->error, "1 task is dead");
  expect_counters_to_equal_a_count();
}

TEST_P(Completions, PermanentFailuresAreDeadAtOnce) {
  const int64_t job = submit_and_take(2);
  const auto tasks = claim();
  store_->fail_tasks("w", std::vector{failure(tasks[0], FailureKind::permanent)});
  EXPECT_EQ(sum_of(job).dead, 1U);
  EXPECT_EQ(sum_of(job).running, 1U);
  expect_counters_to_equal_a_count();
}

TEST_P(Completions, OverdueTasksFail) {
  const int64_t job = submit_and_take(2);
  const auto tasks = claim();
  EXPECT_EQ(store_->fail_overdue_tasks(60'000, 100), 0U);
  execute(*raw_, "UPDATE tasks SET claimed_at = claimed_at - 100000 WHERE id = $1", tasks[0].id);
  EXPECT_EQ(store_->fail_overdue_tasks(60'000, 100), 1U);
  EXPECT_TRUE(complete(completion(tasks[0])).empty());
  EXPECT_EQ(complete(completion(tasks[1])).size(), 1U);
  EXPECT_EQ(store_->list_tasks(job, TaskStatus::failed, 0, 10).at(0).error, "ran past its deadline of 60000 ms");
  expect_counters_to_equal_a_count();
}

TEST_P(Completions, UnseenObjectsAreMarkedDeleted) {
  submit_and_take(1);
  TaskCompletion first = completion(claim()[0]);
  for (int i = 0; i < 10; ++i) {
    first.objects.push_back(object(fmt::format("/{}", i)));
    first.findings.push_back(finding(fmt::format("/{}", i), fmt::format("m{}", i)));
  }
  first.objects.push_back(object("/3", "a.zip"));
  complete(first);
  const int64_t job = submit_and_take(1);
  TaskCompletion second = completion(claim()[0]);
  second.seen_objects = {"/0", "/1", "/2"};
  second.objects = {object("/9")};
  second.findings = {finding("/9", "m9 new")};
  complete(second);
  size_t marked = 0;
  while (const size_t some = store_->mark_unseen_objects_deleted(job, 1, 4)) marked += some;
  EXPECT_EQ(marked, 6U);
  EXPECT_EQ(store_->mark_unseen_objects_deleted(job, 1, 4), 0U);
  EXPECT_THAT(masks(), testing::UnorderedElementsAre("m0", "m1", "m2", "m9 new"));
  EXPECT_EQ(number("SELECT COUNT(*) FROM objects WHERE deleted_at <> 0"), 6);
  EXPECT_TRUE(store_->known_objects(1, std::vector<std::string_view>{"/5"}).empty());
}

}  // namespace
}  // namespace assay::store
