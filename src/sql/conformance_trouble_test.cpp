#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <future>
#include <thread>

#include "sql/conformance_test.h"

#ifdef ASSAY_SANITIZED
#include <sanitizer/allocator_interface.h>
#endif

namespace assay::sql {
namespace {

using testing::HasSubstr;
using testing::Not;
using Clock = std::chrono::steady_clock;

class Troubles : public Conformance {
 protected:
  /// Never ends by itself, and gives no row.
  const char* endless() const {
    return is_sqlite() ? "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c"
                       : "SELECT pg_sleep(3600)";
  }
  /// Gives a million rows of about a hundred bytes.
  const char* million() const {
    return is_sqlite() ? "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000000) "
                         "SELECT x, hex(zeroblob(50)) FROM c"
                       : "SELECT x, repeat('00', 50) FROM generate_series(1, 1000000) AS s(x)";
  }
};

size_t bytes_in_use() {
#ifdef ASSAY_SANITIZED
  return __sanitizer_get_current_allocated_bytes();  // what was freed stays in the process for a while
#endif
  std::ifstream file("/proc/self/statm");
  size_t all = 0;
  size_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

/// Ends whatever `work` does on the connection from another thread, as soon as it can be ended; what it throws.
template <typename Work>
Error cancelled_error(Connection& connection, const Work& work) {
  std::future<Error> failure = std::async(std::launch::async, [&] { return error_of(work); });
  while (failure.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) connection.cancel();
  return failure.get();
}

TEST_P(Troubles, CancelEndsAStatementWithinASecond) {
  const auto began = Clock::now();
  const Error error = cancelled_error(*connection_, [&] { connection_->query(endless()); });
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(1));
  EXPECT_EQ(error.trouble(), Trouble::cancelled);
  EXPECT_EQ(error.kind(), core::ErrorKind::transient);
  EXPECT_TRUE(connection_->is_usable());
  EXPECT_EQ(number("SELECT 1"), 1);
}

TEST_P(Troubles, CancelEndsAStreamInATransaction) {
  connection_->begin();
  const Error error = cancelled_error(*connection_, [&] {
    for (;;) connection_->stream(million(), {}, [](const RowView&) { return true; });
  });
  EXPECT_EQ(error.trouble(), Trouble::cancelled);
  EXPECT_TRUE(connection_->in_transaction());
  connection_->rollback();
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(number("SELECT 1"), 1);
}

TEST_P(Troubles, CancelEndsTheWaitForAnotherWriter) {
  connection_->run_script("CREATE TABLE items (id bigint PRIMARY KEY, n bigint); INSERT INTO items VALUES (1, 0)");
  const auto other = connect_again();
  const Transaction holding(*connection_);
  connection_->execute("UPDATE items SET n = 1 WHERE id = 1");
  const Error error = cancelled_error(*other, [&] {
    const Transaction waiting(*other);
    other->execute("UPDATE items SET n = 2 WHERE id = 1");
  });
  EXPECT_EQ(error.trouble(), Trouble::cancelled);
}

TEST_P(Troubles, CancelWithNothingInWorkDoesNothing) {
  connection_->cancel();
  EXPECT_EQ(number("SELECT 1"), 1);
}

TEST_P(Troubles, AWriterThatWaitsTooLongIsBusy) {
  connection_->run_script("CREATE TABLE items (id bigint PRIMARY KEY, n bigint); INSERT INTO items VALUES (1, 0)");
  ConnectOptions options = options_;
  options.busy_timeout_ms = 30;
  const auto other = connect(options);
  if (!is_sqlite()) other->run_script("SET lock_timeout = '30ms'");
  const Transaction holding(*connection_);
  connection_->execute("UPDATE items SET n = 1 WHERE id = 1");
  const Error error = failure_in_transaction(*other, "UPDATE items SET n = 2 WHERE id = 1");
  EXPECT_EQ(error.trouble(), Trouble::busy);
  EXPECT_EQ(error.kind(), core::ErrorKind::transient);
  EXPECT_TRUE(other->is_usable());
}

TEST_P(Troubles, StatementTimeoutEndsAStatement) {
  ConnectOptions options = options_;
  options.statement_timeout_ms = 50;
  const auto hasty = connect(options);
  const auto began = Clock::now();
  const Error error = error_of([&] { hasty->query(endless()); });
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(5));
  EXPECT_EQ(error.trouble(), Trouble::cancelled);
  EXPECT_EQ(hasty->query("SELECT 1").integer(0, 0), 1);
}

TEST_P(Troubles, AStreamOfAMillionRowsTakesNoMemory) {
  int64_t rows = 0;
  size_t before = 0;
  size_t most = 0;
  connection_->stream(million(), {}, [&](const RowView& row) {
    if (++rows == 1'000) before = bytes_in_use();
    if (rows % 50'000 == 0) most = std::max(most, bytes_in_use());
    EXPECT_EQ(row.integer(0), rows);
    EXPECT_EQ(row.text(1).size(), 100u);
    return true;
  });
  EXPECT_EQ(rows, 1'000'000);
  EXPECT_LT(most, before + 8'000'000);
}

TEST_P(Troubles, UnknownTablesAreNotFoundAndTyposAreSaid) {
  EXPECT_EQ(error_of([&] { connection_->query("SELECT * FROM nowhere"); }).kind(), core::ErrorKind::not_found);
  const Error typo = error_of([&] { connection_->query("SELEKT 1"); });
  EXPECT_EQ(typo.kind(), core::ErrorKind::permanent);
  EXPECT_THAT(typo.what(), HasSubstr("SELEKT"));
  EXPECT_EQ(error_of([&] { connection_->query("SELECT \"no_such_column\""); }).kind(), core::ErrorKind::permanent);
}

TEST_P(Troubles, StatementsComeOneAtATimeWithAllTheirParameters) {
  const std::array<Value, 2> two{std::string_view("a"), std::string_view("b")};
  EXPECT_THROW(connection_->execute("SELECT 1; SELECT 2"), Error);
  EXPECT_THROW(connection_->execute(""), Error);
  EXPECT_THROW(connection_->execute("  -- nothing"), Error);
  EXPECT_THROW(connection_->execute(std::string_view("SELECT 1\0", 9)), Error);
  EXPECT_THROW(connection_->run_script(std::string_view("SELECT 1\0", 9)), Error);
  EXPECT_THROW(connection_->query("SELECT $1", two), Error);
  EXPECT_THROW(connection_->query("SELECT $1, $2, $3", two), Error);
  EXPECT_THROW(connection_->query("SELECT $2", two), Error);
  EXPECT_THROW(connection_->query("SELECT $1"), Error);
  EXPECT_EQ(number("SELECT 1"), 1);
}

TEST_P(Troubles, AScriptStopsAtTheStatementThatFails) {
  EXPECT_THROW(
      connection_->run_script("CREATE TABLE a (id bigint); CREATE TABLE a (id bigint); CREATE TABLE b (id bigint)"),
      Error);
  EXPECT_EQ(error_of([&] { connection_->query("SELECT * FROM b"); }).kind(), core::ErrorKind::not_found);
}

TEST_P(Troubles, MessagesNeverHoldAValue) {
  const std::array<Value, 1> secret{std::string_view("[secret-value")};
  const char* const sql = is_sqlite() ? "SELECT json_extract('{}', $1)" : "SELECT CAST($1 AS bigint)";
  const Error error = error_of([&] { connection_->query(sql, secret); });
  EXPECT_EQ(error.kind(), core::ErrorKind::permanent);
  EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
  EXPECT_THAT(error.what(), Not(HasSubstr("value\"")));
}

TEST_P(Troubles, StatementsSurviveAChangeOfTheirTable) {
  connection_->run_script("CREATE TABLE items (id bigint); INSERT INTO items VALUES (1)");
  const auto read = [&] {
    size_t columns = 0;
    connection_->stream("SELECT * FROM items", {}, [&](const RowView& row) {
      columns = row.columns();
      return true;
    });
    return columns;
  };
  EXPECT_EQ(connection_->query("SELECT * FROM items").columns(), 1u);
  EXPECT_EQ(read(), 1u);
  connect_again()->run_script("ALTER TABLE items ADD COLUMN name text");
  EXPECT_EQ(connection_->query("SELECT * FROM items").columns(), 2u);
  connect_again()->run_script("ALTER TABLE items ADD COLUMN more text");
  EXPECT_EQ(read(), 3u);
}

TEST_P(Troubles, ManyDifferentStatementsAreBounded) {
  for (int round = 0; round < 3; ++round)
    for (int i = 0; i < 400; ++i) EXPECT_EQ(number("SELECT " + std::to_string(i)), i);
  if (!is_sqlite()) {
    EXPECT_LE(number("SELECT count(*) FROM pg_prepared_statements"), 256);
    EXPECT_GE(number("SELECT count(*) FROM pg_prepared_statements"), 250);
  }
}

ASSAY_FOR_ALL_DIALECTS(Troubles);

}  // namespace
}  // namespace assay::sql
