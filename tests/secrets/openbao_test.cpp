// Against a real server: OpenBao, whose API is Vault's, where scripts/openbao.sh could have it.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <filesystem>

#include "core/error.h"
#include "secure/credentials.h"
#include "tests/support/program.h"
#include "tests/support/service.h"
#include "tests/support/temporary_tree.h"

namespace assay::tests {
namespace {

using core::ErrorKind;
using ::testing::HasSubstr;

std::string program() { return ASSAY_SOURCE_DIR "/build/openbao/bao"; }

int free_port() {
  const core::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof any;
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&any), sizeof any) != 0 ||
      ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&any), &size) != 0)
    throw std::runtime_error("no free port");
  return ntohs(any.sin_port);
}

class OpenBao : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(program())) GTEST_SKIP() << "there is no OpenBao; scripts/openbao.sh gets one";
    const int port = free_port();
    address_ = fmt::format("https://127.0.0.1:{}", port);
    std::filesystem::create_directory(tree_.path("tls"));
    server_ = std::make_unique<Service>(Service::Options{
        .arguments = {program(), "server", "-dev", "-dev-tls", "-dev-no-store-token", "-dev-root-token-id=root-of-test",
                      "-dev-tls-cert-dir=" + tree_.path("tls"), fmt::format("-dev-listen-address=127.0.0.1:{}", port)},
        .environment = {{"HOME", tree_.path("")}},
        .log_path = tree_.path("log")});
    while (server_->log().find("Development mode should NOT be used") == std::string::npos)
      ASSERT_FALSE(server_->wait(std::chrono::milliseconds(20))) << server_->log();
    bao({"kv", "put", "secret/crm", "password=s3cret-one"});
    bao({"auth", "enable", "approle"});
    const std::string policy = tree_.write("policy.hcl", "path \"secret/data/crm\" { capabilities = [\"read\"] }\n");
    bao({"policy", "write", "crm", policy});
    bao({"write", "auth/approle/role/crm", "token_policies=crm", "token_ttl=3s", "token_max_ttl=1h"});
    role_id_ = bao({"read", "-field=role_id", "auth/approle/role/crm/role-id"});
    secret_id_ = bao({"write", "-f", "-field=secret_id", "auth/approle/role/crm/secret-id"});
    options_.address = address_;
    options_.ca_file = tree_.path("tls/vault-ca.pem");
  }
  std::string bao(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program());
    ProgramOptions options;
    options.environment = {{"HOME", tree_.path("")},
                           {"BAO_ADDR", address_},
                           {"BAO_TOKEN", "root-of-test"},
                           {"BAO_CACERT", tree_.path("tls/vault-ca.pem")}};
    const auto result = run_program(arguments, options);
    EXPECT_EQ(result.exit_code, 0) << fmt::format("{}\n{}", fmt::join(arguments, " "), result.err);
    return result.out;
  }
  void use_token(const std::string& token) {
    options_.token = [token] { return core::Sensitive<std::string>(token); };
  }
  void use_approle() {
    options_.role_id = role_id_;
    options_.secret_id = [this] { return core::Sensitive<std::string>(secret_id_); };
  }
  std::string resolve(const std::string& reference = "vault:secret/data/crm#password") {
    if (!provider_) provider_ = secure::vault_provider(options_);
    return provider_->resolve(secure::parse_reference(reference)).reveal();
  }
  core::Error refusal(const std::string& reference = "vault:secret/data/crm#password") {
    try {
      resolve(reference);
    } catch (const core::Error& error) {
      EXPECT_THAT(error.what(), Not(HasSubstr("s3cret")));
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {ErrorKind::bug, ""};
  }

  TemporaryTree tree_;
  std::unique_ptr<Service> server_;
  std::string address_, role_id_, secret_id_;
  secure::VaultOptions options_;
  std::unique_ptr<secure::CredentialProvider> provider_;
};

TEST_F(OpenBao, GivesSecretsAndTheirVersions) {
  use_token("root-of-test");
  EXPECT_EQ(resolve(), "s3cret-one");
  bao({"kv", "put", "secret/crm", "password=s3cret-two"});
  EXPECT_EQ(resolve(), "s3cret-two");
  EXPECT_EQ(resolve("vault:secret/data/crm?version=1#password"), "s3cret-one");
  bao({"kv", "put", "secret/with space/\xc3\xa4", "k=s3cret"});
  EXPECT_EQ(resolve("vault:secret/data/with space/\xc3\xa4#k"), "s3cret");
  EXPECT_THAT(refusal("vault:secret/data/crm#user").what(), HasSubstr("no text 'user'"));
  EXPECT_EQ(refusal("vault:secret/data/none#password").kind(), ErrorKind::not_found);
  EXPECT_EQ(refusal("vault:nothing/data/none#password").kind(), ErrorKind::not_found);
  bao({"kv", "delete", "secret/crm"});
  EXPECT_THAT(refusal().what(), HasSubstr("was deleted"));
  bao({"kv", "destroy", "-versions=2", "secret/crm"});
  EXPECT_THAT(refusal().what(), HasSubstr("was destroyed"));
}

TEST_F(OpenBao, LetsARoleReadWhatItMay) {
  use_approle();
  EXPECT_EQ(resolve(), "s3cret-one");
  bao({"kv", "put", "secret/erp", "password=s3cret"});
  EXPECT_EQ(refusal("vault:secret/data/erp#password").kind(), ErrorKind::denied);
  provider_.reset();
  secret_id_ += "x";
  EXPECT_THAT(refusal().what(), HasSubstr("refuses the role ID or the secret ID"));
}

TEST_F(OpenBao, RenewsTheTokenOfARole) {
  int64_t now_ms = 1;
  options_.now_ms = [&] { return now_ms; };
  use_approle();
  EXPECT_EQ(resolve(), "s3cret-one");
  now_ms += 2'500;  // more than two thirds of three seconds, and by the server's clock hardly any
  EXPECT_EQ(resolve(), "s3cret-one");
  now_ms += 2'500;
  EXPECT_EQ(resolve(), "s3cret-one");
  now_ms += 4'000;  // it has ended
  EXPECT_EQ(resolve(), "s3cret-one");
  bao({"token", "revoke", "-mode=path", "auth/approle"});
  EXPECT_EQ(resolve(), "s3cret-one");
}

TEST_F(OpenBao, RefusesATokenThatIsNone) {
  use_token("s.of-nobody");
  EXPECT_EQ(refusal().kind(), ErrorKind::denied);
}

TEST_F(OpenBao, ThatIsSealedSaysSo) {
  use_token("root-of-test");
  EXPECT_EQ(resolve(), "s3cret-one");
  bao({"operator", "seal"});
  const auto error = refusal();
  EXPECT_EQ(error.kind(), ErrorKind::transient);
  EXPECT_THAT(error.what(), HasSubstr("is sealed"));
}

TEST_F(OpenBao, IsNotTrustedWithoutItsAuthority) {
  use_token("root-of-test");
  options_.ca_file.clear();
  EXPECT_THAT(refusal().what(), HasSubstr("is not trusted"));
}

}  // namespace
}  // namespace assay::tests
