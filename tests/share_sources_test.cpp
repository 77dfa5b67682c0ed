// Folders of other machines, scanned by the program: as URLs, and as sources of jobs.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sstream>

#include "tests/support/installation.h"
#include "tests/support/samba_server.h"
#include "tests/support/shared_folder.h"
#include "tests/support/ssh_server.h"

namespace assay::tests {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

using Settings = std::vector<std::string>;  // as on the command line

/// One kind of server with a folder of this machine.
class Share {
 public:
  virtual ~Share() = default;
  virtual const test::SharedFolder& folder() const = 0;
  virtual std::string url() const = 0;
  virtual Settings settings() const = 0;
  virtual std::map<std::string, std::string> environment() const { return {}; }
};

class SftpShare final : public Share {
 public:
  const test::SharedFolder& folder() const override { return folder_; }
  std::string url() const override { return server_.url(folder_.path()); }
  Settings settings() const override {
    return {"--setting", "private_key=file:" + server_.key(), "--setting", "known_hosts=" + server_.known_hosts()};
  }

 private:
  test::SshServer& server_ = test::SshServer::shared();
  test::SharedFolder folder_{server_.home() / "scanned"};
};

class SmbShare final : public Share {
 public:
  const test::SharedFolder& folder() const override { return folder_; }
  std::string url() const override { return server_.url() + "/scanned"; }
  Settings settings() const override { return {"--setting", "password=env:SMB_PASSWORD"}; }
  std::map<std::string, std::string> environment() const override {
    return {{"SMB_PASSWORD", test::SambaServer::password}};
  }

 private:
  test::SambaServer& server_ = test::SambaServer::shared();
  test::SharedFolder folder_{server_.folder() / "scanned"};
};

using MakeShare = std::unique_ptr<Share> (*)();

class ShareSources : public testing::TestWithParam<MakeShare> {
 protected:
  void SetUp() override {
    share_ = GetParam()();
    if (share_ == nullptr) GTEST_SKIP() << "this server is started when tests run as root";
    share_->folder().put("crm/people.csv", "name,card_number\nA B,4111 1111 1111 1111\nC D,5500 0000 0000 0004\n");
    share_->folder().put("mail/letter.txt", "Please pay to IBAN DE89 3704 0044 0532 0130 00, thank you.\n");
    share_->folder().put("mail/old/ünïcode näme.txt", "ssn 536-22-1234\n");
    std::string log;
    for (int i = 0; i < 60'000; ++i) log += fmt::format("line {} of a log without much in it\n", i);
    share_->folder().put("logs/long.log", log + "card 4111 1111 1111 1111 exp 12/27\n" + log);
    for (const auto& [name, value] : share_->environment()) assay_.set(name, value);
  }

  /// The lines of a report, with the root taken away.
  std::vector<std::string> findings(std::vector<std::string> arguments, const std::string& root) const {
    arguments.insert(arguments.begin(), {"scan", "--format", "jsonl"});
    const ProgramResult result = assay_.run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.out.substr(0, 2000) << result.err;
    std::vector<std::string> lines;
    std::istringstream text(result.out);
    for (std::string line; std::getline(text, line);) {
      if (!line.contains("\"entity\"")) continue;  // sums, times
      for (size_t at = 0; (at = line.find(root)) != std::string::npos;) line.replace(at, root.size(), "ROOT");
      lines.push_back(line);
    }
    std::ranges::sort(lines);
    return lines;
  }

  std::vector<std::string> with_settings(std::vector<std::string> arguments) const {
    const Settings settings = share_->settings();
    arguments.insert(arguments.end(), settings.begin(), settings.end());
    return arguments;
  }

  std::unique_ptr<Share> share_;
  Installation assay_;
};

TEST_P(ShareSources, AUrlIsScannedLikeThePathThatItShows) {
  const auto by_path = findings({share_->folder().path().string()}, share_->folder().path().string());
  const auto by_url = findings(with_settings({share_->url()}), share_->url());
  EXPECT_GE(by_path.size(), 5U);
  EXPECT_THAT(by_url, ElementsAreArray(by_path));
}

TEST_P(ShareSources, AStoredSourceIsReadByJobsAndAnUnchangedFileIsNotReadAgain) {
  assay_.must(with_settings({"source", "add", "share", "--url", share_->url()}));
  EXPECT_THAT(assay_.must({"source", "test", "share"}), HasSubstr("4 files"));
  assay_.write("t.yaml", "name: share\nsources: [share]\n");
  assay_.must({"template", "add", assay_.path("t.yaml")});
  const auto serve = assay_.start({"serve"});
  EXPECT_EQ(assay_.run({"job", "start", "share", "--wait"}).exit_code, 0);
  const auto first = assay_.json({"job", "show", "1"}).as_array().at(0).as_object();
  EXPECT_EQ(first.at("progress").at("objects").at("done").as_int64(), 4);
  share_->folder().put("mail/letter.txt", "Another card: 5500 0000 0000 0004\n");
  EXPECT_EQ(assay_.run({"job", "start", "share", "--wait"}).exit_code, 0);
  const auto second = assay_.json({"job", "show", "2"}).as_array().at(0).as_object();
  EXPECT_EQ(second.at("progress").at("objects").at("skipped").as_int64(), 3);
  EXPECT_EQ(second.at("progress").at("objects").at("done").as_int64(), 1);
  EXPECT_THAT(assay_.must({"findings", "list", "--job", "1", "--format", "jsonl"}), Not(HasSubstr("4111 1111")));
}

std::unique_ptr<Share> sftp() { return std::make_unique<SftpShare>(); }

std::unique_ptr<Share> smb() {
  if (!test::SambaServer::can_run()) return nullptr;
  return std::make_unique<SmbShare>();
}

INSTANTIATE_TEST_SUITE_P(Sftp, ShareSources, testing::Values(&sftp));
INSTANTIATE_TEST_SUITE_P(Smb, ShareSources, testing::Values(&smb));

}  // namespace
}  // namespace assay::tests
