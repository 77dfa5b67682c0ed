#include "connect/smb/smb_connector.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <fstream>
#include <thread>

#include "connect/tree/tree_conformance_test.h"
#include "core/error.h"
#include "core/fd.h"
#include "tests/support/babbling_server.h"
#include "tests/support/kerberos_server.h"
#include "tests/support/samba_server.h"
#include "tests/support/shared_folder.h"
#include "tests/support/tcp_relay.h"

namespace assay::connect::smb {
namespace {

using test::BabblingServer;
using test::KerberosServer;
using test::SambaServer;
using test::SharedFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* password_reference = "env:PASSWORD";

core::Sensitive<std::string> secret_of(std::string_view reference) {
  return core::Sensitive<std::string>(reference == password_reference ? SambaServer::password : "wrong");
}

class SmbPlace : public TreePlace {
 public:
  explicit SmbPlace(SambaServer& server = SambaServer::shared()) : server_(server), folder_(next_folder(server)) {
    ::setenv("ASSAY_SMB", ASSAY_BUILD_DIR "/assay-smb", 1);
  }

  const ConnectorKind& kind() const override { return smb_kind(); }
  std::string url() const { return server_.url() + "/" + folder_.path().filename().string(); }
  SourceAddress address() const override { return address_of(url()); }
  static SourceAddress address_of(const std::string& url) {
    return {.roots = {url}, .settings = {{"password", password_reference}}, .include = {}, .exclude = {}};
  }
  core::Sensitive<std::string> secret(std::string_view reference) const override { return secret_of(reference); }
  void put(std::string_view name, std::string_view content) override { folder_.put(name, content); }
  void remove(std::string_view name) override { folder_.remove(name); }
  std::string_view forbidden() const override { return "?"; }
  std::optional<SourceAddress> unreachable() const override {
    return address_of(fmt::format("smb://{}@127.0.0.1:{}/share", SambaServer::user, test::free_loopback_port()));
  }
  std::optional<SourceAddress> refused() const override {
    SourceAddress wrong = address();
    wrong.settings["password"] = "env:OTHER";
    return wrong;
  }

  const SharedFolder& folder() const override { return folder_; }
  test::BackgroundServer& process() const override { return server_.process(); }
  SambaServer& server() const { return server_; }
  std::unique_ptr<Connector> connector(std::stop_token stop = {}) const { return connector(address(), stop); }
  static std::unique_ptr<Connector> connector(const SourceAddress& address, std::stop_token stop = {}) {
    return ConnectorKinds({smb_kind()}).make("smb", address, {.resolve_secret = secret_of, .stop = std::move(stop)});
  }

 private:
  static std::filesystem::path next_folder(const SambaServer& server) {
    static std::atomic<int> places = 0;
    return server.folder() / fmt::format("place-{}", ++places);
  }

  SambaServer& server_;
  SharedFolder folder_;
};

/// One that may be stopped and started.
struct OwnSambaServer {
  SambaServer own;
};
class OwnSmbPlace final : private OwnSambaServer, public SmbPlace {
 public:
  OwnSmbPlace() : SmbPlace(own) {}
};

std::unique_ptr<ConformancePlace> make_place() { return std::make_unique<SmbPlace>(); }
std::unique_ptr<TreePlace> make_own_place() {
  if (!SambaServer::can_run()) return nullptr;
  return std::make_unique<OwnSmbPlace>();
}

class Smb : public testing::Test {
 protected:
  void SetUp() override {
    if (!SambaServer::can_run()) GTEST_SKIP() << "Samba is started when tests run as root";
  }
};

core::ErrorKind kind_of_failure(const SourceAddress& address, std::string* what = nullptr) {
  try {
    enumerated(*SmbPlace::connector(address));
  } catch (const core::Error& error) {
    if (what != nullptr) *what = error.what();
    EXPECT_THAT(error.what(), testing::Not(HasSubstr(SambaServer::password)));
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return core::ErrorKind::bug;
}

TEST_F(Smb, AnOpenedFileIsTheListedOne) {
  const SmbPlace place;
  place.folder().put("a", "content");
  const auto connector = place.connector();
  const EntryRecorder recorder = enumerated(*connector);
  const auto opened = connector->open(0, "a");
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->entry.size, recorder.entries.at(0).size);
  EXPECT_EQ(opened->entry.mtime_ns, recorder.entries.at(0).mtime_ns);
  EXPECT_EQ(opened->entry.change_id, recorder.entries.at(0).change_id);
  EXPECT_NE(opened->entry.change_id, "");
}

TEST_F(Smb, ReadersMayTakeTurns) {
  const SmbPlace place;
  const std::string first = lines_of(500'000), second = lines_of(400'000);
  place.folder().put("first", first);
  place.folder().put("second", second);
  const auto connector = place.connector();
  auto a = connector->open(0, "first"), b = connector->open(0, "second");
  ASSERT_TRUE(a.has_value() && b.has_value());
  std::string of_a, of_b, piece(1'000'000, '\0');
  size_t from_a = 1, from_b = 1;
  while (from_a + from_b != 0) {
    if (from_a != 0) of_a.append(piece, 0, from_a = a->reader->read(piece));
    if (from_b != 0) of_b.append(piece, 0, from_b = b->reader->read(piece));
  }
  EXPECT_TRUE(of_a == first);
  EXPECT_TRUE(of_b == second);
}

TEST_F(Smb, MessagesAreEncryptedWhereTheServerDemandsIt) {
  SambaServer server({.more_configuration = "server smb encrypt = required", .more_ports = {}});
  const SmbPlace place(server);
  place.folder().put("a", "content");
  SourceAddress address = place.address();
  for (const char* encryption : {"offered", "wanted"}) {
    address.settings["encryption"] = encryption;
    EXPECT_EQ(read_all(*SmbPlace::connector(address), "a"), "content") << encryption;
  }
}

TEST_F(Smb, WhatMayNotBeReadIsAVerdictOnIt) {
  const SmbPlace place;
  place.folder().put("closed/inside", "x");
  place.folder().put("closed_file", "x");
  place.folder().put("open", "x");
  ::chmod((place.folder().path() / "closed").c_str(), 0700);
  ::chmod((place.folder().path() / "closed_file").c_str(), 0600);
  const auto connector = place.connector();
  const EntryRecorder recorder = enumerated(*connector);
  EXPECT_THAT(recorder.names(), ElementsAre("closed_file", "open"));
  EXPECT_THAT(
      recorder.unread,
      ElementsAre(std::pair(std::string("closed"), model::Verdict{model::VerdictKind::io_error, "permission denied"})));
  EXPECT_EQ(connector->open(0, "closed_file").error().reason, "permission denied");
  EXPECT_EQ(read_all(*connector, "open"), "x");
}

TEST_F(Smb, SharesAndFoldersThatAreNotThereOrClosedAreSaid) {
  const SmbPlace place;
  EXPECT_EQ(kind_of_failure(SmbPlace::address_of(place.server().url("nowhere"))), core::ErrorKind::not_found);
  EXPECT_EQ(kind_of_failure(SmbPlace::address_of(place.url() + "/nowhere")), core::ErrorKind::not_found);
  EXPECT_EQ(kind_of_failure(SmbPlace::address_of(place.server().url("closed"))), core::ErrorKind::denied);
}

/// What works at the usual port only: owners, and referrals, which name no port.
class SmbAtItsPort : public Smb {
 protected:
  void SetUp() override {
    Smb::SetUp();
    if (IsSkipped()) return;
    const core::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(445);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int yes = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      GTEST_SKIP() << "another server has port 445";
  }
  static std::string url(const std::string& path) {
    return fmt::format("smb://{}@127.0.0.1/{}", SambaServer::user, path);
  }
};

TEST_F(SmbAtItsPort, AFileHasAnOwner) {
  SambaServer server({.more_configuration = {}, .more_ports = "445"});
  const SmbPlace place(server);
  ASSERT_EQ(::chown(place.folder().put("a", "content").c_str(), 64123, 65534), 0);
  SourceAddress address = SmbPlace::address_of(url("share/" + place.folder().path().filename().string()));
  EXPECT_EQ(SmbPlace::connector(address)->open(0, "a")->entry.owner, "");
  address.settings["owners"] = "true";
  const auto opened = SmbPlace::connector(address)->open(0, "a");
  ASSERT_TRUE(opened.has_value());
  EXPECT_THAT(opened->entry.owner, testing::EndsWith("\\assay"));
}

TEST_F(Smb, ATicketOfKerberosLetsIn) {
  const std::string host = KerberosServer::host();
  if (host.empty()) GTEST_SKIP() << "this machine's name does not lead to itself";
  const KerberosServer kerberos;
  ::setenv("KRB5_CONFIG", kerberos.configuration().c_str(), 1);
  ::setenv("KRB5CCNAME", kerberos.tickets().c_str(), 1);
  SambaServer server({.more_configuration = fmt::format("realm = {}\n  kerberos method = dedicated keytab\n  dedicated "
                                                        "keytab file = {}",
                                                        KerberosServer::realm, kerberos.keys()),
                      .more_ports = {}});
  const SmbPlace place(server);
  place.folder().put("a", "content");
  const SourceAddress address{.roots = {fmt::format("smb://assay@{}:{}/share/{}", host, server.port(),
                                                    place.folder().path().filename().string())},
                              .settings = {{"kerberos", "true"}},
                              .include = {},
                              .exclude = {}};
  EXPECT_EQ(kind_of_failure(address), core::ErrorKind::denied);
  kerberos.log_in();
  const auto connector = SmbPlace::connector(address);
  EXPECT_THAT(enumerated(*connector).names(), ElementsAre("a"));
  EXPECT_EQ(read_all(*connector, "a"), "content");
  ::unsetenv("KRB5_CONFIG");
  ::unsetenv("KRB5CCNAME");
}

TEST_F(SmbAtItsPort, ALinkOfDfsIsFollowed) {
  SambaServer server({.more_configuration = {}, .more_ports = "445"});
  const SmbPlace place(server);
  place.folder().put("folder/a", "content");
  const std::string below = "link/" + place.folder().path().filename().string();
  const auto connector = SmbPlace::connector(SmbPlace::address_of(url("dfs/" + below)));
  EXPECT_THAT(enumerated(*connector).names(), ElementsAre("folder/a"));
  EXPECT_EQ(read_all(*connector, "folder/a"), "content");
  const auto above = SmbPlace::connector(SmbPlace::address_of(url("dfs")));
  EXPECT_THAT(enumerated(*above).names(), ElementsAre(below + "/folder/a"));
  EXPECT_EQ(read_all(*above, below + "/folder/a"), "content");
}

TEST_F(Smb, DeepFoldersAreReadAndTheDeepestSaid) {
  const SmbPlace place;
  std::string name;
  for (int i = 0; i < 60; ++i) name += "folder with a long name " + std::to_string(i % 10) + "/";
  place.folder().put(name + "file", "deep");
  std::string deepest;
  for (int i = 0; i < 300; ++i) deepest += "d/";
  place.folder().put(deepest + "file", "x");
  const auto connector = place.connector();
  const EntryRecorder recorder = enumerated(*connector);
  EXPECT_THAT(recorder.names(), ElementsAre(name + "file"));
  EXPECT_EQ(read_all(*connector, name + "file"), "deep");
  ASSERT_THAT(recorder.unread, SizeIs(1));
  EXPECT_EQ(recorder.unread[0].second.kind, model::VerdictKind::limit);
}

TEST_F(Smb, ARootMayBeAFile) {
  const SmbPlace place;
  place.folder().put("folder/note.txt", "content");
  const auto one = SmbPlace::connector(SmbPlace::address_of(place.url() + "/folder/note.txt"));
  EXPECT_THAT(enumerated(*one).names(), ElementsAre(""));
  EXPECT_EQ(read_all(*one, ""), "content");
  EXPECT_EQ(one->open(0, "")->entry.name, "note.txt");
}

TEST_F(Smb, AServerIsReachedByItsIpv6Address) {
  const core::Fd socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    GTEST_SKIP() << "this machine has no IPv6";
  SmbPlace place;
  place.put("a/b", "content");
  std::string url = place.url();
  url.replace(url.find("127.0.0.1"), 9, "[::1]");
  const auto connector = SmbPlace::connector(SmbPlace::address_of(url));
  EXPECT_THAT(enumerated(*connector).names(), ElementsAre("a/b"));
  EXPECT_EQ(read_all(*connector, "a/b"), "content");
  EXPECT_FALSE(connector->open(0, "a/absent").has_value());
}

// The stop comes when `is_waiting`.
void expect_that_a_stop_ends_the_wait(const std::string& url, const std::function<bool()>& is_waiting) {
  using Clock = std::chrono::steady_clock;
  std::stop_source stop;
  const auto connector = SmbPlace::connector(SmbPlace::address_of(url), stop.get_token());
  std::atomic<Clock::time_point> stopped;
  std::thread asker([&] {
    EXPECT_THROW(enumerated(*connector), core::Error);
    EXPECT_LT(Clock::now() - stopped.load(), std::chrono::seconds(1));
  });
  while (!is_waiting()) std::this_thread::yield();
  stopped = Clock::now();
  stop.request_stop();
  asker.join();
}

TEST_F(Smb, AStopEndsTheWaitForAServerThatStandsStill) {
  SambaServer server;
  const SmbPlace place(server);
  server.process().freeze();
  test::TcpRelay relay(server.port());
  relay.watch_for("SMB");  // what every message begins with
  expect_that_a_stop_ends_the_wait(fmt::format("smb://me@127.0.0.1:{}/share", relay.port()),
                                   [&] { return relay.has_seen(); });
}

TEST_F(Smb, AStopEndsTheWaitForAServerThatNeverSpeaks) {
  const SmbPlace place;
  const BabblingServer silent("", BabblingServer::Then::keeps_silent);
  expect_that_a_stop_ends_the_wait(fmt::format("smb://me@127.0.0.1:{}/share", silent.port()),
                                   [&] { return silent.clients() > 0; });
}

TEST_F(Smb, AServerThatSpeaksNonsenseIsAnErrorAndNoMore) {
  const SmbPlace place;
  const std::string words[] = {"", "garbage\r\n", std::string(100'000, '\xff'),
                               std::string("\0\0\0\x48\xfeSMB", 8) + std::string(68, '\x01')};
  for (const std::string& said : words) {
    const BabblingServer server(said, BabblingServer::Then::ends);
    const core::ErrorKind kind =
        kind_of_failure(SmbPlace::address_of(fmt::format("smb://me@127.0.0.1:{}/share", server.port())));
    EXPECT_TRUE(kind == core::ErrorKind::transient || kind == core::ErrorKind::permanent) << said.substr(0, 20);
  }
}

TEST_F(Smb, AHelperThatSpeaksNonsenseOrIsNotThereIsAnErrorAndNoMore) {
  const SmbPlace place;
  const std::string script = (place.server().folder().parent_path() / "helper").string();
  const char* words[] = {"", "nonsense that is no message", "\\377\\377\\377\\377x", "\\0\\0\\0\\0A", "\\0\\0\\0\\0B"};
  for (const char* said : words) {
    std::ofstream(script) << "#!/bin/sh\nprintf '" << said << "' >&0\n";
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    ::setenv("ASSAY_SMB", script.c_str(), 1);
    const core::ErrorKind kind = kind_of_failure(place.address());
    EXPECT_TRUE(kind == core::ErrorKind::transient || kind == core::ErrorKind::permanent) << said;
  }
  ::setenv("ASSAY_SMB", "/nowhere/assay-smb", 1);
  EXPECT_EQ(kind_of_failure(place.address()), core::ErrorKind::not_found);
  ::unsetenv("ASSAY_SMB");
  std::string what;
  EXPECT_EQ(kind_of_failure(place.address(), &what), core::ErrorKind::not_found);
  EXPECT_THAT(what, HasSubstr("ASSAY_SMB"));
}

TEST(SmbAddress, SaysWhatIsWrong) {
  const auto refusal = [](const std::string& url, const std::map<std::string, std::string>& settings) {
    try {
      SmbPlace::connector({.roots = {url}, .settings = settings, .include = {}, .exclude = {}});
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      return std::string(error.what());
    }
    return std::string("nothing was thrown");
  };
  const std::map<std::string, std::string> good = {{"password", "env:P"}};
  EXPECT_EQ(refusal("smb://me@host/share", good), "nothing was thrown");
  EXPECT_EQ(refusal("smb://me@host/share/x/", {{"kerberos", "true"}}), "nothing was thrown");
  EXPECT_THAT(refusal("smb://host/share/x/", {{"kerberos", "true"}}), HasSubstr("user"));
  EXPECT_THAT(refusal("smb://me@host", good), HasSubstr("no share"));
  EXPECT_THAT(refusal("smb://me@host/", good), HasSubstr("no share"));
  EXPECT_THAT(refusal("smb://me@host//share", good), HasSubstr("empty name"));
  EXPECT_THAT(refusal("smb://me:secret@host/share", good), HasSubstr("password"));
  EXPECT_THAT(refusal("smb://me@host/share", {}), HasSubstr("log in"));
  EXPECT_THAT(refusal("smb://host/share", good), HasSubstr("without a user"));
  EXPECT_THAT(refusal("smb://me@host/share", {{"password", "env:P"}, {"kerberos", "true"}}), HasSubstr("kerberos"));
  EXPECT_THAT(refusal("smb://me@host/share", {{"password", "env:P"}, {"user", "other"}}), HasSubstr("two users"));
  EXPECT_THAT(refusal("smb://me@host/share", {{"password", "env:P"}, {"signing", "never"}}), HasSubstr("signing"));
  EXPECT_THAT(refusal("smb://me@host/share", {{"password", "env:P"}, {"encryption", "no"}}), HasSubstr("encryption"));
  EXPECT_THAT(refusal("smb://me@host/share", {{"password", "env:P"}, {"domain", "A\nclient signing = off"}}),
              HasSubstr("control character"));
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Smb, ConnectorConformance, testing::Values(&make_place));
INSTANTIATE_TEST_SUITE_P(Smb, TreeConformance, testing::Values(&make_own_place));

}  // namespace assay::connect::smb
