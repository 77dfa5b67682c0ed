#include "connect/gcs/gcs_connector.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>

#include "connect/conformance.h"
#include "connect/gcs/access_token.h"
#include "core/error.h"
#include "http/client.h"
#include "tests/support/gcs_server.h"
#include "tests/support/http_server.h"

namespace assay::connect::gcs {
namespace {

using test::GcsServer;
using test::HttpAnswer;
using test::HttpQuestion;
using test::HttpServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class GcsPlace final : public ConformancePlace {
 public:
  GcsPlace() : server_(GcsServer::shared()), client_(http::ClientOptions{}) {
    static std::atomic<int> buckets = 0;
    bucket_ = fmt::format("bucket-{}", ++buckets);
    ask({.method = "POST",
         .url = server_.url() + "/storage/v1/b",
         .headers = {{"Content-Type", "application/json"}},
         .body = fmt::format(R"({{"name":"{}"}})", bucket_)});
  }

  const ConnectorKind& kind() const override { return gcs_kind(); }
  SourceAddress address() const override { return address_at(server_.url()); }
  SourceAddress address_at(const std::string& endpoint) const {
    return {.roots = {"gs://" + bucket_},
            .settings = {{"endpoint", endpoint}, {"access_token", "env:TOKEN"}},
            .include = {},
            .exclude = {}};
  }
  void put(std::string_view name, std::string_view content) override {
    ask({.method = "POST",
         .url = fmt::format("{}/upload/storage/v1/b/{}/o?uploadType=media&name={}", server_.url(), bucket_,
                            http::percent_encode(name)),
         .headers = {{"Content-Type", "application/octet-stream"}},
         .body = std::string(content)});
  }
  void remove(std::string_view name) override {
    ask({.method = "DELETE",
         .url = fmt::format("{}/storage/v1/b/{}/o/{}", server_.url(), bucket_, http::percent_encode(name))});
  }
  std::optional<SourceAddress> unreachable() const override {
    return address_at(fmt::format("http://127.0.0.1:{}", test::free_loopback_port()));
  }
  std::unique_ptr<Connector> connector(const SourceAddress& address) const {
    return ConnectorKinds({gcs_kind()})
        .make("gcs", address,
              {.resolve_secret = [this](std::string_view reference) { return secret(reference); }, .stop = {}});
  }

 private:
  void ask(const http::Request& request) {
    const http::Response answer = client_.fetch(request);
    if (!answer.is_success())
      throw std::runtime_error(fmt::format("{}: {} {}", request.method, answer.status, answer.body.substr(0, 500)));
  }

  GcsServer& server_;
  http::Client client_;
  std::string bucket_;
};

std::unique_ptr<ConformancePlace> make_place() { return std::make_unique<GcsPlace>(); }

TEST(Gcs, AReadThatBreaksGoesOnAndSeesAnotherContent) {
  GcsPlace place;
  const std::string content(2'000'000, 'x');
  place.put("a/long", content);
  http::Client client(http::ClientOptions{});
  int asked = 0;
  HttpServer front([&](const HttpQuestion& question) {
    http::Request request{.method = question.method, .url = GcsServer::shared().url() + question.target};
    for (const auto& [name, value] : question.headers) request.headers.push_back({name, value});
    const http::Response real = client.fetch(request);
    HttpAnswer answer{.status = real.status, .headers = {}, .body = real.body};
    for (const http::Header& header : real.headers)
      if (header.name != "Connection" && header.name != "Transfer-Encoding" && header.name != "Content-Length")
        answer.headers.emplace_back(header.name, header.value);
    if (++asked % 2 == 1) answer.cut_after = 900'000;
    return answer;
  });
  const auto connector = place.connector(place.address_at(front.url()));
  for (const bool is_replaced : {false, true}) {
    auto opened = connector->open(0, "a/long");
    ASSERT_TRUE(opened.has_value());
    if (is_replaced) place.put("a/long", std::string(2'000'000, 'y'));
    std::string read, piece(50'000, '\0');
    try {
      while (const size_t n = opened->reader->read(piece)) read.append(piece, 0, n);
      EXPECT_FALSE(is_replaced);
      EXPECT_TRUE(read == content);
    } catch (const ReadFailure& failure) {
      EXPECT_TRUE(is_replaced) << failure.what();
      EXPECT_EQ(failure.verdict().kind, model::VerdictKind::changed);
    }
  }
}

TEST(Gcs, RefusedCredentialsAreDenied) {
  std::string authorization;
  HttpServer server([&](const HttpQuestion& question) {
    authorization = question.header("Authorization");
    return HttpAnswer{.status = 401, .body = "{\"error\":{\"code\":401}}"};
  });
  GcsPlace place;
  EntryRecorder recorder;
  try {
    place.connector(place.address_at(server.url()))->enumerate(0, {}, recorder);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::denied);
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("env:TOKEN")));
  }
  EXPECT_EQ(authorization, "Bearer env:TOKEN");
}

TEST(Gcs, AServerThatAnswersNonsenseIsAnErrorAndNoMore) {
  for (const std::string body : {"", "<html>", "[]", "{\"items\":[{\"name\":5}]", "\"x\""}) {
    HttpServer server([&](const HttpQuestion&) { return HttpAnswer{.body = body}; });
    const SourceAddress address{.roots = {"gs://bucket"},
                                .settings = {{"endpoint", server.url()}, {"anonymous", "true"}},
                                .include = {},
                                .exclude = {}};
    EntryRecorder recorder;
    EXPECT_THROW(ConnectorKinds({gcs_kind()}).make("gcs", address, {})->enumerate(0, {}, recorder), core::Error)
        << body;
  }
}

TEST(Gcs, SaysWhatIsWrongWithAnAddress) {
  ::unsetenv("GOOGLE_APPLICATION_CREDENTIALS");
  try {
    ConnectorKinds({gcs_kind()}).make("gcs", {.roots = {"gs://b"}, .settings = {}, .include = {}, .exclude = {}}, {});
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
    EXPECT_THAT(error.what(), HasSubstr("GOOGLE_APPLICATION_CREDENTIALS"));
  }
}

}  // namespace
}  // namespace assay::connect::gcs

namespace assay::connect {
INSTANTIATE_TEST_SUITE_P(Gcs, ConnectorConformance, testing::Values(&gcs::make_place));
}  // namespace assay::connect
