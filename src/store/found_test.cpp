#include <fmt/format.h>

#include "store/store_test.h"

namespace assay::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What jobs find one after the other in one datasource.
class Found : public StoreTest {
 protected:
  Found() { add_worker("w"); }

  static ObjectResult object(const std::string& path) {
    ObjectResult result;
    result.record.object = path;
    return result;
  }
  static model::Finding finding(const std::string& path, const std::string& mask) {
    model::Finding f;
    f.object = path;
    f.entity = "PHONE_NUMBER";
    f.masked = mask;
    return f;
  }
  static model::ColumnFinding column(const std::string& path) {
    model::ColumnFinding f;
    f.object = path;
    f.locator.member = "in.zip!/b.csv";
    f.locator.table = "sheet";
    f.locator.column = "phone";
    f.entity = "PHONE_NUMBER";
    f.rule = "phone";
    f.category = "contact";
    f.sensitivity = model::Sensitivity::high;
    f.confidence = 0.75;
    f.values = 10;
    f.agreeing = 9;
    f.reasons = {"9 of 10 values", "its name"};
    return f;
  }
  /// A job that reads `read` and finds one finding and one column in each, and sees `seen` unchanged.
  OwnedJob run_job(const std::vector<std::string>& read, const std::vector<std::string>& seen, bool ends = true) {
    const OwnedJob job = take(submit(1));
    TaskCompletion done = completion(claim().at(0));
    for (const std::string& path : read) {
      done.objects.push_back(object(path));
      done.findings.push_back(finding(path, fmt::format("{} by {}", path, job.id)));
      done.columns.push_back(column(path));
    }
    done.seen_objects = seen;
    store_->complete_tasks("w", std::vector{done});
    while (store_->mark_unseen_objects_deleted(job.id, 1, 100) > 0) {
    }
    if (ends) EXPECT_TRUE(store_->finish_job_if_done(job.id, job.version));
    return job;
  }
  std::vector<std::string> masks(const FindingFilter& filter) {
    std::vector<std::string> out;
    for (const StoredFinding& each : store_->list_findings(filter)) out.push_back(each.finding.masked);
    return out;
  }
  std::vector<std::string> columns(const FindingFilter& filter) {
    std::vector<std::string> out;
    for (const StoredColumn& each : store_->list_columns(filter))
      out.push_back(fmt::format("{} by {}", each.column.object, each.job_id));
    return out;
  }
};
ASSAY_FOR_ALL_STORES(Found);

TEST_P(Found, IncludesWhatAJobConfirmed) {
  const int64_t first = run_job({"/a", "/b", "/gone"}, {}).id;
  const int64_t second = run_job({"/b"}, {"/a"}).id;
  const int64_t third = run_job({}, {"/a", "/b"}).id;
  const std::string a = fmt::format("/a by {}", first), b = fmt::format("/b by {}", second);
  EXPECT_THAT(masks({.job_id = second}), ElementsAre(a, b));
  EXPECT_THAT(masks({.job_id = second, .new_only = true}), ElementsAre(b));
  EXPECT_THAT(masks({.job_id = third}), ElementsAre(a, b));
  EXPECT_THAT(masks({.job_id = third, .new_only = true}), IsEmpty());
  EXPECT_THAT(masks({.job_id = first}), ElementsAre(a)) << "what is gone, and what a later job replaced, is not there";
  EXPECT_THAT(columns({.job_id = third}), ElementsAre(a, b));
  EXPECT_THAT(columns({.job_id = third, .new_only = true}), IsEmpty());
  EXPECT_THAT(columns({}), ElementsAre(a, b));
}

TEST_P(Found, ComesInPages) {
  const int64_t first = run_job({"/a", "/b", "/c"}, {}).id;
  const int64_t second = run_job({"/d"}, {"/a", "/b", "/c"}).id;
  FindingFilter filter{.job_id = second, .most = 2};
  EXPECT_THAT(masks(filter), ElementsAre(fmt::format("/a by {}", first), fmt::format("/b by {}", first)));
  filter.after_id = store_->list_findings(filter).back().id;
  EXPECT_THAT(masks(filter), ElementsAre(fmt::format("/c by {}", first), fmt::format("/d by {}", second)));
  filter.after_id = store_->list_findings(filter).back().id;
  EXPECT_THAT(masks(filter), IsEmpty());
}

TEST_P(Found, LeavesOutOtherSources) {
  run_job({"/a"}, {});
  const OwnedJob other = take(submit_tasks({task(2)}));
  TaskCompletion done = completion(claim().at(0));
  done.datasource_id = 2;
  done.objects = {object("/a")};
  done.findings = {finding("/a", "of source 2")};
  store_->complete_tasks("w", std::vector{done});
  EXPECT_THAT(masks({.job_id = other.id}), ElementsAre("of source 2"));
}

TEST_P(Found, OfAJobThatDidNotEndIsWhatItSawItself) {
  const int64_t first = run_job({"/a", "/b"}, {}).id;
  const OwnedJob cut = take(submit(1));
  TaskCompletion done = completion(claim().at(0));
  done.seen_objects = {"/a"};
  store_->complete_tasks("w", std::vector{done});
  const std::string a = fmt::format("/a by {}", first);
  EXPECT_THAT(masks({.job_id = cut.id}), ElementsAre(a));
  store_->request_command(cut.id, model::JobCommand::cancel);
  EXPECT_TRUE(store_->execute_pending_command(cut.id, cut.version));
  EXPECT_THAT(masks({.job_id = cut.id}), ElementsAre(a)) << "it never saw /b, whatever others see later";
}

TEST_P(Found, StaysSeenByTheLaterOfTwoJobsAtATime) {
  run_job({"/a", "/b"}, {});
  const OwnedJob slow = take(submit(1));
  TaskCompletion late = completion(claim().at(0));
  const OwnedJob quick = take(submit(1));
  TaskCompletion done = completion(claim().at(0));
  done.objects = {object("/a")};
  done.findings = {finding("/a", "quick")};
  done.seen_objects = {"/b"};
  store_->complete_tasks("w", std::vector{done});
  late.objects = {object("/a")};
  late.findings = {finding("/a", "slow")};
  late.seen_objects = {"/b"};
  store_->complete_tasks("w", std::vector{late});
  EXPECT_EQ(store_->mark_unseen_objects_deleted(quick.id, 1, 100), 0U) << "it saw both before the slow one did";
  EXPECT_EQ(masks({.job_id = quick.id}).size(), 2U);
}

TEST_P(Found, ColumnsComeBackAsTheyWere) {
  const int64_t job = run_job({"/a"}, {}).id;
  const auto stored = store_->list_columns({.job_id = job});
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored[0].job_id, job);
  EXPECT_EQ(stored[0].datasource_id, 1);
  const model::ColumnFinding &is = stored[0].column, want = column("/a");
  EXPECT_EQ(is.object, want.object);
  EXPECT_EQ(is.locator, want.locator);
  EXPECT_EQ(is.entity, want.entity);
  EXPECT_EQ(is.rule, want.rule);
  EXPECT_EQ(is.category, want.category);
  EXPECT_EQ(is.sensitivity, want.sensitivity);
  EXPECT_DOUBLE_EQ(is.confidence, want.confidence);
  EXPECT_EQ(is.values, want.values);
  EXPECT_EQ(is.agreeing, want.agreeing);
  EXPECT_EQ(is.reasons, want.reasons);
  EXPECT_THAT(columns({.entity = "US_SSN"}), IsEmpty());
  EXPECT_THAT(columns({.min_confidence = 0.8}), IsEmpty());
  EXPECT_THAT(columns({.path_prefix = "/b"}), IsEmpty());
}

TEST_P(Found, CountsWhatIsSuppressedWithTheObject) {
  const auto suppressed = [&] { return number("SELECT suppressed FROM objects WHERE member_key = ''"); };
  submit_and_take(1);
  TaskCompletion first = completion(claim().at(0));
  first.objects = {object("/big")};
  first.objects[0].record.suppressed = 5;
  store_->complete_tasks("w", std::vector{first});
  EXPECT_EQ(suppressed(), 5);
  const int64_t job = submit_and_take(1);
  TaskCompletion again = completion(claim().at(0));
  again.objects = {object("/big")};
  again.objects[0].record.suppressed = 1;
  store_->complete_tasks("w", std::vector{again});
  EXPECT_EQ(suppressed(), 1) << "a new reading replaces the old";
  uint64_t told = 0;
  store_->for_each_object(job, [&](const model::ObjectRecord& record) { told += record.suppressed; });
  EXPECT_EQ(told, 1U);
}

}  // namespace
}  // namespace assay::store
