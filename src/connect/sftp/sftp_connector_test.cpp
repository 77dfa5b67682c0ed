#include "connect/sftp/sftp_connector.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "connect/tree/tree_conformance_test.h"
#include "core/error.h"
#include "tests/support/babbling_server.h"
#include "tests/support/shared_folder.h"
#include "tests/support/ssh_server.h"

namespace assay::connect::sftp {
namespace {

using Clock = std::chrono::steady_clock;
using test::BabblingServer;
using test::SharedFolder;
using test::SshServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr const char* password_reference = "env:PASSWORD";

core::Sensitive<std::string> secret_of(std::string_view reference) {
  if (reference == password_reference) return core::Sensitive<std::string>(SshServer::password);
  if (!reference.starts_with("file:")) return core::Sensitive<std::string>("wrong");
  std::ostringstream text;
  text << std::ifstream(std::string(reference.substr(5))).rdbuf();
  return core::Sensitive(text.str());
}

class SftpPlace : public TreePlace {
 public:
  explicit SftpPlace(SshServer& server = SshServer::shared()) : server_(server), folder_(next_folder(server)) {}

  const ConnectorKind& kind() const override { return sftp_kind(); }
  SourceAddress address() const override { return address_of(server_.url(folder_.path())); }
  SourceAddress address_of(const std::string& url) const {
    return {.roots = {url},
            .settings = {{"private_key", "file:" + server_.key()}, {"known_hosts", server_.known_hosts()}},
            .include = {},
            .exclude = {}};
  }
  core::Sensitive<std::string> secret(std::string_view reference) const override { return secret_of(reference); }
  void put(std::string_view name, std::string_view content) override { folder_.put(name, content); }
  void remove(std::string_view name) override { folder_.remove(name); }
  bool takes_any_bytes() const override { return true; }
  std::optional<SourceAddress> unreachable() const override {
    return address_of(fmt::format("sftp://{}@127.0.0.1:{}/", server_.user(), test::free_loopback_port()));
  }
  std::optional<SourceAddress> refused() const override {
    SourceAddress wrong = address();
    wrong.settings["private_key"] = "file:" + server_.other_key();
    return wrong;
  }

  const SharedFolder& folder() const override { return folder_; }
  test::BackgroundServer& process() const override { return server_.process(); }
  SshServer& server() const { return server_; }
  std::unique_ptr<Connector> connector(std::stop_token stop = {}) const { return connector(address(), stop); }
  static std::unique_ptr<Connector> connector(const SourceAddress& address, std::stop_token stop = {}) {
    return ConnectorKinds({sftp_kind()}).make("sftp", address, {.resolve_secret = secret_of, .stop = std::move(stop)});
  }

 private:
  static std::filesystem::path next_folder(const SshServer& server) {
    static std::atomic<int> places = 0;
    return server.home() / fmt::format("place-{}", ++places);
  }

  SshServer& server_;
  SharedFolder folder_;
};

/// One that may be stopped and started.
struct OwnSshServer {
  SshServer own;
};
class OwnSftpPlace final : private OwnSshServer, public SftpPlace {
 public:
  OwnSftpPlace() : SftpPlace(own) {}
};

std::unique_ptr<ConformancePlace> make_place() { return std::make_unique<SftpPlace>(); }
std::unique_ptr<TreePlace> make_own_place() { return std::make_unique<OwnSftpPlace>(); }

core::ErrorKind kind_of_failure(const SourceAddress& address, std::string* what = nullptr) {
  try {
    enumerated(*SftpPlace::connector(address));
  } catch (const core::Error& error) {
    if (what != nullptr) *what = error.what();
    EXPECT_THAT(error.what(), testing::Not(HasSubstr(SshServer::password)));
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return core::ErrorKind::bug;
}

TEST(Sftp, ComesInOrderOfNamesAndGoesOnBehindAnyOfThem) {
  const SftpPlace place;
  for (const char* name : {"b", "a.txt", "a/z", "a/b/c", "a0", "B"}) place.folder().put(name, "x");
  EXPECT_THAT(enumerated(*place.connector()).names(), ElementsAre("B", "a/b/c", "a/z", "a.txt", "a0", "b"));
  EntryRecorder rest;
  place.connector()->enumerate(0, "a/b/c", rest);
  EXPECT_THAT(rest.names(), ElementsAre("a/z", "a.txt", "a0", "b"));
}

TEST(Sftp, APasswordLetsIn) {
  const SftpPlace place;
  if (!place.server().has_passwords()) GTEST_SKIP() << "a user with a password is made when tests run as root";
  place.folder().put("a", "x");
  SourceAddress address = place.address();
  address.settings.erase("private_key");
  address.settings["password"] = password_reference;
  EXPECT_THAT(enumerated(*SftpPlace::connector(address)).names(), ElementsAre("a"));
  address.settings["password"] = "env:OTHER";
  std::string what;
  EXPECT_EQ(kind_of_failure(address, &what), core::ErrorKind::denied);
  EXPECT_THAT(what, HasSubstr("password"));
}

TEST(Sftp, AKeyMayHaveAPassphrase) {
  const SftpPlace place;
  place.folder().put("a", "x");
  SourceAddress address = place.address();
  address.settings["private_key"] = "file:" + place.server().locked_key();
  address.settings["passphrase"] = password_reference;
  EXPECT_THAT(enumerated(*SftpPlace::connector(address)).names(), ElementsAre("a"));
  for (const char* wrong : {"env:OTHER", ""}) {
    address.settings.erase("passphrase");
    if (*wrong != '\0') address.settings["passphrase"] = wrong;
    std::string what;
    EXPECT_EQ(kind_of_failure(address, &what), core::ErrorKind::bad_input);
    EXPECT_THAT(what, HasSubstr("passphrase"));
  }
}

TEST(Sftp, AHostThatIsNotKnownIsNotSpokenTo) {
  const SftpPlace place;
  place.folder().put("a", "x");
  SourceAddress address = place.address();
  const std::string empty = (place.server().home() / "no_hosts").string();
  std::ofstream(empty).flush();
  address.settings["known_hosts"] = empty;
  std::string what;
  EXPECT_EQ(kind_of_failure(address, &what), core::ErrorKind::denied);
  EXPECT_THAT(what, HasSubstr("host_key=" + place.server().fingerprint()));
  EXPECT_FALSE(SftpPlace::connector(address)->test(1).ok);

  address.settings.erase("known_hosts");
  address.settings["host_key"] = "SHA256:" + std::string(43, 'A') + ", " + place.server().fingerprint();
  EXPECT_THAT(enumerated(*SftpPlace::connector(address)).names(), ElementsAre("a"));
  address.settings["host_key"] = "SHA256:" + std::string(43, 'A');
  EXPECT_EQ(kind_of_failure(address, &what), core::ErrorKind::denied);
  EXPECT_THAT(what, HasSubstr("stands between"));
}

TEST(Sftp, AHostWithAnotherKeyIsNotSpokenTo) {
  const SftpPlace place;
  const std::string path = (place.server().home() / "other_hosts").string();
  std::ifstream other(place.server().other_key() + ".pub");
  std::string type, key;
  other >> type >> key;
  std::ofstream(path) << "[127.0.0.1]:" << place.server().port() << " " << type << " " << key << "\n";
  SourceAddress address = place.address();
  address.settings["known_hosts"] = path;
  std::string what;
  EXPECT_EQ(kind_of_failure(address, &what), core::ErrorKind::denied);
  EXPECT_THAT(what, HasSubstr("another key"));
}

TEST(Sftp, WhatIsNoFileIsSaidAndNotOpened) {
  const SftpPlace place;
  place.folder().put("file", "x");
  place.folder().put("folder/inside", "x");
  const auto path = [&](const char* name) { return place.folder().path() / name; };
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0666), 0);
  std::filesystem::create_symlink("file", path("link"));
  std::filesystem::create_symlink("folder", path("link_to_folder"));
  const auto connector = place.connector();
  const EntryRecorder recorder = enumerated(*connector);
  EXPECT_THAT(recorder.names(), UnorderedElementsAre("file", "folder/inside"));
  ASSERT_THAT(recorder.unread, SizeIs(3));
  EXPECT_EQ(recorder.unread[0],
            std::pair(std::string("fifo"), model::Verdict{model::VerdictKind::special_file, "FIFO"}));
  EXPECT_EQ(recorder.unread[1].second, (model::Verdict{model::VerdictKind::excluded, "symbolic link"}));
  EXPECT_EQ(recorder.unread[2].second.kind, model::VerdictKind::excluded);
  EXPECT_EQ(connector->open(0, "fifo").error().kind, model::VerdictKind::special_file);
  EXPECT_EQ(connector->open(0, "link").error().kind, model::VerdictKind::excluded);
  EXPECT_EQ(connector->open(0, "folder").error().kind, model::VerdictKind::io_error);
}

TEST(Sftp, WhatMayNotBeReadIsAVerdictOnIt) {
  const SftpPlace place;
  if (!place.server().has_passwords()) GTEST_SKIP() << "the server's user is the owner of all files";
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
  const Trial trial = connector->test(10);
  EXPECT_TRUE(trial.ok);
  EXPECT_THAT(trial.problems, ElementsAre(HasSubstr("closed")));
}

TEST(Sftp, ARootMayBeAFileOrBelowTheUsersFolder) {
  const SftpPlace place;
  place.folder().put("folder/note.txt", "content");
  const auto one =
      SftpPlace::connector(place.address_of(place.server().url(place.folder().path() / "folder/note.txt")));
  EXPECT_THAT(enumerated(*one).names(), ElementsAre(""));
  EXPECT_EQ(read_all(*one, ""), "content");
  EXPECT_EQ(one->open(0, "")->entry.name, "note.txt");
  EXPECT_EQ(one->path_of(0, ""), one->roots()[0]);
  if (!place.server().has_passwords()) GTEST_SKIP() << "the user's own folder is not the tests'";
  const std::string below_home = "/~/" + place.folder().path().filename().string();
  const auto home = SftpPlace::connector(place.address_of(place.server().url(below_home)));
  EXPECT_THAT(enumerated(*home).names(), ElementsAre("folder/note.txt"));
  EXPECT_EQ(read_all(*home, "folder/note.txt"), "content");
}

TEST(Sftp, NoSuchFolderIsNotFound) {
  const SftpPlace place;
  EXPECT_EQ(kind_of_failure(place.address_of(place.server().url(place.folder().path() / "nowhere"))),
            core::ErrorKind::not_found);
}

TEST(Sftp, DeepFoldersAreReadAndTheDeepestSaid) {
  const SftpPlace place;
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

TEST(Sftp, AFileThatIsReplacedWhileTheServerWasAwayHasChanged) {
  SshServer server;
  const SftpPlace place(server);
  const std::string content = lines_of(3'000'000);
  for (const bool is_removed : {false, true}) {
    place.folder().put("long", content);
    try {
      read_all(*place.connector(), "long", [&] {
        server.process().stop();
        if (is_removed) place.folder().remove("long");
        else place.folder().put("long", content);
        server.process().start();
      });
      ADD_FAILURE() << "nothing was thrown";
    } catch (const ReadFailure& failure) {
      EXPECT_EQ(failure.verdict().kind, model::VerdictKind::changed) << failure.verdict().reason;
    }
  }
}

TEST(Sftp, AStopEndsTheWaitForAServerThatStandsStill) {
  SshServer server;
  const SftpPlace place(server);
  place.folder().put("long", lines_of(3'000'000));
  std::stop_source stop;
  const auto connector = place.connector(stop.get_token());
  auto opened = connector->open(0, "long");
  ASSERT_TRUE(opened.has_value());
  server.process().freeze();
  std::atomic<Clock::time_point> stopped, delivered = Clock::now();
  std::thread reader([&] {
    std::string piece(100'000, '\0');
    EXPECT_THROW(
        {
          while (opened->reader->read(piece) != 0) delivered = Clock::now();
        },
        core::Error);
    EXPECT_LT(Clock::now() - stopped.load(), std::chrono::seconds(1));
  });
  // What was under way comes at once; then the reader waits.
  while (Clock::now() - delivered.load() < std::chrono::milliseconds(500)) std::this_thread::yield();
  stopped = Clock::now();
  stop.request_stop();
  reader.join();
}

TEST(Sftp, AStopEndsTheWaitForAServerThatNeverSpeaks) {
  const SftpPlace place;
  const BabblingServer server("", BabblingServer::Then::keeps_silent);
  std::stop_source stop;
  const auto connector =
      SftpPlace::connector(place.address_of(fmt::format("sftp://me@127.0.0.1:{}/", server.port())), stop.get_token());
  std::atomic<Clock::time_point> stopped;
  std::thread asker([&] {
    EXPECT_THROW(enumerated(*connector), core::Error);
    EXPECT_LT(Clock::now() - stopped.load(), std::chrono::seconds(1));
  });
  while (server.clients() == 0) std::this_thread::yield();
  stopped = Clock::now();
  stop.request_stop();
  asker.join();
}

TEST(Sftp, AServerThatSpeaksNonsenseIsAnErrorAndNoMore) {
  const SftpPlace place;
  const std::string words[] = {"",
                               "garbage\r\n",
                               "SSH-2.0-x\r\n" + std::string(5000, '\xff'),
                               "SSH-1.0-old\r\n",
                               std::string(100'000, 'x'),
                               "HTTP/1.1 400 Bad Request\r\n\r\n"};
  for (const std::string& said : words) {
    const BabblingServer server(said, BabblingServer::Then::ends);
    const core::ErrorKind kind =
        kind_of_failure(place.address_of(fmt::format("sftp://me@127.0.0.1:{}/", server.port())));
    EXPECT_TRUE(kind == core::ErrorKind::transient || kind == core::ErrorKind::permanent) << said.substr(0, 20);
  }
}

TEST(Sftp, ASubsystemThatSpeaksNonsenseIsAnErrorAndNoMore) {
  using std::string_literals::operator""s;
  const std::string hello = "\0\0\0\5\2\0\0\0\3"s;
  const std::pair<const char*, std::string> nonsense[] = {
      {"a text", "no sftp here"},
      {"an old version", "\0\0\0\5\2\0\0\0\1"s},
      {"a packet of 4 GiB", "\xff\xff\xff\xff\2\0\0\0\3"s},
      {"a packet that is too short", "\0\0\0\1\2"s},
      {"an extension that is cut", "\0\0\0\x09\2\0\0\0\3\0\0\1\0"s},
      {"an answer to no question", hello + "\0\0\0\5\x65\0\0\0\x63"s},
      {"attributes that are none", hello + "\0\0\0\5\x69\0\0\0\1"s},
      {"a status without a code", hello + "\0\0\0\5\x65\0\0\0\1"s},
      {"a handle in place of attributes", hello + "\0\0\0\x0d\x66\0\0\0\1\0\0\0\4abcd"s},
      {"nothing", ""},
  };
  const std::filesystem::path words = std::filesystem::temp_directory_path() / fmt::format("words-{}", ::getpid());
  SshServer server(
      {.subsystem = fmt::format("/bin/sh -c \"cat {}; sleep 0.1\"", words.string()), .more_configuration = {}});
  const SftpPlace place(server);
  for (const auto& [what, said] : nonsense) {
    std::ofstream(words, std::ios::binary | std::ios::trunc) << said;
    const core::ErrorKind kind = kind_of_failure(place.address());
    EXPECT_TRUE(kind == core::ErrorKind::permanent || (said.empty() && kind == core::ErrorKind::transient)) << what;
  }
  std::filesystem::remove(words);
}

TEST(Sftp, SaysWhatIsWrongWithAnAddress) {
  const auto refusal = [](const std::string& url, const std::map<std::string, std::string>& settings) {
    try {
      SftpPlace::connector({.roots = {url}, .settings = settings, .include = {}, .exclude = {}});
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      return std::string(error.what());
    }
    return std::string("nothing was thrown");
  };
  const std::map<std::string, std::string> good = {{"password", "env:P"}};
  EXPECT_EQ(refusal("sftp://me@host/x", good), "nothing was thrown");
  EXPECT_EQ(refusal("sftp://me@[::1]:2222", good), "nothing was thrown");
  EXPECT_THAT(refusal("sftp://host/x", good), HasSubstr("sftp://USER@host"));
  EXPECT_THAT(refusal("sftp:///x", good), HasSubstr("no host"));
  EXPECT_THAT(refusal("sftp://me@host:70000/x", good), HasSubstr("port"));
  EXPECT_THAT(refusal("sftp://me@host:/x", good), HasSubstr("port"));
  EXPECT_THAT(refusal("sftp://me@[::1/x", good), HasSubstr("bracket"));
  EXPECT_THAT(refusal("sftp://me@-oProxyCommand/x", good), HasSubstr("host"));
  EXPECT_THAT(refusal("sftp://me:secret@host/x", good), HasSubstr("password"));
  EXPECT_THAT(refusal("sftp://me@host/x", {}), HasSubstr("log in"));
  EXPECT_THAT(refusal("sftp://me@host/x", {{"agent", "yes"}}), HasSubstr("agent"));
  EXPECT_THAT(refusal("sftp://me@host/x", {{"agent", "true"}, {"host_key", "MD5:00"}}), HasSubstr("host_key"));
  EXPECT_THAT(refusal("sftp://me@host/x", {{"agent", "true"}, {"passphrase", "env:P"}}), HasSubstr("private_key"));
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Sftp, ConnectorConformance, testing::Values(&make_place));
INSTANTIATE_TEST_SUITE_P(Sftp, TreeConformance, testing::Values(&make_own_place));

}  // namespace assay::connect::sftp
