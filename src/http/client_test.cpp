#include "http/client.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <latch>
#include <atomic>
#include <thread>

#include "tests/support/http_server.h"
#include "tests/support/tls_server.h"

namespace assay::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::HttpAnswer;
using test::HttpQuestion;
using test::HttpServer;
using ::testing::HasSubstr;
using ::testing::Not;

ClientOptions quick() {
  ClientOptions options;
  options.retry.first_delay = milliseconds(1);
  return options;
}

core::ErrorKind kind_of(const std::function<void()>& act, std::string* message = nullptr) {
  try {
    act();
  } catch (const core::Error& error) {
    if (message != nullptr) *message = error.what();
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return core::ErrorKind::bug;
}

TEST(HttpClient, SendsWhatItIsToldAndNothingElse) {
  HttpQuestion seen;
  HttpServer server([&](const HttpQuestion& question) {
    seen = question;
    return HttpAnswer{.status = 201, .headers = {{"X-Kind", " a b "}}, .body = "answer"};
  });
  Client client(quick());
  const Response response = client.fetch(Request{.method = "PUT",
                                                 .url = server.url() + "/a/../b%2F%20/./c?x=%2B&y",
                                                 .headers = {{"X-One", "1"}, {"X-Empty", ""}},
                                                 .body = std::string("bo\0dy", 5)});
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.header("x-kind"), "a b");
  EXPECT_EQ(response.body, "answer");
  EXPECT_EQ(seen.method, "PUT");
  EXPECT_EQ(seen.target, "/a/../b%2F%20/./c?x=%2B&y");
  EXPECT_EQ(seen.body, std::string("bo\0dy", 5));
  std::vector<std::string> names;
  for (const auto& [name, value] : seen.headers) names.push_back(name);
  EXPECT_THAT(names, testing::UnorderedElementsAre("Host", "X-One", "X-Empty", "Content-Length"));
}

TEST(HttpClient, KnowsMethodsWithoutBodies) {
  std::vector<std::string> seen;
  HttpServer server([&](const HttpQuestion& question) {
    seen.push_back(question.method);
    return HttpAnswer{.headers = {{"Content-Length", "5"}}, .body = "12345"};
  });
  Client client(quick());
  EXPECT_EQ(client.fetch(Request{.method = "HEAD", .url = server.url()}).body, "");
  EXPECT_EQ(client.fetch(Request{.method = "DELETE", .url = server.url()}).body, "12345");
  EXPECT_EQ(client.fetch(Request{.method = "GET", .url = server.url()}).body, "12345");
  EXPECT_EQ(client.fetch(Request{.method = "POST", .url = server.url()}).body, "12345");
  EXPECT_THAT(seen, testing::ElementsAre("HEAD", "DELETE", "GET", "POST"));
  EXPECT_EQ(server.connections(), 1);  // kept
}

TEST(HttpClient, TriesAgainAndSignsAnew) {
  std::atomic<int> asked = 0;
  HttpServer server([&](const HttpQuestion&) {
    ++asked;
    if (asked == 1) return HttpAnswer{.status = 503, .headers = {{"Retry-After", "0"}, {"Connection", "close"}}};
    if (asked == 2) return HttpAnswer{.cut_after = 0};
    if (asked == 3) return HttpAnswer{.body = "whole", .cut_after = 2};
    if (asked == 4) return HttpAnswer{.status = 429};
    return HttpAnswer{.body = "whole"};
  });
  Client client(quick());
  int made = 0;
  EXPECT_EQ(client
                .fetch([&] {
                  ++made;
                  return Request{.url = server.url()};
                })
                .body,
            "whole");
  EXPECT_EQ(made, 5);
}

TEST(HttpClient, GivesUpWithTheLastAnswer) {
  std::atomic<int> asked = 0;
  HttpServer server([&](const HttpQuestion&) {
    ++asked;
    return HttpAnswer{.status = 500, .body = "why"};
  });
  Client client(quick());
  const Response response = client.fetch(Request{.url = server.url()});
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body, "why");
  EXPECT_EQ(asked, 5);
}

TEST(HttpClient, WhatIsNotIdempotentIsNotSentTwice) {
  std::atomic<int> asked = 0;
  HttpServer server([&](const HttpQuestion&) {
    ++asked;
    return asked == 1 ? HttpAnswer{.status = 503} : HttpAnswer{.cut_after = 0};
  });
  Client client(quick());
  EXPECT_EQ(kind_of([&] { client.fetch(Request{.method = "POST", .url = server.url(), .is_idempotent = false}); }),
            core::ErrorKind::transient);
  EXPECT_EQ(asked, 2);  // 503 says that it was not done
}

TEST(HttpClient, AServerThatIsNotThereIsTransientAndNamedWithoutSecrets) {
  int port = 0;
  {
    port = HttpServer([](const HttpQuestion&) { return HttpAnswer{}; }).port();
  }
  Client client(quick());
  std::string message;
  EXPECT_EQ(kind_of(
                [&] {
                  client.fetch(Request{.url = fmt::format("http://127.0.0.1:{}/x?sig=hidden", port),
                                       .headers = {{"Authorization", "hidden"}}});
                },
                &message),
            core::ErrorKind::transient);
  EXPECT_THAT(message, HasSubstr(fmt::format("http://127.0.0.1:{}/x", port)));
  EXPECT_THAT(message, Not(HasSubstr("hidden")));
}

TEST(HttpClient, RefusesOtherProtocolsAndBadHeaders) {
  Client client(quick());
  for (const char* url : {"file:///etc/hostname", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "", "http://"})
    EXPECT_EQ(kind_of([&] { client.fetch(Request{.url = url}); }), core::ErrorKind::bad_input) << url;
  EXPECT_EQ(kind_of([&] { client.fetch(Request{.url = "http://127.0.0.1", .headers = {{"A", "b\r\nC: d"}}}); }),
            core::ErrorKind::bad_input);
}

TEST(HttpClient, FollowsNobodyUnlessAsked) {
  HttpServer server([&](const HttpQuestion& question) {
    if (question.target == "/there") return HttpAnswer{.headers = {{"X-There", "1"}}, .body = "there"};
    return HttpAnswer{.status = 302, .headers = {{"Location", "/there"}}, .body = "elsewhere"};
  });
  Client client(quick());
  const Response response = client.fetch(Request{.url = server.url()});
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.body, "elsewhere");
  ClientOptions follows = quick();
  follows.most_redirects = 1;
  Client follower(follows);
  const Response followed = follower.fetch(Request{.url = server.url()});
  EXPECT_EQ(followed.status, 200);
  EXPECT_EQ(followed.header("X-There"), "1");
  EXPECT_EQ(followed.body, "there");
}

TEST(HttpClient, TakesNoProxyFromTheEnvironment) {
  HttpServer server([](const HttpQuestion&) { return HttpAnswer{.body = "direct"}; });
  ::setenv("http_proxy", "http://127.0.0.1:9", 1);
  Client client(quick());
  EXPECT_EQ(client.fetch(Request{.url = server.url()}).body, "direct");
  ClientOptions asked = quick();
  asked.use_environment_proxy = true;
  asked.retry.most_attempts = 1;
  Client through_proxy(asked);
  EXPECT_EQ(kind_of([&] { through_proxy.fetch(Request{.url = server.url()}); }), core::ErrorKind::transient);
  ::unsetenv("http_proxy");
}

TEST(HttpClient, KeepsNoMoreThanItMay) {
  HttpServer server([](const HttpQuestion& question) {
    if (question.target == "/headers") {
      HttpAnswer answer;
      for (int i = 0; i < 100; ++i) answer.headers.emplace_back("X", std::string(4000, 'x'));
      return answer;
    }
    return HttpAnswer{.body = std::string(100'001, 'x')};
  });
  ClientOptions options = quick();
  options.most_response_bytes = 100'000;
  Client client(options);
  EXPECT_EQ(kind_of([&] { client.fetch(Request{.url = server.url()}); }), core::ErrorKind::permanent);
  EXPECT_EQ(kind_of([&] { client.fetch(Request{.url = server.url() + "/headers"}); }), core::ErrorKind::permanent);
  EXPECT_EQ(client.open([&] { return Request{.url = server.url()}; })->beginning(99'999).body.size(), 99'999U);
}

TEST(HttpClient, ABodyComesAsItIsRead) {
  std::string content;
  for (int i = 0; i < 400'000; ++i) content += fmt::format("{:07}\n", i);
  HttpServer server([&](const HttpQuestion&) { return HttpAnswer{.body = content}; });
  Client client(quick());
  const auto make = [&] { return Request{.url = server.url()}; };
  // Two at a time, in pieces of all sizes.
  const auto first = client.open(make), second = client.open(make);
  std::string one, two;
  for (size_t size = 1; one.size() < content.size() || two.size() < content.size(); size = size * 3 % 1'000'003) {
    std::string piece(size, '\0');
    one.append(piece, 0, first->read(piece));
    two.append(piece, 0, second->read(piece));
  }
  EXPECT_TRUE(one == content);
  EXPECT_TRUE(two == content);
  std::string rest(10, '\0');
  EXPECT_EQ(first->read(rest), 0U);
}

TEST(HttpClient, WhatCameBeforeABreakIsGivenOut) {
  HttpServer server(
      [](const HttpQuestion&) { return HttpAnswer{.body = std::string(300'000, 'x'), .cut_after = 200'000}; });
  Client client(quick());
  const auto body = client.open([&] { return Request{.url = server.url()}; });
  EXPECT_EQ(body->status(), 200);
  size_t read = 0;
  std::string piece(7000, '\0');
  EXPECT_EQ(kind_of([&] {
              while (const size_t n = body->read(piece)) read += n;
            }),
            core::ErrorKind::transient);
  EXPECT_EQ(read, 200'000U);
}

TEST(HttpClient, ASilentServerIsLeft) {
  HttpServer server([](const HttpQuestion&) {
    return HttpAnswer{.headers = {{"Content-Length", "100"}}, .body = "begin", .hangs = true};
  });
  ClientOptions options = quick();
  options.no_progress_timeout = milliseconds(50);
  options.retry.most_attempts = 2;
  Client client(options);
  std::string message;
  EXPECT_EQ(kind_of([&] { client.fetch(Request{.url = server.url()}); }, &message), core::ErrorKind::transient);
  EXPECT_THAT(message, HasSubstr("nothing came"));
  EXPECT_EQ(server.connections(), 2);
}

TEST(HttpClient, AStopEndsEveryWait) {
  std::latch asked(1);
  HttpServer server([&](const HttpQuestion& question) {
    if (question.target == "/busy") {
      asked.count_down();
      return HttpAnswer{.status = 503, .headers = {{"Retry-After", "50"}}};
    }
    return HttpAnswer{.headers = {{"Content-Length", "100"}}, .body = "begin", .hangs = true};
  });
  for (const bool while_retrying : {true, false}) {
    std::stop_source stop;
    Client client(quick(), stop.get_token());
    std::chrono::steady_clock::time_point begin;
    if (while_retrying) {
      const std::jthread stopper([&] {
        asked.wait();
        begin = std::chrono::steady_clock::now();
        stop.request_stop();
      });
      EXPECT_EQ(kind_of([&] { client.fetch(Request{.url = server.url() + "/busy"}); }), core::ErrorKind::transient);
    } else {
      const auto body = client.open([&] { return Request{.url = server.url()}; });
      std::string piece(100, '\0');
      size_t read = 0;
      while (read < 5) read += body->read(piece);
      const std::jthread stopper([&] {
        begin = std::chrono::steady_clock::now();
        stop.request_stop();
      });
      EXPECT_EQ(kind_of([&] { body->read(piece); }), core::ErrorKind::transient);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(1));
    EXPECT_EQ(kind_of([&] { client.fetch(Request{.url = server.url()}); }), core::ErrorKind::transient);
  }
}

TEST(HttpClient, ConnectsWhereItIsTold) {
  std::string host;
  HttpServer server([&](const HttpQuestion& question) {
    host = question.header("Host");
    return HttpAnswer{.body = "here"};
  });
  ClientOptions options = quick();
  options.connect_to = fmt::format("127.0.0.1:{}", server.port());
  Client client(options);
  EXPECT_EQ(client.fetch(Request{.url = "http://bucket.store.invalid:9999/x"}).body, "here");
  EXPECT_EQ(host, "bucket.store.invalid:9999");
}

TEST(HttpClient, TrustsOnlyWhomItKnows) {
  test::TlsServer server;
  const Request request{.url = server.url()};
  std::string message;
  Client stranger(quick());
  EXPECT_EQ(kind_of([&] { stranger.fetch(request); }, &message), core::ErrorKind::permanent);
  EXPECT_THAT(message, HasSubstr("ca_file"));
  ClientOptions options = quick();
  options.ca_file = server.ca_file();
  Client friendly(options);
  EXPECT_EQ(friendly.fetch(request).status, 200);
  options.ca_file = "/nowhere/ca.pem";
  EXPECT_EQ(kind_of([&] { Client client(options); }), core::ErrorKind::bad_input);
}

TEST(HttpClient, ManyThreadsShareOne) {
  HttpServer server([](const HttpQuestion& question) { return HttpAnswer{.body = question.target}; });
  Client client(quick());
  std::vector<std::jthread> threads;
  std::atomic<int> right = 0;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string target = fmt::format("/{}/{}", t, i);
        right += client.fetch(Request{.url = server.url() + target}).body == target ? 1 : 0;
      }
    });
  threads.clear();
  EXPECT_EQ(right, 400);
}

}  // namespace
}  // namespace assay::http
