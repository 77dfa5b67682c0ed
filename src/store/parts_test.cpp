#include <fmt/format.h>

#include <array>

#include "core/fault_point.h"

#include "store/store_test.h"

// Objects that several tasks read.
namespace assay::store {
namespace {

using testing::ElementsAre;

constexpr std::string_view path = "/big";

model::Finding finding(uint64_t start, uint64_t line, uint64_t column) {
  model::Finding f;
  f.object = path;
  f.entity = "CREDIT_CARD";
  f.rule = "credit-card";
  f.locator.line = line;
  f.locator.line_column = column;
  f.start = f.start_code_point = start;
  f.end = f.end_code_point = start + 2;
  f.masked = "**";
  return f;
}

/// Ten bytes a part; a line ends in its middle, and a finding stands on either side of that.
ObjectPart part(uint32_t number) {
  ObjectPart p{.object = std::string(path), .change_id = "c", .number = number};
  p.begin = uint64_t{number} * 10;
  p.bytes = 10;
  p.is_measured = true;
  p.text_bytes = p.code_points = 10;
  p.newlines = 1;
  p.tail_code_points = 5;
  p.met = p.findings = 2;
  p.kept = {finding(1, 1, 2), finding(6, 2, 2)};
  return p;
}

SplitObject split(uint32_t parts) {
  SplitObject s;
  s.object.record.object = path;
  s.object.record.format = "log";
  s.object.record.bytes = uint64_t{parts} * 10;
  s.object.mtime_ns = 7;
  s.object.change_id = "c";
  s.parts = parts;
  s.most_met = 100;
  s.most_kept = 100;
  s.too_many = "too many";
  s.whole = {.child_kind = "scan.examine", .datasource_id = 1, .items = 1, .bytes = 30, .payload = "[{\"bytes\":30}]"};
  return s;
}

class Parts : public StoreTest {
 protected:
  void SetUp() override { add_worker("w"); }

  /// A job whose first task has split the object; its other tasks are claimed.
  int64_t split_into(uint32_t parts, size_t tasks, SplitObject object) {
    const OwnedJob job = take(submit(tasks + 1));
    job_ = job;
    auto claimed = claim();
    TaskCompletion done = completion(claimed.back());
    object.parts = parts;
    done.splits = {object};
    done.seen_objects = {std::string(path)};
    store_->complete_tasks("w", std::vector{done});
    claimed.pop_back();
    tasks_ = claimed;
    return job.id;
  }
  void complete(size_t task, ObjectPart with) {
    TaskCompletion done = completion(tasks_.at(task));
    done.progress.bytes_done = with.bytes;
    done.progress.findings = with.findings;
    done.parts = {std::move(with)};
    ASSERT_THAT(store_->complete_tasks("w", std::vector{done}), ElementsAre(done.task_id));
  }
  void scan_before() {
    take(submit(1));
    TaskCompletion old = completion(claim()[0]);
    ObjectResult object;
    object.record.object = path;
    object.record.findings = 1;
    old.objects = {object};
    old.findings = {finding(3, 1, 4)};
    store_->complete_tasks("w", std::vector{old});
  }
  std::vector<std::string> places() {
    std::vector<std::string> all;
    for (const StoredFinding& f : store_->list_findings({}))
      all.push_back(fmt::format("{}{}:{} {}", f.finding.locator.part, f.finding.locator.line,
                                f.finding.locator.line_column, f.finding.start));
    return all;
  }
  std::string verdict() {
    std::string said = "none";
    store_->for_each_object(job_.id, [&](const model::ObjectRecord& r) {
      said = fmt::format("{} {} {} {}", to_string(r.verdict.kind), r.verdict.reason, r.bytes, r.findings);
    });
    return said;
  }
  int64_t waiting() {
    return number(
        "SELECT (SELECT COUNT(*) FROM split_objects) + (SELECT COUNT(*) FROM object_parts) + "
        "(SELECT COUNT(*) FROM part_findings) + (SELECT COUNT(*) FROM part_contents)");
  }

  OwnedJob job_;
  std::vector<model::ClaimedTask> tasks_;
};

TEST_P(Parts, AreJoinedWhenAllAreThere) {
  scan_before();
  const int64_t job = split_into(3, 3, split(3));
  complete(2, part(2));
  complete(0, part(0));
  EXPECT_THAT(places(), ElementsAre("1:4 3")) << "what was known stands until all parts are there";
  EXPECT_EQ(store_->mark_unseen_objects_deleted(job, 1, 10), 0U) << "the object was seen";
  complete(1, part(1));
  EXPECT_THAT(places(), ElementsAre("1:2 1", "2:2 6", "2:7 11", "3:2 16", "3:7 21", "4:2 26"));
  EXPECT_EQ(verdict(), "OK  30 6");
  EXPECT_EQ(waiting(), 0);
  const model::ProgressDelta work = sum_of(job).work;
  EXPECT_EQ(work.objects_done, 1U);
  EXPECT_EQ(work.bytes_done, 30U);
  EXPECT_EQ(work.findings, 6U);
  const auto known = store_->known_objects(1, std::vector{path}).at(0);
  EXPECT_TRUE(known.complete);
  EXPECT_EQ(known.change_id, "c");
  EXPECT_TRUE(store_->finish_job_if_done(job, job_.version));
  expect_counters_to_equal_a_count();
}

// A part without a newline carries the columns of the one before.
TEST_P(Parts, WithoutALineEndGoOnWithTheLine) {
  split_into(3, 3, split(3));
  ObjectPart middle = part(1);
  middle.newlines = 0;
  middle.tail_code_points = 10;
  middle.kept = {finding(4, 1, 5)};
  middle.met = middle.findings = 1;
  complete(0, part(0));
  complete(1, middle);
  complete(2, part(2));
  EXPECT_THAT(places(), ElementsAre("1:2 1", "2:2 6", "2:10 14", "2:17 21", "3:2 26"));
}

TEST_P(Parts, ThatDiedLeaveTheObjectPartialAtTheEndOfTheJob) {
  scan_before();
  const int64_t job = split_into(3, 3, split(3));
  complete(0, part(0));
  complete(2, part(2));
  store_->fail_tasks("w", std::vector{failure(tasks_[1], model::FailureKind::permanent)});
  EXPECT_THAT(places(), ElementsAre("1:4 3"));
  EXPECT_TRUE(store_->finish_job_if_done(job, job_.version));
  EXPECT_EQ(verdict(), "PARTIAL 1 of its 3 ranges could not be read 30 4");
  EXPECT_THAT(places(), ElementsAre("1:2 1", "2:2 6", "from byte 201:2 1", "from byte 202:2 6"));
  EXPECT_FALSE(store_->known_objects(1, std::vector{path}).at(0).complete);
  // By hand it is tried again, and then nothing is missing.
  EXPECT_EQ(store_->retry_dead_tasks(job, {}), 1U);
  job_ = take(job);
  tasks_ = claim();
  complete(0, part(1));
  EXPECT_EQ(verdict(), "OK  30 6");
  EXPECT_EQ(places().size(), 6U);
  EXPECT_EQ(waiting(), 0);
  EXPECT_TRUE(store_->finish_job_if_done(job, job_.version));
  EXPECT_EQ(sum_of(job).work.objects_done, 1U);
  expect_counters_to_equal_a_count();
}

TEST_P(Parts, ThatAllDiedLeaveAVerdictToo) {
  const int64_t job = split_into(2, 2, split(2));
  for (const auto& task : tasks_) store_->fail_tasks("w", std::vector{failure(task, model::FailureKind::permanent)});
  EXPECT_TRUE(store_->finish_job_if_done(job, job_.version));
  EXPECT_EQ(verdict(), "PARTIAL 2 of its 2 ranges could not be read 20 0");
}

TEST_P(Parts, ThatDoNotFitTogetherAreForgottenAndTheWholeIsRead) {
  const auto spoil = std::to_array<void (*)(ObjectPart&)>({
      [](ObjectPart& p) { p.encoding = "windows-1252"; },
      [](ObjectPart& p) { p.fits = false; },
      [](ObjectPart& p) { p.met = 100; },
  });
  for (const auto& how : spoil) {
    const int64_t job = split_into(2, 2, split(2));
    ObjectPart good = part(0), bad = part(1);
    good.encoding = "utf-8";
    how(bad);
    complete(0, good);
    complete(1, bad);
    EXPECT_EQ(waiting(), 0);
    EXPECT_FALSE(store_->finish_job_if_done(job, job_.version)) << "the whole waits to be read";
    const auto outputs = store_->waiting_outputs(job, 10);
    ASSERT_EQ(outputs.size(), 1U);
    EXPECT_EQ(outputs[0].second.child_kind, "scan.examine");
    EXPECT_EQ(outputs[0].second.payload, "[{\"bytes\":30}]");
    const model::ProgressDelta work = sum_of(job).work;
    EXPECT_EQ(work.bytes_done, 0U);
    EXPECT_EQ(work.findings, 0U);
    EXPECT_TRUE(places().empty());
    expect_counters_to_equal_a_count();
  }
}

// Nobody needs to read the rest for nothing.
TEST_P(Parts, AreForgottenAsSoonAsTheyDoNotFit) {
  const int64_t job = split_into(3, 3, split(3));
  EXPECT_TRUE(store_->awaits_parts(job, 1, path));
  ObjectPart rich = part(1);
  rich.met = 101;
  complete(1, rich);
  EXPECT_FALSE(store_->awaits_parts(job, 1, path));
  EXPECT_EQ(store_->waiting_outputs(job, 10).size(), 1U);
  complete(0, part(0));
  EXPECT_EQ(waiting(), 0) << "what comes late is dropped";
  EXPECT_EQ(sum_of(job).work.bytes_done, 0U) << "and counted with the whole";
  expect_counters_to_equal_a_count();
}

TEST_P(Parts, KeepAsManyFindingsAsAWholeObjectDoes) {
  SplitObject object = split(2);
  object.most_kept = 3;
  split_into(2, 2, object);
  complete(1, part(1));
  complete(0, part(0));
  EXPECT_THAT(places(), ElementsAre("1:2 1", "2:2 6", "2:7 11"));
  EXPECT_EQ(verdict(), "LIMIT too many 20 4");
}

TEST_P(Parts, TheFirstVerdictThatIsNotOkIsTheObjects) {
  split_into(3, 3, split(3));
  ObjectPart second = part(1), third = part(2);
  second.verdict = {model::VerdictKind::changed, "it changed"};
  second.is_measured = false;
  third.verdict = {model::VerdictKind::timeout, "late"};
  complete(2, third);
  complete(1, second);
  complete(0, part(0));
  EXPECT_EQ(verdict(), "CHANGED it changed 30 6");
  EXPECT_EQ(places().at(4), "from byte 201:2 1") << "behind a part of which nothing is known, places count anew";
}

// The walk may meet an object twice, and find it changed.
TEST_P(Parts, OfAnotherStateOfTheObjectAreDropped) {
  split_into(2, 3, split(2));
  ObjectPart other = part(1);
  other.change_id = "d";
  complete(0, other);
  complete(1, part(1));
  EXPECT_EQ(number("SELECT parts_done FROM split_objects"), 1);
  complete(2, part(0));
  EXPECT_EQ(verdict(), "OK  20 4");
}

TEST_P(Parts, OfCancelledJobsGoWithTheirTasks) {
  const int64_t job = split_into(3, 2, split(3));
  complete(0, part(0));
  complete(1, part(1));
  store_->request_command(job, model::JobCommand::cancel);
  ASSERT_TRUE(store_->execute_pending_command(job, job_.version));
  ASSERT_TRUE(store_->finish_cancelling_job(job, job_.version));
  EXPECT_GT(waiting(), 0);
  while (store_->remove_old_tasks(0, 2) > 0) continue;
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(verdict(), "none");
}

TEST_P(Parts, WhoseAnswerIsLostAreRecordedOnce) {
  split_into(2, 2, split(2));
  core::set_fault_points("complete_tasks.after_commit=throw:1");
  complete(0, part(0));
  core::set_fault_points("complete_tasks.after_commit=throw:1");
  complete(1, part(1));
  core::set_fault_points("");
  EXPECT_EQ(verdict(), "OK  20 4");
  EXPECT_EQ(places().size(), 4U);
}

ASSAY_FOR_ALL_STORES(Parts);

SplitObject split_to_join(uint32_t parts) {
  SplitObject s = split(parts);
  s.join = {.child_kind = "scan.join", .datasource_id = 1, .items = 1, .bytes = 0, .payload = "[{}]"};
  return s;
}

ObjectPart part_with(uint32_t number, std::string content) {
  ObjectPart p = part(number);
  p.kept.clear();
  p.content = std::move(content);
  return p;
}

TEST_P(Parts, OfATableWaitForTheTaskThatJoinsThem) {
  scan_before();
  const int64_t job = split_into(2, 3, split_to_join(2));
  const std::string large(2'500'000, '\xfe');
  complete(1, part_with(1, large));
  EXPECT_TRUE(store_->waiting_outputs(job, 10).empty());
  complete(0, part_with(0, "first"));
  ASSERT_EQ(store_->waiting_outputs(job, 10).size(), 1U);
  EXPECT_EQ(store_->waiting_outputs(job, 10)[0].second.child_kind, "scan.join");
  EXPECT_THAT(places(), ElementsAre("1:4 3")) << "what was known stands";
  const auto parts = store_->waiting_parts(job, 1, path);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[1].number, 1U);
  EXPECT_EQ(parts[1].newlines, 1U);
  EXPECT_EQ(parts[1].findings, 2U);
  EXPECT_EQ(store_->part_content(job, 1, path, 0), "first");
  EXPECT_EQ(store_->part_content(job, 1, path, 1), large);
  EXPECT_EQ(store_->part_content(job, 1, path, 2), "");

  TaskCompletion done = completion(tasks_.at(2));
  done.joined = {{.object = std::string(path)}};
  done.objects = {
      {.record =
           {.object = std::string(path), .member = {}, .format = "rows", .bytes = 20, .findings = 1, .verdict = {}},
       .mtime_ns = 0,
       .change_id = "c",
       .content_hash = {}}};
  done.findings = {finding(9, 1, 10)};
  store_->complete_tasks("w", std::vector{done});
  EXPECT_THAT(places(), ElementsAre("1:10 9"));
  EXPECT_EQ(verdict(), "OK  20 1");
  EXPECT_EQ(waiting(), 0);
}

TEST_P(Parts, OfATableThatAreNotAllThereAreJoinedAtTheEndOfTheJob) {
  const int64_t job = split_into(2, 3, split_to_join(2));
  complete(0, part_with(0, "first"));
  store_->fail_tasks("w", std::vector{failure(tasks_[1], model::FailureKind::permanent)});
  complete(2, part_with(0, "twice"));
  EXPECT_FALSE(store_->finish_job_if_done(job, job_.version)) << "they wait to be joined";
  ASSERT_EQ(store_->waiting_outputs(job, 10).size(), 1U);
  const int64_t output = store_->waiting_outputs(job, 10)[0].first;
  model::NewTask join;
  join.kind = "work";
  join.datasource_id = 1;
  ASSERT_TRUE(store_->replace_outputs(job, job_.version, std::vector{output}, std::vector{join}, {}));
  const auto claimed = claim();
  ASSERT_EQ(claimed.size(), 1U);
  TaskCompletion done = completion(claimed[0]);
  done.joined = {{.object = std::string(path)}};
  store_->complete_tasks("w", std::vector{done});
  EXPECT_TRUE(store_->finish_job_if_done(job, job_.version));
  EXPECT_TRUE(store_->awaits_parts(job, 1, path)) << "the dead one may be tried again";
  EXPECT_EQ(store_->retry_dead_tasks(job, {}), 1U);
  job_ = take(job);
  tasks_ = claim();
  complete(0, part_with(1, "second"));
  EXPECT_EQ(store_->waiting_outputs(job, 10).size(), 1U);
}

TEST_P(Parts, OfATableThatDoNotFitAreForgottenAndTheWholeIsRead) {
  const int64_t job = split_into(1, 2, split_to_join(1));
  complete(0, part_with(0, "first"));
  const int64_t join = store_->waiting_outputs(job, 10).at(0).first;
  ASSERT_TRUE(store_->replace_outputs(job, job_.version, std::vector{join}, {}, {}));
  TaskCompletion done = completion(tasks_.at(1));
  done.joined = {{.object = std::string(path), .fit = false}};
  store_->complete_tasks("w", std::vector{done});
  EXPECT_EQ(waiting(), 0);
  ASSERT_EQ(store_->waiting_outputs(job, 10).size(), 1U);
  EXPECT_EQ(store_->waiting_outputs(job, 10)[0].second.child_kind, "scan.examine");
  EXPECT_EQ(sum_of(job).work.bytes_done, 0U);
  EXPECT_EQ(sum_of(job).work.findings, 0U);
  expect_counters_to_equal_a_count();
}

}  // namespace
}  // namespace assay::store
