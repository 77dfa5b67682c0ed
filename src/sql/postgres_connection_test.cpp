#include "sql/postgres_connection.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <array>
#include <future>

#include "sql/conformance_test.h"
#include "sql/pool.h"
#include "tests/support/postgres_server.h"
#include "tests/support/tcp_relay.h"

namespace assay::sql {
namespace {

using test::PostgresServer;
using testing::HasSubstr;
using testing::Not;

class PostgresOnly : public Conformance {
 protected:
  PostgresOnly() {
    connection_->run_script(
        "CREATE TABLE items (id bigint PRIMARY KEY, n bigint); INSERT INTO items VALUES (1, 0), (2, 0)");
  }
  static Error connect_error(const std::string& url, int64_t timeout_ms = 10'000) {
    ConnectOptions options;
    options.url = url;
    options.connect_timeout_ms = timeout_ms;
    return error_of([&] { connect(options); });
  }
  void terminate(Connection& other) {
    const std::array<Value, 1> process{other.query("SELECT pg_backend_pid()").integer(0, 0)};
    EXPECT_EQ(cell("SELECT pg_terminate_backend($1::bigint::int, 10000)", process), "t");
  }
};

TEST_P(PostgresOnly, DeadlockIsAConflict) {
  const auto other = connect_again();
  connection_->run_script("SET deadlock_timeout = '10ms'");
  other->run_script("SET deadlock_timeout = '1h'");
  const Transaction first(*connection_);
  const Transaction second(*other);
  connection_->execute("UPDATE items SET n = 1 WHERE id = 1");
  other->execute("UPDATE items SET n = 2 WHERE id = 2");
  auto waiting = std::async(std::launch::async, [&] { other->execute("UPDATE items SET n = 2 WHERE id = 1"); });
  const Error error = error_of([&] { connection_->execute("UPDATE items SET n = 1 WHERE id = 2"); });
  EXPECT_EQ(error.trouble(), Trouble::conflict);
  EXPECT_EQ(error.kind(), core::ErrorKind::transient);
  connection_->rollback();
  waiting.get();
}

TEST_P(PostgresOnly, SerialisationFailureIsAConflict) {
  const auto other = connect_again();
  const Transaction transaction(*connection_);
  connection_->execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  connection_->query("SELECT n FROM items");
  other->execute("UPDATE items SET n = 5 WHERE id = 1");
  EXPECT_EQ(error_of([&] { connection_->execute("UPDATE items SET n = 6 WHERE id = 1"); }).trouble(),
            Trouble::conflict);
}

TEST_P(PostgresOnly, AFailureAtCommitIsKnown) {
  connection_->run_script("CREATE TABLE later (id bigint UNIQUE DEFERRABLE INITIALLY DEFERRED)");
  connection_->begin();
  connection_->execute("INSERT INTO later VALUES (1), (1)");
  const Error error = error_of([&] { connection_->commit(); });
  EXPECT_EQ(error.trouble(), Trouble::unique_violation);
  EXPECT_FALSE(error.outcome_unknown());
  connection_->rollback();
  EXPECT_EQ(number("SELECT count(*) FROM later"), 0);
}

TEST_P(PostgresOnly, ABackendThatIsTerminatedLosesTheConnection) {
  const auto other = connect_again();
  other->begin();
  other->execute("UPDATE items SET n = 9");
  terminate(*other);
  const Error error = error_of([&] { other->execute("UPDATE items SET n = 10"); });
  EXPECT_EQ(error.trouble(), Trouble::connection_lost);
  EXPECT_EQ(error.kind(), core::ErrorKind::transient);
  EXPECT_FALSE(other->is_usable());
  other->rollback();
  EXPECT_FALSE(other->is_usable());
  EXPECT_EQ(error_of([&] { other->query("SELECT 1"); }).trouble(), Trouble::connection_lost);
  EXPECT_EQ(number("SELECT sum(n) FROM items"), 0);
}

TEST_P(PostgresOnly, ACommitThatWasNotSentDidNotHappen) {
  const auto other = connect_again();
  other->begin();
  other->execute("UPDATE items SET n = 9");
  terminate(*other);
  const Error error = error_of([&] { other->commit(); });
  EXPECT_EQ(error.trouble(), Trouble::connection_lost);
  EXPECT_FALSE(other->is_usable());
  EXPECT_EQ(number("SELECT sum(n) FROM items"), 0);
}

TEST_P(PostgresOnly, ACommitWithoutAnAnswerMayHaveHappened) {
  test::TcpRelay relay(PostgresServer::shared().port());
  ConnectOptions options;
  options.url = "postgresql://assay@127.0.0.1:" + std::to_string(relay.port()) + "/" + place_ + "?sslmode=disable";
  const auto other = connect(options);
  other->begin();
  other->execute("UPDATE items SET n = 9");
  relay.cut_answers_after("COMMIT");
  const Error error = error_of([&] { other->commit(); });
  EXPECT_TRUE(error.outcome_unknown());
  EXPECT_EQ(error.trouble(), Trouble::connection_lost);
  EXPECT_FALSE(other->is_usable());
  EXPECT_EQ(number("SELECT sum(n) FROM items"), 18);
}

TEST_P(PostgresOnly, AnIdleConnectionSeesThatTheServerHasLeft) {
  const auto other = connect_again();
  EXPECT_TRUE(other->is_usable());
  terminate(*other);
  EXPECT_FALSE(other->is_usable());
}

TEST_P(PostgresOnly, ConnectionsAreRefusedWithClearReasons) {
  const PostgresServer& server = PostgresServer::shared();
  connection_->run_script(
      "DO $$ BEGIN CREATE ROLE with_password LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN NULL; END "
      "$$");
  ConnectOptions good;
  good.url = server.tcp_url(place_, "with_password:right");
  EXPECT_EQ(connect(good)->query("SELECT current_user").text(0, 0), "with_password");

  const Error wrong = connect_error(server.tcp_url(place_, "with_password:not-this-one"));
  EXPECT_EQ(wrong.kind(), core::ErrorKind::denied);
  EXPECT_THAT(wrong.what(), HasSubstr("password authentication failed"));
  EXPECT_THAT(wrong.what(), Not(HasSubstr("not-this-one")));
  EXPECT_THAT(wrong.what(), Not(HasSubstr("LOCATION")));

  const Error unknown = connect_error(server.tcp_url("no_such_database"));
  EXPECT_EQ(unknown.kind(), core::ErrorKind::not_found);
  EXPECT_THAT(unknown.what(), HasSubstr("no_such_database"));
}

TEST_P(PostgresOnly, AWrongUrlIsBadInputAndNotShown) {
  for (const char* url :
       {"postgresql://user:pass@word@127.0.0.1/x", "postgresql://user:pass/word@[::1/x",
        "postgresql://user:password@127.0.0.1/x?no_such_parameter=1",
        "postgresql://user:password@127.0.0.1/x?sslmode=perhaps", "postgresql://user:pass%zzword@127.0.0.1/x"}) {
    const Error error = connect_error(url);
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input) << url;
    EXPECT_THAT(error.what(), Not(HasSubstr("pass%"))) << url;
    EXPECT_THAT(error.what(), Not(HasSubstr("word@"))) << url;
    EXPECT_THAT(error.what(), Not(HasSubstr("password@"))) << url;
  }
}

TEST_P(PostgresOnly, AServerThatDoesNotAnswerIsTransient) {
  const core::Fd deaf(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(deaf.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::getsockname(deaf.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string url = "postgresql://assay@127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/x";
  const Error refused = connect_error(url);
  EXPECT_EQ(refused.kind(), core::ErrorKind::transient);
  EXPECT_THAT(refused.what(), HasSubstr("refused"));
  ASSERT_EQ(::listen(deaf.get(), 1), 0);
  const Error silent = connect_error(url, 100);
  EXPECT_EQ(silent.kind(), core::ErrorKind::transient);
  EXPECT_EQ(silent.trouble(), Trouble::connection_lost);
  EXPECT_THAT(silent.what(), HasSubstr("100 ms"));
}

TEST_P(PostgresOnly, TheFirstOfSeveralHostsThatAnswersIsTaken) {
  const int port = PostgresServer::shared().port();
  ConnectOptions options;
  options.url =
      "postgresql://assay@127.0.0.2:" + std::to_string(port) + ",127.0.0.1:" + std::to_string(port) + "/" + place_;
  EXPECT_EQ(connect(options)->query("SELECT current_database()").text(0, 0), place_);
}

TEST_P(PostgresOnly, NotificationsWakeTheListener) {
  const auto listener = connect_again();
  listener->listen("strange \"name\"");
  EXPECT_FALSE(listener->wait_for_notification(0));
  connection_->execute("NOTIFY \"strange \"\"name\"\"\"");
  EXPECT_TRUE(listener->wait_for_notification(60'000));
  EXPECT_FALSE(listener->wait_for_notification(0));
  auto waiting = std::async(std::launch::async, [&] { return listener->wait_for_notification(60'000); });
  connection_->execute("NOTIFY \"strange \"\"name\"\"\"");
  EXPECT_TRUE(waiting.get());
  EXPECT_EQ(error_of([&] { listener->listen(std::string(64, 'x')); }).kind(), core::ErrorKind::bad_input);
}

TEST_P(PostgresOnly, AListenerLearnsThatTheServerHasLeft) {
  const auto listener = connect_again();
  listener->listen("news");
  const std::array<Value, 1> process{listener->query("SELECT pg_backend_pid()").integer(0, 0)};
  auto waiting =
      std::async(std::launch::async, [&] { return error_of([&] { listener->wait_for_notification(60'000); }); });
  connection_->query("SELECT pg_terminate_backend($1::bigint::int)", process);
  EXPECT_EQ(waiting.get().trouble(), Trouble::connection_lost);
  EXPECT_FALSE(listener->is_usable());
}

TEST_P(PostgresOnly, NoticesAreNotPrinted) {
  testing::internal::CaptureStderr();
  connection_->run_script("DO $$ BEGIN RAISE WARNING 'loud'; END $$; DROP TABLE IF EXISTS nothing_there");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST_P(PostgresOnly, TheSessionIsSetUp) {
  ConnectOptions options = options_;
  options.application_name = "assay test";
  options.statement_timeout_ms = 12'345;
  const auto own = connect(options);
  EXPECT_EQ(own->query("SHOW application_name").text(0, 0), "assay test");
  EXPECT_EQ(own->query("SHOW statement_timeout").text(0, 0), "12345ms");
  EXPECT_EQ(own->query("SHOW TimeZone").text(0, 0), "UTC");
}

TEST_P(PostgresOnly, ATextGoesIntoAnyType) {
  connection_->run_script("CREATE TABLE typed (a jsonb, b timestamptz, c numeric, d text[])");
  const std::array<std::string_view, 2> texts{"x,y", "{z}"};
  const std::array<Value, 4> parameters{std::string_view("{\"k\": [1]}"), std::string_view("2024-02-29 12:00:00+00"),
                                        2.5, std::span<const std::string_view>(texts)};
  connection_->execute("INSERT INTO typed VALUES ($1, $2, $3, $4)", parameters);
  EXPECT_EQ(cell("SELECT a -> 'k' FROM typed"), "[1]");
  EXPECT_EQ(cell("SELECT b FROM typed"), "2024-02-29 12:00:00+00");
  EXPECT_EQ(cell("SELECT d[2] FROM typed"), "{z}");
}

TEST_P(PostgresOnly, CopyIsRefused) {
  EXPECT_EQ(error_of([&] { connection_->execute("COPY items TO STDOUT"); }).kind(), core::ErrorKind::bug);
  EXPECT_FALSE(connection_->is_usable());
}

INSTANTIATE_TEST_SUITE_P(Dialects, PostgresOnly, testing::Values(Dialect::postgresql),
                         [](const auto& test) { return std::string(to_string(test.param)); });

}  // namespace
}  // namespace assay::sql
