#include "sql/pool.h"

#include <array>
#include <atomic>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "sql/conformance_test.h"
#include "tests/support/postgres_server.h"

namespace assay::sql {
namespace {

class Pools : public Conformance {};

TEST_P(Pools, LendsSoManyAndNoMore) {
  ConnectionPool pool(options_, 2);
  EXPECT_EQ(pool.open_connections(), 0u);
  auto one = pool.acquire(0);
  {
    const auto two = pool.acquire(0);
    EXPECT_NE(one.get(), two.get());
    const Error error = error_of([&] { pool.acquire(10); });
    EXPECT_EQ(error.trouble(), Trouble::busy);
    EXPECT_EQ(error.kind(), core::ErrorKind::transient);
  }
  EXPECT_EQ(pool.acquire(0)->query("SELECT 1").integer(0, 0), 1);
  EXPECT_EQ(pool.open_connections(), 2u);
}

TEST_P(Pools, LendsTheSameOneAgain) {
  ConnectionPool pool(options_, 4);
  const Connection* const first = pool.acquire(0).get();
  EXPECT_EQ(pool.acquire(0).get(), first);
  EXPECT_EQ(pool.open_connections(), 1u);
}

TEST_P(Pools, WhoWaitsGetsTheOneThatComesBack) {
  ConnectionPool pool(options_, 1);
  auto lent = std::make_unique<ConnectionPool::Lease>(pool.acquire(0));
  auto waiting = std::async(std::launch::async, [&] { return pool.acquire(60'000)->query("SELECT 7").integer(0, 0); });
  lent.reset();
  EXPECT_EQ(waiting.get(), 7);
}

TEST_P(Pools, DropsAConnectionInTheMiddleOfATransaction) {
  connection_->run_script("CREATE TABLE items (id bigint)");
  ConnectionPool pool(options_, 1);
  {
    const auto lease = pool.acquire(0);
    lease->begin();
    lease->execute("INSERT INTO items VALUES (1)");
  }
  EXPECT_EQ(pool.open_connections(), 0u);
  {
    const auto lease = pool.acquire(0);
    lease->run_script("BEGIN");  // as a statement
  }
  EXPECT_EQ(pool.open_connections(), 0u);
  EXPECT_EQ(pool.acquire(0)->query("SELECT count(*) FROM items").integer(0, 0), 0);
}

TEST_P(Pools, CloseWakesWhoWaitsAndOutlivesItsLeases) {
  auto pool = std::make_unique<ConnectionPool>(options_, 1);
  auto lease = pool->acquire(0);
  auto waiting = std::async(std::launch::async, [&] { return error_of([&] { pool->acquire(60'000); }); });
  pool->close();
  EXPECT_EQ(waiting.get().trouble(), Trouble::cancelled);
  EXPECT_EQ(error_of([&] { pool->acquire(0); }).trouble(), Trouble::cancelled);
  EXPECT_EQ(pool->open_connections(), 1u);
  pool.reset();
  EXPECT_EQ(lease->query("SELECT 1").integer(0, 0), 1);
}

TEST_P(Pools, AFailureToConnectTakesNoPlace) {
  ConnectOptions options;
  options.url =
      is_sqlite() ? "sqlite:" + place_ + "/no/such/folder.db" : test::PostgresServer::shared().url("no_such_database");
  ConnectionPool pool(options, 1);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(error_of([&] { pool.acquire(0); }).kind(), core::ErrorKind::not_found);
  EXPECT_EQ(pool.open_connections(), 0u);
}

TEST_P(Pools, ManyThreadsShareAFewConnections) {
  connection_->run_script(
      "CREATE TABLE counters (id bigint PRIMARY KEY, n bigint); INSERT INTO counters VALUES (1, 0)");
  constexpr int threads = 8;
  constexpr int rounds = 25;
  ConnectionPool pool(options_, 3);
  std::vector<std::thread> users;
  users.reserve(threads);
  for (int t = 0; t < threads; ++t)
    users.emplace_back([&] {
      try {
        for (int i = 0; i < rounds; ++i) {
          const auto lease = pool.acquire(60'000);
          Transaction transaction(*lease);
          lease->execute("UPDATE counters SET n = n + 1 WHERE id = 1");
          transaction.commit();
        }
      } catch (const Error& error) {
        ADD_FAILURE() << error.what();
      }
    });
  for (std::thread& user : users) user.join();
  EXPECT_EQ(number("SELECT n FROM counters"), threads * rounds);
  EXPECT_LE(pool.open_connections(), 3u);
}

ASSAY_FOR_ALL_DIALECTS(Pools);

// A server of its own, since it is taken down.
TEST(PostgresRestart, ConnectionsAreLostAndThePoolGoesOn) {
  test::PostgresServer server({.fsync = true, .settings = {}});
  ConnectOptions options;
  options.url = server.url();
  ConnectionPool pool(options, 2);
  pool.acquire(0)->run_script("CREATE TABLE items (id bigint)");

  const auto take_down = std::array<std::function<void()>, 3>{
      [&] { server.stop(test::PostgresServer::Stop::fast); },
      [&] { server.stop(test::PostgresServer::Stop::immediate); }, [&] { server.kill(); }};
  int64_t committed = 0;
  for (const auto& down : take_down) {
    auto one = pool.acquire(0);
    {
      Transaction transaction(*one);
      one->execute("INSERT INTO items VALUES (1)");
      transaction.commit();
      ++committed;
    }
    {
      const auto idle = pool.acquire(0);
    }
    one->begin();
    one->execute("INSERT INTO items VALUES (2)");
    down();
    const Error error = error_of([&] { one->execute("INSERT INTO items VALUES (3)"); });
    EXPECT_EQ(error.trouble(), Trouble::connection_lost) << error.what();
    EXPECT_EQ(error.kind(), core::ErrorKind::transient);
    EXPECT_FALSE(one->is_usable());
    const Error gone = error_of([&] { pool.acquire(0); });
    EXPECT_EQ(gone.trouble(), Trouble::connection_lost);
    EXPECT_EQ(gone.kind(), core::ErrorKind::transient);

    server.start();
    EXPECT_EQ(pool.acquire(0)->query("SELECT count(*) FROM items").integer(0, 0), committed);
  }
}

}  // namespace
}  // namespace assay::sql
