#include "connect/s3/s3_connector.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <mutex>

#include "connect/conformance.h"
#include "connect/s3/signature.h"
#include "core/error.h"
#include "http/client.h"
#include "tests/support/http_server.h"
#include "tests/support/s3_server.h"

namespace assay::connect::s3 {
namespace {

using test::HttpAnswer;
using test::HttpQuestion;
using test::HttpServer;
using test::S3Server;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* secret_reference = "env:SECRET";

/// Writes with signed requests, as any client does.
class S3Place final : public ConformancePlace {
 public:
  S3Place() : server_(S3Server::shared()), client_(http::ClientOptions{}) {
    static std::atomic<int> buckets = 0;
    bucket_ = fmt::format("bucket-{}", ++buckets);
    ask("PUT", "", "");
  }

  const ConnectorKind& kind() const override { return s3_kind(); }
  SourceAddress address() const override { return address_at(server_.url(), ""); }
  SourceAddress address_at(const std::string& endpoint, const std::string& prefix) const {
    return {.roots = {"s3://" + bucket_ + prefix},
            .settings = {{"endpoint", endpoint},
                         {"region", S3Server::region},
                         {"access_key_id", S3Server::access_key_id},
                         {"secret_access_key", secret_reference}},
            .include = {},
            .exclude = {}};
  }
  core::Sensitive<std::string> secret(std::string_view reference) const override {
    return core::Sensitive(std::string(reference == secret_reference ? S3Server::secret_access_key : "wrong"));
  }
  void put(std::string_view name, std::string_view content) override { ask("PUT", name, content); }
  void remove(std::string_view name) override { ask("DELETE", name, ""); }
  std::optional<SourceAddress> unreachable() const override {
    return address_at(fmt::format("http://127.0.0.1:{}", test::free_loopback_port()), "");
  }
  std::optional<SourceAddress> refused() const override {
    SourceAddress wrong = address();
    wrong.settings["secret_access_key"] = "env:OTHER";
    return wrong;
  }
  const std::string& bucket() const { return bucket_; }

  std::unique_ptr<Connector> connector(const SourceAddress& address) const {
    return ConnectorKinds({s3_kind()})
        .make("s3", address,
              {.resolve_secret = [this](std::string_view reference) { return secret(reference); }, .stop = {}});
  }

 private:
  void ask(const std::string& method, std::string_view key, std::string_view body) {
    const Credentials credentials{.access_key_id = S3Server::access_key_id,
                                  .secret_access_key = core::Sensitive<std::string>(S3Server::secret_access_key),
                                  .session_token = {}};
    const http::Response answer = client_.fetch([&] {
      http::Request request{
          .method = method,
          .url = server_.url() + "/" + bucket_ + (key.empty() ? "" : "/" + http::percent_encode(key, "/")),
          .body = std::string(body)};
      sign(request, credentials, S3Server::region, std::time(nullptr));
      return request;
    });
    if (!answer.is_success()) throw std::runtime_error(fmt::format("{} {}: {}", method, answer.status, answer.body));
  }

  S3Server& server_;
  http::Client client_;
  std::string bucket_;
};

std::unique_ptr<ConformancePlace> make_place() { return std::make_unique<S3Place>(); }

/// Stands before the real server, and may answer in its place or spoil its answers.
class Front {
 public:
  using Spoil = std::function<void(const HttpQuestion&, int nth, HttpAnswer&)>;
  explicit Front(Spoil spoil)
      : spoil_(std::move(spoil)),
        client_(http::ClientOptions{.retry = {.most_attempts = 1}}),
        server_([this](const HttpQuestion& question) { return answer(question); }) {}

  std::string url() const { return server_.url(); }
  std::vector<std::string> ranges() {
    const std::lock_guard lock(mutex_);
    return ranges_;
  }

 private:
  HttpAnswer answer(const HttpQuestion& question) {
    int nth = 0;
    {
      const std::lock_guard lock(mutex_);
      nth = ++asked_;
      ranges_.push_back(question.header("Range"));
    }
    http::Request request{.method = question.method, .url = S3Server::shared().url() + question.target};
    for (const auto& [name, value] : question.headers) request.headers.push_back({name, value});
    const http::Response real = client_.fetch(request);
    HttpAnswer passed{.status = real.status, .headers = {}, .body = real.body};
    for (const http::Header& header : real.headers)
      if (header.name != "Connection" && header.name != "Transfer-Encoding")
        passed.headers.emplace_back(header.name, header.value);
    spoil_(question, nth, passed);
    return passed;
  }

  Spoil spoil_;
  http::Client client_;
  std::mutex mutex_;
  int asked_ = 0;
  std::vector<std::string> ranges_;
  HttpServer server_;
};

std::string long_text() {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += fmt::format("{:09}\n", i);
  return text;
}

std::vector<std::string> names_of(Connector& connector) {
  EntryRecorder recorder;
  connector.enumerate(0, {}, recorder);
  return recorder.names();
}

TEST(S3, APrefixIsAFolder) {
  S3Place place;
  for (const char* key : {"logs/a", "logs/b/c", "logs2/x", "log", "other"}) place.put(key, "x");
  EXPECT_THAT(names_of(*place.connector(place.address_at(S3Server::shared().url(), "/logs"))), ElementsAre("a", "b/c"));
  EXPECT_THAT(names_of(*place.connector(place.address_at(S3Server::shared().url(), "/logs/"))),
              ElementsAre("a", "b/c"));
  const auto one = place.connector(place.address_at(S3Server::shared().url(), "/logs/b/c"));
  EXPECT_THAT(names_of(*one), ElementsAre(""));
  EXPECT_EQ(read_all(*one, ""), "x");
  EXPECT_EQ(one->path_of(0, ""), one->roots()[0]);
}

TEST(S3, WhatShowsAFolderIsNoObject) {
  S3Place place;
  place.put("a/", "");
  place.put("a/b", "x");
  EXPECT_THAT(names_of(*place.connector(place.address())), ElementsAre("a/b"));
}

TEST(S3, AnObjectNamedLikeItsFolderIsNotMistakenForAnother) {
  HttpServer server([&](const HttpQuestion&) {
    return HttpAnswer{.body =
                          "<ListBucketResult><Contents><Key>folder/</Key><Size>5</Size></Contents></ListBucketResult>"};
  });
  const SourceAddress address{.roots = {"s3://bucket/folder"},
                              .settings = {{"endpoint", server.url()}, {"anonymous", "true"}, {"region", "eu-test-1"}},
                              .include = {},
                              .exclude = {}};
  EntryRecorder recorder;
  ConnectorKinds({s3_kind()}).make("s3", address, {})->enumerate(0, {}, recorder);
  EXPECT_THAT(recorder.names(), IsEmpty());
  ASSERT_EQ(recorder.unread.size(), 1U);
  EXPECT_EQ(recorder.unread[0].first, "/");
}

TEST(S3, FindsTheRegionByItself) {
  S3Place place;
  place.put("a", "x");
  SourceAddress address = place.address();
  address.settings.erase("region");
  EXPECT_THAT(names_of(*place.connector(address)), ElementsAre("a"));
}

TEST(S3, SpeaksToTheHostOfABucket) {
  S3Place place;
  place.put("a b/c+d", "content");
  SourceAddress address = place.address_at(fmt::format("http://{}", S3Server::virtual_domain), "");
  address.settings["addressing"] = "virtual";
  address.settings["connect_to"] = fmt::format("127.0.0.1:{}", S3Server::shared().port());
  const auto connector = place.connector(address);
  EXPECT_THAT(names_of(*connector), ElementsAre("a b/c+d"));
  EXPECT_EQ(read_all(*connector, "a b/c+d"), "content");
}

TEST(S3, AnOpenedObjectIsTheListedOne) {
  S3Place place;
  place.put("a", "content");
  const auto connector = place.connector(place.address());
  EntryRecorder recorder;
  connector->enumerate(0, {}, recorder);
  const auto opened = connector->open(0, "a");
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->entry.size, recorder.entries.at(0).size);
  EXPECT_EQ(opened->entry.mtime_ns, recorder.entries.at(0).mtime_ns);
  EXPECT_EQ(opened->entry.change_id, recorder.entries.at(0).change_id);
  EXPECT_GT(opened->entry.mtime_ns, 0);
}

TEST(S3, ABusyServerIsAskedAgain) {
  S3Place place;
  for (int i = 0; i < 3; ++i) place.put(fmt::format("{}", i), "x");
  Front front([](const HttpQuestion&, int nth, HttpAnswer& answer) {
    if (nth % 2 == 1)
      answer = {.status = 503, .headers = {{"Retry-After", "0"}}, .body = "<Error><Code>SlowDown</Code></Error>"};
  });
  const auto connector = place.connector(place.address_at(front.url(), ""));
  EXPECT_THAT(names_of(*connector), ElementsAre("0", "1", "2"));
  EXPECT_EQ(read_all(*connector, "1"), "x");
}

TEST(S3, AReadThatBreaksGoesOnAtTheSameByte) {
  S3Place place;
  const std::string content = long_text();
  place.put("long", content);
  std::atomic<int> breaks = 0;
  Front front([&](const HttpQuestion&, int, HttpAnswer& answer) {
    if (answer.body.size() > 700'000) {
      answer.cut_after = 600'000;
      ++breaks;
    }
  });
  const auto connector = place.connector(place.address_at(front.url(), ""));
  EXPECT_TRUE(read_all(*connector, "long") == content);
  EXPECT_EQ(breaks, 4);
  EXPECT_THAT(front.ranges(), ElementsAre("", "bytes=600000-", "bytes=1200000-", "bytes=1800000-", "bytes=2400000-"));
}

TEST(S3, AServerThatKnowsNoRangesIsReadFromTheBeginning) {
  S3Place place;
  const std::string content = long_text();
  place.put("long", content);
  Front front([&](const HttpQuestion&, int nth, HttpAnswer& answer) {
    if (nth == 1) {
      answer.cut_after = 1'000'000;
      return;
    }
    answer.status = 200;
    answer.body = content;
    std::erase_if(answer.headers, [](const auto& header) { return header.first == "Content-Length"; });
  });
  EXPECT_TRUE(read_all(*place.connector(place.address_at(front.url(), "")), "long") == content);
}

TEST(S3, AnObjectThatIsReplacedWhileItIsReadHasChanged) {
  S3Place place;
  const std::string content = long_text();
  for (const bool is_removed : {false, true}) {
    Front cutting([&](const HttpQuestion&, int nth, HttpAnswer& answer) {
      if (nth == 1) answer.cut_after = 1'000'000;
    });
    place.put("long", content);
    try {
      read_all(*place.connector(place.address_at(cutting.url(), "")), "long", [&] {
        if (is_removed) place.remove("long");
        else place.put("long", "another" + content);
      });
      ADD_FAILURE() << "nothing was thrown";
    } catch (const ReadFailure& failure) {
      EXPECT_EQ(failure.verdict().kind, model::VerdictKind::changed) << failure.verdict().reason;
    }
  }
}

TEST(S3, AConnectionThatBreaksAgainAndAgainIsGivenUp) {
  S3Place place;
  place.put("a", "some content");
  Front front([](const HttpQuestion&, int nth, HttpAnswer& answer) { answer.cut_after = nth == 1 ? 4 : 0; });
  try {
    read_all(*place.connector(place.address_at(front.url(), "")), "a");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::transient);
  }
}

TEST(S3, OneObjectThatMayNotBeReadIsAVerdict) {
  S3Place place;
  place.put("closed", "x");
  place.put("archived", "x");
  place.put("broken", "x");
  place.put("open", "x");
  Front front([](const HttpQuestion& question, int, HttpAnswer& answer) {
    if (question.target.ends_with("/closed"))
      answer = {.status = 403, .body = "<Error><Code>AccessDenied</Code></Error>"};
    if (question.target.ends_with("/archived"))
      answer = {.status = 403, .body = "<Error><Code>InvalidObjectState</Code></Error>"};
    if (question.target.ends_with("/broken")) answer = {.status = 400, .body = "what?"};
  });
  const auto connector = place.connector(place.address_at(front.url(), ""));
  const std::pair<const char*, const char*> expected[] = {
      {"closed", "access denied"}, {"archived", "restore"}, {"broken", "400"}};
  for (const auto& [name, reason] : expected) {
    const auto opened = connector->open(0, name);
    ASSERT_FALSE(opened.has_value()) << name;
    EXPECT_EQ(opened.error().kind, model::VerdictKind::io_error);
    EXPECT_THAT(opened.error().reason, HasSubstr(reason));
  }
  EXPECT_EQ(read_all(*connector, "open"), "x");
}

TEST(S3, NoBucketIsNotFound) {
  S3Place place;
  SourceAddress address = place.address();
  address.roots = {"s3://no-such-bucket-anywhere"};
  try {
    names_of(*place.connector(address));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::not_found) << error.what();
  }
  const Trial trial = place.connector(address)->test(1);
  EXPECT_FALSE(trial.ok);
  EXPECT_THAT(trial.problems, ElementsAre(HasSubstr("no-such-bucket-anywhere")));
}

/// A server of which the tests say every word.
SourceAddress anonymous_at(const HttpServer& server) {
  return {.roots = {"s3://bucket"},
          .settings = {{"endpoint", server.url()}, {"anonymous", "true"}, {"region", "eu-test-1"}},
          .include = {},
          .exclude = {}};
}

std::unique_ptr<Connector> make(const SourceAddress& address) {
  return ConnectorKinds({s3_kind()}).make("s3", address, {.resolve_secret = {}, .stop = {}});
}

TEST(S3, WhatLiesInAnArchiveIsSaid) {
  HttpQuestion seen;
  HttpServer server([&](const HttpQuestion& question) {
    seen = question;
    return HttpAnswer{.body =
                          "<ListBucketResult><IsTruncated>false</IsTruncated>"
                          "<Contents><Key>a</Key><Size>5</Size><StorageClass>GLACIER</StorageClass></Contents>"
                          "<Contents><Key>b</Key><Size>5</Size><StorageClass>DEEP_ARCHIVE</StorageClass>"
                          "<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>"
                          "2030-01-01T00:00:00Z</RestoreExpiryDate></RestoreStatus></Contents>"
                          "<Contents><Key>c</Key><Size>5</Size><StorageClass>GLACIER_IR</StorageClass></Contents>"
                          "</ListBucketResult>"};
  });
  SourceAddress address = anonymous_at(server);
  address.settings["requester_pays"] = "true";
  EntryRecorder recorder;
  make(address)->enumerate(0, {}, recorder);
  EXPECT_THAT(recorder.names(), ElementsAre("b", "c"));
  ASSERT_EQ(recorder.unread.size(), 1U);
  EXPECT_EQ(recorder.unread[0].first, "a");
  EXPECT_THAT(recorder.unread[0].second.reason, HasSubstr("GLACIER"));
  EXPECT_EQ(seen.header("x-amz-request-payer"), "requester");
  EXPECT_EQ(seen.header("Authorization"), "");
}

TEST(S3, KeysThatXmlCannotHoldComeEncoded) {
  HttpServer server([&](const HttpQuestion& question) {
    EXPECT_THAT(question.target, HasSubstr("encoding-type=url"));
    return HttpAnswer{.body =
                          "<ListBucketResult><EncodingType>url</EncodingType>"
                          "<Contents><Key>a+b%2Bc/%01%25</Key><Size>5</Size></Contents>"
                          "<Contents><Key>nul%00</Key><Size>5</Size></Contents></ListBucketResult>"};
  });
  EntryRecorder recorder;
  make(anonymous_at(server))->enumerate(0, {}, recorder);
  EXPECT_THAT(recorder.names(), ElementsAre("a b+c/\x01%"));
  ASSERT_EQ(recorder.unread.size(), 1U);
  EXPECT_EQ(recorder.unread[0].second.kind, model::VerdictKind::io_error);
}

TEST(S3, AServerThatAnswersNonsenseIsAnErrorAndNoMore) {
  const std::string page = "<ListBucketResult><IsTruncated>true</IsTruncated>";
  const std::string bodies[] = {
      "",
      "<html>",
      "<html></html>",
      "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><ListBucketResult>&e;</ListBucketResult>",
      page + "</ListBucketResult>",
      page + "<NextContinuationToken>same</NextContinuationToken></ListBucketResult>"};
  for (const std::string& body : bodies) {
    HttpServer server([&](const HttpQuestion&) { return HttpAnswer{.body = body}; });
    EntryRecorder recorder;
    EXPECT_THROW(make(anonymous_at(server))->enumerate(0, {}, recorder), core::Error) << body;
    EXPECT_THAT(recorder.names(), IsEmpty());
  }
  HttpServer other([&](const HttpQuestion&) {
    return HttpAnswer{.body = "<ListBucketResult><Contents><Key>elsewhere/a</Key></Contents></ListBucketResult>"};
  });
  SourceAddress address = anonymous_at(other);
  address.roots = {"s3://bucket/here/"};
  EntryRecorder recorder;
  EXPECT_THROW(make(address)->enumerate(0, {}, recorder), core::Error);
}

TEST(S3, AnotherRegionIsNamed) {
  HttpServer server([&](const HttpQuestion&) {
    return HttpAnswer{.status = 301,
                      .headers = {{"x-amz-bucket-region", "eu-north-1"}, {"Location", "http://127.0.0.1:9/"}},
                      .body = "<Error><Code>PermanentRedirect</Code></Error>"};
  });
  EntryRecorder recorder;
  try {
    make(anonymous_at(server))->enumerate(0, {}, recorder);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("eu-north-1"));
  }
}

TEST(S3, SaysWhatIsWrongWithAnAddress) {
  const auto refusal = [](SourceAddress address) {
    try {
      make(address);
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      return std::string(error.what());
    }
    return std::string("nothing was thrown");
  };
  const SourceAddress good{.roots = {"s3://bucket"}, .settings = {{"anonymous", "true"}}, .include = {}, .exclude = {}};
  EXPECT_EQ(refusal(good), "nothing was thrown");
  const auto with = [&](const std::string& name, const std::string& value) {
    SourceAddress address = good;
    address.settings[name] = value;
    return refusal(address);
  };
  EXPECT_THAT(with("endpoint", "host:9000"), HasSubstr("endpoint"));
  EXPECT_THAT(with("endpoint", "file:///etc"), HasSubstr("endpoint"));
  EXPECT_THAT(with("addressing", "both"), HasSubstr("addressing"));
  EXPECT_THAT(with("anonymous", "yes"), HasSubstr("anonymous"));
  EXPECT_THAT(with("ca_file", "/nowhere"), HasSubstr("ca_file"));
  EXPECT_THAT(with("access_key_id", "A"), HasSubstr("secret_access_key"));
  SourceAddress other = good;
  other.roots = {"s3://"};
  EXPECT_THAT(refusal(other), HasSubstr("bucket"));
  other.roots = {"s3://a b/c"};
  EXPECT_THAT(refusal(other), HasSubstr("bucket"));
  ::unsetenv("AWS_ACCESS_KEY_ID");
  EXPECT_THAT(with("anonymous", "false"), HasSubstr("AWS_ACCESS_KEY_ID"));
}

TEST(S3, TakesTheUsualVariables) {
  S3Place place;
  place.put("a", "x");
  ::setenv("AWS_ACCESS_KEY_ID", S3Server::access_key_id, 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", S3Server::secret_access_key, 1);
  ::setenv("AWS_REGION", S3Server::region, 1);
  ::setenv("AWS_ENDPOINT_URL", S3Server::shared().url().c_str(), 1);
  const auto connector = make({.roots = {"s3://" + place.bucket()}, .settings = {}, .include = {}, .exclude = {}});
  EXPECT_THAT(names_of(*connector), ElementsAre("a"));
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ENDPOINT_URL"})
    ::unsetenv(name);
}

}  // namespace
}  // namespace assay::connect::s3

namespace assay::connect {
INSTANTIATE_TEST_SUITE_P(S3, ConnectorConformance, testing::Values(&s3::make_place));
}  // namespace assay::connect
