#include "connect/tcp.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <vector>

#include "core/error.h"
#include "tests/support/background_server.h"

namespace assay::connect {
namespace {

using std::chrono::milliseconds;

bool goes_on() { return false; }

/// Accepts nobody: what is `full` answers no further connection.
class Listener {
 public:
  Listener(int family, int backlog) : socket_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_storage address{};
    socklen_t size = family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    address.ss_family = static_cast<sa_family_t>(family);
    ::inet_pton(family, family == AF_INET6 ? "::1" : "127.0.0.1", address_in(address, family));
    is_listening_ = ::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                    ::listen(socket_.get(), backlog) == 0 &&
                    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
    // The port lies at the same place in both.
    port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
  }

  bool is_listening() const { return is_listening_; }
  uint16_t port() const { return port_; }

  void fill() {
    for (;;) {
      try {
        waiting_.push_back(connect_tcp("127.0.0.1", port_, milliseconds(100), goes_on));
      } catch (const core::Error&) {
        return;
      }
    }
  }

 private:
  static void* address_in(sockaddr_storage& address, int family) {
    if (family == AF_INET6) return &reinterpret_cast<sockaddr_in6*>(&address)->sin6_addr;
    return &reinterpret_cast<sockaddr_in*>(&address)->sin_addr;
  }

  core::Fd socket_;
  bool is_listening_ = false;
  uint16_t port_ = 0;
  std::vector<core::Fd> waiting_;
};

core::ErrorKind failure(uint16_t port, milliseconds timeout, const std::function<bool()>& is_to_end) {
  try {
    connect_tcp("127.0.0.1", port, timeout, is_to_end);
  } catch (const core::Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "it is connected";
  return core::ErrorKind::bug;
}

TEST(ConnectTcp, ReachesAnAddressOfEitherKindAndAName) {
  const Listener four(AF_INET, 8), six(AF_INET6, 8);
  EXPECT_TRUE(connect_tcp("127.0.0.1", four.port(), milliseconds(5'000), goes_on));
  EXPECT_TRUE(connect_tcp("localhost", four.port(), milliseconds(5'000), goes_on));
  if (!six.is_listening()) GTEST_SKIP() << "this machine has no IPv6";
  EXPECT_TRUE(connect_tcp("::1", six.port(), milliseconds(5'000), goes_on));
}

TEST(ConnectTcp, WhoeverDoesNotAnswerIsWorthARetry) {
  EXPECT_EQ(failure(static_cast<uint16_t>(test::free_loopback_port()), milliseconds(5'000), goes_on),
            core::ErrorKind::transient);
  Listener full(AF_INET, 0);
  full.fill();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(failure(full.port(), milliseconds(300), goes_on), core::ErrorKind::transient);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(300));
}

TEST(ConnectTcp, TheWaitEndsWithAllElse) {
  Listener full(AF_INET, 0);
  full.fill();
  int times_asked = 0;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(failure(full.port(), milliseconds(60'000), [&] { return ++times_asked > 3; }), core::ErrorKind::transient);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
}

}  // namespace
}  // namespace assay::connect
