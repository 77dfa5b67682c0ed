#include "connect/rest/rest_connector.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "connect/documents/document_conformance_test.h"
#include "connect/rest/url.h"
#include "core/error.h"
#include "http/message.h"
#include "tests/support/background_server.h"
#include "tests/support/http_server.h"

namespace assay::connect::rest {
namespace {

using test::HttpAnswer;
using test::HttpQuestion;
using test::HttpServer;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// A file that goes with it.
class DescriptionFile {
 public:
  DescriptionFile() : path_((std::filesystem::temp_directory_path() / "assay-rest-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  }
  ~DescriptionFile() { std::filesystem::remove_all(path_); }
  DescriptionFile(const DescriptionFile&) = delete;
  DescriptionFile& operator=(const DescriptionFile&) = delete;

  std::string root(const std::string& yaml) const {
    std::ofstream(path_ + "/api.yaml") << yaml;
    return "rest:" + path_ + "/api.yaml";
  }

 private:
  std::string path_;
};

std::string query_value(const std::string& target, const std::string& name) {
  const size_t at = std::min(target.find("?" + name + "="), target.find("&" + name + "="));
  if (at == std::string::npos) return {};
  const size_t begin = at + name.size() + 2;
  return http::percent_decode(target.substr(begin, target.find('&', begin) - begin));
}

HttpAnswer json_answer(std::string body) {
  return {.headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

/// An API of lists, which are asked for by offset and limit, for whoever has the token.
class RestPlace final : public DocumentPlace {
 public:
  RestPlace() : server_(std::make_unique<HttpServer>([this](const HttpQuestion& q) { return answer(q); })) {}

  const ConnectorKind& kind() const override { return rest_kind(); }
  SourceAddress address() override { return described(server_->url(), "env:the-token"); }
  core::Sensitive<std::string> secret(std::string_view reference) const override {
    return core::Sensitive(std::string(reference.substr(4)));
  }
  void put(const std::string& table, const std::vector<std::string>& documents) override {
    const std::lock_guard lock(mutex_);
    tables_[table] = documents;
    names_.push_back(table);
  }
  void remove(const std::string& table) override {
    const std::lock_guard lock(mutex_);
    tables_.erase(table);
  }
  SourceAddress unreachable() override {
    return described(fmt::format("http://127.0.0.1:{}", test::free_loopback_port()), "env:the-token");
  }
  std::optional<SourceAddress> refused() override { return described(server_->url(), "env:not-the-secret"); }
  void end_server() override { server_.reset(); }

 private:
  SourceAddress described(const std::string& url, const std::string& reference) {
    std::string yaml = fmt::format("base_url: {}\nauth: {{type: bearer, token: {}}}\nresources:\n", url, reference);
    for (const std::string& name : names_)
      yaml += fmt::format(
          "  - name: {0}\n    path: /{0}\n    records: data.items\n    pagination: {{type: offset, param: offset, "
          "size_param: limit, size: 100}}\n",
          name);
    return {.roots = {file_.root(yaml)}};
  }
  HttpAnswer answer(const HttpQuestion& q) {
    if (q.header("Authorization") != "Bearer the-token") return {.status = 401};
    const std::lock_guard lock(mutex_);
    const auto found = tables_.find(q.target.substr(1, q.target.find('?') - 1));
    if (found == tables_.end()) return {.status = 404};
    const size_t from = std::min<size_t>(std::stoul(query_value(q.target, "offset")), found->second.size());
    const size_t to = std::min<size_t>(from + std::stoul(query_value(q.target, "limit")), found->second.size());
    std::string list;
    for (size_t i = from; i < to; ++i) list += (i == from ? "" : ",") + found->second[i];
    return json_answer(R"({"data": {"items": [)" + list + "]}}");
  }

  DescriptionFile file_;
  std::mutex mutex_;
  std::map<std::string, std::vector<std::string>> tables_;
  std::vector<std::string> names_;
  std::unique_ptr<HttpServer> server_;
};

std::unique_ptr<DocumentPlace> make_rest_place() { return std::make_unique<RestPlace>(); }
INSTANTIATE_TEST_SUITE_P(Rest, DocumentConformance, testing::Values(&make_rest_place));

/// A server whose answers a test decides, and what it was asked.
class Rest : public testing::Test {
 protected:
  using Handler = std::function<HttpAnswer(const HttpQuestion&)>;

  void serve(Handler handler) {
    server_ = std::make_unique<HttpServer>([this, handler = std::move(handler)](const HttpQuestion& q) {
      {
        const std::lock_guard lock(mutex_);
        asked_.push_back(q);
      }
      return handler(q);
    });
  }
  /// `yaml` behind its base_url.
  std::unique_ptr<Connector> connector(const std::string& yaml, std::stop_token stop = {}) {
    return ConnectorKinds({rest_kind()})
        .make("rest", {.roots = {file_.root("base_url: " + server_->url() + "/v1\n" + yaml)}},
              {.resolve_secret = [](std::string_view name) { return core::Sensitive(std::string(name.substr(4))); },
               .stop = std::move(stop)});
  }
  /// Of the one resource `r`; its failure is kept.
  StreamRead read(Connector& source) {
    failure_ = {};
    auto opened = source.open(0, "r");
    if (!opened) {
      failure_ = opened.error();
      return {};
    }
    std::string stream;
    std::string piece(100'000, '\0');
    try {
      while (const size_t n = opened->reader->read(piece)) stream.append(piece, 0, n);
    } catch (const ReadFailure& failure) {
      failure_ = failure.verdict();
    }
    return parse_stream(stream);
  }
  StreamRead read(const std::string& yaml) { return read(*connector(yaml)); }
  static std::string resource(const std::string& more) { return "resources: [{name: r, path: /r, " + more + "}]\n"; }
  std::vector<std::string> targets() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> list;
    for (const HttpQuestion& q : asked_) list.push_back(q.target);
    return list;
  }

  DescriptionFile file_;
  std::mutex mutex_;
  std::vector<HttpQuestion> asked_;
  std::unique_ptr<HttpServer> server_;
  model::Verdict failure_;
};

TEST_F(Rest, PagesAreCountedUntilOneIsEmpty) {
  serve([](const HttpQuestion& q) {
    const std::string page = query_value(q.target, "page");
    return json_answer(page == "3" ? "[]" : fmt::format(R"([{{"n": "{}a"}}, {{"n": "{}b"}}])", page, page));
  });
  const auto rows = read(resource("query: {q: 'a&b'}, pagination: {type: page, param: page}")).column("n");
  EXPECT_THAT(rows, ElementsAre("1a", "1b", "2a", "2b"));
  EXPECT_THAT(targets(), ElementsAre("/v1/r?q=a%26b&page=1", "/v1/r?q=a%26b&page=2", "/v1/r?q=a%26b&page=3"));
}

TEST_F(Rest, APageBehindTheLastMayBeMissing) {
  serve([](const HttpQuestion& q) {
    if (query_value(q.target, "page") != "1") return HttpAnswer{.status = 404};
    return json_answer(R"([{"n": 1}])");
  });
  EXPECT_THAT(read(resource("pagination: {type: page, param: page}")).rows, SizeIs(1));
  EXPECT_EQ(failure_.reason, "");
}

TEST_F(Rest, CursorsAreFollowed) {
  serve([](const HttpQuestion& q) {
    const std::string cursor = query_value(q.target, "after");
    if (cursor.empty()) return json_answer(R"({"list": [{"n": 1}], "page": {"next": "a=/+"}})");
    EXPECT_EQ(cursor, "a=/+");
    return json_answer(R"({"list": [{"n": 2}], "page": {"next": null}})");
  });
  EXPECT_THAT(read(resource("records: /list, pagination: {type: cursor, param: after, next: page.next}")).column("n"),
              ElementsAre("1", "2"));
}

TEST_F(Rest, LinksAreFollowed) {
  serve([](const HttpQuestion& q) {
    HttpAnswer answer = json_answer(R"([{"n": 1}])");
    if (q.target.ends_with("/r"))
      answer.headers.emplace_back("Link", R"(</v1/r?p=9>; rel="last", <r?p=2>; title="a, b; rel=next"; rel="next")");
    return answer;
  });
  EXPECT_THAT(read(resource("pagination: {type: link}")).rows, SizeIs(2));
  EXPECT_THAT(targets(), ElementsAre("/v1/r", "/v1/r?p=2"));
}

TEST_F(Rest, UrlsInBodiesAreFollowedWithinTheOriginOnly) {
  std::atomic<int> foreign = 0;
  HttpServer other([&](const HttpQuestion&) {
    ++foreign;
    return json_answer("[]");
  });
  serve([&](const HttpQuestion& q) {
    const std::string next = q.target == "/v1/r" ? server_->url() + "/elsewhere?x=1" : other.url() + "/v1/r";
    return json_answer(R"({"list": [{"n": 1}], "next": ")" + next + "\"}");
  });
  EXPECT_THAT(
      read("auth: {type: bearer, token: env:T}\n" + resource("records: list, pagination: {type: next_url, next: next}"))
          .rows,
      SizeIs(2));
  EXPECT_EQ(failure_.kind, model::VerdictKind::partial);
  EXPECT_THAT(failure_.reason, AllOf(HasSubstr("page 2"), HasSubstr("another origin")));
  EXPECT_EQ(foreign, 0);
}

TEST_F(Rest, RedirectionsAreFollowedWithinTheOriginOnly) {
  std::atomic<int> foreign = 0;
  HttpServer other([&](const HttpQuestion&) {
    ++foreign;
    return json_answer("[]");
  });
  serve([&](const HttpQuestion& q) -> HttpAnswer {
    if (q.target == "/v1/r") return {.status = 302, .headers = {{"Location", "../new/r"}}};
    if (q.target == "/new/r") return json_answer(R"([{"n": 1}])");
    return {.status = 307, .headers = {{"Location", other.url() + "/x"}}};
  });
  EXPECT_THAT(read(resource("query: {}")).rows, SizeIs(1));
  const auto source =
      connector("auth: {type: api_key, key: env:K, header: X-Key}\nresources: [{name: r, path: /away}]\n");
  EXPECT_THAT(read(*source).rows, IsEmpty());
  EXPECT_EQ(failure_.kind, model::VerdictKind::io_error);
  EXPECT_THAT(failure_.reason, HasSubstr("another origin"));
  EXPECT_EQ(foreign, 0);
}

TEST_F(Rest, PagesThatGoRoundInACircleEndAndSaySo) {
  serve([](const HttpQuestion& q) {
    const std::string cursor = query_value(q.target, "c");
    return json_answer(fmt::format(R"({{"list": [{{"n": 1}}], "next": "{}"}})", cursor == "a" ? "b" : "a"));
  });
  EXPECT_THAT(read(resource("records: list, pagination: {type: cursor, param: c, next: next}")).rows, SizeIs(3));
  EXPECT_EQ(failure_.kind, model::VerdictKind::partial);
  EXPECT_THAT(failure_.reason, AllOf(HasSubstr("page 3"), HasSubstr("circle")));
}

TEST_F(Rest, AServerThatDoesNotTurnPagesIsFoundOut) {
  serve([](const HttpQuestion&) { return json_answer(R"([{"n": 1}])"); });
  read(resource("pagination: {type: page, param: page}"));
  EXPECT_EQ(failure_.kind, model::VerdictKind::partial);
  EXPECT_THAT(targets(), SizeIs(2));
}

TEST_F(Rest, TheMostPagesAreALimit) {
  serve([n = std::make_shared<std::atomic<int>>(0)](const HttpQuestion&) {
    return json_answer(fmt::format(R"([{{"n": {}}}])", ++*n));
  });
  EXPECT_THAT(read(resource("max_pages: 4, pagination: {type: page, param: page}")).rows, SizeIs(4));
  EXPECT_EQ(failure_.kind, model::VerdictKind::limit);
  EXPECT_THAT(failure_.reason, HasSubstr("max_pages: 4"));
}

TEST_F(Rest, GarbageIsAVerdictOnItsResourceAndTheRestGoesOn) {
  serve([](const HttpQuestion& q) -> HttpAnswer {
    if (q.target == "/v1/r") return {.body = "<html>4111 1111 1111 1111</html>"};
    if (q.target == "/v1/empty") return json_answer(R"({"other": 1})");
    if (q.target == "/v1/broken") return {.status = 500};
    if (q.target == "/v1/closed") return {.status = 403};
    return json_answer(R"([{"n": 1}])");
  });
  const auto source = connector(
      "resources: [{name: r, path: /r}, {name: empty, path: /empty, records: items}, {name: broken, path: /broken}, "
      "{name: closed, path: /closed}, {name: good, path: /good}]\n");
  EntryRecorder recorder;
  source->enumerate(0, {}, recorder);
  EXPECT_THAT(recorder.entries, SizeIs(5));
  for (const auto& [name, why] : std::map<std::string, std::string>{
           {"r", "no JSON"}, {"empty", "records"}, {"broken", "status 500"}, {"closed", "status 403"}}) {
    const auto opened = source->open(0, name);
    ASSERT_FALSE(opened.has_value()) << name;
    EXPECT_EQ(opened.error().kind, model::VerdictKind::io_error);
    EXPECT_THAT(opened.error().reason, AllOf(HasSubstr(why), Not(HasSubstr("4111"))));
  }
  EXPECT_TRUE(source->open(0, "good").has_value());
  const Trial trial = source->test(10);
  EXPECT_TRUE(trial.ok);
  EXPECT_THAT(trial.problems, SizeIs(4));
}

TEST_F(Rest, AnAnswerThatBreaksOffIsAskedForAgain) {
  std::atomic<int> answers = 0;
  serve([&](const HttpQuestion&) -> HttpAnswer {
    HttpAnswer answer = json_answer(R"([{"n": 1}])");
    if (answers++ == 0) answer.cut_after = 5;
    return answer;
  });
  EXPECT_THAT(read(resource("query: {}")).rows, SizeIs(1));
  EXPECT_EQ(answers, 2);
}

TEST_F(Rest, AServerThatHangsUpIsWorthARetry) {
  serve([](const HttpQuestion&) { return HttpAnswer{.cut_after = 0}; });
  try {
    read(resource("query: {}"));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::transient) << error.what();
  }
}

TEST_F(Rest, AnAnswerThatIsTooLongIsALimit) {
  serve([](const HttpQuestion&) { return json_answer("[\"" + std::string(5000, 'x') + "\"]"); });
  read("max_page_bytes: 4K\n" + resource("query: {}"));
  EXPECT_EQ(failure_.kind, model::VerdictKind::limit);
  EXPECT_THAT(failure_.reason, HasSubstr("max_page_bytes"));
}

TEST_F(Rest, ThrottlingIsObeyedAndAnotherAttemptMade) {
  std::atomic<int> refusals = 0;
  serve([&](const HttpQuestion&) -> HttpAnswer {
    if (refusals++ < 2) return {.status = 429, .headers = {{"Retry-After", "0"}}};
    return json_answer(R"([{"n": 1}])");
  });
  EXPECT_THAT(read(resource("query: {}")).rows, SizeIs(1));
  EXPECT_EQ(refusals, 3);
}

TEST_F(Rest, RequestsAreNoFasterThanTheRateLimit) {
  serve([](const HttpQuestion& q) {
    const std::string page = query_value(q.target, "page");
    return json_answer(page == "6" ? "[]" : fmt::format("[{}]", page));
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(
      read("rate_limit: {requests_per_s: 20, burst: 2}\n" + resource("pagination: {type: page, param: page}")).rows,
      SizeIs(5));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(190));  // four of six waited
}

TEST_F(Rest, AStopEndsTheWaitForTheRateLimit) {
  serve([](const HttpQuestion& q) { return json_answer("[" + query_value(q.target, "page") + "]"); });
  std::stop_source stop;
  const auto source = connector(
      "rate_limit: {requests_per_s: 0.01}\n" + resource("pagination: {type: page, param: page}"), stop.get_token());
  std::chrono::steady_clock::time_point asked;
  const std::jthread stopper([&] {
    while (targets().empty()) std::this_thread::yield();
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  EXPECT_THROW(read(*source), core::Error);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(1));
}

TEST_F(Rest, EveryCombinationOfParametersIsRead) {
  serve([](const HttpQuestion& q) { return json_answer("[\"" + q.target + "\"]"); });
  const auto rows = read(
                        "resources: [{name: r, path: '/{org}/r', query: {year: '{year}'}, "
                        "parameters: {org: [a, b/c], year: [2025, 2026]}}]\n")
                        .column("value");
  EXPECT_THAT(rows,
              ElementsAre("/v1/a/r?year=2025", "/v1/a/r?year=2026", "/v1/b%2Fc/r?year=2025", "/v1/b%2Fc/r?year=2026"));
}

TEST_F(Rest, EachWayToSayWhoWeAre) {
  serve([](const HttpQuestion&) { return json_answer("[1]"); });
  read("headers: {X-Tenant: acme}\nauth: {type: basic, user: me, password: env:p%w}\n" + resource("query: {}"));
  read("auth: {type: api_key, key: env:k y, header: X-Key}\n" + resource("query: {}"));
  read("auth: {type: api_key, key: env:k y, query: key}\n" + resource("query: {a: b}"));
  ASSERT_THAT(asked_, SizeIs(3));
  EXPECT_EQ(asked_[0].header("Authorization"), "Basic bWU6cCV3");
  EXPECT_EQ(asked_[0].header("X-Tenant"), "acme");
  EXPECT_EQ(asked_[1].header("X-Key"), "k y");
  EXPECT_EQ(asked_[2].target, "/v1/r?a=b&key=k%20y");
}

TEST_F(Rest, TokensAreAskedForAndAnotherWhenOneIsWithdrawn) {
  std::atomic<int> tokens = 0;
  serve([&](const HttpQuestion& q) -> HttpAnswer {
    if (q.target == "/token") {
      EXPECT_EQ(q.body, "grant_type=client_credentials&scope=read&client_id=me&client_secret=s%26s");
      return json_answer(fmt::format(R"({{"access_token": "t{}", "expires_in": 3600}})", ++tokens));
    }
    if (q.header("Authorization") != "Bearer t2") return {.status = 401};
    return json_answer("[1]");
  });
  const std::string auth = "auth: {type: oauth2, token_url: '" + server_->url() +
                           "/token', client_id: me, client_secret: 'env:s&s', scope: read}\n";
  EXPECT_THAT(read(auth + resource("query: {}")).rows, SizeIs(1));
  EXPECT_EQ(tokens, 2);
}

TEST_F(Rest, AClientThatGetsNoTokenIsDenied) {
  serve([](const HttpQuestion&) { return HttpAnswer{.status = 400, .body = R"({"error": "invalid_client"})"}; });
  const auto source = connector("auth: {type: oauth2, token_url: '" + server_->url() +
                                "/token', client_id: me, client_secret: env:hush}\n" + resource("query: {}"));
  const Trial trial = source->test(10);
  EXPECT_FALSE(trial.ok);
  ASSERT_THAT(trial.problems, SizeIs(1));
  EXPECT_THAT(trial.problems[0], AllOf(HasSubstr("gives no token"), Not(HasSubstr("hush"))));
}

TEST_F(Rest, ChangeIdsFollowWhatTheApiTells) {
  std::string mark = "1";
  serve([&](const HttpQuestion& q) {
    HttpAnswer answer = json_answer(
        q.target.ends_with("sort=-updated&limit=1") ? R"([{"id": 7, "updated": "2026-01-0)" + mark + "\"}]" : "[]");
    answer.headers.emplace_back("ETag", "\"" + mark + "\"");
    return answer;
  });
  const auto source = connector(
      "resources: [{name: a, path: /a}, {name: b, path: /b, change: etag}, {name: c, path: /c, updated: updated, "
      "change: latest, latest_query: {sort: -updated, limit: 1}}, {name: d, path: /d, change: last_modified}]\n");
  const auto ids = [&] {
    EntryRecorder recorder;
    source->enumerate(0, {}, recorder);
    std::vector<std::string> list;
    for (const ObjectEntry& entry : recorder.entries) list.push_back(entry.change_id);
    return list;
  };
  const auto first = ids();
  ASSERT_THAT(first, SizeIs(4));
  EXPECT_EQ(first[0], "");
  EXPECT_NE(first[1], "");
  EXPECT_NE(first[2], "");
  EXPECT_EQ(first[3], "");
  EXPECT_EQ(ids(), first);
  mark = "2";
  const auto second = ids();
  EXPECT_NE(second[1], first[1]);
  EXPECT_NE(second[2], first[2]);
}

TEST_F(Rest, AFileThatIsNotThereIsSaid) {
  for (const char* root : {"rest:/no/such/file.yaml", "rest:"}) {
    try {
      ConnectorKinds({rest_kind()}).make("rest", {.roots = {root}}, {.resolve_secret = {}, .stop = {}});
      ADD_FAILURE() << root;
    } catch (const core::Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(root + 5));
    }
  }
}

}  // namespace
}  // namespace assay::connect::rest
