#include "connect/mysql/mysql_connector.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "connect/mysql/mysql_error.h"
#include "connect/tables/table_conformance_test.h"
#include "core/error.h"
#include "model/row_stream.h"
#include "tests/support/mariadb_server.h"
#include "tests/support/tcp_relay.h"

namespace assay::connect::mysql {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class MysqlPlace final : public TablePlace {
 public:
  MysqlPlace() : server_(test::MariadbServer::shared()), database_(server_.create_database()) {}
  ~MysqlPlace() override { server_.drop_database(database_); }

  const ConnectorKind& kind() const override { return mysql_kind(); }
  SourceAddress address() const override { return address_at(server_.port()); }
  SourceAddress address_at(int port) const override {
    return {.roots = {fmt::format("mysql://assay@127.0.0.1:{}/{}", port, database_)},
            .settings = {{"ssl_mode", "off"}}};
  }
  int port() const override { return server_.port(); }
  void restart() override { server_.restart(); }
  void run(const std::string& sql) override { server_.run(database_, sql); }
  std::string quoted(std::string_view name) const override {
    std::string text = "`";
    for (const char c : name) text += c == '`' ? "``" : std::string(1, c);
    return text + "`";
  }
  std::string schema() const override { return ""; }
  std::string text_type() const override { return "longtext"; }
  std::string bytes_type() const override { return "longblob"; }
  std::string repeated(char letter, uint64_t size) const override {
    return fmt::format("repeat('{}', {})", letter, size);
  }
  std::string bytes(std::string_view hex) const override { return fmt::format("x'{}'", hex); }
  void fill(const std::string& name, uint64_t rows, uint64_t width) override {
    run(fmt::format("CREATE TABLE {} AS SELECT seq AS n, CAST(repeat('x', {}) AS CHAR({})) AS t FROM seq_1_to_{}",
                    quoted(name), width, width, rows));
  }
  std::optional<SourceAddress> limited() override {
    run(fmt::format("GRANT SELECT ON {}.open TO reader@'%'", database_));
    return SourceAddress{.roots = {server_.url(database_, "reader")}};
  }
  void revoke() override { run(fmt::format("REVOKE SELECT ON {}.open FROM reader@'%'", database_)); }
  bool has_waiting() override { return server_.has_waiting(database_); }
  std::optional<SourceAddress> refused() const override {
    return SourceAddress{.roots = {server_.url(database_, "with_password")}, .settings = {{"password", "nonsense"}}};
  }
  std::string reading_word() const override { return "SELECT `"; }
  test::MariadbServer& server() { return server_; }
  const std::string& database() const { return database_; }

 private:
  test::MariadbServer& server_;
  std::string database_;
};

std::unique_ptr<TablePlace> make_place() { return std::make_unique<MysqlPlace>(); }

class Mysql : public testing::Test {
 protected:
  Mysql() : address_(place_.address()) {}

  std::unique_ptr<Connector> connector(std::stop_token stop = {}) const {
    return ConnectorKinds({mysql_kind()})
        .make("mysql", address_,
              {.resolve_secret = [](std::string_view name) { return core::Sensitive(std::string(name)); },
               .stop = std::move(stop)});
  }
  EntryRecorder enumerated() const {
    EntryRecorder recorder;
    connector()->enumerate(0, {}, recorder);
    return recorder;
  }
  std::vector<std::vector<std::string>> rows(const std::string& name) const {
    const auto source = connector();
    auto opened = source->open(0, name);
    if (!opened) {
      ADD_FAILURE() << opened.error().reason;
      return {};
    }
    return rows_of(stream_of(*opened->reader)).rows;
  }

  MysqlPlace place_;
  SourceAddress address_;
};

TEST_F(Mysql, AUrlWithoutADatabaseIsAllOfThemUnderTheSamePaths) {
  place_.fill("t", 2, 3);
  const auto one = connector();
  const std::string path = one->path_of(0, "t");
  address_.roots = {place_.server().url("")};
  const auto all = connector();
  EntryRecorder recorder;
  all->enumerate(0, {}, recorder);
  EXPECT_THAT(recorder.names(), testing::Contains(place_.database() + "/t"));
  EXPECT_THAT(recorder.names(), testing::Each(Not(testing::StartsWith("mysql/"))));
  EXPECT_EQ(all->path_of(0, place_.database() + "/t"), path);
  EXPECT_THAT(rows(place_.database() + "/t"), SizeIs(2));
}

TEST_F(Mysql, ValuesOfEveryTypeComeAsTheDatabaseWritesThem) {
  place_.run(R"(CREATE TABLE t (i bigint unsigned, n decimal(10,2), f double, d date, dt datetime(3), ts timestamp NULL,
                  y year, e enum('a','b'), s set('x','y'), b bit(12), bin binary(3), v varbinary(10), j json,
                  l varchar(20) CHARACTER SET latin1, g point, u uuid))");
  place_.run(R"(INSERT INTO t VALUES (18446744073709551615, 2.50, 1.5, '2026-01-31', '2026-01-31 12:00:00.125',
                  NULL, 2026, 'b', 'x,y', b'101', 'ab', x'00ff', '{"k": "v"}', 'Zoë', ST_GeomFromText('POINT(1 2)'),
                  'c7f0a1e2-3b4d-4e5f-8a9b-0c1d2e3f4a5b'))");
  EXPECT_THAT(rows("t"),
              ElementsAre(ElementsAre("18446744073709551615", "2.50", "1.5", "2026-01-31", "2026-01-31 12:00:00.125",
                                      "-", "2026", "b", "x,y", "5", std::string("ab\0", 3), std::string("\0\xff", 2),
                                      "{\"k\": \"v\"}", "Zoë", "POINT(1 2)", "c7f0a1e2-3b4d-4e5f-8a9b-0c1d2e3f4a5b")));
}

TEST_F(Mysql, DatesThatAreNoneAreReadAsTheyStand) {
  place_.run("CREATE TABLE t (d date NOT NULL, dt datetime)");
  place_.run("SET STATEMENT sql_mode='' FOR INSERT INTO t VALUES ('0000-00-00', '2026-00-31 00:00:00')");
  EXPECT_THAT(rows("t"), ElementsAre(ElementsAre("0000-00-00", "2026-00-31 00:00:00")));
}

TEST_F(Mysql, ViewsAndSequencesAreNoTables) {
  place_.run("CREATE TABLE t (x int)");
  place_.run("CREATE VIEW v AS SELECT * FROM t");
  place_.run("CREATE VIEW broken AS SELECT * FROM t");
  place_.run("CREATE SEQUENCE s");
  auto found = enumerated();
  EXPECT_THAT(found.names(), ElementsAre("t"));
  EXPECT_THAT(found.unread, SizeIs(2));
  address_.settings["views"] = "true";
  place_.run("ALTER TABLE t RENAME TO u");
  EXPECT_THAT(enumerated().names(), ElementsAre("broken", "u", "v"));
  const auto opened = connector()->open(0, "broken");
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().kind, model::VerdictKind::io_error);
}

TEST_F(Mysql, TheTableIsDescribed) {
  place_.run(
      "CREATE TABLE t (a int, b varchar(40) NOT NULL COMMENT 'family name', PRIMARY KEY (b, a)) COMMENT 'people'");
  const auto table = connector()->describe(0, "t");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->comment, "people");
  ASSERT_THAT(table->columns, SizeIs(2));
  EXPECT_EQ(table->columns[1].native_type, "varchar(40)");
  EXPECT_EQ(table->columns[1].comment, "family name");
  EXPECT_FALSE(table->columns[1].is_nullable);
  EXPECT_EQ(table->columns[1].key_position, 1U);
  EXPECT_EQ(table->columns[0].key_position, 2U);
}

TEST_F(Mysql, AChangeIdIsGivenOnlyWhenLaterChangesHaveAnotherOne) {
  place_.run("CREATE TABLE t (x int) ENGINE=MyISAM");
  place_.run("INSERT INTO t VALUES (1)");
  EXPECT_EQ(enumerated().entries.at(0).change_id, "");  // a change within the same second would have the same
  const auto file = place_.server().folder() / "data" / place_.database() / "t.MYD";
  const auto written = [&](int hours_ago) {
    std::filesystem::last_write_time(file,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(hours_ago));
    return enumerated().entries.at(0).change_id;
  };
  const std::string long_ago = written(5);
  EXPECT_NE(long_ago, "");
  EXPECT_NE(written(4), long_ago);
  place_.run("ALTER TABLE t ENGINE=Aria");
  EXPECT_EQ(enumerated().entries.at(0).change_id, "");
}

/// Where the rows of a sample lie, and how many a round has.
TEST_F(Mysql, ASampleThatIsAdaptiveIsOfStretchesOfTheKey) {
  place_.run(
      "CREATE TABLE t (id bigint unsigned PRIMARY KEY, n int) AS SELECT seq * 3 AS id, seq AS n FROM seq_1_to_300000");
  place_.run("CREATE TABLE no_key AS SELECT * FROM t");
  place_.run("ANALYZE TABLE t, no_key");
  address_.settings["sample"] = "adaptive";
  const auto source = connector();
  auto opened = source->open(0, "t");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  const RowsRead read = rows_of(stream_of(*opened->reader));
  EXPECT_TRUE(read.is_random);
  ASSERT_THAT(read.round_ends, SizeIs(3));
  EXPECT_NEAR(static_cast<double>(read.round_ends[0]), 8192, 256) << "the last stretch may end sooner";
  EXPECT_NEAR(static_cast<double>(read.round_ends[2]), 57'344, 1'000);
  EXPECT_NEAR(static_cast<double>(read.of_rows), 300'000, 60'000) << "as the server estimates";
  std::set<std::string> tenths;
  for (size_t i = 0; i < read.round_ends[0]; ++i)
    tenths.insert(std::to_string(std::stoul(read.rows[i].at(1)) / 30'000));
  EXPECT_THAT(tenths, SizeIs(testing::Ge(10U))) << "from all of the table in each round";
  address_.settings["where"] = "n % 2 = 0";
  for (const auto& row : rows("t")) ASSERT_EQ(std::stoul(row.at(1)) % 2, 0U);
  address_.settings.erase("where");
  address_.settings["exclude_columns"] = "id";
  EXPECT_THAT(rows("t").at(0), SizeIs(1)) << "a key that is not read can be chosen by all the same";
  address_.settings.erase("exclude_columns");

  const auto other = connector();
  opened = other->open(0, "no_key");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  const RowsRead all = rows_of(stream_of(*opened->reader));
  EXPECT_THAT(all.rows, SizeIs(300'000));
  EXPECT_THAT(all.round_ends, ElementsAre(8192, 24'576, 57'344, 122'880, 253'952));
}

TEST_F(Mysql, NothingCanBeWritten) {
  place_.run("CREATE TABLE t (x int)");
  place_.run("CREATE TABLE log (x int)");
  place_.run("INSERT INTO t VALUES (1)");
  place_.run("CREATE FUNCTION f() RETURNS int MODIFIES SQL DATA BEGIN INSERT INTO log VALUES (1); RETURN 1; END");
  address_.settings["where"] = "f() = 1";
  const auto source = connector();
  auto opened = source->open(0, "t");
  if (opened.has_value()) EXPECT_THROW(stream_of(*opened->reader), ReadFailure);
  address_.settings.clear();
  EXPECT_THAT(rows("log"), IsEmpty());
}

TEST_F(Mysql, AStatementThatTakesTooLongIsATimeoutOfItsTable) {
  place_.run("CREATE VIEW slow AS SELECT sleep(60) AS x");
  address_.settings = {{"views", "true"}, {"statement_timeout_s", "1"}};
  const auto source = connector();
  auto opened = source->open(0, "slow");
  if (!opened.has_value()) {
    EXPECT_EQ(opened.error().kind, model::VerdictKind::timeout) << opened.error().reason;
    return;
  }
  try {
    stream_of(*opened->reader);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const ReadFailure& failure) {
    EXPECT_EQ(failure.verdict().kind, model::VerdictKind::timeout) << failure.verdict().reason;
  }
}

TEST_F(Mysql, AStatementWithoutRowsThatOutlastsMaxSecondsIsALimit) {
  place_.run("CREATE VIEW slow AS SELECT sleep(60) AS x");
  address_.settings = {{"views", "true"}, {"max_seconds", "1"}};
  const auto source = connector();
  const auto opened = source->open(0, "slow");
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().kind, model::VerdictKind::limit);
  EXPECT_EQ(opened.error().reason, "max_seconds: 0 rows were read");
}

TEST_F(Mysql, AStopEndsAStatementWithinASecondAlsoOnTheServer) {
  // Unlike a sleep it does not look whether somebody waits for it.
  place_.run("CREATE VIEW slow AS SELECT SUM(seq % 7) AS x FROM seq_1_to_500000000");
  address_.settings = {{"views", "true"}};
  std::stop_source stop;
  std::chrono::steady_clock::time_point asked;
  // Whether it comes to be read, or is read no more, in time.
  const auto comes_to = [&](const char* readers, std::chrono::seconds in_time) {
    const auto end = std::chrono::steady_clock::now() + in_time;
    while (std::chrono::steady_clock::now() < end) {
      try {
        // Fails as long as it is otherwise.
        place_.run(
            fmt::format("SELECT IF(COUNT(*) {}, 1, (SELECT 1 UNION SELECT 2)) FROM information_schema.PROCESSLIST "
                        "WHERE INFO LIKE 'SELECT `x`%' AND DB = '{}'",
                        readers, place_.database()));
        return true;
      } catch (const std::exception&) {
        std::this_thread::yield();
      }
    }
    return false;
  };
  bool was_read = false;
  std::jthread stopper([&] {
    was_read = comes_to("> 0", std::chrono::seconds(20));
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  const auto source = connector(stop.get_token());
  EXPECT_THROW(
      {
        auto opened = source->open(0, "slow");
        if (opened) stream_of(*opened->reader);
      },
      core::Error);
  stopper.join();
  EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(1));
  EXPECT_TRUE(was_read);
  EXPECT_TRUE(comes_to("= 0", std::chrono::seconds(5))) << "the statement goes on";
}

TEST_F(Mysql, ATableThatIsYoungerThanTheSnapshotIsReadInAnother) {
  for (const char* name : {"before", "copied", "same", "emptied"}) place_.fill(name, 3, 3);
  const auto source = connector();
  const auto read = [&](const char* name) {
    auto opened = source->open(0, name);
    if (opened) return rows_of(stream_of(*opened->reader)).rows;
    ADD_FAILURE() << name << ": " << opened.error().reason;
    return std::vector<std::vector<std::string>>();
  };
  EXPECT_THAT(read("before"), SizeIs(3));  // its snapshot is the next tables'
  place_.run("ALTER TABLE copied ADD COLUMN more int FIRST, ALGORITHM=COPY");
  place_.run("TRUNCATE TABLE emptied");
  EXPECT_THAT(read("copied"), testing::Each(ElementsAre("-", testing::_, "xxx")));
  place_.run("INSERT INTO emptied VALUES (1, 'xxx')");
  EXPECT_THAT(read("emptied"), SizeIs(testing::Le(1U)));
  EXPECT_THAT(read("same"), SizeIs(3));
}

TEST_F(Mysql, ALongTextIsCutByItsBytesWhateverItsCharactersAre) {
  place_.run(R"(CREATE TABLE t (a longtext CHARACTER SET utf8mb4, b longtext CHARACTER SET latin1, n int))");
  place_.run(
      "INSERT INTO t SELECT repeat(CONVERT(x'F09F9880' USING utf8mb4), 4194304), "
      "repeat(CONVERT(x'E9' USING latin1), 10000000), 1");
  place_.run("INSERT INTO t VALUES ('\xC3\xA9', '\xC3\xA9', 2)");
  const auto source = connector();
  auto opened = source->open(0, "t");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  const RowsRead read = rows_of(stream_of(*opened->reader));
  ASSERT_THAT(read.rows, SizeIs(2));
  EXPECT_EQ(read.cut_cells, 1U) << "10,000,000 letters of two bytes";
  EXPECT_EQ(read.rows[0][0].size(), model::max_cell_bytes);
  EXPECT_EQ(read.rows[0][1].size(), model::max_cell_bytes);
  EXPECT_EQ(read.rows[0][1].substr(0, 4), "\xC3\xA9\xC3\xA9");
  EXPECT_THAT(read.rows[1], ElementsAre("\xC3\xA9", "\xC3\xA9", "2"));
}

TEST_F(Mysql, AValueOfAGigabyteCostsNoMoreMemoryThanOneThatIsCut) {
  place_.run("CREATE TABLE small (x longtext)");
  place_.run("INSERT INTO small VALUES (repeat('y', 16777000))");
  // Made by the server when it is read, which takes no value of more than this.
  place_.run("CREATE TABLE t (x longtext AS (repeat(repeat('x', 1000000), 1000)) VIRTUAL, n int)");
  place_.run("INSERT INTO t (n) VALUES (1)");
  rows("small");
  const uint64_t before = peak_memory();
  EXPECT_EQ(rows("t").at(0).at(0).size(), model::max_cell_bytes);
  EXPECT_LT(peak_memory() - before, uint64_t{100} << 20);
}

TEST_F(Mysql, EveryLongColumnOfManyHasItsPartOfARow) {
  std::string columns, values;
  for (int i = 0; i < 100; ++i) {
    columns += fmt::format("c{} {}, ", i, i % 2 == 0 ? "longtext" : "mediumblob");
    values += i < 2 ? "repeat('x', 1000000), " : "'short', ";
  }
  place_.run(fmt::format("CREATE TABLE t ({}n int)", columns));
  place_.run(fmt::format("INSERT INTO t VALUES ({}1)", values));
  const auto read = rows("t");
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_EQ(read[0][0].size(), (40U << 20) / 100);
  EXPECT_EQ(read[0][1].size(), (40U << 20) / 100);
  EXPECT_EQ(read[0][2], "short");
  EXPECT_EQ(read[0][100], "1");
}

/// Files and sockets that this process has open.
size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

TEST_F(Mysql, AnErrorLeavesNoConnectionBehind) {
  place_.fill("t", 2'000, 2'000);
  place_.run("CREATE VIEW slow AS SELECT sleep(60) AS x");
  place_.run("CREATE VIEW broken AS SELECT n FROM t WHERE n = (SELECT 1 UNION SELECT 2)");
  const auto readers_are = [&](int count) {
    try {
      // Fails as long as it is otherwise.
      place_.run(
          fmt::format("SELECT IF(COUNT(*) = {}, 1, (SELECT 1 UNION SELECT 2)) FROM "
                      "information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND DB = '{}'",
                      count, place_.database()));
      return true;
    } catch (const std::exception&) {
      return false;
    }
  };
  const auto read = [](Connector& source, const char* name) {
    try {
      if (auto opened = source.open(0, name)) stream_of(*opened->reader);
    } catch (const std::exception&) {
      return;  // a table's verdict, or the source's end: neither keeps anything
    }
  };
  const auto fail_in_every_way = [&] {
    address_.settings = {{"ssl_mode", "off"}, {"views", "true"}, {"max_seconds", "1"}};
    {
      const auto source = connector();
      for (const char* name : {"absent", "broken", "t", "slow", "absent"}) read(*source, name);
    }
    for (const auto& [setting, value] : {std::pair{"where", "n = nothing"}, {"max_rows", "7"}, {"max_bytes", "9999"}}) {
      address_.settings[setting] = value;
      read(*connector(), "t");
      address_.settings.erase(setting);
    }
    {
      const auto source = connector();
      auto opened = source->open(0, "t");
      std::string piece(1'000, '\0');
      opened.value().reader->read(piece);
      opened.value().reader.reset();  // nobody reads on
    }
    test::TcpRelay relay(place_.port());
    address_ = place_.address_at(relay.port());
    address_.settings["ssl_mode"] = "off";
    relay.cut_answers_after("SELECT `n`", 100'000);
    read(*connector(), "t");
    address_.settings["ssl_mode"] = "verified";  // by an authority that is not the server's
    address_.roots = {place_.address().roots};
    read(*connector(), "t");
    address_.roots = {place_.server().url(place_.database(), "with_password")};
    read(*connector(), "t");
    address_ = place_.address();
  };
  fail_in_every_way();
  wait_until([&] { return readers_are(0); });
  const size_t before = open_descriptors();
  fail_in_every_way();
  wait_until([&] { return readers_are(0); });
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(Mysql, EncryptedConnectionsAreVerifiedWhenToldSo) {
  place_.fill("t", 2, 3);
  for (const char* mode : {"preferred", "required"}) {
    address_.settings["ssl_mode"] = mode;
    EXPECT_THAT(rows("t"), SizeIs(2)) << mode;
  }
  address_.settings = {{"ssl_mode", "verified"}, {"ssl_ca", place_.server().authority().string()}};
  EXPECT_THAT(rows("t"), SizeIs(2));
  address_.settings = {{"ssl_mode", "verified"}};
  try {
    enumerated();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::denied) << error.what();
  }
}

TEST_F(Mysql, AConnectionThatIsCutBeforeItIsEncryptedIsWorthARetry) {
  test::TcpRelay relay(place_.port());
  relay.cut_answers_after("\x16\x03\x01", 0);  // the client's first record of TLS
  address_ = place_.address_at(relay.port());
  address_.settings = {{"ssl_mode", "required"}};
  try {
    enumerated();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::transient) << error.what();
  }
}

TEST_F(Mysql, TheRightPasswordOpens) {
  address_.roots = {place_.server().url("", "with_password")};
  address_.settings["password"] = "p@ss/w:rd%";
  const Trial trial = connector()->test(10);
  EXPECT_TRUE(trial.ok) << testing::PrintToString(trial.problems);
  EXPECT_THAT(trial.summary, HasSubstr("MariaDB 1"));
}

TEST(MysqlErrors, AMessageThatMayQuoteAValueIsLeftOut) {
  EXPECT_THAT(server_error(1366, "22007", "Incorrect value: '4111' for column").what(), Not(HasSubstr("4111")));
  EXPECT_THAT(server_error(1146, "42S02", "Table 'x.t' doesn't exist").what(), HasSubstr("x.t"));
  EXPECT_EQ(server_error(2013, "HY000", "Lost connection").trouble(), sql::Trouble::connection_lost);
}

TEST(MysqlErrors, AWayToLogInThatIsRefusedIsNotTriedAgain) {
  EXPECT_EQ(server_error(2059, "HY000", "Authentication plugin cannot be loaded").kind(), core::ErrorKind::denied);
  EXPECT_EQ(server_error(2061, "HY000", "Authentication plugin reported error").kind(), core::ErrorKind::denied);
  EXPECT_EQ(server_error(2002, "HY000", "Can't connect").kind(), core::ErrorKind::transient);
}

/// A server that takes anybody and answers every statement by asking for a file of the client's machine (protocol of
/// MySQL, LOCAL INFILE Request).
class CuriousServer {
 public:
  explicit CuriousServer(std::string file) : file_(std::move(file)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_.get(), 1), 0);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    thread_ = std::jthread([this] { serve(); });
  }
  std::string got() {
    thread_.join();
    return got_;
  }
  int port = 0;

 private:
  static void send(int socket, uint8_t number, const std::string& payload) {
    std::string packet{static_cast<char>(payload.size()), static_cast<char>(payload.size() >> 8), 0,
                       static_cast<char>(number)};
    packet += payload;
    ::send(socket, packet.data(), packet.size(), MSG_NOSIGNAL);
  }
  void serve() {
    const core::Fd client(::accept(listener_.get(), nullptr, nullptr));
    std::string greeting(
        "\x0a"
        "8.0.0\0\1\0\0\0abcdefgh\0",
        20);
    greeting += std::string("\xff\xf7\x21\x02\x00\xff\x81\x15", 8) + std::string(10, '\0') +
                std::string("ijklmnopqrst\0", 13) + std::string("mysql_native_password\0", 22);
    send(client.get(), 0, greeting);
    char buffer[4096];
    bool is_in = false;
    ssize_t n;
    while ((n = ::recv(client.get(), buffer, sizeof buffer, 0)) > 0) {
      if (!is_in) {
        is_in = true;
        send(client.get(), 2, std::string("\0\0\0\2\0\0\0", 7));
        continue;
      }
      if (asked_) got_.append(buffer, static_cast<size_t>(n));
      asked_ = true;
      send(client.get(), 1, "\xfb" + file_);
    }
  }
  const std::string file_;
  core::Fd listener_;
  bool asked_ = false;
  std::string got_;
  std::jthread thread_;
};

TEST_F(Mysql, AServerThatAsksForAFileGetsNothing) {
  const std::string file = testing::TempDir() + "/assay-secret";
  std::ofstream(file) << "the file's content";
  CuriousServer server(file);
  address_ = place_.address_at(server.port);
  EXPECT_THROW(enumerated(), core::Error);
  EXPECT_THAT(server.got(), Not(HasSubstr("content")));
  std::remove(file.c_str());
}

TEST_F(Mysql, RangesOfTheKeyAreTheTable) {
  place_.run(
      "CREATE TABLE t (x int, `odd key` bigint unsigned PRIMARY KEY) AS SELECT seq AS x, seq * 7 AS `odd key` "
      "FROM seq_1_to_20000");
  place_.run("CREATE TABLE no_key AS SELECT * FROM t");
  place_.run("ANALYZE TABLE t, no_key");
  EXPECT_FALSE(connector()->ranges(0, "no_key", {.range_bytes = 100'000, .most = 8}).has_value());
  address_.settings["exclude_columns"] = "odd*";
  const auto ranges = connector()->ranges(0, "t", {.range_bytes = 100'000, .most = 4});
  ASSERT_TRUE(ranges.has_value());
  EXPECT_THAT(ranges->ranges, ElementsAre("..35005", "35005..70004", "70004..105002", "105002.."));
  EXPECT_EQ(ranges->snapshot, "");
  place_.run("INSERT INTO t VALUES (0, 0), (20001, 999999)");
  std::vector<std::string> found;
  for (const std::string& range : ranges->ranges) {
    const auto source = connector();
    auto opened = source->open_range(0, "t", range, "");
    ASSERT_TRUE(opened.has_value()) << opened.error().reason;
    for (const auto& row : rows_of(stream_of(*opened->reader)).rows) found.push_back(row.at(0));
  }
  ASSERT_THAT(found, SizeIs(20'002));
  for (size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], std::to_string(i));
}

}  // namespace
}  // namespace assay::connect::mysql

namespace assay::connect {
INSTANTIATE_TEST_SUITE_P(Mysql, TableConformance, testing::Values(&mysql::make_place));
}  // namespace assay::connect
