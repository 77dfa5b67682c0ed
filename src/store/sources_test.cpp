#include <fmt/format.h>

#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "core/fault_point.h"
#include "store/store_test.h"

namespace assay::store {
namespace {

using core::ErrorKind;

class Sources : public StoreTest {
 protected:
  ~Sources() override { core::set_fault_points(""); }

  static model::Datasource share(std::string name) {
    model::Datasource source;
    source.name = std::move(name);
    source.kind = "files";
    source.node_group = "berlin";
    source.configuration = R"({"paths":["/srv"]})";
    source.budget = {.concurrent_tasks = 4, .connections = 2, .bytes_per_s = 1'000'000, .memory_bytes = 1ULL << 33};
    return source;
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool heard_ = false;
};
ASSAY_FOR_ALL_STORES(Sources);

TEST_P(Sources, AreKeptByName) {
  model::Datasource source = share("b");
  source.id = store_->add_datasource(source);
  store_->add_datasource(share("a"));
  EXPECT_EQ(error_of([&] { store_->add_datasource(source); }).kind(), ErrorKind::bad_input);
  const model::Datasource found = store_->find_datasource("b").value();
  EXPECT_EQ(found.id, source.id);
  EXPECT_EQ(found.configuration, source.configuration);
  EXPECT_EQ(found.budget, source.budget);
  EXPECT_TRUE(found.enabled);
  source.enabled = false;
  store_->update_datasource(source);
  EXPECT_FALSE(store_->find_datasource("b")->enabled);
  EXPECT_EQ(store_->list_datasources().at(0).name, "a");
  EXPECT_EQ(error_of([&] { store_->update_datasource(share("c")); }).kind(), ErrorKind::not_found);
  EXPECT_EQ(error_of([&] { store_->remove_datasource("c"); }).kind(), ErrorKind::not_found);
}

TEST_P(Sources, InUseAreNotRemoved) {
  const int64_t id = store_->add_datasource(share("b"));
  const int64_t job = submit_tasks({task(id)});
  EXPECT_EQ(error_of([&] { store_->remove_datasource("b"); }).kind(), ErrorKind::bad_input);
  store_->request_command(job, model::JobCommand::cancel);
  store_->remove_datasource("b");
  EXPECT_FALSE(store_->find_datasource("b"));
  EXPECT_NE(store_->add_datasource(share("b")), id);  // the name is free, the number is not
}

TEST_P(Sources, TemplatesAndRuleSets) {
  store_->add_template("nightly", R"({"sources":["b"]})");
  EXPECT_EQ(error_of([&] { store_->add_template("nightly", "{}"); }).kind(), ErrorKind::bad_input);
  EXPECT_EQ(store_->find_template("nightly"), R"({"sources":["b"]})");
  EXPECT_EQ(store_->list_templates().size(), 1U);
  store_->remove_template("nightly");
  EXPECT_EQ(error_of([&] { store_->remove_template("nightly"); }).kind(), ErrorKind::not_found);
  EXPECT_FALSE(store_->find_template("nightly"));
  store_->put_rule_set("h", "rules");
  store_->put_rule_set("h", "rules");
  EXPECT_EQ(store_->find_rule_set("h"), "rules");
  EXPECT_FALSE(store_->find_rule_set("g"));
}

TEST_P(Sources, WhoseAnswerIsLostAreAddedOnce) {
  core::set_fault_points("add_datasource.after_commit=throw:1,add_template.after_commit=throw:1");
  const int64_t id = store_->add_datasource(share("b"));
  EXPECT_EQ(store_->find_datasource("b")->id, id);
  EXPECT_GT(store_->add_template("nightly", "{}"), 0);
  core::set_fault_points("add_datasource.before_commit=throw:1");
  EXPECT_GT(store_->add_datasource(share("c")), id);
  core::set_fault_points("");
  EXPECT_EQ(store_->list_datasources().size(), 2U);
  EXPECT_EQ(error_of([&] { store_->add_datasource(share("b")); }).kind(), ErrorKind::bad_input);
  EXPECT_EQ(error_of([&] { store_->add_template("nightly", "{}"); }).kind(), ErrorKind::bad_input);
}

TEST_P(Sources, TemplatesAreReplacedInOneTransaction) {
  store_->put_template("nightly", "{}");
  core::set_fault_points("put_template.before_commit=throw:1");
  store_->put_template("nightly", R"({"sources":["b"]})");
  core::set_fault_points("");
  EXPECT_EQ(store_->find_template("nightly"), R"({"sources":["b"]})");
  EXPECT_EQ(store_->list_templates().size(), 1U);
}

TEST_P(Sources, BreakersOpenAfterFailuresInARowAndClose) {
  using enum model::BreakerState;
  EXPECT_EQ(store_->record_source_outcome(7, true, 3, 60'000).state, closed);
  EXPECT_TRUE(store_->breakers().empty());
  EXPECT_EQ(store_->record_source_outcome(7, false, 3, 60'000).state, closed);
  EXPECT_EQ(store_->record_source_outcome(7, true, 3, 60'000).failures, 0U);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(store_->record_source_outcome(7, false, 3, 60'000).state, closed);
  const auto opened = store_->record_source_outcome(7, false, 3, 60'000);
  EXPECT_EQ(opened.state, open);
  EXPECT_GT(opened.open_until, store_->now_ms() + 30'000);
  execute(*raw_, "UPDATE source_breakers SET open_until = 1");
  EXPECT_EQ(store_->breakers().at(0).state, half_open);
  EXPECT_EQ(store_->record_source_outcome(7, false, 3, 60'000).state, open);
  EXPECT_EQ(store_->record_source_outcome(7, true, 3, 60'000).state, closed);
  EXPECT_TRUE(store_->breakers().empty());
}

TEST_P(Sources, ResourcesAreLeasedAllOrNone) {
  using Requests = std::vector<Store::ResourceRequest>;
  EXPECT_TRUE(store_->acquire_resources("a", Requests{{"tasks", 3, 4}, {"memory", 10, 100}}, 60'000));
  EXPECT_FALSE(store_->acquire_resources("b", Requests{{"memory", 10, 100}, {"tasks", 2, 4}}, 60'000));
  EXPECT_EQ(store_->resources_in_use("memory"), 10U);
  EXPECT_TRUE(store_->acquire_resources("b", Requests{{"memory", 90, 100}, {"tasks", 1, 4}}, 60'000));
  EXPECT_TRUE(store_->acquire_resources("a", Requests{{"tasks", 2, 4}}, 60'000));  // its own share, anew
  EXPECT_EQ(store_->resources_in_use("tasks"), 3U);
  EXPECT_TRUE(store_->acquire_resources("c", Requests{{"free", 1'000, 0}}, 60'000));  // 0 is no bound
  store_->release_resources("b");
  EXPECT_EQ(store_->resources_in_use("memory"), 10U);
  execute(*raw_, "UPDATE resource_leases SET expires_at = 1 WHERE holder = 'a'");
  EXPECT_EQ(store_->resources_in_use("tasks"), 0U);
  store_->renew_resources(std::vector<std::string_view>{"a", "c"}, 60'000);
  EXPECT_EQ(store_->resources_in_use("tasks"), 0U);  // what expired does not come back
  EXPECT_TRUE(store_->acquire_resources("d", Requests{{"tasks", 4, 4}}, 60'000));
}

TEST_P(Sources, ResourcesNeverExceedTheirLimit) {
  std::atomic<int> granted = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      for (int n = 0; n < 5; ++n)
        if (store_->acquire_resources(fmt::format("{}-{}", i, n),
                                      std::vector<Store::ResourceRequest>{{"x", 1, 7}, {"y", 1, 100}}, 60'000))
          ++granted;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(granted, 7);
  EXPECT_EQ(store_->resources_in_use("x"), 7U);
  EXPECT_EQ(store_->resources_in_use("y"), 7U);
}

TEST_P(Sources, WaitingEndsWithAChange) {
  const auto began = std::chrono::steady_clock::now();
  store_->wait_for_change("tasks/default", 1);
  std::thread other([&] {
    const auto second = Store::open(options_, false);
    // Until it is heard: the listener may not be listening yet.
    for (int i = 0; i < 50; ++i) {
      (is_sqlite() ? *store_ : *second).announce_change("tasks/default");
      std::unique_lock lock(mutex_);
      if (heard_) break;
      changed_.wait_for(lock, std::chrono::milliseconds(100), [&] { return heard_; });
    }
  });
  store_->wait_for_change("tasks/default", 20'000);
  {
    const std::lock_guard lock(mutex_);
    heard_ = true;
  }
  changed_.notify_all();
  other.join();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
}

TEST_P(Sources, TheOperationLogTellsWhoWasFencedOff) {
  const std::string path = (std::filesystem::temp_directory_path() / fmt::format("assay-log-{}", ::getpid())).string();
  options_.operation_log_path = path;
  store_ = Store::open(options_, false);
  add_worker("w");
  submit_and_take(1);
  const model::ClaimedTask task = claim().at(0);
  auto stale = completion(task);
  --stale.epoch;
  store_->complete_tasks("w", std::vector{stale});
  store_->complete_tasks("w", std::vector{completion(task)});
  std::ifstream file(path);
  std::string line, log;
  while (std::getline(file, line))
    if (line.find(R"("complete_tasks")") != std::string::npos) log += line.substr(line.find(R"("operation")")) + "\n";
  std::filesystem::remove(path);
  EXPECT_EQ(log, fmt::format("\"operation\":\"complete_tasks\",\"who\":\"w\",\"job\":{0},\"task\":{1},\"fence\":0,"
                             "\"recorded\":false}}\n\"operation\":\"complete_tasks\",\"who\":\"w\",\"job\":{0},"
                             "\"task\":{1},\"fence\":1,\"recorded\":true}}\n",
                             task.job_id, task.id));
  options_.operation_log_path = "/nowhere/at/all";
  EXPECT_EQ(error_of([&] { Store::open(options_, false); }).kind(), ErrorKind::not_found);
}

}  // namespace
}  // namespace assay::store
