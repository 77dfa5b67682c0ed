#include "scan/jobs/template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/error.h"

namespace assay::scan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* own_rules =
    "rules:\n"
    "  - name: staff-number\n"
    "    entity: STAFF_NUMBER\n"
    "    patterns:\n"
    "      - regex: '\\bLF-[0-9]{6}\\b'\n"
    "        keywords: ['LF-']\n";

class Template : public ::testing::Test {
 protected:
  Template() {
    std::filesystem::create_directories(directory_ / "rules");
    std::ofstream(directory_ / "rules" / "staff.yaml") << own_rules;
    std::filesystem::create_directories(directory_ / "empty");
  }
  ~Template() override { std::filesystem::remove_all(directory_); }

  ScanTemplate read(const std::string& yaml) {
    rules_.clear();
    return template_from_yaml(yaml, "t.yaml", directory_, rules_);
  }
  std::string refusal(const std::string& yaml) {
    try {
      read(yaml);
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "taken: " << yaml;
    return {};
  }

  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("assay-template-" + std::to_string(::getpid()));
  std::vector<classify::RuleSource> rules_;
};

TEST_F(Template, HasDefaultsForAllButNameAndSources) {
  const auto t = read("name: weekly\nsources: [homes]\n");
  const JobConfiguration defaults;
  EXPECT_EQ(t.name, "weekly");
  EXPECT_THAT(t.sources, ElementsAre("homes"));
  EXPECT_EQ(t.priority, 0);
  EXPECT_EQ(t.options.min_confidence, defaults.min_confidence);
  EXPECT_THAT(t.options.ocr_languages, ElementsAre("eng"));
  EXPECT_EQ(t.options.limits.max_depth, defaults.limits.max_depth);
  EXPECT_FALSE(t.options.full);
  EXPECT_THAT(rules_, Not(IsEmpty()));
  EXPECT_EQ(t.rule_set_hash, rule_set_hash(to_definition(rules_)));
  EXPECT_EQ(t.options.rule_set_hash, t.rule_set_hash);
}

TEST_F(Template, TablesOfDatabasesAreProfiledUnlessItSaysOtherwise) {
  using model::ProfileScope;
  const std::pair<const char*, ProfileScope> cases[] = {
      {"", ProfileScope::databases}, {"quality: true\n", ProfileScope::all}, {"quality: false\n", ProfileScope::none}};
  for (const auto& [line, scope] : cases)
    EXPECT_EQ(read(std::string("name: x\nsources: [a]\n") + line).options.profile, scope) << line;
}

TEST_F(Template, ReadsEveryKeyAndComesBackFromJson) {
  const auto t = read(
      "name: all of it\ndescription: for people\nsources: [a, b]\nbuiltin_rules: false\nrules: [rules]\n"
      "entities: [STAFF_NUMBER]\nmin_confidence: 0.75\nocr: true\nocr_languages: [eng, deu]\nbinaries: true\nquality: "
      "true\nfull: "
      "true\n"
      "priority: -5\nmax_attempts: 3\nsplit_from: 1GiB\nrange_bytes: 512K\n"
      "limits:\n  max_object_bytes: 2GiB\n  max_expanded_bytes: 9007199254740993\n  max_member_bytes: 1K\n"
      "  max_worker_memory_bytes: 64M\n  max_expansion_ratio: 7\n  max_depth: 3\n  max_members: 9\n"
      "  max_findings_per_object: 10\n  max_object_cpu_ms: 11\n  max_object_wall_ms: 12\n  max_no_progress_ms: 13\n");
  EXPECT_EQ(rules_.size(), 1U);
  const auto back = template_from_json(to_json(t));
  for (const auto& x : {t, back}) {
    EXPECT_EQ(x.name, "all of it");
    EXPECT_THAT(x.sources, ElementsAre("a", "b"));
    EXPECT_EQ(x.priority, -5);
    EXPECT_EQ(x.max_attempts, 3);
    EXPECT_EQ(x.rule_set_hash, t.rule_set_hash);
    EXPECT_THAT(x.options.entities, ElementsAre("STAFF_NUMBER"));
    EXPECT_EQ(x.options.min_confidence, 0.75);
    EXPECT_TRUE(x.options.ocr);
    EXPECT_TRUE(x.options.binaries);
    EXPECT_EQ(x.options.profile, model::ProfileScope::all);
    EXPECT_TRUE(x.options.full);
    EXPECT_EQ(x.options.split_from, 1ULL << 30);
    EXPECT_EQ(x.options.range_bytes, 512ULL << 10);
    EXPECT_THAT(x.options.ocr_languages, ElementsAre("eng", "deu"));
    EXPECT_EQ(x.options.limits.max_object_bytes, 2ULL << 30);
    EXPECT_EQ(x.options.limits.max_expanded_bytes, 9007199254740993ULL) << "more than a double holds";
    EXPECT_EQ(x.options.limits.max_member_bytes, 1024U);
    EXPECT_EQ(x.options.limits.max_worker_memory_bytes, 64ULL << 20);
    EXPECT_EQ(x.options.limits.max_expansion_ratio, 7U);
    EXPECT_EQ(x.options.limits.max_depth, 3U);
    EXPECT_EQ(x.options.limits.max_members, 9U);
    EXPECT_EQ(x.options.limits.max_findings_per_object, 10U);
    EXPECT_EQ(x.options.limits.max_object_cpu_ms, 11U);
    EXPECT_EQ(x.options.limits.max_object_wall_ms, 12U);
    EXPECT_EQ(x.options.limits.max_no_progress_ms, 13U);
  }
}

TEST_F(Template, BoundsTheSizeOfRanges) {
  EXPECT_EQ(read("name: a\nsources: [b]\nsplit_from: 0\n").options.split_from, 0U);
  EXPECT_EQ(read("name: a\nsources: [b]\n").options.split_from, std::nullopt);
  EXPECT_THAT(refusal("name: a\nsources: [b]\nrange_bytes: 1K\n"), HasSubstr("'range_bytes' must be a size"));
  EXPECT_THAT(refusal("name: a\nsources: [b]\nsplit_from: many\n"), HasSubstr("t.yaml:3: 'split_from'"));
}

TEST_F(Template, SaysFileLineAndReason) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "t.yaml:1: a template must have a name and sources"},
      {"[a]", "t.yaml:1: a template must be a map"},
      {"name: x\nsources: [a\n", "t.yaml:"},
      {"sources: [a]\n", "t.yaml:1: 'name' is missing"},
      {"name: x\n", "t.yaml:1: 'sources' names no source"},
      {"name: x\nsources: []\n", "t.yaml:2: 'sources' names no source"},
      {"name: x\nsources: {a: b}\n", "t.yaml:2: 'sources' must be a list"},
      {"name: x\nsources:\n  - a\n  - b\n  - a\n", "t.yaml:5: the source 'a' is named a second time"},
      {"name: x\nsources: [a]\nsource: b\n", "t.yaml:3: unknown key 'source'; known here: name, "},
      {"name: x\nsources: [a]\nname: y\n", "t.yaml:3: the key 'name' stands here a second time"},
      {"name: \"x\\ny\"\nsources: [a]\n", "t.yaml:1: 'name' must be one line"},
      {"name: x\nsources: [a]\nmin_confidence: 2\n", "t.yaml:3: 'min_confidence' must be a number from 0 to 1"},
      {"name: x\nsources: [a]\npriority: 1.5\n", "t.yaml:3: 'priority' must be a whole number"},
      {"name: x\nsources: [a]\npriority: 9999999\n", "t.yaml:3: 'priority' must be a number from"},
      {"name: x\nsources: [a]\nmax_attempts: 0\n", "t.yaml:3: 'max_attempts' must be a number from 1 to 100"},
      {"name: x\nsources: [a]\nlimits: {max_object_wall_ms: 0}\n",
       "t.yaml:3: 'max_object_wall_ms' must be a whole number from 1 on"},
      {"name: x\nsources: [a]\nocr: maybe\n", "t.yaml:3: 'ocr' must be true or false"},
      {"name: x\nsources: [a]\nocr_languages: []\n", "t.yaml:3: 'ocr_languages' names no language"},
      {"name: x\nsources: [a]\nentities: [STAFF]\n", "t.yaml:3: there is no entity 'STAFF'"},
      {"name: x\nsources: [a]\nbuiltin_rules: false\n", "t.yaml:3: a template without rules"},
      {"name: x\nsources: [a]\nrules: [empty]\n", "t.yaml:3: empty holds no rule files"},
      {"name: x\nsources: [a]\nrules: [nowhere]\n", "t.yaml:3: "},
      {"name: x\nsources: [a]\nlimits: 5\n", "t.yaml:3: 'limits' must be a map"},
      {"name: x\nsources: [a]\nlimits:\n  max_dept: 5\n", "t.yaml:4: unknown key 'max_dept'; known here: max_object"},
      {"name: x\nsources: [a]\nlimits:\n  max_depth: 5K\n", "t.yaml:4: 'max_depth' must be a whole number"},
      {"name: x\nsources: [a]\nlimits:\n  max_object_wall_ms: 0\n", "t.yaml:4: 'max_object_wall_ms' must be"},
      {"name: x\nsources: [a]\nlimits:\n  max_object_bytes: lots\n", "t.yaml:4: 'max_object_bytes' must be a size"},
  };
  for (const auto& [yaml, reason] : cases) EXPECT_THAT(refusal(yaml), StartsWith(reason)) << yaml;
}

TEST_F(Template, NamesTheRuleFileThatIsWrong) {
  std::ofstream(directory_ / "rules" / "bad.yaml") << "rules:\n  - name: x\n    colour: red\n";
  EXPECT_THAT(refusal("name: x\nsources: [a]\nrules: [rules]\n"), HasSubstr("bad.yaml:3: unknown key 'colour'"));
}

TEST_F(Template, RefusesStoredOnesThatAreBroken) {
  const std::string good = to_json(read("name: x\nsources: [a]\n"));
  EXPECT_NO_THROW(template_from_json(good));
  for (const std::string& text : {std::string(), std::string("{"), std::string("[]"), std::string("{}"),
                                  "{\"colour\":1," + good.substr(1), good.substr(0, good.size() / 2)})
    EXPECT_THROW(template_from_json(text), core::Error) << text.substr(0, 60);
}

}  // namespace
}  // namespace assay::scan
