// What happens to databases while their tables are scanned, and what is said of it (docs/faults.md).
#include <fmt/format.h>

#include <future>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "sql/connection.h"
#include "tests/support/installation.h"
#include "tests/support/postgres_server.h"

namespace assay::tests {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr const char* reader = "teller";

/// What a scan said of each object, by its name in the schema.
struct Told {
  explicit Told(const ProgramResult& scan) : exit_code(scan.exit_code), errors(scan.err) {
    std::istringstream lines(scan.out);
    for (std::string line; std::getline(lines, line);) {
      const auto said = boost::json::parse(line).as_object();
      const std::string_view type = said.at("type").as_string();
      if (type != "object" && type != "finding") continue;
      const std::string_view path = said.at("object").as_string();
      const std::string name(path.substr(path.rfind('/') + 1));
      if (type == "object") {
        verdicts[name] = fmt::format("{} {}", std::string_view(said.at("verdict").as_string()),
                                     said.contains("reason") ? std::string_view(said.at("reason").as_string()) : "");
      } else if (said.at("entity").as_string() == "CREDIT_CARD") {
        ++findings[name];
        is_told_once &= places.insert(boost::json::serialize(said.at("locator")) + name).second;
      }
    }
  }
  int exit_code;
  std::string errors;
  std::map<std::string, std::string> verdicts;  ///< of those that are not OK
  std::map<std::string, int> findings;          ///< cards
  std::set<std::string> places;
  bool is_told_once = true;
};

/// Tables `a` and `c`, and between them a view `b` whose rows stop in the middle until something has happened.
class DatabaseFaults : public testing::Test {
 protected:
  static constexpr int rows = 900, rows_of_tables = 50;

  DatabaseFaults() : server_(test::PostgresServer::shared()), database_(server_.create_database()) {
    connection()->run_script(fmt::format(
        R"(CREATE TABLE a AS SELECT i, '4111 1111 1111 1111' AS card FROM generate_series(1, {0}) i;
           CREATE TABLE c AS SELECT * FROM a;
           CREATE FUNCTION gate(i int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
             IF i = 700 THEN PERFORM pg_advisory_xact_lock_shared(7); END IF;
             RETURN '4111 1111 1111 1111'; END $$;
           CREATE VIEW b AS SELECT i, gate(i) AS card, repeat('-', 5000) AS filler FROM generate_series(1, {1}) i;
           DO $$ BEGIN CREATE ROLE {2} LOGIN; EXCEPTION WHEN duplicate_object THEN ALTER ROLE {2} LOGIN; END $$;
           GRANT SELECT ON a, b, c TO {2})",
        rows_of_tables, rows, reader));
  }
  ~DatabaseFaults() override { server_.drop_database(database_); }

  std::unique_ptr<sql::Connection> connection() const {
    return sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}});
  }

  /// `statement` is run when some rows of `b` were read and others were not.
  Told scan_while(const std::string& statement) {
    const auto gate = connection();
    gate->query("SELECT pg_advisory_lock(7) IS NULL");
    auto scan = std::async(std::launch::async, [this] {
      return assay_.run({"scan", "--format", "jsonl", "--threads", "1", "--setting", "views=true",
                         server_.tcp_url(database_, reader)});
    });
    const auto watch = connection();
    while (scan.wait_for(std::chrono::seconds(0)) != std::future_status::ready &&
           watch->query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'")
               .empty())
      std::this_thread::yield();
    watch->run_script(statement);
    gate->query("SELECT pg_advisory_unlock(7)");
    return Told(scan.get());
  }

  test::PostgresServer& server_;
  const std::string database_;
  Installation assay_;
};

constexpr const char* end_readers =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'teller' AND datname = current_database()";

TEST_F(DatabaseFaults, NothingHappens) {
  const Told told = scan_while("SELECT 1");
  EXPECT_EQ(told.exit_code, 0) << told.errors;
  EXPECT_EQ(told.findings, (std::map<std::string, int>{{"a", rows_of_tables}, {"b", rows}, {"c", rows_of_tables}}));
  EXPECT_TRUE(told.is_told_once);
}

TEST_F(DatabaseFaults, AConnectionThatIsEndedCostsTheTableThatWasRead) {
  const Told told = scan_while(end_readers);
  EXPECT_EQ(told.exit_code, 3) << told.errors;
  EXPECT_THAT(told.verdicts, Contains(Pair("b", HasSubstr("IO_ERROR"))));
  EXPECT_EQ(told.findings.at("a"), rows_of_tables);
  EXPECT_EQ(told.findings.at("c"), rows_of_tables);
  EXPECT_LT(told.findings.contains("b") ? told.findings.at("b") : 0, rows);
  EXPECT_TRUE(told.is_told_once);
}

TEST_F(DatabaseFaults, APrivilegeThatIsTakenBackCostsTheTablesThatAreNotYetRead) {
  const Told told = scan_while(fmt::format("REVOKE SELECT ON a, b, c FROM {}", reader));
  EXPECT_EQ(told.exit_code, 3) << told.errors;
  EXPECT_THAT(told.verdicts, Contains(Pair("c", HasSubstr("permission denied"))));
  EXPECT_EQ(told.findings, (std::map<std::string, int>{{"a", rows_of_tables}, {"b", rows}}));
  EXPECT_TRUE(told.is_told_once);
}

TEST_F(DatabaseFaults, ALoginThatIsTakenBackEndsTheSourceAndWhatWasReadStands) {
  const Told told = scan_while(fmt::format("ALTER ROLE {} NOLOGIN; {}", reader, end_readers));
  EXPECT_NE(told.exit_code, 0);
  EXPECT_THAT(told.errors + testing::PrintToString(told.verdicts), HasSubstr("not permitted to log in"));
  EXPECT_FALSE(told.findings.contains("c"));
  EXPECT_TRUE(told.is_told_once);
}

TEST_F(DatabaseFaults, TablesThatVanishOrChangeBeforeTheyAreReadCostOnlyThemselves) {
  const Told told = scan_while("DROP TABLE c; CREATE TABLE d (x text); ALTER TABLE a ADD COLUMN more int");
  EXPECT_EQ(told.exit_code, 3) << told.errors;
  EXPECT_THAT(told.verdicts, Contains(Pair("c", HasSubstr("IO_ERROR"))));
  EXPECT_EQ(told.findings, (std::map<std::string, int>{{"a", rows_of_tables}, {"b", rows}}));
  EXPECT_TRUE(told.is_told_once);
}

}  // namespace
}  // namespace assay::tests
