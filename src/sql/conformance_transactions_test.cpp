#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "sql/conformance_test.h"

namespace assay::sql {
namespace {

using testing::HasSubstr;
using testing::Not;

class Transactions : public Conformance {
 protected:
  Transactions() {
    connection_->run_script(
        "CREATE TABLE items (id bigint PRIMARY KEY, name text); INSERT INTO items VALUES (1, 'first');");
  }
  int64_t items() { return number("SELECT count(*) FROM items"); }
};

TEST_P(Transactions, CommitKeepsAndRollbackForgets) {
  {
    Transaction transaction(*connection_);
    EXPECT_TRUE(connection_->in_transaction());
    EXPECT_EQ(connection_->execute("INSERT INTO items VALUES (2, 'second')"), 1u);
    transaction.commit();
  }
  EXPECT_FALSE(connection_->in_transaction());
  {
    const Transaction transaction(*connection_);
    connection_->execute("INSERT INTO items VALUES (3, 'third')");
    EXPECT_EQ(items(), 3);
  }
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(items(), 2);
}

TEST_P(Transactions, NobodyElseSeesItBeforeTheCommit) {
  const auto other = connect_again();
  Transaction transaction(*connection_);
  connection_->execute("INSERT INTO items VALUES (2, 'second')");
  EXPECT_EQ(other->query("SELECT count(*) FROM items").integer(0, 0), 1);
  transaction.commit();
  EXPECT_EQ(other->query("SELECT count(*) FROM items").integer(0, 0), 2);
}

TEST_P(Transactions, OneInsideAnotherIsABug) {
  const Transaction transaction(*connection_);
  const Error error = error_of([&] { connection_->begin(); });
  EXPECT_EQ(error.kind(), core::ErrorKind::bug);
}

TEST_P(Transactions, CommitWithoutOneIsABug) {
  EXPECT_EQ(error_of([&] { connection_->commit(); }).kind(), core::ErrorKind::bug);
  connection_->rollback();
  EXPECT_EQ(items(), 1);
}

TEST_P(Transactions, AfterAFailureOnlyRollbackIsLeft) {
  connection_->begin();
  connection_->execute("INSERT INTO items VALUES (2, 'second')");
  EXPECT_EQ(error_of([&] { connection_->execute("INSERT INTO items VALUES (1, 'again')"); }).trouble(),
            Trouble::unique_violation);
  EXPECT_THAT(error_of([&] { connection_->query("SELECT 1"); }).what(), HasSubstr("rolled back"));
  const Error at_commit = error_of([&] { connection_->commit(); });
  EXPECT_THAT(at_commit.what(), HasSubstr("rolled back"));
  EXPECT_FALSE(at_commit.outcome_unknown());
  EXPECT_TRUE(connection_->in_transaction());
  connection_->rollback();
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_TRUE(connection_->is_usable());
  EXPECT_EQ(items(), 1);
}

TEST_P(Transactions, UniqueViolationsSayTheConstraintAndNotTheValue) {
  const std::array<Value, 2> parameters{int64_t{2}, std::string_view("private")};
  connection_->run_script("CREATE UNIQUE INDEX by_name ON items (name)");
  connection_->execute("INSERT INTO items VALUES ($1, $2)", parameters);
  const std::array<Value, 2> again{int64_t{3}, std::string_view("private")};
  const Error error = error_of([&] { connection_->execute("INSERT INTO items VALUES ($1, $2)", again); });
  EXPECT_EQ(error.trouble(), Trouble::unique_violation);
  EXPECT_EQ(error.kind(), core::ErrorKind::permanent);
  EXPECT_THAT(error.what(), HasSubstr("name"));
  EXPECT_THAT(error.what(), Not(HasSubstr("private")));
}

TEST_P(Transactions, ExecuteCountsTheRowsThatItChanged) {
  connection_->execute("INSERT INTO items VALUES (2, 'a'), (3, 'b')");
  EXPECT_EQ(connection_->execute("UPDATE items SET name = 'c' WHERE id > 1"), 2u);
  EXPECT_EQ(connection_->execute("UPDATE items SET name = 'c' WHERE id > 9"), 0u);
  EXPECT_EQ(connection_->execute("CREATE TABLE others (id bigint)"), 0u);
  EXPECT_EQ(connection_->execute("SELECT id FROM items"), 0u);
  EXPECT_EQ(connection_->execute("INSERT INTO items VALUES (4, 'd') ON CONFLICT DO NOTHING"), 1u);
  EXPECT_EQ(connection_->execute("INSERT INTO items VALUES (4, 'd') ON CONFLICT DO NOTHING"), 0u);
  EXPECT_EQ(connection_->execute("DELETE FROM items"), 4u);
}

TEST_P(Transactions, ReturningGivesRows) {
  const Rows rows = connection_->query("UPDATE items SET name = 'x' WHERE id = 1 RETURNING id, name");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.text(0, 1), "x");
  EXPECT_EQ(connection_->query("UPDATE items SET name = 'x' WHERE id = 9 RETURNING id, name").columns(), 2u);
}

TEST_P(Transactions, ManyRowsInOneCall) {
  constexpr int64_t rows = 10'000;
  std::vector<Value> parameters;
  const std::string name(500, 'n');
  for (int64_t i = 0; i < rows; ++i) {
    parameters.emplace_back(i + 2);
    if (i % 3 == 0) parameters.emplace_back(nullptr);
    else parameters.emplace_back(std::string_view(name));
  }
  Transaction transaction(*connection_);
  EXPECT_EQ(connection_->execute_many("INSERT INTO items VALUES ($1, $2)", 2, parameters), static_cast<uint64_t>(rows));
  EXPECT_EQ(connection_->execute_many("INSERT INTO items VALUES ($1, $2)", 2, {}), 0u);
  transaction.commit();
  EXPECT_EQ(items(), rows + 1);
  EXPECT_EQ(number("SELECT count(*) FROM items WHERE name IS NULL"), (rows + 2) / 3);
}

TEST_P(Transactions, ManyRowsOfWhichOneFails) {
  std::vector<Value> parameters;
  parameters.reserve(5'000);
  for (int64_t i = 0; i < 5'000; ++i) parameters.emplace_back(i == 4'000 ? int64_t{1} : i + 2);
  {
    const Transaction transaction(*connection_);
    const Error error =
        error_of([&] { connection_->execute_many("INSERT INTO items (id) VALUES ($1)", 1, parameters); });
    EXPECT_EQ(error.trouble(), Trouble::unique_violation);
  }
  EXPECT_TRUE(connection_->is_usable());
  EXPECT_EQ(items(), 1);
}

TEST_P(Transactions, ManyRowsAreWrittenInATransactionAndWhole) {
  const std::array<Value, 3> parameters{int64_t{2}, nullptr, int64_t{3}};
  EXPECT_EQ(error_of([&] { connection_->execute_many("INSERT INTO items (id) VALUES ($1)", 1, parameters); }).kind(),
            core::ErrorKind::bug);
  {
    const Transaction transaction(*connection_);
    EXPECT_EQ(error_of([&] { connection_->execute_many("INSERT INTO items VALUES ($1, $2)", 2, parameters); }).kind(),
              core::ErrorKind::bug);
  }
  EXPECT_EQ(items(), 1);
}

TEST_P(Transactions, SnapshotSeesNoLaterCommit) {
  const auto other = connect_again();
  {
    Transaction snapshot(*connection_, TransactionMode::snapshot);
    other->execute("INSERT INTO items VALUES (2, 'later')");
    EXPECT_EQ(items(), 1);
    other->execute("DELETE FROM items");
    EXPECT_EQ(items(), 1);
    snapshot.commit();
  }
  EXPECT_EQ(items(), 0);
}

TEST_P(Transactions, SnapshotRefusesToWrite) {
  {
    const Transaction snapshot(*connection_, TransactionMode::snapshot);
    const Error error = error_of([&] { connection_->execute("DELETE FROM items"); });
    EXPECT_EQ(error.trouble(), Trouble::read_only);
    EXPECT_EQ(error.kind(), core::ErrorKind::permanent);
  }
  EXPECT_EQ(connection_->execute("DELETE FROM items"), 1u);
}

TEST_P(Transactions, AReadOnlyConnectionRefusesToWrite) {
  ConnectOptions options = options_;
  options.read_only = true;
  const auto reader = connect(options);
  EXPECT_EQ(reader->query("SELECT count(*) FROM items").integer(0, 0), 1);
  EXPECT_EQ(failure_in_transaction(*reader, "DELETE FROM items").trouble(), Trouble::read_only);
  EXPECT_EQ(error_of([&] { reader->execute("DELETE FROM items"); }).trouble(), Trouble::read_only);
  const Transaction snapshot(*reader, TransactionMode::snapshot);
  EXPECT_EQ(reader->query("SELECT count(*) FROM items").integer(0, 0), 1);
}

TEST_P(Transactions, WritersWaitForEachOtherAndLoseNothing) {
  constexpr int threads = 4;
  constexpr int rounds = 50;
  connection_->run_script(
      "CREATE TABLE counters (id bigint PRIMARY KEY, value bigint); INSERT INTO counters VALUES (1, 0)");
  std::atomic<int> failures = 0;
  std::vector<std::thread> writers;
  writers.reserve(threads);
  for (int t = 0; t < threads; ++t)
    writers.emplace_back([&] {
      try {
        const auto own = connect_again();
        for (int i = 0; i < rounds; ++i) {
          Transaction transaction(*own);
          own->execute("UPDATE counters SET value = value + 1 WHERE id = 1");
          transaction.commit();
        }
      } catch (const Error& error) {
        ++failures;
      }
    });
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(number("SELECT value FROM counters"), threads * rounds);
}

TEST_P(Transactions, AStatementInTheMiddleOfAnotherIsABug) {
  const Error error = error_of([&] {
    connection_->stream("SELECT id FROM items", {}, [&](const RowView&) {
      connection_->execute("DELETE FROM items");
      return true;
    });
  });
  EXPECT_EQ(error.kind(), core::ErrorKind::bug);
  EXPECT_EQ(items(), 1);
}

TEST_P(Transactions, AStreamMayBeLeftAtAnyRow) {
  connection_->execute("INSERT INTO items VALUES (2, 'b'), (3, 'c')");
  for (const bool inside : {false, true}) {
    for (size_t last = 1; last <= 3; ++last) {
      if (inside) connection_->begin(TransactionMode::snapshot);
      size_t seen = 0;
      connection_->stream("SELECT id FROM items ORDER BY id", {}, [&](const RowView& row) {
        EXPECT_EQ(row.integer(0), static_cast<int64_t>(seen + 1));
        return ++seen < last;
      });
      EXPECT_EQ(seen, last);
      EXPECT_EQ(items(), 3);
      EXPECT_EQ(connection_->in_transaction(), inside);
      if (inside) connection_->commit();
    }
  }
}

TEST_P(Transactions, AVisitorsExceptionLeavesTheConnectionUsable) {
  for (const bool inside : {false, true}) {
    if (inside) connection_->begin(TransactionMode::snapshot);
    EXPECT_THROW(connection_->stream("SELECT id FROM items", {},
                                     [](const RowView&) -> bool { throw std::runtime_error("enough"); }),
                 std::runtime_error);
    EXPECT_EQ(items(), 1);
    if (inside) connection_->rollback();
  }
}

ASSAY_FOR_ALL_DIALECTS(Transactions);

}  // namespace
}  // namespace assay::sql
