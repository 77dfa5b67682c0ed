#include "scan/jobs/job_configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::scan {
namespace {

using ::testing::HasSubstr;

std::string refusal_of(std::string_view json) {
  try {
    job_configuration_from_json(json);
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
    return error.what();
  }
  return "taken";
}

TEST(JobConfiguration, ComesBackAsItWas) {
  JobConfiguration c;
  c.sources.push_back({.datasource_id = 3,
                       .name = "hr",
                       .kind = "files",
                       .address = {.roots = {"/srv/hr", "/srv/caf\xe9"},
                                   .settings = {{"one_file_system", "false"}},
                                   .include = {"*.csv"},
                                   .exclude = {"tmp/"}}});
  c.rule_set_hash = "abc";
  c.entities = {"US_SSN"};
  c.min_confidence = 0.75;
  c.ocr = true;
  c.ocr_languages = {"deu", "eng"};
  c.limits.max_object_bytes = 1234;
  c.limits.max_findings_per_object = 7;
  c.profile = model::ProfileScope::databases;
  c.full = true;
  c.split_from = 0;
  c.range_bytes = 1 << 20;
  const std::string json = to_json(c);
  const JobConfiguration back = job_configuration_from_json(json);
  EXPECT_EQ(to_json(back), json);
  ASSERT_EQ(back.sources.size(), 1U);
  EXPECT_EQ(back.sources[0].address.roots, c.sources[0].address.roots);
  EXPECT_EQ(back.sources[0].address.settings, c.sources[0].address.settings);
  EXPECT_EQ(back.limits.max_object_bytes, 1234U);
  EXPECT_EQ(back.profile, model::ProfileScope::databases);
  EXPECT_TRUE(back.full);
  EXPECT_EQ(back.split_from, 0U);
  EXPECT_EQ(back.range_bytes, 1U << 20);
  EXPECT_FALSE(job_configuration_from_json("{}").split_from.has_value());
}

TEST(JobConfiguration, SaysWhichKeyIsWrong) {
  EXPECT_THAT(refusal_of("{\"colour\":1}"), HasSubstr("unknown key 'colour'"));
  EXPECT_THAT(refusal_of("{\"ocr\":\"yes\"}"), HasSubstr("'ocr'"));
  EXPECT_THAT(refusal_of("{\"limits\":{\"max_depht\":1}}"), HasSubstr("'max_depht'"));
  EXPECT_THAT(refusal_of("{\"sources\":[3]}"), HasSubstr("no object"));
  EXPECT_THAT(refusal_of("["), HasSubstr("no JSON"));
}

TEST(JobConfiguration, RuleSetsAreNamedByTheirContent) {
  const std::vector<classify::RuleSource> rules = {{"a.yaml", "rules: []\n"}, {"b.yaml", "rules:\n"}};
  const std::string definition = to_definition(rules);
  const auto back = rules_from_definition(definition);
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[1].file, "b.yaml");
  EXPECT_EQ(back[0].yaml, rules[0].yaml);
  EXPECT_EQ(rule_set_hash(definition).size(), 64U);
  EXPECT_EQ(rule_set_hash(definition), rule_set_hash(to_definition(back)));
  EXPECT_NE(rule_set_hash(definition), rule_set_hash(to_definition({rules[0]})));
}

}  // namespace
}  // namespace assay::scan
