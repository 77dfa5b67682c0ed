#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/error.h"
#include "scan/jobs/packet.h"
#include "scan/jobs/template.h"

namespace assay::scan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Compose : public ::testing::Test {
 protected:
  Compose() {
    const std::string definition = to_definition({{.file = "a.yaml", .yaml = "rules: []\n"}});
    scan_template_.name = "weekly";
    scan_template_.rule_set_hash = rule_set_hash(definition);
    scan_template_.priority = 3;
    scan_template_.max_attempts = 2;
    scan_template_.options.min_confidence = 0.75;
    store_->put_rule_set(scan_template_.rule_set_hash, definition);
  }

  int64_t add(const std::string& name, const std::string& node_group,
              const std::string& configuration =
                  R"({"roots":["/srv"],"include":["*.txt"],"settings":{"one_file_system":"false"}})",
              bool enabled = true, const std::string& kind = "files") {
    return store_->add_datasource({.name = name,
                                   .kind = kind,
                                   .node_group = node_group,
                                   .configuration = configuration,
                                   .budget = {},
                                   .enabled = enabled});
  }
  store::SubmittedJob compose(std::vector<std::string> sources, std::string_view key = "") {
    scan_template_.sources = std::move(sources);
    return compose_job(*store_, scan_template_, key, "somebody");
  }
  std::string refusal(std::vector<std::string> sources) {
    try {
      compose(std::move(sources));
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input) << error.what();
      EXPECT_THAT(store_->list_jobs(10), IsEmpty()) << "nothing is written";
      return error.what();
    }
    ADD_FAILURE() << "a job was made";
    return {};
  }

  static store::StoreOptions in_memory() {
    store::StoreOptions options;
    options.url = "sqlite::memory:";
    options.connections = 1;
    options.durable = false;
    return options;
  }

  const std::unique_ptr<store::Store> store_ = store::Store::open(in_memory(), true);
  ScanTemplate scan_template_;
};

TEST_F(Compose, MakesOneSelfContainedJobANodeGroup) {
  const int64_t a = add("a", "east"), b = add("b", "west"), c = add("c", "east");
  const auto submitted = compose({"a", "b", "c"});
  ASSERT_THAT(submitted.job_ids, SizeIs(2));
  EXPECT_FALSE(submitted.existed);
  std::set<std::string> correlation_ids;
  for (size_t i = 0; i < 2; ++i) {
    const auto job = store_->find_job(submitted.job_ids[i]);
    ASSERT_TRUE(job);
    EXPECT_EQ(job->master_job_id, submitted.master_job_id);
    EXPECT_EQ(job->node_group, i == 0 ? "east" : "west");
    EXPECT_EQ(job->template_name, "weekly");
    EXPECT_EQ(job->priority, 3);
    EXPECT_EQ(job->status, model::JobStatus::queued);
    const auto configuration = job_configuration_from_json(store_->job_configuration(job->id));
    std::vector<int64_t> sources;
    for (const auto& source : configuration.sources) {
      sources.push_back(source.datasource_id);
      EXPECT_THAT(source.address.roots, ElementsAre("/srv"));
      EXPECT_THAT(source.address.include, ElementsAre("*.txt"));
      EXPECT_EQ(source.address.settings.at("one_file_system"), "false");
    }
    EXPECT_EQ(sources, i == 0 ? (std::vector<int64_t>{a, c}) : std::vector<int64_t>{b});
    EXPECT_EQ(configuration.min_confidence, 0.75);
    EXPECT_EQ(configuration.correlation_id.size(), 32U);
    correlation_ids.insert(configuration.correlation_id);
    EXPECT_EQ(configuration.rule_set_hash, scan_template_.rule_set_hash);
    const auto tasks = store_->list_tasks(job->id, std::nullopt, 0, 10);
    ASSERT_THAT(tasks, SizeIs(sources.size()));
    for (size_t t = 0; t < tasks.size(); ++t) {
      EXPECT_EQ(tasks[t].kind, enumerate_kind);
      EXPECT_EQ(tasks[t].datasource_id, sources[t]);
    }
  }
  EXPECT_THAT(correlation_ids, SizeIs(1)) << "one for all jobs of the master job";
}

TEST_F(Compose, KnowsAnIdempotencyKeyAgain) {
  add("a", "east");
  const auto first = compose({"a"}, "monday");
  const auto second = compose({"a"}, "monday");
  EXPECT_TRUE(second.existed);
  EXPECT_EQ(first.job_ids, second.job_ids);
  EXPECT_THAT(store_->list_jobs(10), SizeIs(1));
  EXPECT_FALSE(compose({"a"}, "tuesday").existed);
}

TEST_F(Compose, TakesPathsOfAnyBytes) {
  add("a", "east", R"({"roots":["/srv/\\xFF\\\\b"]})");
  const auto job = compose({"a"}).job_ids.at(0);
  EXPECT_THAT(job_configuration_from_json(store_->job_configuration(job)).sources.at(0).address.roots,
              ElementsAre("/srv/\xFF\\b"));
}

TEST_F(Compose, RefusesAndWritesNothing) {
  add("a", "east");
  add("off", "east", R"({"roots":["/srv"]})", false);
  add("empty", "west", R"({"roots":[]})");
  add("broken", "west", "{");
  add("wrong", "west", R"({"roots":"/srv"})");
  EXPECT_THAT(refusal({}), HasSubstr("the template 'weekly' names no source"));
  EXPECT_THAT(refusal({"a", "nowhere"}), HasSubstr("the source 'nowhere', which does not exist"));
  EXPECT_THAT(refusal({"a", "off"}), HasSubstr("the source 'off', which is disabled"));
  EXPECT_THAT(refusal({"a", "empty"}), HasSubstr("the source 'empty', which has no place to read"));
  EXPECT_THAT(refusal({"broken"}), HasSubstr("'broken', whose configuration cannot be read"));
  EXPECT_THAT(refusal({"wrong"}), HasSubstr("'wrong', whose configuration cannot be read"));
  scan_template_.rule_set_hash = std::string(64, '0');
  EXPECT_THAT(refusal({"a"}), HasSubstr("its rule set is not in this database"));
  scan_template_.rule_set_hash.clear();
  EXPECT_THAT(refusal({"a"}), HasSubstr("has no rules"));
}

}  // namespace
}  // namespace assay::scan
