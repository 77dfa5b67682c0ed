#include "connect/mongodb/mongodb_connector.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include "connect/documents/document_conformance_test.h"
#include "connect/tables/table_conformance_test.h"
#include "core/error.h"
#include "core/fd.h"
#include "tests/support/mongodb_server.h"
#include "tests/support/tcp_relay.h"

namespace assay::connect::mongodb {
namespace {

using test::MongodbServer;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

core::Sensitive<std::string> secret_of(std::string_view reference) {
  return core::Sensitive(std::string(reference.substr(4)));
}

class MongodbPlace final : public DocumentPlace {
 public:
  const ConnectorKind& kind() const override { return mongodb_kind(); }
  SourceAddress address() override { return at(server_->port(), MongodbServer::password); }
  core::Sensitive<std::string> secret(std::string_view reference) const override { return secret_of(reference); }
  void put(const std::string& table, const std::vector<std::string>& documents) override {
    server_->insert("shop", table, documents);
  }
  void remove(const std::string& table) override { server_->run("shop", fmt::format(R"({{"drop": "{}"}})", table)); }
  std::string object(const std::string& table) const override { return "shop/" + table; }
  SourceAddress unreachable() override { return at(test::free_loopback_port(), MongodbServer::password); }
  std::optional<SourceAddress> refused() override { return at(server_->port(), "not-the-secret"); }
  void end_server() override { server_.reset(); }

 private:
  static SourceAddress at(int port, const std::string& password) {
    return {.roots = {MongodbServer::url(port, "shop")}, .settings = {{"password", "env:" + password}}};
  }
  std::unique_ptr<MongodbServer> server_ = std::make_unique<MongodbServer>();
};

std::unique_ptr<DocumentPlace> make_mongodb_place() { return std::make_unique<MongodbPlace>(); }
INSTANTIATE_TEST_SUITE_P(Mongodb, DocumentConformance, testing::Values(&make_mongodb_place));

class Mongodb : public testing::Test {
 protected:
  Mongodb() : database_(fmt::format("db{}", ++databases_)) { use(server_.url(database_)); }
  ~Mongodb() override { server_.run(database_, R"({"dropDatabase": 1})"); }

  void use(const std::string& url) {
    address_.roots = {url};
    address_.settings["password"] = std::string("env:") + MongodbServer::password;
  }
  std::unique_ptr<Connector> connector(std::stop_token stop = {}) const {
    return ConnectorKinds({mongodb_kind()})
        .make("mongodb", address_, {.resolve_secret = secret_of, .stop = std::move(stop)});
  }
  StreamRead read(const std::string& collection) {
    failure_ = {};
    const auto source = connector();
    auto opened = source->open(0, database_ + "/" + collection);
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
  static std::vector<std::string> numbered(int count, int width = 1) {
    std::vector<std::string> documents;
    for (int i = 0; i < count; ++i)
      documents.push_back(fmt::format(R"({{"_id": {}, "n": {}, "t": "{}"}})", count - i, i, std::string(width, 'x')));
    return documents;
  }

  static inline std::atomic<int> databases_ = 0;
  MongodbServer& server_ = MongodbServer::shared();
  std::string database_;
  SourceAddress address_;
  model::Verdict failure_;
};

TEST_F(Mongodb, AllDatabasesAreReadUnlessTheUrlNamesOne) {
  server_.insert(database_, "odd.name/ü", {R"({"a": 1})"});
  server_.insert(database_ + "x", "other", {R"({"a": 1})"});
  use(server_.url());
  EntryRecorder all;
  connector()->enumerate(0, {}, all);
  EXPECT_THAT(all.names(), AllOf(Contains(database_ + "/odd.name%2Fü"), Contains(database_ + "x/other")));
  EXPECT_THAT(all.names(), Not(Contains(testing::StartsWith("admin/"))));
  ASSERT_THAT(all.unread, Contains(testing::Field(&std::pair<std::string, model::Verdict>::first, "admin")));
  EntryRecorder rest;
  connector()->enumerate(0, database_ + "/odd.name%2Fü", rest);
  EXPECT_THAT(rest.names(), AllOf(Not(Contains(database_ + "/odd.name%2Fü")), Contains(database_ + "x/other")));
  server_.run(database_ + "x", R"({"dropDatabase": 1})");
  EXPECT_THAT(connector()->roots(), ElementsAre(fmt::format("mongodb://127.0.0.1:{}", server_.port())));
}

TEST_F(Mongodb, ADatabaseThatMayNotBeListedDoesNotEndTheOthers) {
  for (const char* end : {"", "b_closed", "c"}) server_.insert(database_ + end, "t", {R"({"n": 1})"});
  // The server refuses to list a database that is called so, whoever asks.
  test::TcpRelay relay(server_.port());
  relay.replace_in_answers(database_ + "b_closed", database_ + "b$closed");
  use(MongodbServer::url(relay.port(), ""));
  EntryRecorder all;
  connector()->enumerate(0, {}, all);
  EXPECT_THAT(all.names(), ElementsAre(database_ + "/t", database_ + "c/t"));
  ASSERT_THAT(all.unread, SizeIs(2));
  EXPECT_EQ(all.unread[0].first, "admin");
  EXPECT_EQ(all.unread[1].first, database_ + "b$closed");
  EXPECT_EQ(all.unread[1].second.kind, model::VerdictKind::io_error);
  EntryRecorder rest;
  connector()->enumerate(0, database_ + "b$closed", rest);
  EXPECT_THAT(rest.names(), ElementsAre(database_ + "c/t"));
  EXPECT_THAT(rest.unread, testing::IsEmpty());
  const Trial trial = connector()->test(100);
  EXPECT_TRUE(trial.ok);
  EXPECT_THAT(trial.problems, ElementsAre(HasSubstr(database_ + "b$closed: ")));
  for (const char* end : {"b_closed", "c"}) server_.run(database_ + end, R"({"dropDatabase": 1})");
}

TEST_F(Mongodb, ADatabaseThatIsNotThereIsNotFound) {
  use(server_.url("misspelt"));
  EntryRecorder recorder;
  try {
    connector()->enumerate(0, {}, recorder);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::not_found);
    EXPECT_THAT(error.what(), HasSubstr("misspelt"));
  }
}

TEST_F(Mongodb, DocumentsComeByTheirIdInBatches) {
  server_.insert(database_, "t", numbered(2500));
  const StreamRead read = this->read("t");
  ASSERT_THAT(read.rows, SizeIs(2500));
  EXPECT_EQ(read.column("_id").front(), "1");
  EXPECT_EQ(read.column("_id").back(), "2500");
  EXPECT_EQ(read.column("n").front(), "2499");
}

TEST_F(Mongodb, NoOrderIsAskedOfTheLogOfAReplicaSetWhichHasNoIndex) {
  test::TcpRelay relay(server_.port());
  for (const char* collection : {"oplog.rs", "other"}) {
    server_.insert("local", collection, numbered(10));
    use(MongodbServer::url(relay.port(), "local"));
    relay.watch_for("sort");
    const auto opened = connector()->open(0, std::string("local/") + collection);
    ASSERT_TRUE(opened.has_value());
    EXPECT_THAT(parse_stream(read_all(*opened->reader)).rows, SizeIs(testing::Ge(10)));  // the server adds to its log
    EXPECT_EQ(relay.has_seen(), collection == std::string_view("other"));
  }
  server_.run("local", R"({"dropDatabase": 1})");
}

TEST_F(Mongodb, TheMostRowsAreALimitThatIsSaid) {
  server_.insert(database_, "t", numbered(10));
  address_.settings["max_rows"] = "7";
  EXPECT_THAT(read("t").rows, SizeIs(7));
  EXPECT_EQ(failure_.kind, model::VerdictKind::limit);
  EXPECT_THAT(failure_.reason, HasSubstr("max_rows: 7"));
  address_.settings["max_rows"] = "10";
  EXPECT_THAT(read("t").rows, SizeIs(10));
  EXPECT_EQ(failure_.reason, "");
}

TEST_F(Mongodb, FieldsAreLeftOutByTheServer) {
  server_.insert(database_, "t", {R"({"_id": 1, "a": 1, "b": 2, "c": 3})"});
  address_.settings["exclude_columns"] = "a,c,_id";
  EXPECT_THAT(read("t").columns, ElementsAre("b"));
}

TEST_F(Mongodb, ASampleThatTheServerDoesNotKnowCostsOnlyItsCollection) {
  server_.insert(database_, "t", numbered(10));
  address_.settings["sample_rows"] = "3";
  read("t");
  EXPECT_EQ(failure_.kind, model::VerdictKind::io_error);
  EXPECT_THAT(failure_.reason, HasSubstr("$sample"));
}

/// As the server counts documents in an answer.
std::string count_of(int32_t documents) {
  std::string bytes("count\0", 6);
  bytes.append(reinterpret_cast<const char*>(&documents), sizeof documents);
  return bytes;
}

TEST_F(Mongodb, ASampleThatIsAdaptiveIsOfStretchesOfTheIds) {
  server_.insert(database_, "t", numbered(600));
  server_.insert(database_, "small", numbered(20));
  // A collection worth a sample takes the test's server minutes to make: it says that it has more.
  test::TcpRelay relay(server_.port());
  relay.replace_in_answers(count_of(600), count_of(200'000));
  use(MongodbServer::url(relay.port(), database_));
  address_.settings["sample"] = "adaptive";
  const auto source = connector();
  auto opened = source->open(0, database_ + "/t");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  const RowsRead read = rows_of(read_all(*opened->reader));
  EXPECT_TRUE(read.is_random);
  EXPECT_EQ(read.of_rows, 200'000U);
  EXPECT_THAT(read.columns, ElementsAre("_id", "n", "t", "…"));
  ASSERT_THAT(read.round_ends, SizeIs(2));
  EXPECT_THAT(read.round_ends[0], AllOf(testing::Ge(6'500U), testing::Le(8'192U)));
  EXPECT_THAT(read.rows.size(), AllOf(testing::Ge(17'000U), testing::Le(24'576U)));
  EXPECT_EQ(read.round_ends[1], read.rows.size());
  std::set<int> tenths;
  for (size_t i = 0; i < read.round_ends[0]; ++i) tenths.insert((std::stoi(read.rows[i][0]) - 1) / 60);
  EXPECT_THAT(tenths, SizeIs(10)) << "from all of the collection in each round";
  address_.settings["max_rows"] = "100";
  EXPECT_THAT(this->read("t").rows, SizeIs(100));
  EXPECT_EQ(failure_.kind, model::VerdictKind::limit);

  opened = source->open(0, database_ + "/small");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  const RowsRead all = rows_of(read_all(*opened->reader));
  EXPECT_THAT(all.rows, SizeIs(20));
  EXPECT_THAT(all.round_ends, SizeIs(0));
}

TEST_F(Mongodb, ASampleOfDocumentsWithIdsOfOtherTypesIsInTheirOrder) {
  std::vector<std::string> documents;
  documents.reserve(9'000);
  for (int i = 0; i < 9'000; ++i) documents.push_back(fmt::format(R"({{"_id": "id {}"}})", i));
  server_.insert(database_, "t", documents);
  test::TcpRelay relay(server_.port());
  relay.replace_in_answers(count_of(9'000), count_of(200'000));
  use(MongodbServer::url(relay.port(), database_));
  address_.settings["sample"] = "adaptive";
  const auto source = connector();
  auto opened = source->open(0, database_ + "/t");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  const RowsRead read = rows_of(read_all(*opened->reader));
  EXPECT_FALSE(read.is_random);
  EXPECT_THAT(read.round_ends, ElementsAre(8'192));
  EXPECT_THAT(read.rows, SizeIs(9'000));
}

TEST_F(Mongodb, ALineThatBreaksWhileItIsReadIsWorthARetry) {
  server_.insert(database_, "t", numbered(4000, 1000));
  test::TcpRelay relay(server_.port());
  use(MongodbServer::url(relay.port(), database_));
  const auto source = connector();
  auto opened = source->open(0, database_ + "/t");
  ASSERT_TRUE(opened.has_value());
  relay.cut_answers_after("getMore");
  try {
    read_all(*opened->reader);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::transient) << error.what();
  }
  opened->reader.reset();
  // The connector is of use still.
  auto again = source->open(0, database_ + "/t");
  ASSERT_TRUE(again.has_value());
  EXPECT_THAT(parse_stream(read_all(*again->reader)).rows, SizeIs(4000));
}

TEST_F(Mongodb, TheServerIsToldThatNobodyReadsOn) {
  server_.insert(database_, "t", numbered(4000, 1000));
  test::TcpRelay relay(server_.port());
  use(MongodbServer::url(relay.port(), database_));
  std::stop_source stop;
  const auto source = connector(stop.get_token());
  auto opened = source->open(0, database_ + "/t");
  ASSERT_TRUE(opened.has_value());
  relay.watch_for("killCursors");
  stop.request_stop();
  EXPECT_THROW(read_all(*opened->reader), core::Error);
  EXPECT_FALSE(relay.has_seen());
  opened->reader.reset();
  while (!relay.has_seen()) std::this_thread::yield();
}

TEST_F(Mongodb, SettingsThatSayNothingAreRefusedByName) {
  const auto before = address_.settings;
  for (const auto& [name, value] : std::map<std::string, std::string>{{"views", "yes"},
                                                                      {"max_rows", "-1"},
                                                                      {"sample_percent", "0"},
                                                                      {"sample_rows", "x"},
                                                                      {"sample", "blocks"},
                                                                      {"certainty", "99"},
                                                                      {"exclude_columns", "a,,b"},
                                                                      {"read_preference", "any"},
                                                                      {"statement_timeout_s", "1h"}}) {
    address_.settings = before;
    address_.settings[name] = value;
    try {
      connector();
      ADD_FAILURE() << name;
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      EXPECT_THAT(error.what(), HasSubstr(name));
    }
  }
}

TEST_F(Mongodb, UrlsThatTrustAnybodyOrHoldSecretsAreRefused) {
  for (const char* url :
       {"mongodb://h/?tls=true&tlsInsecure=true", "mongodb://h/?tls=true&tlsAllowInvalidCertificates=true",
        "mongodb://h/?tls=true&tlsAllowInvalidHostnames=true", "mongodb://u:hush@h/", "mongodb://",
        "mongodb://h/?tls=true&tlsCertificateKeyFile=f&tlsCertificateKeyFilePassword=hush"}) {
    address_.roots = {url};
    try {
      connector();
      ADD_FAILURE() << url;
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input) << url;
      EXPECT_THAT(error.what(), Not(HasSubstr("hush")));
    }
  }
}

/// Listens, says what it is given to every client, and waits until it goes.
class NoisyServer {
 public:
  explicit NoisyServer(std::string noise) : noise_(std::move(noise)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_.get(), 8) != 0 ||
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("cannot listen");
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { run(); });
  }
  ~NoisyServer() { ::shutdown(listener_.get(), SHUT_RDWR); }
  NoisyServer(const NoisyServer&) = delete;
  NoisyServer& operator=(const NoisyServer&) = delete;
  int port() const { return port_; }
  int requests() const { return requests_; }

 private:
  void run() {
    for (;;) {
      const core::Fd client(::accept(listener_.get(), nullptr, nullptr));
      if (!client) return;
      char bytes[4096];
      if (::recv(client.get(), bytes, sizeof bytes, 0) <= 0) continue;
      ++requests_;
      if (!noise_.empty()) ::send(client.get(), noise_.data(), noise_.size(), MSG_NOSIGNAL);
      while (noise_.empty() && ::recv(client.get(), bytes, sizeof bytes, 0) > 0) {
      }
    }
  }
  std::string noise_;
  core::Fd listener_;
  int port_ = 0;
  std::atomic<int> requests_ = 0;
  std::jthread thread_;
};

TEST_F(Mongodb, AListenerThatSendsGarbageIsWorthARetry) {
  for (const std::string& noise : {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string(100, '\xff'),
                                   std::string("\x20\0\0\0aaaabbbb\xdd\x07\0\0cccccccccccccccc", 32)}) {
    NoisyServer server(noise);
    use(MongodbServer::url(server.port(), database_));
    EntryRecorder recorder;
    try {
      connector()->enumerate(0, {}, recorder);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::transient) << error.what();
    }
  }
}

TEST_F(Mongodb, AStopEndsTheWaitForAServerThatSaysNothing) {
  NoisyServer server("");
  use(fmt::format("mongodb://{}@127.0.0.1:{}/x", MongodbServer::user, server.port()));
  std::stop_source stop;
  std::chrono::steady_clock::time_point asked;
  std::jthread stopper([&] {
    while (server.requests() == 0) std::this_thread::yield();
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  EntryRecorder recorder;
  EXPECT_THROW(connector(stop.get_token())->enumerate(0, {}, recorder), core::Error);
  stopper.join();
  EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(1));
}

TEST_F(Mongodb, AServerWithoutACertificateThatWeTrustIsPermanent) {
  NoisyServer server(std::string("\x15\x03\x01\0\x02\x02\x28", 7));  // a TLS alert: handshake failure
  use(MongodbServer::url(server.port(), database_) + "&tls=true");
  EntryRecorder recorder;
  try {
    connector()->enumerate(0, {}, recorder);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::permanent) << error.what();
  }
}

}  // namespace
}  // namespace assay::connect::mongodb
