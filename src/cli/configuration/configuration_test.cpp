#include "cli/configuration/configuration.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "cli/configuration/configuration_file.h"
#include "core/error.h"

namespace assay::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string reason_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

std::string refusal(const std::string& yaml) {
  return reason_of([&yaml] { parse_configuration(yaml, "a.yaml"); });
}

std::string refusal_of(const std::string& key, const std::string& text) {
  return reason_of([&key, &text] { normalised(*find_setting(key), text); });
}

class WrittenFile {
 public:
  explicit WrittenFile(const std::string& content)
      : path_(std::filesystem::temp_directory_path() / ("assay-configuration-" + std::to_string(::getpid()))) {
    std::ofstream(path_) << content;
  }
  ~WrittenFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(Settings, HaveNamesThatFollowOneRuleAndDefaultsInRange) {
  std::set<std::string> flags, variables;
  for (const auto& setting : all_settings()) {
    EXPECT_NO_THROW(normalised(setting, setting.default_text)) << setting.key;
    EXPECT_FALSE(setting.help.empty()) << setting.key;
    EXPECT_TRUE(flags.insert(flag_name(setting)).second) << setting.key;
    EXPECT_TRUE(variables.insert(environment_name(setting)).second) << setting.key;
  }
  EXPECT_EQ(flag_name(*find_setting("worker.heartbeat_ms")), "--worker-heartbeat-ms");
  EXPECT_EQ(environment_name(*find_setting("worker.heartbeat_ms")), "ASSAY_WORKER_HEARTBEAT_MS");
  EXPECT_EQ(find_setting("worker"), nullptr);
}

TEST(Settings, AreTheTableOfTheDocument) {
  std::ifstream file(ASSAY_SOURCE_DIR "/docs/configuration.md");
  const std::string document((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::string table;
  for (const auto& s : all_settings())
    table += fmt::format("| `{}` | {} | `{}` | `{}` | {} |\n", s.key,
                         s.default_text.empty() ? "" : fmt::format("`{}`", s.default_text), environment_name(s),
                         flag_name(s), s.help);
  EXPECT_THAT(document, HasSubstr("|---|---|---|---|---|\n" + table + "\n"));
}

TEST(Settings, RefuseWhatIsOutOfRange) {
  for (const auto& [key, text] :
       std::vector<std::pair<std::string, std::string>>{{"worker.batch", "0"},
                                                        {"worker.batch", "-1"},
                                                        {"worker.batch", "1x"},
                                                        {"worker.batch", ""},
                                                        {"worker.batch", "10001"},
                                                        {"scan.threads", "1.5"},
                                                        {"log.level", "loud"},
                                                        {"database", "mysql://x"},
                                                        {"database", "/a/path"},
                                                        {"node_group", ""},
                                                        {"name", "two\nlines"},
                                                        {"budgets.process.memory_bytes", "9Q"}})
    EXPECT_THAT(refusal_of(key, text), HasSubstr("'" + key + "' must be"));
}

TEST(Settings, TakeReferencesToSecretsAndNoSecrets) {
  for (const std::string key : {"vault.token", "vault.secret_id"}) {
    for (const std::string text : {"hvs.s3cret-token", "vault:secret/data/crm#s3cret", ":s3cret"})
      EXPECT_THAT(refusal_of(key, text),
                  AllOf(HasSubstr("'" + key + "' must be a reference"), Not(HasSubstr("s3cret"))));
    for (const auto* text : {"env:VAULT_TOKEN", "file:/run/secrets/token", "store:vault", ""})
      EXPECT_EQ(normalised(*find_setting(key), text), text);
  }
}

TEST(ConfigurationFile, ReadsNestedKeysWithTheirLines) {
  const auto values = parse_configuration("database: sqlite:a.db\nworker:\n  batch: 7\n  grace_ms: 0\n", "a.yaml");
  ASSERT_THAT(values, SizeIs(3));
  EXPECT_EQ(values[1].key, "worker.batch");
  EXPECT_EQ(values[1].text, "7");
  EXPECT_EQ(values[1].line, 3);
  EXPECT_THAT(parse_configuration("", "a.yaml"), IsEmpty());
  EXPECT_THAT(parse_configuration("# nothing yet\n", "a.yaml"), IsEmpty());
  EXPECT_EQ(parse_configuration("budgets: {process: {memory_bytes: 2GiB}}", "a.yaml")[0].text, "2147483648");
}

TEST(ConfigurationFile, SaysWhereItIsWrong) {
  EXPECT_THAT(refusal("node_group: a\nworkers:\n  batch: 1\n"),
              StartsWith("a.yaml:2: unknown key 'workers'; known here:"));
  EXPECT_THAT(refusal("worker:\n  batch: 1\n  bach: 2\n"), StartsWith("a.yaml:3: unknown key 'worker.bach'"));
  EXPECT_THAT(refusal("worker:\n  batch: many\n"), StartsWith("a.yaml:2: 'worker.batch' must be a whole number"));
  EXPECT_THAT(refusal("worker: 5\n"), StartsWith("a.yaml:1: 'worker' must be a map"));
  EXPECT_THAT(refusal("listen: [a, b]\n"), StartsWith("a.yaml:1: 'listen' must be one value"));
  EXPECT_THAT(refusal("name: a\nname: b\n"), StartsWith("a.yaml:2: the key 'name' stands here a second time"));
  EXPECT_THAT(refusal("- a\n"), StartsWith("a.yaml:1: the configuration must be a map"));
  EXPECT_THAT(refusal("a: [\n"), StartsWith("a.yaml:"));
  EXPECT_THAT(refusal("[a]: b\n"), StartsWith("a.yaml:1: a key must be text"));
}

TEST(Configuration, FlagsWinOverTheEnvironmentAndThatOverTheFile) {
  const WrittenFile file("node_group: of-file\nname: of-file\nlisten: none\nworker: {batch: 3}\n");
  const std::map<std::string, std::string> variables = {{"ASSAY_CONFIG", file.path()},
                                                        {"ASSAY_NODE_GROUP", "of-environment"},
                                                        {"ASSAY_NAME", "of-environment"},
                                                        {"ASSAY_WOKER_BATCH", "9"}};
  const auto environment = [&variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  const auto c = load_configuration({.file = "", .flags = {{"name", "of-flag"}}}, environment,
                                    {"ASSAY_NAME", "ASSAY_WOKER_BATCH"});
  EXPECT_EQ(c.file, file.path());
  EXPECT_EQ(c.text("listen"), "none");
  EXPECT_EQ(c.value("listen").place, file.path() + ":3");
  EXPECT_EQ(c.text("node_group"), "of-environment");
  EXPECT_EQ(c.value("node_group").place, "ASSAY_NODE_GROUP");
  EXPECT_EQ(c.text("name"), "of-flag");
  EXPECT_EQ(c.value("name").place, "--name");
  EXPECT_EQ(c.number("worker.batch"), 3U);
  EXPECT_EQ(c.value("worker.heartbeat_ms").origin, Origin::fallback);
  EXPECT_FALSE(c.is_set("worker.heartbeat_ms"));
  ASSERT_THAT(c.warnings, SizeIs(1));
  EXPECT_THAT(c.warnings[0], HasSubstr("ASSAY_WOKER_BATCH"));
}

TEST(Configuration, NamesTheVariableOrFlagThatIsWrong) {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    return name == "ASSAY_WORKER_BATCH" ? std::optional<std::string>("x") : std::nullopt;
  };
  EXPECT_THAT(reason_of([&] { load_configuration({.file = "/dev/null", .flags = {}}, environment, {}); }),
              StartsWith("ASSAY_WORKER_BATCH: 'worker.batch' must be"));
  const auto nothing = [](const std::string&) { return std::optional<std::string>(); };
  EXPECT_THAT(reason_of([&] { load_configuration({.file = "/dev/null", .flags = {{"log.level", "x"}}}, nothing, {}); }),
              StartsWith("--log-level: 'log.level' must be one of"));
  EXPECT_THROW(load_configuration({.file = "/nonexistent/assay.yaml", .flags = {}}, nothing, {}), core::Error);
}

TEST(Configuration, ShowsNoPassword) {
  EXPECT_EQ(without_password("postgresql://u:geheim@h:5432/d"), "postgresql://u:***@h:5432/d");
  EXPECT_EQ(without_password("postgresql://u@h:5432/d"), "postgresql://u@h:5432/d");
  EXPECT_EQ(without_password("postgresql://h:5432/d"), "postgresql://h:5432/d");
  EXPECT_EQ(without_password("postgresql://h/d?password=geheim&user=u&sslpassword=x"),
            "postgresql://h/d?password=***&user=u&sslpassword=***");
  EXPECT_EQ(without_password("sqlite:/a/b.db"), "sqlite:/a/b.db");
  for (const auto* url :
       {"postgresql://u:geheim@x?geheim/geheim@h/d", "postgresql://u:geheim?geheim@h", "postgresql://u:@geheim@h"})
    EXPECT_THAT(without_password(url), ::testing::Not(HasSubstr("geheim"))) << url;
}

TEST(Configuration, PutsTheDatabaseIntoTheDataDirectory) {
  Configuration c;
  c.set(*find_setting("data_dir"), "/srv/assay", Origin::flag, "--data-dir");
  EXPECT_EQ(database_url(c), "sqlite:/srv/assay/assay.db");
  c.set(*find_setting("database"), "postgresql://h/d", Origin::flag, "--database");
  EXPECT_EQ(database_url(c), "postgresql://h/d");
}

}  // namespace
}  // namespace assay::cli
