// `assay key` and `assay credential` as a user types them.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "secure/locked_bytes.h"
#include "tests/support/installation.h"
#include "tests/support/vault_server.h"

namespace assay::tests {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* password = "correct horse battery";

class Commands : public ::testing::Test {
 protected:
  ProgramResult run(std::vector<std::string> arguments, const std::string& input = {}) {
    ProgramOptions options;
    options.input = input;
    return installation_.run(std::move(arguments), options);
  }
  std::string must(std::vector<std::string> arguments, const std::string& input = {}) {
    const auto result = run(arguments, input);
    EXPECT_EQ(result.exit_code, 0) << fmt::format("{}", fmt::join(arguments, " ")) << "\n" << result.err;
    return result.out;
  }
  void init() {
    must({"key", "init", "--kdf", "argon2id-interactive", "--password-stdin", "--write-key-file", key_file()},
         std::string(password) + "\n");
    installation_.set("ASSAY_KEY_FILE", key_file());
  }
  std::string key_file() const { return installation_.path("key"); }

  Installation installation_;
  std::string log_;
};

TEST_F(Commands, MakeKeysOnce) {
  EXPECT_THAT(run({"key", "status"}).err, HasSubstr("there is no such file"));
  EXPECT_EQ(run({"key", "init", "--password-stdin"}, "too short\n").exit_code, 2);
  EXPECT_EQ(run({"key", "init", "--password-stdin"}).exit_code, 2);
  init();
  struct stat status{};
  ASSERT_EQ(::stat(key_file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0400U);
  const auto again = run({"key", "init", "--password-stdin"}, "another password\n");
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("has keys already"));
  EXPECT_THAT(must({"key", "unlock", "--password-stdin"}, std::string(password) + "\n"), HasSubstr("can be unlocked"));
  const auto wrong = run({"key", "unlock", "--password-stdin"}, "correct horse batter\n");
  EXPECT_EQ(wrong.exit_code, 4);
  EXPECT_THAT(wrong.err, HasSubstr("the password is wrong"));
}

TEST_F(Commands, SayWhichKeysThereAre) {
  installation_.must({"db", "migrate"});
  EXPECT_THAT(must({"key", "status"}), HasSubstr("assay key init"));
  init();
  must({"credential", "set", "crm", "--value-stdin"}, "s3cret");
  must({"key", "rotate"});
  const auto status = installation_.json({"key", "status"}).as_object();
  EXPECT_EQ(status.at("derivation").as_string(), "argon2id");
  EXPECT_EQ(status.at("memory_bytes").to_number<int64_t>(), 64 << 20);
  const auto& keys = status.at("keys").as_array();
  ASSERT_EQ(keys.size(), 3U);
  EXPECT_EQ(keys[1].at("generation").to_number<int>(), 2);
  EXPECT_EQ(keys[1].at("credentials").to_number<int>(), 1);
  EXPECT_THAT(must({"key", "status"}), HasSubstr("64 MiB"));
  EXPECT_THAT(must({"key", "status"}), HasSubstr(key_file()));
}

TEST_F(Commands, KeepCredentialsAndNeverShowThem) {
  init();
  must({"credential", "set", "crm/reader", "--value-stdin"}, "s3cret-value\n");
  for (const auto* format : {"table", "json"}) {
    const std::string list = must({"credential", "list", "--format", format});
    const std::string show = must({"credential", "show", "crm/reader", "--format", format});
    EXPECT_THAT(list, HasSubstr("crm/reader"));
    EXPECT_THAT(show, HasSubstr("store:crm/reader"));
    EXPECT_THAT(list + show, Not(HasSubstr("s3cret")));
  }
  EXPECT_EQ(must({"credential", "check", "store:crm/reader"}), "the secret can be had: 12 bytes\n");
  EXPECT_EQ(must({"credential", "set", "crm/reader", "--value-stdin", "--password-stdin"},
                 std::string(password) + "\nlonger than before"),
            "set the credential crm/reader; its reference is store:crm/reader\n");
  EXPECT_EQ(must({"credential", "check", "store:crm/reader"}), "the secret can be had: 18 bytes\n");
  must({"credential", "remove", "crm/reader"});
  EXPECT_EQ(run({"credential", "show", "crm/reader"}).exit_code, 2);
  EXPECT_EQ(run({"credential", "remove", "crm/reader"}).exit_code, 2);
  EXPECT_EQ(run({"credential", "check", "store:crm/reader"}).exit_code, 2);
  EXPECT_EQ(run({"credential", "set", "../crm", "--value-stdin"}, "x").exit_code, 2);
  EXPECT_EQ(run({"credential", "set", "crm", "--value-stdin"}, "").exit_code, 2);
}

TEST_F(Commands, RefuseAKeyFileThatOthersCanRead) {
  init();
  ::chmod(key_file().c_str(), 0444);
  const auto result = run({"key", "unlock"});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("chmod 0400"));
  EXPECT_THAT(must({"key", "status"}), HasSubstr("chmod 0400"));
}

TEST_F(Commands, TakeTheCredentialOfASystemdUnit) {
  init();
  installation_.set("ASSAY_KEY_FILE", "");
  ::mkdir(installation_.path("credentials").c_str(), 0700);
  ASSERT_EQ(::rename(key_file().c_str(), installation_.path("credentials/assay-key").c_str()), 0);
  installation_.set("CREDENTIALS_DIRECTORY", installation_.path("credentials"));
  must({"credential", "set", "crm", "--value-stdin"}, "s3cret");
  EXPECT_THAT(must({"credential", "check", "store:crm"}), HasSubstr("6 bytes"));
}

TEST_F(Commands, ChangeThePasswordAndWithItTheKeyFile) {
  init();
  must({"credential", "set", "crm", "--value-stdin"}, "s3cret");
  must({"key", "change-password", "--password-stdin", "--kdf", "pbkdf2-hmac-sha256", "--write-key-file",
        installation_.path("new-key")},
       std::string(password) + "\nanother password\n");
  const auto old = run({"credential", "check", "store:crm"});
  EXPECT_EQ(old.exit_code, 4);
  EXPECT_THAT(old.err, HasSubstr("password that was changed"));
  EXPECT_THAT(must({"key", "status"}), HasSubstr("600000 rounds"));
  installation_.set("ASSAY_KEY_FILE", installation_.path("new-key"));
  EXPECT_THAT(must({"credential", "check", "store:crm"}), HasSubstr("6 bytes"));
  EXPECT_EQ(run({"key", "unlock", "--password-stdin"}, std::string(password) + "\n").exit_code, 4);
  must({"key", "unlock", "--password-stdin"}, "another password\n");
}

TEST_F(Commands, GetSecretsFromVault) {
  test::VaultServer vault(test::VaultServer::Transport::tls);
  vault.tell(R"({"do":"secret","path":"secret/data/crm","data":{"password":"s3cret"}})");
  vault.tell(R"({"do":"role","role_id":"the-role","secret_id":"the-secret-id"})");
  vault.tell(R"({"do":"token","text":"hvs.the-token","ttl":0})");
  const std::string reference = "vault:secret/data/crm#password";
  EXPECT_THAT(run({"credential", "check", reference}).err, HasSubstr("vault.address is not set"));
  installation_.set("ASSAY_VAULT_ADDRESS", vault.address());
  EXPECT_THAT(run({"credential", "check", reference}).err, HasSubstr("VAULT_TOKEN is not set"));
  installation_.set("VAULT_TOKEN", "hvs.the-token");
  EXPECT_THAT(run({"credential", "check", reference}).err, HasSubstr("not trusted"));
  installation_.set("ASSAY_VAULT_CA_FILE", vault.ca_file());
  EXPECT_EQ(must({"credential", "check", reference}), "the secret can be had: 6 bytes\n");
  // By a role, whose secret is itself in the store.
  init();
  must({"credential", "set", "vault-role", "--value-stdin"}, "the-secret-id");
  EXPECT_EQ(
      must({"credential", "check", "--vault-role-id", "the-role", "--vault-secret-id", "store:vault-role", reference}),
      "the secret can be had: 6 bytes\n");
  EXPECT_EQ(vault.count("POST /v1/auth/approle/login"), 1U);
  const auto inline_secret = run({"credential", "check", "--vault-token", "hvs.the-token", reference});
  EXPECT_EQ(inline_secret.exit_code, 2);
  EXPECT_THAT(inline_secret.err, Not(HasSubstr("hvs.")));
}

TEST_F(Commands, JobsUseTheFingerprintKeyOfTheDatabase) {
  installation_.write("files/a.txt", "mail wilhelmina.quartermaine@mail-host.org\n");
  const auto fingerprint = [&] {
    const auto service = installation_.start({"serve"});
    const auto job = installation_.json({"job", "start", "--full", "all"}).as_object();
    const auto id = job.at("job_ids").as_array().at(0).to_number<int64_t>();
    EXPECT_EQ(installation_.wait_for_status(id, {"COMPLETED", "FAILED"}), "COMPLETED");
    const auto findings =
        installation_.json({"findings", "list", "--entity", "EMAIL_ADDRESS", "--job", std::to_string(id)}).as_array();
    EXPECT_EQ(findings.size(), 1U);
    log_ = service->log();
    return std::string(findings.at(0).at("fingerprint").as_string());
  };
  installation_.must({"db", "migrate"});
  installation_.add_source_and_template(installation_.path("files"));
  const std::string before = fingerprint();
  EXPECT_THAT(log_, Not(HasSubstr("fingerprints are made")));
  init();
  const std::string with_keys = fingerprint();
  EXPECT_NE(with_keys, before);
  EXPECT_THAT(log_, HasSubstr("and not with that of fingerprint_key_file"));
  must({"key", "rotate"});
  EXPECT_EQ(fingerprint(), with_keys);  // what is known stays known
  installation_.set("ASSAY_KEY_FILE", "");
  EXPECT_EQ(fingerprint(), before);
  EXPECT_THAT(log_, HasSubstr("no key file"));
}

TEST_F(Commands, GoOnWithTheFingerprintKeyThatThereWas) {
  installation_.write("files/a.txt", "mail wilhelmina.quartermaine@mail-host.org\n");
  must({"key", "init", "--kdf", "argon2id-interactive", "--password-stdin", "--write-key-file", key_file(),
        "--fingerprint-key", installation_.path("fingerprint.key")},
       std::string(password) + "\n");
  installation_.set("ASSAY_KEY_FILE", key_file());
  const auto service = installation_.start({"serve"});
  EXPECT_THAT(service->log(), Not(HasSubstr("fingerprints are made")));  // they are the same
}

/// `assay` on a terminal of its own.
class Terminal {
 public:
  Terminal(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& variables) {
    auto environment = program_environment(variables);
    std::vector<char*> argv, envp;
    auto strings = arguments;
    for (auto& text : strings) argv.push_back(text.data());
    for (auto& text : environment) envp.push_back(text.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    int fd = -1;
    pid_ = ::forkpty(&fd, nullptr, nullptr, nullptr);
    if (pid_ == 0) {
      ::execve(argv[0], argv.data(), envp.data());
      ::_exit(127);
    }
    fd_ = core::Fd(fd);
  }
  ~Terminal() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    end();
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Reads until the text has come; false when it does not.
  bool wait_for(const std::string& text) {
    while (seen_.find(text, from_) == std::string::npos)
      if (!read_some()) return false;
    from_ = seen_.find(text, from_) + text.size();
    return true;
  }
  void type(const std::string& text) const {
    ASSERT_EQ(::write(fd_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  int end() {
    if (pid_ <= 0) return -1;
    while (read_some()) continue;
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  const std::string& seen() const { return seen_; }

 private:
  bool read_some() {
    pollfd polled{fd_.get(), POLLIN, 0};
    char part[1024];
    if (::poll(&polled, 1, 60'000) <= 0) return false;
    const ssize_t n = ::read(fd_.get(), part, sizeof part);
    if (n <= 0) return false;
    seen_.append(part, static_cast<size_t>(n));
    return true;
  }

  pid_t pid_ = -1;
  core::Fd fd_;
  std::string seen_;
  size_t from_ = 0;
};

class OnATerminal : public Commands {
 protected:
  std::map<std::string, std::string> variables() const {
    return {{"HOME", installation_.path("")},
            {"ASSAY_CONFIG", "/dev/null"},
            {"ASSAY_DATABASE", "sqlite:" + installation_.path("terminal.db")}};
  }
  static std::vector<std::string> init_command() {
    return {assay_program(), "key", "init", "--kdf", "argon2id-interactive"};
  }
};

TEST_F(OnATerminal, PasswordsAreAskedForTwiceAndNotShown) {
  Terminal terminal(init_command(), variables());
  ASSERT_TRUE(terminal.wait_for("New password of the keys: ")) << terminal.seen();
  terminal.type("correct horse battery\n");
  ASSERT_TRUE(terminal.wait_for("New password of the keys, again: ")) << terminal.seen();
  terminal.type("correct horse battery\n");
  EXPECT_EQ(terminal.end(), 0) << terminal.seen();
  EXPECT_THAT(terminal.seen(), Not(HasSubstr("horse")));
  EXPECT_THAT(terminal.seen(), HasSubstr("made the keys"));

  Terminal set({assay_program(), "credential", "set", "crm"}, variables());
  ASSERT_TRUE(set.wait_for("Password of the keys: ")) << set.seen();
  set.type("correct horse battery\n");
  ASSERT_TRUE(set.wait_for("Value of crm: ")) << set.seen();
  set.type("s3cret\n");
  ASSERT_TRUE(set.wait_for("again: ")) << set.seen();
  set.type("s3cret\n");
  EXPECT_EQ(set.end(), 0) << set.seen();
  EXPECT_THAT(set.seen(), Not(HasSubstr("s3cret")));
}

TEST_F(OnATerminal, TwoThatDifferAreRefused) {
  Terminal terminal(init_command(), variables());
  ASSERT_TRUE(terminal.wait_for("New password of the keys: "));
  terminal.type("correct horse battery\n");
  ASSERT_TRUE(terminal.wait_for("again: "));
  terminal.type("correct horse batterz\n");
  EXPECT_EQ(terminal.end(), 2);
  EXPECT_THAT(terminal.seen(), HasSubstr("not the same"));
}

TEST_F(OnATerminal, CtrlCEndsIt) {
  Terminal terminal(init_command(), variables());
  ASSERT_TRUE(terminal.wait_for("New password of the keys: "));
  terminal.type("\x03");
  EXPECT_EQ(terminal.end(), 2);
  EXPECT_THAT(terminal.seen(), HasSubstr("interrupted"));
}

TEST(PrivateMemory, LeavesNoCoreDump) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    secure::keep_memory_private();
    rlimit limit{1, 1};
    ::getrlimit(RLIMIT_CORE, &limit);
#ifdef ASSAY_SANITIZED
    const bool is_hidden = true;
#else
    const bool is_hidden = ::prctl(PR_GET_DUMPABLE) == 0;
#endif
    ::_exit(limit.rlim_cur == 0 && limit.rlim_max == 0 && is_hidden ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace assay::tests
