#include "connect/azure_blob/azure_blob_connector.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>

#include "connect/azure_blob/signature.h"
#include "connect/conformance.h"
#include "connect/object_store/digest.h"
#include "core/error.h"
#include "http/client.h"
#include "tests/support/azure_server.h"
#include "tests/support/http_server.h"

namespace assay::connect::azure_blob {
namespace {

using test::AzureServer;
using test::HttpAnswer;
using test::HttpQuestion;
using test::HttpServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* key_reference = "env:KEY";
constexpr const char* token_reference = "env:TOKEN";

core::Sensitive<std::string> raw_key() { return core::Sensitive(from_base64(AzureServer::account_key)); }

/// A token that may read and list the account's containers until 2099 ("Create an account SAS").
std::string sas_token() {
  const std::string to_sign =
      fmt::format("{}\nrl\nb\nco\n\n2099-01-01T00:00:00Z\n\n\n2020-12-06\n\n", AzureServer::account);
  const std::string signature = base64(bytes_of(hmac_sha256(raw_key().reveal(), to_sign)));
  return "?sv=2020-12-06&ss=b&srt=co&sp=rl&se=2099-01-01T00%3A00%3A00Z&sig=" + http::percent_encode(signature);
}

class AzurePlace final : public ConformancePlace {
 public:
  AzurePlace() : server_(AzureServer::shared()), client_(http::ClientOptions{}) {
    static std::atomic<int> containers = 0;
    container_ = fmt::format("container-{}", ++containers);
    ask({.method = "PUT", .url = server_.url() + "/" + container_ + "?restype=container"});
  }

  const ConnectorKind& kind() const override { return azure_blob_kind(); }
  SourceAddress address() const override { return address_at(server_.url()); }
  SourceAddress address_at(const std::string& endpoint) const {
    return {.roots = {"az://" + container_},
            .settings = {{"endpoint", endpoint}, {"account", AzureServer::account}, {"account_key", key_reference}},
            .include = {},
            .exclude = {}};
  }
  core::Sensitive<std::string> secret(std::string_view reference) const override {
    if (reference == token_reference) return core::Sensitive(sas_token());
    return core::Sensitive<std::string>(reference == key_reference ? AzureServer::account_key : "d3Jvbmc=");
  }
  void put(std::string_view name, std::string_view content) override {
    ask({.method = "PUT",
         .url = url_of(name),
         .headers = {{"x-ms-blob-type", "BlockBlob"}, {"Content-Type", "application/octet-stream"}},
         .body = std::string(content)});
  }
  void remove(std::string_view name) override { ask({.method = "DELETE", .url = url_of(name)}); }
  std::optional<SourceAddress> unreachable() const override {
    return address_at(fmt::format("http://127.0.0.1:{}", test::free_loopback_port()));
  }
  std::optional<SourceAddress> refused() const override {
    SourceAddress wrong = address();
    wrong.settings["account_key"] = "env:OTHER";
    return wrong;
  }
  std::unique_ptr<Connector> connector(const SourceAddress& address) const {
    return ConnectorKinds({azure_blob_kind()})
        .make("azure_blob", address,
              {.resolve_secret = [this](std::string_view reference) { return secret(reference); }, .stop = {}});
  }
  std::string url_of(std::string_view name) const {
    return server_.url() + "/" + container_ + "/" + http::percent_encode(name, "/");
  }

 private:
  void ask(const http::Request& question) {
    const http::Response answer = client_.fetch([&] {
      http::Request request = question;
      sign(request, AzureServer::account, raw_key(), std::time(nullptr));
      return request;
    });
    if (!answer.is_success())
      throw std::runtime_error(fmt::format("{}: {} {}", question.method, answer.status, answer.body.substr(0, 500)));
  }

  AzureServer& server_;
  http::Client client_;
  std::string container_;
};

std::unique_ptr<ConformancePlace> make_place() { return std::make_unique<AzurePlace>(); }

TEST(AzureBlob, ATokenOpensToo) {
  AzurePlace place;
  place.put("a b", "content");
  SourceAddress address = place.address();
  address.settings.erase("account_key");
  address.settings["sas_token"] = token_reference;
  const auto connector = place.connector(address);
  EntryRecorder recorder;
  connector->enumerate(0, {}, recorder);
  EXPECT_THAT(recorder.names(), ElementsAre("a b"));
  EXPECT_EQ(read_all(*connector, "a b"), "content");
}

TEST(AzureBlob, ATokenIsInNoMessage) {
  AzurePlace place;
  SourceAddress address = *place.unreachable();
  address.settings.erase("account_key");
  address.settings["sas_token"] = token_reference;
  EntryRecorder recorder;
  try {
    place.connector(address)->enumerate(0, {}, recorder);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("sig=")));
  }
}

TEST(AzureBlob, AnOpenedObjectIsTheListedOne) {
  AzurePlace place;
  place.put("a", "content");
  const auto connector = place.connector(place.address());
  EntryRecorder recorder;
  connector->enumerate(0, {}, recorder);
  const auto opened = connector->open(0, "a");
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->entry.size, recorder.entries.at(0).size);
  EXPECT_EQ(opened->entry.mtime_ns, recorder.entries.at(0).mtime_ns);
  EXPECT_EQ(opened->entry.change_id, recorder.entries.at(0).change_id);
}

TEST(AzureBlob, AReadThatBreaksGoesOnAndSeesAnotherContent) {
  AzurePlace place;
  const std::string content(2'000'000, 'x');
  place.put("long", content);
  http::Client client(http::ClientOptions{});
  int asked = 0;
  HttpServer front([&](const HttpQuestion& question) {
    http::Request request{.method = question.method, .url = "http://" + question.header("Host") + question.target};
    const std::string server = AzureServer::shared().url();
    request.url = server.substr(0, server.rfind('/')) + question.target;
    for (const auto& [name, value] : question.headers) request.headers.push_back({name, value});
    const http::Response real = client.fetch(request);
    HttpAnswer answer{.status = real.status, .headers = {}, .body = real.body};
    for (const http::Header& header : real.headers)
      if (header.name != "Connection" && header.name != "Keep-Alive" && header.name != "Transfer-Encoding")
        answer.headers.emplace_back(header.name, header.value);
    if (++asked % 2 == 1) answer.cut_after = 900'000;
    return answer;
  });
  const auto connector = place.connector(place.address_at(front.url() + "/" + AzureServer::account));
  EXPECT_TRUE(read_all(*connector, "long") == content);

  auto opened = connector->open(0, "long");
  ASSERT_TRUE(opened.has_value());
  place.put("long", std::string(2'000'000, 'y'));
  std::string piece(50'000, '\0');
  try {
    while (opened->reader->read(piece) != 0) {
    }
    ADD_FAILURE() << "nothing was thrown";
  } catch (const ReadFailure& failure) {
    EXPECT_EQ(failure.verdict().kind, model::VerdictKind::changed);
  }
}

TEST(AzureBlob, SaysWhatLiesInTheArchiveAndReadsEncodedNames) {
  HttpServer server([&](const HttpQuestion&) {
    return HttpAnswer{.body =
                          "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs>"
                          "<Blob><Name Encoded=\"true\">a%EF%BF%BE</Name><Properties><Content-Length>5</Content-Length>"
                          "</Properties></Blob>"
                          "<Blob><Name>b</Name><Properties><Content-Length>5</Content-Length>"
                          "<AccessTier>Archive</AccessTier></Properties></Blob>"
                          "<Blob><Name>c</Name><Properties><ResourceType>directory</ResourceType></Properties></Blob>"
                          "</Blobs><NextMarker/></EnumerationResults>"};
  });
  const SourceAddress address{.roots = {"az://c"},
                              .settings = {{"endpoint", server.url()}, {"account", "a"}, {"anonymous", "true"}},
                              .include = {},
                              .exclude = {}};
  EntryRecorder recorder;
  ConnectorKinds({azure_blob_kind()}).make("azure_blob", address, {})->enumerate(0, {}, recorder);
  EXPECT_THAT(recorder.names(), ElementsAre("a\xef\xbf\xbe"));
  ASSERT_EQ(recorder.unread.size(), 1U);
  EXPECT_THAT(recorder.unread[0].second.reason, HasSubstr("archive"));
}

TEST(AzureBlob, SaysWhatIsWrongWithAnAddress) {
  const auto refusal = [](const std::map<std::string, std::string>& settings) {
    try {
      ConnectorKinds({azure_blob_kind()})
          .make("azure_blob", {.roots = {"az://c"}, .settings = settings, .include = {}, .exclude = {}}, {});
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      return std::string(error.what());
    }
    return std::string("nothing was thrown");
  };
  EXPECT_THAT(refusal({}), HasSubstr("account"));
  EXPECT_THAT(refusal({{"account", "evil.host/"}}), HasSubstr("account"));
  EXPECT_THAT(refusal({{"account", "a"}}), HasSubstr("account_key"));
  EXPECT_THAT(refusal({{"account", "a"}, {"account_key", "x"}, {"sas_token", "y"}}), HasSubstr("sas_token"));
}

}  // namespace
}  // namespace assay::connect::azure_blob

namespace assay::connect {
INSTANTIATE_TEST_SUITE_P(AzureBlob, ConnectorConformance, testing::Values(&azure_blob::make_place));
}  // namespace assay::connect
