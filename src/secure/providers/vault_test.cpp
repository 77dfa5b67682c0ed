// Against a server that speaks Vault's API over real sockets, and can be told to misbehave; and, where there is one, a
// real OpenBao in tests/openbao_test.cpp.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "core/error.h"
#include "secure/credentials.h"
#include "tests/support/vault_server.h"

namespace assay::secure {
namespace {

using core::ErrorKind;
using test::VaultServer;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* token = "hvs.token-of-the-test";

class Vault : public ::testing::Test {
 protected:
  explicit Vault(VaultServer::Transport transport = VaultServer::Transport::http) : server_(transport) {
    server_.tell(fmt::format(R"({{"do":"token","text":"{}","ttl":0}})", token));
    server_.tell(R"({"do":"secret","path":"secret/data/crm","data":{"password":"s3cret-one","port":5432}})");
    server_.tell(
        R"({"do":"role","role_id":"crm-role","secret_id":"crm-secret-id","ttl":60,"prefix":"secret/data/crm"})");
    options_.address = server_.address();
    options_.timeout_ms = 5'000;
    options_.now_ms = [this] { return now_ms_; };
  }
  void use_token(const std::string& text = token) {
    options_.token = [text] { return core::Sensitive<std::string>(text); };
  }
  void use_approle(const std::string& secret_id = "crm-secret-id") {
    options_.role_id = "crm-role";
    options_.secret_id = [secret_id] { return core::Sensitive<std::string>(secret_id); };
  }
  std::string resolve(const std::string& reference = "vault:secret/data/crm#password") {
    if (!provider_) provider_ = vault_provider(options_);
    return provider_->resolve(parse_reference(reference)).reveal();
  }
  /// Of an attempt to get a secret. Whatever it says, it holds no secret.
  core::Error refusal(const std::string& reference = "vault:secret/data/crm#password") {
    try {
      resolve(reference);
    } catch (const core::Error& error) {
      EXPECT_THAT(error.what(), AllOf(Not(HasSubstr("s3cret")), Not(HasSubstr("hvs.")), Not(HasSubstr("secret-id"))));
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {ErrorKind::bug, ""};
  }
  void pass_s(int64_t seconds) {
    now_ms_ += 1000 * seconds;
    server_.tell(fmt::format(R"({{"do":"advance","s":{}}})", seconds));
  }
  size_t logins() { return server_.count("POST /v1/auth/approle/login"); }
  size_t renewals() { return server_.count("POST /v1/auth/token/renew-self"); }

  VaultServer server_;
  VaultOptions options_;
  int64_t now_ms_ = 1;
  std::unique_ptr<CredentialProvider> provider_;
};

class VaultOverTls : public Vault {
 protected:
  VaultOverTls() : Vault(VaultServer::Transport::tls) {}
};

TEST_F(Vault, GivesMembersOfSecrets) {
  use_token();
  EXPECT_EQ(resolve(), "s3cret-one");
  EXPECT_EQ(resolve("vault:secret/data/crm#port"), "5432");
  server_.tell(R"({"do":"secret","path":"secret/data/crm","data":{"password":"s3cret-two"}})");
  EXPECT_EQ(resolve(), "s3cret-two");
  EXPECT_EQ(resolve("vault:secret/data/crm?version=1#password"), "s3cret-one");
}

TEST_F(Vault, TakesNamesThatAnUrlDoesNot) {
  use_token();
  server_.tell(R"({"do":"secret","path":"secret/data/a%20b/%C3%A4%3F","data":{"k e y":"s3cret"}})");
  EXPECT_EQ(refusal("vault:secret/data/a b/\xc3\xa4?#k e y").kind(), ErrorKind::bad_input);
  server_.tell(R"({"do":"secret","path":"secret/data/a%20b/%C3%A4","data":{"k e y":"s3cret"}})");
  EXPECT_EQ(resolve("vault:secret/data/a b/\xc3\xa4#k e y"), "s3cret");
}

TEST_F(Vault, RefusesReferencesThatMakeNoSense) {
  use_token();
  for (const auto* reference :
       {"vault:secret/data/crm", "vault:secret/crm#password", "vault:secret/data/../sys#x", "vault:/secret/data/crm#x",
        "vault:secret/data//crm#x", "vault:secret/data/crm?list=1#x", "vault:secret/data/crm?version=x#password"})
    EXPECT_EQ(refusal(reference).kind(), ErrorKind::bad_input) << reference;
  EXPECT_EQ(server_.count("GET /v1/secret"), 0U);
}

TEST_F(Vault, SaysWhatIsNotThere) {
  use_token();
  EXPECT_EQ(refusal("vault:secret/data/none#password").kind(), ErrorKind::not_found);
  const auto member = refusal("vault:secret/data/crm#user");
  EXPECT_EQ(member.kind(), ErrorKind::not_found);
  EXPECT_THAT(member.what(), HasSubstr("no text 'user'"));
  server_.tell(R"({"do":"secret","path":"secret/data/crm","data":"deleted"})");
  EXPECT_THAT(refusal().what(), HasSubstr("version 2 of the secret secret/data/crm"));
  EXPECT_THAT(refusal().what(), HasSubstr("was deleted"));
  server_.tell(R"({"do":"secret","path":"secret/data/crm","data":"destroyed"})");
  EXPECT_THAT(refusal().what(), HasSubstr("was destroyed"));
  EXPECT_EQ(refusal("vault:secret/data/crm?version=9#password").kind(), ErrorKind::not_found);
}

TEST_F(Vault, SaysWhatIsNotAllowed) {
  use_token("hvs.of-nobody");
  EXPECT_EQ(refusal().kind(), ErrorKind::denied);
  EXPECT_THAT(refusal().what(), HasSubstr("does not let this token read secret/data/crm"));
  provider_.reset();
  options_.token = nullptr;
  use_approle();
  server_.tell(R"({"do":"secret","path":"secret/data/erp","data":{"password":"s3cret"}})");
  EXPECT_EQ(resolve(), "s3cret-one");
  EXPECT_EQ(refusal("vault:secret/data/erp#password").kind(), ErrorKind::denied);
}

TEST_F(Vault, LogsInByRoleOnce) {
  use_approle();
  EXPECT_EQ(resolve(), "s3cret-one");
  EXPECT_EQ(resolve(), "s3cret-one");
  EXPECT_EQ(logins(), 1U);
}

TEST_F(Vault, RenewsItsTokenWhenTwoThirdsAreOver) {
  use_approle();
  resolve();
  pass_s(39);
  resolve();
  EXPECT_EQ(renewals(), 0U);
  pass_s(1);
  resolve();
  EXPECT_EQ(renewals(), 1U);
  pass_s(59);  // it would have ended long ago
  EXPECT_EQ(resolve(), "s3cret-one");
  EXPECT_EQ(logins(), 1U);
}

TEST_F(Vault, LogsInAgainWhenItsTokenHasEnded) {
  use_approle();
  resolve();
  pass_s(61);
  EXPECT_EQ(resolve(), "s3cret-one");
  EXPECT_EQ(logins(), 2U);
  EXPECT_EQ(renewals(), 0U);
}

TEST_F(Vault, LogsInAgainWhenItsTokenIsRevoked) {
  use_approle();
  resolve();
  server_.tell(R"({"do":"revoke"})");
  EXPECT_EQ(resolve(), "s3cret-one");
  EXPECT_EQ(logins(), 2U);
}

TEST_F(Vault, UsesATokenThatCannotBeRenewedToItsEnd) {
  server_.tell(R"({"do":"role","role_id":"crm-role","secret_id":"crm-secret-id","ttl":60,"renewable":false})");
  use_approle();
  resolve();
  pass_s(50);
  resolve();
  EXPECT_EQ(renewals(), 0U);
  EXPECT_EQ(logins(), 1U);
}

TEST_F(Vault, RenewsAGivenTokenToo) {
  server_.tell(R"({"do":"token","text":"hvs.short","ttl":90})");
  use_token("hvs.short");
  resolve();
  pass_s(70);
  resolve();
  EXPECT_EQ(renewals(), 1U);
  pass_s(80);
  EXPECT_EQ(resolve(), "s3cret-one");
}

TEST_F(Vault, LooksForAnotherTokenWhenItsOwnIsRefused) {
  std::string current = "hvs.first";
  server_.tell(R"({"do":"token","text":"hvs.first","ttl":0})");
  options_.token = [&current] { return core::Sensitive<std::string>(current); };
  resolve();
  server_.tell(R"({"do":"revoke"})");
  server_.tell(R"({"do":"token","text":"hvs.second","ttl":0})");
  EXPECT_EQ(refusal().kind(), ErrorKind::denied);
  current = "hvs.second";  // as an agent that keeps a file would
  EXPECT_EQ(resolve(), "s3cret-one");
}

TEST_F(Vault, TakesATokenThatMayNotLookAtItself) {
  server_.tell(R"({"do":"token","text":"hvs.modest","ttl":90,"look":false})");
  use_token("hvs.modest");
  EXPECT_EQ(resolve(), "s3cret-one");
}

TEST_F(Vault, SaysThatItsRoleIsRefused) {
  use_approle("wrong-secret-id");
  const auto error = refusal();
  EXPECT_EQ(error.kind(), ErrorKind::denied);
  EXPECT_THAT(error.what(), HasSubstr("refuses the role ID or the secret ID"));
  provider_.reset();
  options_.approle_mount = "elsewhere";
  EXPECT_THAT(refusal().what(), HasSubstr("no AppRole login at auth/elsewhere"));
}

TEST_F(Vault, ThatIsSealedMayBeUnsealed) {
  use_token();
  server_.tell(R"({"do":"set","sealed":true})");
  EXPECT_EQ(refusal().kind(), ErrorKind::transient);
  EXPECT_THAT(refusal().what(), HasSubstr("is sealed: an operator must unseal it"));
  server_.tell(R"({"do":"set","sealed":false})");
  EXPECT_EQ(resolve(), "s3cret-one");
}

TEST_F(Vault, SendsItsTokenNowhereElse) {
  VaultServer other;
  use_token();
  resolve();
  server_.tell(
      fmt::format(R"({{"do":"set","forced":{{"status":307,"location":"{}/v1/secret/data/crm"}}}})", other.address()));
  const auto error = refusal();
  EXPECT_EQ(error.kind(), ErrorKind::permanent);
  EXPECT_THAT(error.what(), HasSubstr(other.address()));
  EXPECT_EQ(other.count("GET"), 0U);
}

TEST_F(Vault, SaysWhatElseItAnswers) {
  use_token();
  resolve();
  const auto answers = [&](const std::string& forced) {
    server_.tell(R"({"do":"set","forced":)" + forced + "}");
    return refusal();
  };
  EXPECT_EQ(answers(R"({"status":429})").kind(), ErrorKind::transient);
  EXPECT_EQ(answers(R"({"status":500})").kind(), ErrorKind::transient);
  EXPECT_EQ(answers(R"({"status":503})").kind(), ErrorKind::transient);
  EXPECT_EQ(answers(R"({"status":405})").kind(), ErrorKind::permanent);
  EXPECT_EQ(answers(R"({"status":404,"body":"no JSON s3cret"})").kind(), ErrorKind::not_found);
  EXPECT_EQ(answers(R"({"status":200,"body":"no JSON s3cret"})").kind(), ErrorKind::permanent);
  EXPECT_EQ(answers(R"({"status":200,"body":"{\"data\":{\"password\":\"s3cret\"}}"})").kind(), ErrorKind::permanent);
  EXPECT_EQ(answers(R"({"status":200,"body":"[1,","repeat":60000})").kind(), ErrorKind::permanent);
  EXPECT_THAT(answers(R"({"status":200,"body":"s3cret","repeat":100000})").what(), HasSubstr("more than 262144"));
}

TEST_F(Vault, IsNotWaitedForForEver) {
  options_.timeout_ms = 200;
  use_token();
  server_.tell(R"({"do":"set","silent":true})");
  const auto error = refusal();
  EXPECT_EQ(error.kind(), ErrorKind::transient);
  EXPECT_THAT(error.what(), HasSubstr("does not answer within 200 ms"));
}

TEST_F(Vault, ThatIsNotThereIsNamed) {
  use_token();
  options_.address = "http://127.0.0.1:1";
  const auto error = refusal();
  EXPECT_EQ(error.kind(), ErrorKind::transient);
  EXPECT_THAT(error.what(), HasSubstr("Vault at http://127.0.0.1:1 cannot be reached"));
}

TEST_F(Vault, IsToldItsNamespace) {
  options_.name_space = "team-a";
  use_token();
  resolve();
  EXPECT_THAT(server_.tell(R"({"do":"requests"})"), HasSubstr("\"team-a\""));
}

TEST_F(Vault, ServesManyThreads) {
  use_approle();
  provider_ = vault_provider(options_);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) EXPECT_EQ(resolve(), "s3cret-one");
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(logins(), 1U);
}

TEST_F(Vault, WantsOptionsThatMakeSense) {
  const auto refused = [&](const std::function<void(VaultOptions&)>& change) {
    VaultOptions options = options_;
    options.token = [] { return core::Sensitive<std::string>("hvs.x"); };
    change(options);
    try {
      vault_provider(options);
    } catch (const core::Error& error) {
      return error.kind() == ErrorKind::bad_input;
    }
    return false;
  };
  EXPECT_FALSE(refused([](auto& o) { o.address = "https://vault.example.org:8200/"; }));
  EXPECT_FALSE(refused([](auto& o) { o.address = "http://[::1]:8200"; }));
  EXPECT_TRUE(refused([](auto& o) { o.address = "http://vault.example.org:8200"; }));
  EXPECT_TRUE(refused([](auto& o) { o.address = "http://localhost.example.org"; }));
  EXPECT_TRUE(refused([](auto& o) { o.address = "https://user:password@vault.example.org"; }));
  EXPECT_TRUE(refused([](auto& o) { o.address = "vault.example.org"; }));
  EXPECT_TRUE(refused([](auto& o) { o.token = nullptr; }));
  EXPECT_TRUE(refused([](auto& o) {
    o.token = nullptr;
    o.role_id = "x";
  }));
}

TEST_F(VaultOverTls, IsTrustedByItsAuthority) {
  use_token();
  options_.ca_file = server_.ca_file();
  EXPECT_EQ(resolve(), "s3cret-one");
}

TEST_F(VaultOverTls, IsNotTrustedWithoutIt) {
  use_token();
  const auto error = refusal();
  EXPECT_EQ(error.kind(), ErrorKind::permanent);
  EXPECT_THAT(error.what(), HasSubstr("is not trusted"));
  EXPECT_EQ(server_.count("GET"), 0U);
}

TEST_F(VaultOverTls, IsNotTrustedUnderAnotherName) {
  use_token();
  options_.ca_file = server_.ca_file();
  options_.address.replace(options_.address.find("127.0.0.1"), 9, "localhost");
  EXPECT_EQ(refusal().kind(), ErrorKind::permanent);
  EXPECT_EQ(server_.count("GET"), 0U);
}

TEST_F(VaultOverTls, SaysThatTheAuthoritysFileIsNotThere) {
  use_token();
  options_.ca_file = "/nowhere/ca.pem";
  EXPECT_EQ(refusal().kind(), ErrorKind::bad_input);
}

}  // namespace
}  // namespace assay::secure
