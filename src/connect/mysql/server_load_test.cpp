#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <sstream>
#include <thread>

#include "connect/mysql/load.h"
#include "connect/mysql/mysql_connector.h"
#include "connect/tables/table_conformance_test.h"
#include "core/error.h"
#include "tests/support/mariadb_server.h"

namespace assay::connect::mysql {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// A session of another user than the source's, to look at the server by.
std::unique_ptr<Client> watcher(const test::MariadbServer& server) {
  Client::Options options{};
  options.url = server_url(server.url("", "root"));
  options.socket = (server.folder() / "socket").string();
  options.tls = TlsMode::off;
  options.in_snapshot = false;
  return std::make_unique<Client>(std::move(options), std::stop_token());
}

size_t sessions(Client& client, std::string_view condition) {
  return client.query(fmt::format("SELECT ID FROM information_schema.PROCESSLIST WHERE {}", condition)).size();
}

/// Statements of somebody else that run until they are killed.
class Others {
 public:
  Others(const test::MariadbServer& server, size_t count) : server_(server), watch_(watcher(server)) {
    for (size_t i = 0; i < count; ++i)
      threads_.emplace_back([&server] {
        try {
          server.run("", "SELECT SLEEP(3600)");
        } catch (const std::exception&) {
          return;  // it was killed
        }
      });
    wait_until([&] { return sessions(*watch_, sleeping) == count; });
  }
  ~Others() { end(); }
  Others(const Others&) = delete;
  Others& operator=(const Others&) = delete;

  void end() {
    for (const auto& row :
         watch_->query(fmt::format("SELECT ID FROM information_schema.PROCESSLIST WHERE {}", sleeping)))
      server_.run("", "KILL QUERY " + row.at(0).value());
    threads_.clear();
  }

 private:
  static constexpr std::string_view sleeping = "INFO = 'SELECT SLEEP(3600)'";

  const test::MariadbServer& server_;
  std::unique_ptr<Client> watch_;
  std::vector<std::jthread> threads_;
};

std::unique_ptr<Connector> connector(const std::string& url, std::map<std::string, std::string> settings,
                                     const core::Log& log = {}) {
  settings["ssl_mode"] = "off";
  return ConnectorKinds({mysql_kind()})
      .make("mysql", {.roots = {url}, .settings = std::move(settings)},
            {.resolve_secret = nullptr, .stop = {}, .log = log});
}

size_t rows_read(Connector& source, const std::string& name) {
  auto opened = source.open(0, name);
  if (!opened) throw std::runtime_error(opened.error().reason);
  return rows_of(stream_of(*opened->reader)).rows.size();
}

/// What holds while the source waits for the server: its probe is there, and nothing else of it.
bool only_the_probe_is_there(Client& watch) {
  return sessions(watch, "USER = 'assay'") == 1 && sessions(watch, "USER = 'assay' AND COMMAND = 'Sleep'") == 1;
}

/// A database that goes when the test's connectors, whose transactions hold its tables, are gone.
class ServerLoadOfMariadb : public testing::Test {
 protected:
  ServerLoadOfMariadb() : server_(test::MariadbServer::shared()), database_(server_.create_database()) {}
  ~ServerLoadOfMariadb() override { server_.drop_database(database_); }

  test::MariadbServer& server_;
  const std::string database_;
};

TEST_F(ServerLoadOfMariadb, ATableIsNotBegunBeforeTheServerRunsLess) {
  server_.run(database_, "CREATE TABLE t AS SELECT seq AS n FROM seq_1_to_10");
  std::ostringstream said;
  // More than what the server and the test itself have running.
  const auto source =
      connector(server_.url(database_), {{"max_running", "4"}}, core::Log::to_stream(said, core::LogLevel::info));
  EXPECT_EQ(rows_read(*source, "t"), 10U);
  EXPECT_EQ(said.str(), "");
  Others others(server_, 8);
  size_t rows = 0;
  std::jthread reader([&] { rows = rows_read(*source, "t"); });
  const auto watch = watcher(server_);
  wait_until([&] { return only_the_probe_is_there(*watch); });
  others.end();
  reader.join();
  EXPECT_EQ(rows, 10U);
  EXPECT_THAT(said.str(),
              AllOf(HasSubstr("stands still"), HasSubstr(R"("bound":"max_running")"), HasSubstr("goes on")));
}

TEST_F(ServerLoadOfMariadb, ReadingStandsStillInTheMiddleOfATable) {
  server_.run(database_, "CREATE TABLE t AS SELECT seq AS n, repeat('x', 400) AS t FROM seq_1_to_100000");
  const auto source = connector(server_.url(database_), {{"max_running", "4"}, {"bytes_per_s", "2000000"}});
  auto opened = source->open(0, "t");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  const auto is_standing = opened->reader->is_standing();
  std::atomic<size_t> bytes = 0;
  {
    const std::jthread reader = read_in_background(*opened->reader, bytes);
    wait_until([&] { return bytes != 0; });
    Others others(server_, 8);
    wait_until([&] { return is_standing->load(); });
    const size_t then = bytes;
    others.end();
    wait_until([&] { return !*is_standing && bytes > then + 100'000; });
  }
}

TEST_F(ServerLoadOfMariadb, WhoMayNotSeeReplicationIsToldSoBeforeAnythingIsRead) {
  server_.run(database_, "CREATE TABLE open AS SELECT 1 AS n");
  server_.run("", fmt::format("GRANT SELECT ON {}.open TO reader@'%'", database_));
  const auto source = connector(server_.url(database_, "reader"), {{"max_replication_lag_s", "5"}});
  const auto opened = source->open(0, "open");
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().kind, model::VerdictKind::io_error);
  EXPECT_THAT(opened.error().reason, AllOf(HasSubstr("max_replication_lag_s"), HasSubstr("SLAVE MONITOR")));
  EXPECT_FALSE(source->test(10).ok);
  EXPECT_EQ(rows_read(*connector(server_.url(database_, "reader"), {{"max_running", "1000"}}), "open"), 1U);
}

TEST(ReplicationLagOfMariadb, AReplicaThatLagsIsNotRead) {
  const test::MariadbServer primary({"--log-bin=log", "--server-id=1"});
  const test::MariadbServer replica({"--server-id=2"});
  replica.run("", fmt::format("CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {}, MASTER_USER = 'assay', "
                              "MASTER_USE_GTID = slave_pos, MASTER_DELAY = 3600",
                              primary.port()));
  replica.run("", "CREATE DATABASE here");
  replica.run("here", "CREATE TABLE t AS SELECT 1 AS n");
  const auto source = connector(replica.url("here"), {{"max_replication_lag_s", "1"}});
  EXPECT_EQ(rows_read(*source, "t"), 1U) << "replication was not started";
  replica.run("", "START SLAVE");
  primary.run("", "CREATE DATABASE there");
  const auto watch = watcher(replica);
  wait_until([&] { return server_load(*watch, {.max_replication_lag_s = 1}).replication_lag_s > 1; });
  size_t rows = 0;
  std::jthread reader([&] { rows = rows_read(*source, "t"); });
  wait_until([&] { return only_the_probe_is_there(*watch); });
  EXPECT_EQ(rows, 0U);
  replica.run("", "STOP SLAVE");
  reader.join();
  EXPECT_EQ(rows, 1U);
}

}  // namespace
}  // namespace assay::connect::mysql
