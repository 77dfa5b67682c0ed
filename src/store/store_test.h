#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "sql/connection.h"
#include "store/statements.h"
#include "store/store.h"

namespace assay::store {

/// Each test gets a migrated database of its own and looks at it through a second connection.
class StoreTest : public testing::TestWithParam<sql::Dialect> {
 protected:
  StoreTest();
  ~StoreTest() override;

  bool is_sqlite() const { return GetParam() == sql::Dialect::sqlite; }

  static model::NewTask task(int64_t datasource_id = 1, int32_t priority = 0);
  /// A job of one child with so many READY tasks; the child's id.
  int64_t submit(size_t tasks, NewMasterJob job = {});
  int64_t submit_tasks(std::vector<model::NewTask> tasks, NewMasterJob job = {});
  /// The child becomes RUNNING, held by orchestrator "o"; its version.
  OwnedJob take(int64_t job_id);
  int64_t submit_and_take(size_t tasks) { return take(submit(tasks)).id; }
  void add_worker(const std::string& id, std::string group = "default");
  std::vector<model::ClaimedTask> claim(std::string worker = "w", size_t most = 100, bool isolated = false,
                                        std::string group = "default");
  static TaskCompletion completion(const model::ClaimedTask& task);
  static TaskFailure failure(const model::ClaimedTask& task, model::FailureKind kind = model::FailureKind::transient);
  /// As if the worker's heartbeat had expired.
  void let_expire(std::string_view worker);
  void let_come_due();
  ProgressRow sum_of(int64_t job_id);
  model::JobStatus status(int64_t job_id) { return store_->find_job(job_id).value().status; }
  int64_t number(std::string_view sql);
  /// Counters of all jobs equal what a full count of tasks and outputs says.
  void expect_counters_to_equal_a_count();

  StoreOptions options_;
  std::string place_;  // SQLite: a folder; PostgreSQL: a database's name
  std::unique_ptr<Store> store_;
  std::unique_ptr<sql::Connection> raw_;
};

#define ASSAY_FOR_ALL_STORES(suite)                                                                          \
  INSTANTIATE_TEST_SUITE_P(Dialects, suite, testing::Values(sql::Dialect::sqlite, sql::Dialect::postgresql), \
                           [](const auto& test) { return std::string(to_string(test.param)); })

/// What `work` throws; a test failure when it does not.
template <typename Work>
core::Error error_of(const Work& work) {
  try {
    work();
  } catch (const core::Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {core::ErrorKind::bug, ""};
}

}  // namespace assay::store
