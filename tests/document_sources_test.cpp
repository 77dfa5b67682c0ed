// APIs and collections of documents, scanned by the program: as places on its command line, and as sources of jobs.
#include <fmt/format.h>

#include <atomic>
#include <filesystem>

#include "tests/support/http_server.h"
#include "tests/support/installation.h"
#include "tests/support/mongodb_server.h"

namespace assay::tests {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* person = R"({"name": "Ada", "payment": {"card_number": "4111 1111 1111 1111"},
                                   "accounts": [{"iban": "DE89 3704 0044 0532 0130 00"}]})";

class RestSource : public testing::Test {
 protected:
  RestSource() {
    assay_.set("API_TOKEN", "the-token-of-this-test");
    file_ = assay_.write("crm.yaml", fmt::format(R"(base_url: {}/v1
auth: {{type: bearer, token: env:API_TOKEN}}
resources:
  - {{name: people, path: /people, records: items, change: etag}}
  - {{name: broken, path: /broken}}
)",
                                                 server_.url()));
  }
  test::HttpAnswer answer(const test::HttpQuestion& q) {
    if (q.header("Authorization") != "Bearer the-token-of-this-test") return {.status = 401};
    ++asked_;
    if (q.target == "/v1/broken") return {.body = "no JSON"};
    std::string list = person;
    for (int i = 0; i < 500; ++i) list += std::string(", ") + person;
    return {.headers = {{"ETag", "\"1\""}}, .body = R"({"items": [)" + list + "]}"};
  }

  std::atomic<int> asked_ = 0;
  test::HttpServer server_{[this](const test::HttpQuestion& q) { return answer(q); }};
  Installation assay_;
  std::string file_;
};

TEST_F(RestSource, IsScannedLikeAPath) {
  const auto scan = assay_.run({"scan", "--format", "jsonl", "rest:" + file_});
  EXPECT_EQ(scan.exit_code, 3) << scan.out.substr(0, 2000) << scan.err;  // one resource cannot be read
  EXPECT_THAT(scan.out,
              AllOf(HasSubstr("/v1/people"), HasSubstr("CREDIT_CARD"), HasSubstr("\"column\":\"payment.card_number\""),
                    HasSubstr("IBAN_CODE"), HasSubstr("\"column\":\"accounts[].iban\""), HasSubstr("no JSON")));
  EXPECT_THAT(scan.out + scan.err, AllOf(Not(HasSubstr("4111 1111")), Not(HasSubstr("the-token"))));
}

TEST_F(RestSource, IsReadByJobsAndNotAgainWhenNothingChanged) {
  assay_.must({"source", "add", "crm", "--url", "rest:" + file_, "--exclude", "broken"});
  EXPECT_THAT(assay_.must({"source", "test", "crm"}), HasSubstr("1 of 1 resources answered"));
  assay_.write("t.yaml", "name: crm\nsources: [crm]\n");
  assay_.must({"template", "add", assay_.path("t.yaml")});
  const auto serve = assay_.start({"serve"});
  EXPECT_EQ(assay_.run({"job", "start", "crm", "--wait"}).exit_code, 0);
  EXPECT_THAT(assay_.must({"findings", "columns", "--job", "1"}), HasSubstr("payment.card_number"));
  EXPECT_EQ(assay_.run({"job", "start", "crm", "--wait"}).exit_code, 0);
  const auto second = assay_.json({"job", "show", "2"}).as_array().at(0).as_object();
  EXPECT_EQ(second.at("progress").at("objects").at("skipped").as_int64(), 1);
}

TEST_F(RestSource, AStoredOneKnowsItsFileFromAnywhere) {
  EXPECT_THAT(assay_.must({"source", "kinds"}), AllOf(HasSubstr("rest:FILE"), HasSubstr("mongodb://")));
  const std::string relative = std::filesystem::relative(file_).string();
  assay_.must({"source", "add", "crm", "--url", "rest:" + relative});
  EXPECT_THAT(assay_.must({"source", "show", "crm"}), HasSubstr("rest:" + file_));
}

TEST_F(RestSource, WrongTurnsAreSaidInOneSentence) {
  auto wrong = assay_.run({"scan", "rest:" + assay_.path("absent.yaml")});
  EXPECT_NE(wrong.exit_code, 0);
  EXPECT_THAT(wrong.err, HasSubstr("absent.yaml"));
  assay_.write("bad.yaml", "base_url: https://x/\nresources: []\n");
  wrong = assay_.run({"scan", "rest:" + assay_.path("bad.yaml")});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("bad.yaml:2"));
  assay_.set("API_TOKEN", "another-token");
  wrong = assay_.run({"scan", "rest:" + file_});
  EXPECT_EQ(wrong.exit_code, 4);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("refused"), Not(HasSubstr("another-token"))));
}

class MongodbSource : public testing::Test {
 protected:
  MongodbSource() {
    assay_.set("MONGODB_PASSWORD", test::MongodbServer::password);
    std::vector<std::string> people(2000, person);
    people.emplace_back(R"({"late": {"note": "Card 5500 0000 0000 0004 exp 12/27"}})");
    server_.insert("crm", "people", people);
    server_.insert("crm", "letters",
                   {R"({"body": {"$binary": {"base64": ")"
                    "VG86IGEKRnJvbTogYgoKQ2FyZCA1NTAwIDAwMDAgMDAwMCAwMDA0IGV4cCAxMi8yNwoB"
                    R"(", "subType": "00"}}})"});
  }
  ~MongodbSource() override { server_.run("crm", R"({"dropDatabase": 1})"); }

  test::MongodbServer& server_ = test::MongodbServer::shared();
  Installation assay_;
};

TEST_F(MongodbSource, IsScannedLikeAPath) {
  const auto scan =
      assay_.run({"scan", "--format", "jsonl", server_.url("crm"), "--setting", "password=env:MONGODB_PASSWORD"});
  EXPECT_EQ(scan.exit_code, 0) << scan.out.substr(0, 2000) << scan.err;
  EXPECT_THAT(scan.out,
              AllOf(HasSubstr("/crm/people"), HasSubstr("CREDIT_CARD"), HasSubstr("\"column\":\"payment.card_number\""),
                    HasSubstr("IBAN_CODE"), HasSubstr("\"column\":\"accounts[].iban\""),
                    HasSubstr("\"column\":\"late.note\""), HasSubstr("body/1")));
  EXPECT_THAT(scan.out + scan.err, AllOf(Not(HasSubstr("4111 1111")), Not(HasSubstr(test::MongodbServer::password))));
}

TEST_F(MongodbSource, IsReadByJobs) {
  assay_.must({"source", "add", "crm", "--url", server_.url("crm"), "--setting", "password=env:MONGODB_PASSWORD"});
  EXPECT_THAT(assay_.must({"source", "test", "crm"}), AllOf(HasSubstr("MongoDB "), HasSubstr("2 collections")));
  assay_.write("t.yaml", "name: crm\nsources: [crm]\n");
  assay_.must({"template", "add", assay_.path("t.yaml")});
  const auto serve = assay_.start({"serve"});
  EXPECT_EQ(assay_.run({"job", "start", "crm", "--wait"}).exit_code, 0);
  EXPECT_THAT(assay_.must({"findings", "columns", "--job", "1"}), HasSubstr("payment.card_number"));
}

TEST_F(MongodbSource, WrongTurnsAreSaidInOneSentence) {
  assay_.set("MONGODB_PASSWORD", "not-the-secret");
  const auto wrong = assay_.run({"scan", server_.url("crm"), "--setting", "password=env:MONGODB_PASSWORD"});
  EXPECT_EQ(wrong.exit_code, 4);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("MongoDB"), Not(HasSubstr("not-the-secret"))));
}

}  // namespace
}  // namespace assay::tests
