#include "server/listener.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <vector>

#include "core/error.h"
#include "core/fd.h"

namespace assay::server {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Clock = std::chrono::steady_clock;
using Pages = std::map<std::string, PageSource, std::less<>>;

/// A client that says exactly what it is told to, byte by byte if need be. Gives up after twenty seconds of silence.
class Client {
 public:
  explicit Client(const Address& address) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(address.port);
    inet_pton(AF_INET, address.host.c_str(), &to.sin_addr);
    is_connected_ = ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  bool is_connected() const { return is_connected_; }
  bool say(std::string_view text) {
    return ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  void say_no_more() { ::shutdown(fd_.get(), SHUT_WR); }
  /// Everything up to the end of the connection.
  std::string hear_all() {
    std::string all;
    char part[4096];
    for (ssize_t n = 0; (n = ::recv(fd_.get(), part, sizeof part, 0)) > 0;) all.append(part, static_cast<size_t>(n));
    return all;
  }
  /// Up to and with `end`.
  std::string hear_until(std::string_view end) {
    std::string heard;
    char c = 0;
    while (!heard.ends_with(end) && ::recv(fd_.get(), &c, 1, 0) == 1) heard += c;
    return heard;
  }

 private:
  core::Fd fd_;
  bool is_connected_ = false;
};

ListenerOptions options() { return {.address = {.host = "127.0.0.1", .port = 0}}; }

Page text_page(std::string text) { return {.status = 200, .body = std::move(text)}; }

Pages one_page() {
  return {{"/live", {.make = [] { return text_page("alive\n"); }, .may_block = false}}};
}

std::string get(const Address& address, const std::string& target) {
  Client client(address);
  client.say(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", target));
  return client.hear_all();
}

TEST(Listener, GivesPages) {
  Pages pages = one_page();
  pages["/metrics"] = {.make = [] { return Page{.status = 200, .content_type = "text/x", .body = "a 1\n"}; }};
  pages["/ready"] = {.make = [] { return Page{.status = 503, .body = "not yet\n"}; }};
  const Listener listener(options(), std::move(pages));
  EXPECT_THAT(get(listener.address(), "/live"), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), EndsWith("\r\n\r\nalive\n")));
  EXPECT_THAT(get(listener.address(), "/metrics?x=1"), AllOf(HasSubstr("Content-Type: text/x\r\n"), EndsWith("a 1\n")));
  EXPECT_THAT(get(listener.address(), "/ready"), AllOf(StartsWith("HTTP/1.1 503 "), EndsWith("not yet\n")));
  EXPECT_THAT(get(listener.address(), "/other"), AllOf(StartsWith("HTTP/1.1 404 "), HasSubstr("/metrics\n")));
}

TEST(Listener, KeepsConnectionsOpenAndAnswersHeadWithoutBody) {
  const Listener listener(options(), one_page());
  Client client(listener.address());
  client.say("HEAD /live HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.hear_until("\r\n\r\n"), HasSubstr("Content-Length: 6\r\n"));
  client.say("GET /live HTTP/1.1\r\nHost: x\r\n\r\nGET /live HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.hear_until("alive\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(client.hear_all(), EndsWith("alive\n"));
}

TEST(Listener, RefusesWhatIsNoReading) {
  const Listener listener(options(), one_page());
  Client post(listener.address());
  post.say("POST /live HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(post.hear_all(), AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, HEAD\r\n")));
  Client body(listener.address());
  body.say("POST /live HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_THAT(body.hear_all(), StartsWith("HTTP/1.1 413 "));
}

TEST(Listener, EndsGarbage) {
  const Listener listener(options(), one_page());
  for (const std::string& garbage :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8), std::string(3000, '\0'), std::string("GET\r\n\r\n"),
        std::string("get the page\r\n\r\n"), std::string("GET /live HTTP/9.9\r\n\r\n")}) {
    Client client(listener.address());
    client.say(garbage);
    client.say_no_more();
    EXPECT_THAT(client.hear_all(), AnyOf(IsEmpty(), StartsWith("HTTP/1.1 400 ")));
  }
  Client silent(listener.address());
  silent.say_no_more();
  EXPECT_EQ(silent.hear_all(), "");
  EXPECT_THAT(get(listener.address(), "/live"), EndsWith("alive\n"));
}

TEST(Listener, BoundsTheHeader) {
  const Listener listener(options(), one_page());
  Client client(listener.address());
  client.say("GET /live HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n");
  EXPECT_THAT(client.hear_until("\r\n"), StartsWith("HTTP/1.1 431 "));
  Client target(listener.address());
  target.say("GET /" + std::string(20'000, 'x'));
  EXPECT_THAT(target.hear_until("\r\n"), StartsWith("HTTP/1.1 431 "));
}

TEST(Listener, EndsASlowClient) {
  auto quick = options();
  quick.request_time_limit_ms = 300;
  const Listener listener(quick, one_page());
  const auto began = Clock::now();
  Client never(listener.address()), drip(listener.address());
  auto dripping = std::async(std::launch::async, [&drip] {
    // Each byte comes well within the limit; the request as a whole never does.
    const timeval pause{.tv_sec = 0, .tv_usec = 50'000};
    std::string heard;
    for (int i = 0; i < 400; ++i) {
      timeval left = pause;
      ::select(0, nullptr, nullptr, nullptr, &left);
      if (!drip.say("G")) return i;
    }
    return 400;
  });
  EXPECT_EQ(never.hear_all(), "");
  EXPECT_LT(dripping.get(), 300);
  EXPECT_GE(Clock::now() - began, std::chrono::milliseconds(250));
  EXPECT_THAT(get(listener.address(), "/live"), EndsWith("alive\n"));
}

TEST(Listener, ServesMoreClientsThanItHasConnectionsForOneAfterTheOther) {
  auto narrow = options();
  narrow.most_connections = 2;
  narrow.request_time_limit_ms = 200;
  const Listener listener(narrow, one_page());
  std::vector<std::unique_ptr<Client>> idle;
  for (int i = 0; i < 5; ++i) idle.push_back(std::make_unique<Client>(listener.address()));
  EXPECT_THAT(get(listener.address(), "/live"), EndsWith("alive\n"));
}

TEST(Listener, MakesAPageOnceForAllWhoAsk) {
  std::atomic<int> made = 0;
  std::latch begun(1), may_end(1);
  Pages pages = one_page();
  pages["/metrics"] = {.make =
                           [&] {
                             ++made;
                             begun.count_down();
                             may_end.wait();
                             return text_page("x\n");
                           },
                       .may_block = true,
                       .keep_ms = 600'000};
  const Listener listener(options(), std::move(pages));
  std::vector<std::future<std::string>> asked;
  for (int i = 0; i < 8; ++i)
    asked.push_back(std::async(std::launch::async, [&] { return get(listener.address(), "/metrics"); }));
  begun.wait();
  EXPECT_THAT(get(listener.address(), "/live"), EndsWith("alive\n")) << "a page that blocks holds up nothing else";
  may_end.count_down();
  for (auto& answer : asked) EXPECT_THAT(answer.get(), EndsWith("x\n"));
  EXPECT_THAT(get(listener.address(), "/metrics"), EndsWith("x\n"));
  EXPECT_EQ(made, 1);
}

TEST(Listener, SaysNothingOfWhatFailedAndDoesNotWaitForEver) {
  std::latch may_end(1);
  Pages pages = one_page();
  pages["/broken"] = {.make = []() -> Page { throw core::Error(core::ErrorKind::permanent, "geheim"); }};
  pages["/stuck"] = {.make = [&may_end] {
    may_end.wait();
    return text_page("late\n");
  }};
  auto impatient = options();
  impatient.page_time_limit_ms = 100;
  Listener listener(impatient, std::move(pages));
  EXPECT_THAT(get(listener.address(), "/broken"), AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("geheim"))));
  EXPECT_THAT(get(listener.address(), "/stuck"), StartsWith("HTTP/1.1 503 "));
  may_end.count_down();
  listener.stop();
}

TEST(Listener, StopsWithConnectionsOpenAndCannotShareItsAddress) {
  auto listener = std::make_unique<Listener>(options(), one_page());
  auto second = options();
  second.address = listener->address();
  try {
    const Listener other(second, one_page());
    ADD_FAILURE() << "two listeners at one address";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::transient);
    EXPECT_THAT(error.what(), HasSubstr(fmt::format("127.0.0.1:{}", second.address.port)));
  }
  Client idle(listener->address()), kept(listener->address());
  kept.say("GET /live HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(kept.hear_until("alive\n"), EndsWith("alive\n"));
  listener.reset();
  EXPECT_EQ(kept.hear_all(), "");
  EXPECT_EQ(idle.hear_all(), "");
  EXPECT_FALSE(Client(second.address).is_connected());
}

}  // namespace
}  // namespace assay::server
