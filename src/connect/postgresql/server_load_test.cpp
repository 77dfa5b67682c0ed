#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <sstream>
#include <thread>

#include "connect/postgresql/postgresql_connector.h"
#include "connect/tables/table_conformance_test.h"
#include "core/error.h"
#include "sql/connection.h"
#include "tests/support/postgres_server.h"

namespace assay::connect::postgresql {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::chrono::seconds patience{60};

std::unique_ptr<sql::Connection> session_of(const test::PostgresServer& server, const std::string& database) {
  return sql::connect({.url = server.url(database), .application_name = "test", .now_ms = {}});
}

/// Asks again and again until the statement gives a row.
void wait_for_row(sql::Connection& session, const std::string& sql) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (session.query(sql).empty()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("never came: " + sql);
    std::this_thread::yield();
  }
}

/// Sessions of somebody else that run a statement until they are gone.
class Others {
 public:
  Others(const test::PostgresServer& server, const std::string& database, size_t count)
      : watch_(session_of(server, database)) {
    for (size_t i = 0; i < count; ++i)
      threads_.emplace_back([&server, database] {
        try {
          // As a script: a query is prepared first, and is active for that moment, and idle after it.
          session_of(server, database)->run_script("SELECT pg_sleep(3600)");
        } catch (const core::Error&) {
          return;  // it was ended
        }
      });
    wait_for_row(*watch_, fmt::format("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3600)' AND state "
                                      "= 'active' HAVING count(*) = {}",
                                      count));
  }
  ~Others() { end(); }
  Others(const Others&) = delete;
  Others& operator=(const Others&) = delete;

  void end() {
    watch_->query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3600)'");
    threads_.clear();
  }

 private:
  std::unique_ptr<sql::Connection> watch_;
  std::vector<std::jthread> threads_;
};

/// The probe asked, and nothing else of Assay is there: no snapshot is held.
constexpr const char* only_the_probe_sql =
    "SELECT 1 FROM pg_stat_activity WHERE application_name = 'assay' AND state = 'idle' HAVING count(*) = 1 AND "
    "(SELECT count(*) FROM pg_stat_activity WHERE application_name = 'assay') = 1";

class ServerLoadOfPostgresql : public testing::Test {
 protected:
  ServerLoadOfPostgresql() : server_(test::PostgresServer::shared()), database_(server_.create_database()) {
    address_.roots = {server_.tcp_url(database_)};
  }
  ~ServerLoadOfPostgresql() override { server_.drop_database(database_); }

  void run(const std::string& sql) const { session_of(server_, database_)->run_script(sql); }
  std::unique_ptr<Connector> connector(std::stop_token stop = {}, const core::Log& log = {}) const {
    return ConnectorKinds({postgresql_kind()})
        .make("postgresql", address_, {.resolve_secret = nullptr, .stop = std::move(stop), .log = log});
  }

  test::PostgresServer& server_;
  std::string database_;
  SourceAddress address_;
};

size_t rows_read(Connector& source, const std::string& name) {
  auto opened = source.open(0, name);
  if (!opened) throw std::runtime_error(opened.error().reason);
  return rows_of(stream_of(*opened->reader)).rows.size();
}

TEST_F(ServerLoadOfPostgresql, ATableIsNotBegunBeforeTheServerRunsLess) {
  run("CREATE TABLE t AS SELECT generate_series(1, 10) AS n");
  address_.settings["max_running"] = "1";
  std::ostringstream said;
  const auto source = connector({}, core::Log::to_stream(said, core::LogLevel::info));
  EXPECT_EQ(rows_read(*source, "public/t"), 10U);
  EXPECT_THAT(said.str(), IsEmpty());
  Others others(server_, database_, 2);
  size_t rows = 0;
  std::jthread reader([&] { rows = rows_read(*source, "public/t"); });
  wait_for_row(*session_of(server_, database_), only_the_probe_sql);
  others.end();
  reader.join();
  EXPECT_EQ(rows, 10U);
  // The session that waits for the probe may be asking at the same moment, and is counted then.
  EXPECT_THAT(said.str(),
              AllOf(HasSubstr("stands still"), ContainsRegex(R"re("bound":"max_running","value":[23],"most":1)re"),
                    HasSubstr(database_), HasSubstr("goes on")));
}

TEST_F(ServerLoadOfPostgresql, ReadingStandsStillInTheMiddleOfATable) {
  run("CREATE TABLE t AS SELECT n, repeat('x', 400) AS t FROM generate_series(1, 100000) n");
  address_.settings = {{"max_running", "1"}, {"bytes_per_s", "2000000"}};
  const auto source = connector();
  auto opened = source->open(0, "public/t");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  const auto is_standing = opened->reader->is_standing();
  ASSERT_NE(is_standing, nullptr);
  std::atomic<size_t> bytes = 0;
  const std::jthread reader = read_in_background(*opened->reader, bytes);
  wait_until([&] { return bytes != 0; });
  EXPECT_FALSE(*is_standing);
  Others others(server_, database_, 2);
  wait_until([&] { return is_standing->load(); });
  const size_t then = bytes;
  EXPECT_LT(then, 40'000'000U);
  others.end();
  wait_until([&] { return !*is_standing && bytes > then + 100'000; });
}

TEST_F(ServerLoadOfPostgresql, AStopEndsTheWaitWithinASecond) {
  run("CREATE TABLE t (n int)");
  address_.settings["max_running"] = "1";
  const Others others(server_, database_, 2);
  std::stop_source stop;
  std::chrono::steady_clock::time_point asked;
  std::jthread stopper([&] {
    wait_for_row(*session_of(server_, database_), only_the_probe_sql);
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  const auto source = connector(stop.get_token());
  EXPECT_THROW(static_cast<void>(source->open(0, "public/t")), core::Error);
  stopper.join();
  EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(1));
}

TEST_F(ServerLoadOfPostgresql, WhoMayNotSeeWhatRunsIsToldSoBeforeAnythingIsRead) {
  run(R"(CREATE TABLE t AS SELECT 1 AS n;
         DO $$ BEGIN CREATE ROLE watcher LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
         GRANT SELECT ON t TO watcher; REVOKE pg_read_all_stats FROM watcher)");
  address_.roots = {server_.tcp_url(database_, "watcher")};
  for (const char* bound : {"max_running", "max_replication_lag_s"}) {
    address_.settings = {{bound, "5"}};
    const auto source = connector();
    const auto opened = source->open(0, "public/t");
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().kind, model::VerdictKind::io_error);
    EXPECT_THAT(opened.error().reason, AllOf(HasSubstr(bound), HasSubstr("pg_read_all_stats"), HasSubstr("watcher")));
    const Trial trial = source->test(10);
    EXPECT_FALSE(trial.ok);
    EXPECT_THAT(trial.problems, testing::ElementsAre(HasSubstr("pg_read_all_stats")));
  }
  run("GRANT pg_read_all_stats TO watcher");
  EXPECT_EQ(rows_read(*connector(), "public/t"), 1U);
  EXPECT_TRUE(connector()->test(10).ok);
  run("REVOKE pg_read_all_stats FROM watcher; DROP TABLE t; DROP ROLE watcher");
}

TEST(ReplicationLagOfPostgresql, NeitherAStandbyNorItsPrimaryIsReadWhileItLags) {
  test::PostgresServer primary({.fsync = false, .settings = {}});
  const auto on_primary = session_of(primary, "postgres");
  on_primary->run_script("CREATE TABLE t AS SELECT 1 AS n");
  test::PostgresServer standby(
      {.fsync = false, .settings = {"wal_receiver_status_interval=1s"}, .standby_of = &primary});
  const auto on_standby = session_of(standby, "postgres");
  const auto connector_of = [](const test::PostgresServer& server) {
    return ConnectorKinds({postgresql_kind()})
        .make("postgresql", {.roots = {server.tcp_url("postgres")}, .settings = {{"max_replication_lag_s", "1"}}},
              {.resolve_secret = nullptr, .stop = {}});
  };
  on_primary->run_script("INSERT INTO t VALUES (2)");
  wait_for_row(*on_standby, "SELECT 1 FROM t WHERE n = 2");
  EXPECT_EQ(rows_read(*connector_of(standby), "public/t"), 2U);

  on_standby->run_script("SELECT pg_wal_replay_pause()");
  wait_for_row(*on_standby, "SELECT 1 WHERE pg_get_wal_replay_pause_state() = 'paused'");
  on_primary->run_script("INSERT INTO t VALUES (3)");
  wait_for_row(*on_standby,
               "SELECT 1 WHERE pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn() AND clock_timestamp() - "
               "pg_last_xact_replay_timestamp() > '2 seconds'");
  wait_for_row(*on_primary, "SELECT 1 FROM pg_stat_replication WHERE replay_lag > '2 seconds'");
  size_t rows_of_standby = 0, rows_of_primary = 0;
  std::jthread reader_of_standby([&] { rows_of_standby = rows_read(*connector_of(standby), "public/t"); });
  std::jthread reader_of_primary([&] { rows_of_primary = rows_read(*connector_of(primary), "public/t"); });
  wait_for_row(*on_standby, only_the_probe_sql);
  wait_for_row(*on_primary, only_the_probe_sql);
  on_standby->run_script("SELECT pg_wal_replay_resume()");
  reader_of_standby.join();
  reader_of_primary.join();
  EXPECT_EQ(rows_of_standby, 3U);  // begun before it had caught up, it would have been two
  EXPECT_EQ(rows_of_primary, 3U);
}

}  // namespace
}  // namespace assay::connect::postgresql
