// Every secret of a run is looked for in all that the run left: outputs, logs, the bytes of its databases and what a
// dump says of them, command lines and environments of its processes. None is found; and one that is planted is.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <map>

#include "tests/secrets/canary.h"
#include "tests/secrets/world.h"
#include "tests/support/installation.h"
#include "tests/support/vault_server.h"

namespace assay::tests {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string password = "kestrel-orbit-velvet-41", new_password = "gravel-sonnet-copper-77",
                  wrong_password = "thistle-marble-anchor-09", crm_value = "Zq8!crm-value-of-the-store",
                  erp_value = "Zq8!erp-value-of-the-store", file_value = "Zq8!value-of-a-file",
                  member_value = "Zq8!value-of-a-member", variable_value = "Zq8!value-of-a-variable",
                  vault_value = "Zq8!value-of-vault", vault_token = "hvs.Zq8-token-of-a-file",
                  role_token = "hvs.Zq8-token-of-a-role-", role_secret = "Zq8-secret-id-of-a-role";

class CanaryTest : public ::testing::TestWithParam<sql::Dialect> {
 protected:
  CanaryTest() : world_(GetParam(), SecretsWorld::Server::own), installation_(world_.url()) {
    for (const auto& [name, secret] : std::map<std::string, std::string>{{"the password", password},
                                                                         {"the new password", new_password},
                                                                         {"a wrong password", wrong_password},
                                                                         {"a value of the store", crm_value},
                                                                         {"another value of the store", erp_value},
                                                                         {"a value of a file", file_value},
                                                                         {"a member of a file", member_value},
                                                                         {"a value of a variable", variable_value},
                                                                         {"a value of Vault", vault_value},
                                                                         {"Vault's token", vault_token},
                                                                         {"the token of a role", role_token},
                                                                         {"the secret of a role", role_secret}})
      canary_.add(name, secret);
    vault_.tell(fmt::format(R"({{"do":"secret","path":"secret/data/crm","data":{{"password":"{}"}}}})", vault_value));
    vault_.tell(fmt::format(R"({{"do":"token","text":"{}","ttl":90}})", vault_token));
    vault_.tell(
        fmt::format(R"({{"do":"role","role_id":"canary","secret_id":"{}","token":"{}"}})", role_secret, role_token));
    planted_.push_back(secret_file("value", file_value + "\n"));
    planted_.push_back(secret_file("members.json", fmt::format(R"({{"password":"{}"}})", member_value)));
    planted_.push_back(secret_file("token", vault_token));
    installation_.set("ASSAY_VAULT_ADDRESS", vault_.address());
    installation_.set("ASSAY_VAULT_CA_FILE", vault_.ca_file());
    installation_.set("ASSAY_VAULT_TOKEN", "file:" + installation_.path("token"));
    installation_.set("ASSAY_OPERATION_LOG", installation_.path("operations.jsonl"));
    installation_.set("ASSAY_LOG_LEVEL", "debug");
    installation_.set("CANARY_VARIABLE", variable_value);
  }

  std::string secret_file(const std::string& name, const std::string& content) {
    const std::string path = installation_.write(name, content);
    ::chmod(path.c_str(), 0400);
    return path;
  }

  /// Runs a command, whatever comes of it; its outputs are looked at.
  ProgramResult run(std::vector<std::string> arguments, const std::string& input = {}, const std::string& faults = {}) {
    ProgramOptions options;
    options.input = input;
    if (!faults.empty()) options.environment["ASSAY_FAULT_POINTS"] = faults;
    const std::string shown = fmt::format("{}", fmt::join(arguments, " "));
    const auto result = installation_.run(std::move(arguments), options);
    EXPECT_THAT(canary_.in_text(result.out), IsEmpty()) << shown;
    EXPECT_THAT(canary_.in_text(result.err), IsEmpty()) << shown;
    return result;
  }
  void must(const std::vector<std::string>& arguments, const std::string& input = {}) {
    const auto result = run(arguments, input);
    EXPECT_EQ(result.exit_code, 0) << fmt::format("{}", fmt::join(arguments, " ")) << "\n" << result.err;
  }

  /// A key file holds a secret, and so does what is made with it.
  void take_key_file(const std::string& name) {
    const std::string path = installation_.path(name), text = read_file(path);
    planted_.emplace_back(path);
    std::string key;  // in hexadecimal too: that is one of its forms
    for (size_t at = text.rfind(' ') + 1; key.size() < 32; at += 2)
      key += static_cast<char>(std::stoi(text.substr(at, 2), nullptr, 16));
    canary_.add("the key of " + name, key);
    installation_.set("ASSAY_KEY_FILE", path);
  }

  void use_keys_and_credentials() {
    must({"key", "init", "--kdf", "argon2id-interactive", "--password-stdin", "--write-key-file",
          installation_.path("key")},
         password + "\n");
    take_key_file("key");
    must({"credential", "set", "crm", "--value-stdin"}, crm_value);
    must({"credential", "set", "erp", "--value-stdin", "--password-stdin"}, password + "\n" + erp_value);
    must({"credential", "set", "role", "--value-stdin"}, role_secret);
    for (const auto* format : {"table", "json"}) {
      must({"credential", "list", "--format", format});
      must({"credential", "show", "crm", "--format", format});
      must({"key", "status", "--format", format});
      must({"config", "show", "--format", format});
    }
    must({"key", "rotate"});
    must({"key", "change-password", "--kdf", "argon2id-interactive", "--password-stdin", "--write-key-file",
          installation_.path("new-key")},
         password + "\n" + new_password + "\n");
    take_key_file("new-key");
  }

  void use_references() {
    must({"credential", "check", "store:crm"});
    must({"credential", "check", "file:" + installation_.path("value")});
    must({"credential", "check", "file:" + installation_.path("members.json") + "#password"});
    must({"credential", "check", "env:CANARY_VARIABLE"});
    must({"credential", "check", "vault:secret/data/crm#password"});
    must({"credential", "check", "--vault-role-id", "canary", "--vault-secret-id", "store:role",
          "vault:secret/data/crm#password"});
  }

  void make_mistakes() {
    EXPECT_NE(run({"key", "unlock", "--password-stdin"}, wrong_password + "\n").exit_code, 0);
    EXPECT_NE(run({"key", "init", "--password-stdin"}, wrong_password + "\n").exit_code, 0);
    EXPECT_NE(run({"credential", "set", "bad name", "--value-stdin"}, crm_value).exit_code, 0);
    EXPECT_NE(run({"credential", "check", "vault:secret/data/none#password"}).exit_code, 0);
    EXPECT_NE(run({"credential", "check", "vault:secret/data/crm#user"}).exit_code, 0);
    EXPECT_NE(run({"credential", "check", "file:" + installation_.path("members.json") + "#user"}).exit_code, 0);
    EXPECT_NE(run({"key", "unlock", "--key-file", installation_.path("value")}).exit_code, 0);
    EXPECT_NE(run({"key", "init", "--fingerprint-key", installation_.path("value")}).exit_code, 0);
    EXPECT_NE(run({"config", "show", "--config", installation_.path("value")}).exit_code, 0);
    vault_.tell(R"({"do":"set","sealed":true})");
    EXPECT_NE(run({"credential", "check", "vault:secret/data/crm#password"}).exit_code, 0);
    vault_.tell(R"({"do":"set","sealed":false})");
#ifdef ASSAY_FAULT_POINTS
    EXPECT_NE(
        run({"credential", "set", "crm", "--value-stdin"}, crm_value, "put_credential.before_commit=throw").exit_code,
        0);
    EXPECT_NE(run({"key", "rotate"}, {}, "reseal_credential.after_commit=kill:1").exit_code, 0);
    must({"key", "rotate"});
#endif
  }

  /// Jobs with the database's keys, by a process that has been told a secret by its environment.
  void run_a_job() {
    installation_.write("files/a.txt", "mail wilhelmina.quartermaine@mail-host.org\n");
    installation_.add_source_and_template(installation_.path("files"));
    const auto service = installation_.start({"serve"});
    const auto job = installation_.json({"job", "start", "all"}).as_object();
    installation_.wait_for_status(job.at("job_ids").as_array().at(0).to_number<int64_t>(), {"COMPLETED"});
    for (const auto* page : {"/metrics", "/health/ready"})
      EXPECT_THAT(canary_.in_text(http_get(installation_.address(), page)), IsEmpty());
    EXPECT_THAT(canary_.in_process(service->pid(), false), IsEmpty());
    const auto examiners = descendants_named("assay-examiner");
    EXPECT_FALSE(examiners.empty());
    for (const pid_t pid : examiners) EXPECT_THAT(canary_.in_process(pid, true), IsEmpty()) << "an examiner";
#ifndef ASSAY_SANITIZED
    EXPECT_THAT(read_file(fmt::format("/proc/{}/limits", service->pid())),
                ::testing::ContainsRegex("Max core file size +0 +0"));
#endif
  }

#ifdef ASSAY_FAULT_POINTS
  /// While a command has a secret in its hands.
  void look_at_a_command_at_work() {
    installation_.set("ASSAY_FAULT_POINTS", "put_credential.before_commit=hold");
    installation_.set("ASSAY_FAULT_HOLD", installation_.path(""));
    installation_.set("CANARY_VARIABLE", "");
    const std::string log = installation_.path("held.log"), hold = installation_.path("put_credential.before_commit");
    const std::string script =
        fmt::format("exec {} credential set crm --value-stdin < {}", assay_program(), installation_.path("crm-value"));
    planted_.push_back(secret_file("crm-value", crm_value));
    const auto service = installation_.start_program({"/bin/sh", "-c", script}, log);
    while (!std::filesystem::exists(hold)) ASSERT_FALSE(service->wait(std::chrono::milliseconds(5))) << read_file(log);
    const auto at_work = descendants_named("assay");
    EXPECT_FALSE(at_work.empty());
    for (const pid_t pid : at_work) EXPECT_THAT(canary_.in_process(pid, true), IsEmpty()) << "a command at work";
    std::filesystem::remove(hold);
    EXPECT_EQ(service->wait(std::chrono::seconds(60)), 0) << read_file(log);
    installation_.set("ASSAY_FAULT_POINTS", "");
  }
#endif

  std::string dump() const {
    if (GetParam() == sql::Dialect::sqlite) {
      const std::string file = world_.url().substr(std::string("sqlite:").size());
      return run_program({"/usr/bin/sqlite3", file, ".dump"}).out;
    }
    return run_program({"/usr/bin/pg_dump", world_.url()}).out;
  }
  /// Every file that the database has, its logs of changes included.
  std::filesystem::path database_folder() const {
    return GetParam() == sql::Dialect::sqlite ? world_.tree().root() : world_.server_folder();
  }

  SecretsWorld world_;
  Installation installation_;
  test::VaultServer vault_{test::VaultServer::Transport::tls};
  Canary canary_;
  std::vector<std::filesystem::path> planted_;  ///< where secrets belong
};
INSTANTIATE_TEST_SUITE_P(Dialects, CanaryTest, ::testing::Values(sql::Dialect::sqlite, sql::Dialect::postgresql),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST_P(CanaryTest, NoSecretIsLeftAnywhere) {
  use_keys_and_credentials();
  use_references();
  make_mistakes();
  run_a_job();
#ifdef ASSAY_FAULT_POINTS
  look_at_a_command_at_work();
#endif
  EXPECT_THAT(canary_.in_folder(installation_.tree().root(), planted_), IsEmpty());
  EXPECT_THAT(canary_.in_folder(database_folder()), IsEmpty());
  const std::string dumped = dump();
  EXPECT_THAT(dumped, HasSubstr("credentials"));
  EXPECT_THAT(canary_.in_text(dumped), IsEmpty());
  RecordProperty("secrets", static_cast<int>(canary_.secrets()));
  fmt::print("{} secrets, {} MiB searched\n", canary_.secrets(), canary_.bytes_searched() >> 20);
}

TEST_P(CanaryTest, OneThatIsPlantedIsFound) {
  for (const auto& path : planted_) EXPECT_FALSE(canary_.in_file(path).empty()) << path;
  const std::string log = installation_.write("logs/x.log", "{\"message\":\"" + crm_value + "\"}\n");
  EXPECT_THAT(canary_.in_folder(installation_.tree().root(), planted_),
              ::testing::ElementsAre("a value of the store in " + log));
  EXPECT_THAT(canary_.in_text("x " + base64_of("ab" + vault_token + "c")), Contains("Vault's token"));
  EXPECT_THAT(canary_.in_text("x " + base64_of("a" + vault_token)), Contains("Vault's token"));
  EXPECT_THAT(canary_.in_text("5a713821637"
                              "26d2d76616c75652d6f662d7468652d73746f7265"),
              Contains("a value of the store"));
  // In a row of the database, in its files and in its dump.
  const auto connection = world_.connect();
  connection->run_script("CREATE TABLE planted (value TEXT)");
  const std::array<sql::Value, 1> value{std::string_view(erp_value)};
  connection->execute("INSERT INTO planted VALUES ($1)", value);
  EXPECT_FALSE(canary_.in_folder(database_folder()).empty());
  EXPECT_THAT(canary_.in_text(dump()), Contains("another value of the store"));
  // In a command line and in an environment.
  installation_.set("PLANTED", role_secret);
  const auto service = installation_.start_program({"/bin/sh", "-c", "tail -f /dev/null; : " + password}, log + "2");
  const auto has_it = [&](const std::string& name) {
    for (const auto& hit : canary_.in_process(service->pid(), true))
      if (hit.starts_with(name)) return true;
    return false;
  };
  while (!has_it("the password")) ASSERT_FALSE(service->wait(std::chrono::milliseconds(5)));
  EXPECT_TRUE(has_it("the secret of a role"));
}

}  // namespace
}  // namespace assay::tests
