// A large table that several workers read range by range: whoever dies, and whatever happens to the table meanwhile,
// what is known of it is what one task that reads it whole would say.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sql/connection.h"
#include "tests/faults/world.h"
#include "tests/support/mariadb_server.h"
#include "tests/support/postgres_server.h"

namespace assay::tests {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int rows = 20'000;

class TableRanges : public ::testing::Test {
 protected:
  TableRanges()
      : server_(test::PostgresServer::shared()),
        database_(server_.create_database()),
        cluster_(World::shared().cluster()) {
    // The second half has mails and the first has none; columns inside cells come in another order; few rows have
    // documents.
    source()->run_script(fmt::format(
        R"(CREATE TABLE staff AS
           SELECT i AS id, CASE WHEN i > {0} / 2 THEN 'person' || i || '@example.org' ELSE 'call me' END AS contact,
                  CASE i % 3 WHEN 0 THEN 'red' ELSE 'green' END AS team,
                  CASE WHEN i % 2 = 0 THEN jsonb_build_object('a', i, 'iban', 'DE89370400440532013000')
                       ELSE jsonb_build_object('iban', 'DE89370400440532013000', 'zz', i) END AS payload,
                  CASE WHEN i % 5000 = 0
                       THEN convert_to(E'To: a\nFrom: b\n\nCard 5500 0000 0000 0004 exp 12/27\n\x01', 'UTF8') END AS body
           FROM generate_series(1, {0}) i;
           ANALYZE staff)",
        rows));
    run({"source", "add", "crm", "--url", server_.tcp_url(database_)});
    for (const char* options :
         {"name: whole\nsplit_from: 0\n", "name: ranges\nsplit_from: 512KiB\nrange_bytes: 256KiB\n",
          "name: once\nsplit_from: 512KiB\nrange_bytes: 256KiB\nmax_attempts: 1\n"}) {
      folder_.write("template.yaml", fmt::format("{}sources: [crm]\n", options));
      run({"template", "add", folder_.path("template.yaml")});
    }
    cluster_->start_orchestrator({.name = "orchestrator"});
  }
  ~TableRanges() override {
    cluster_.reset();  // whoever reads
    server_.drop_database(database_);
  }

  std::unique_ptr<sql::Connection> source() const {
    return sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}});
  }
  void run(std::vector<std::string> arguments) {
    const auto result = cluster_->command(std::move(arguments));
    ASSERT_EQ(result.exit_code, 0) << result.output;
  }
  void worker(const std::string& name, const std::string& faults = {}) {
    cluster_->start_worker({.name = name, .faults = faults, .environment = {{"ASSAY_WORKER_CONCURRENCY", "1"}}});
  }
  void end(const std::string& name) {
    cluster_->process(name).kill();
    cluster_->wait_for_death(name);
  }
  int64_t start(const std::string& name) {
    run({"job", "start", name, "--full"});
    return cluster_->number("SELECT MAX(id) FROM jobs");
  }
  /// What does not depend on how the table was read.
  std::vector<std::string> known() {
    const sql::Rows answer = cluster_->ask(
        "SELECT format || ' ' || bytes || ' ' || verdict FROM objects WHERE deleted_at = 0 AND member = '' UNION ALL "
        "(SELECT column_name || ' ' || entity || ' ' || value_count || ' ' || agreeing || ' ' || confidence || ' ' || "
        "reasons FROM columns ORDER BY column_name) UNION ALL "
        "(SELECT name || ' ' || native_type || ' ' || position || ' ' || (profile::json ->> 'rows') || ' ' || "
        "coalesce(profile::json ->> 'distinct', '') || ' ' || coalesce(profile::json ->> 'entity', '') FROM "
        "catalog_columns WHERE profile <> '' ORDER BY position) UNION ALL "
        "SELECT 'documents ' || COUNT(*) FROM findings WHERE member LIKE 'body/%' AND entity = 'CREDIT_CARD'");
    std::vector<std::string> all;
    for (size_t i = 0; i < answer.size(); ++i) all.emplace_back(answer.text(i, 0));
    return all;
  }
  std::vector<std::string> known_of_the_whole() {
    worker("alone");
    EXPECT_EQ(cluster_->wait_for_end(start("whole")), "COMPLETED");
    end("alone");
    const auto whole = known();
    EXPECT_GT(whole.size(), 8U);
    cluster_->ask(
        "WITH f AS (DELETE FROM findings), c AS (DELETE FROM columns), p AS (UPDATE catalog_columns SET "
        "profile = '') DELETE FROM objects");
    return whole;
  }
  int64_t tasks_of(int64_t job, std::string_view kind) {
    return cluster_->number("SELECT COUNT(*) FROM tasks WHERE kind = $2 AND job_id = $1", {job, kind});
  }
  std::string reason() { return cluster_->text("SELECT reason FROM objects WHERE deleted_at = 0 AND member = ''"); }
  void expect_nothing_waits() {
    EXPECT_EQ(cluster_->number("SELECT (SELECT COUNT(*) FROM split_objects) + (SELECT COUNT(*) FROM object_parts) + "
                               "(SELECT COUNT(*) FROM part_contents)"),
              0);
  }
  int64_t sessions_of_assay() {
    return source()
        ->query(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'assay'")
        .integer(0, 0);
  }

  test::PostgresServer& server_;
  const std::string database_;
  TemporaryTree folder_;
  std::unique_ptr<Cluster> cluster_;
};

TEST_F(TableRanges, OfTwoWorkersAreTheWholeOfOneMoment) {
  const auto whole = known_of_the_whole();
  worker("one", "examine_range.4=hold");
  const int64_t job = start("ranges");
  cluster_->wait_until_held("one", "examine_range.4");
  cluster_->wait_until("some ranges to be there",
                       [this] { return cluster_->number("SELECT COUNT(*) FROM object_parts") > 0; });
  // No value can be read from what waits.
  EXPECT_EQ(
      cluster_->number("SELECT COUNT(*) FROM part_contents WHERE position('example.org'::bytea IN content) > 0 OR "
                       "position('DE89370400440532013000'::bytea IN content) > 0"),
      0);
  source()->run_script("DELETE FROM staff WHERE id % 2 = 0; UPDATE staff SET contact = 'gone'");
  worker("two");
  cluster_->let_go_for_good("one");
  EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
  EXPECT_EQ(known(), whole);
  EXPECT_THAT(reason(), HasSubstr("ranges of one snapshot"));
  EXPECT_THAT(reason(), Not(HasSubstr("later")));
  EXPECT_GT(tasks_of(job, "scan.range"), 4);
  EXPECT_EQ(tasks_of(job, "scan.join"), 1);
  // Rows of a range are counted from the table's first, and each cell is listed once.
  EXPECT_GT(cluster_->number("SELECT MAX(row_number) FROM findings WHERE member = ''"), rows / 2);
  EXPECT_LE(cluster_->number("SELECT MAX(row_number) FROM findings WHERE member = ''"), rows);
  EXPECT_EQ(cluster_->number("SELECT COUNT(*) FROM (SELECT 1 FROM findings GROUP BY member, column_name, row_number, "
                             "start_byte, entity HAVING COUNT(*) > 1) AS twice"),
            0);
  expect_nothing_waits();
  expect_sound(*cluster_, job);
  cluster_->wait_until("the snapshot to be let go of", [this] { return sessions_of_assay() == 0; });
}

TEST_F(TableRanges, SurviveTheWorkerThatKeptTheSnapshot) {
  const auto whole = known_of_the_whole();
  for (const char* point : {"examine_range.1=kill:1", "join_ranges.public/staff=kill:1"}) {
    SCOPED_TRACE(point);
    worker("victim", point);
    const int64_t job = start("ranges");
    cluster_->wait_for_death("victim");
    worker("next");
    EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
    EXPECT_EQ(known(), whole);
    expect_nothing_waits();
    expect_sound(*cluster_, job);
    end("next");
    EXPECT_EQ(reason().find("later") != std::string::npos, std::string_view(point).starts_with("examine")) << reason();
  }
}

TEST_F(TableRanges, ThatAreDeadMakeTheTablePartialUntilTheyAreTriedAgain) {
  const auto whole = known_of_the_whole();
  worker("worker", "examine_range.2=throw");
  const int64_t job = start("once");
  EXPECT_EQ(cluster_->wait_for_end(job), "FAILED");
  EXPECT_THAT(cluster_->text("SELECT verdict || ': ' || reason FROM objects WHERE deleted_at = 0 AND member = ''"),
              testing::MatchesRegex("PARTIAL: 1 of its [0-9]+ ranges could not be read"));
  EXPECT_GT(cluster_->number("SELECT COUNT(*) FROM columns"), 0) << "verdicts are made of what is there";
  worker("worker");
  run({"job", "retry", std::to_string(job), "--dead"});
  EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
  EXPECT_EQ(known(), whole);
  expect_nothing_waits();
}

// A snapshot that others read takes a connection, which a budget may not have.
TEST_F(TableRanges, KeepToABudgetOfConnections) {
  worker("worker");
  for (const auto& [connections, ranges] : {std::pair{"1", false}, {"2", true}}) {
    SCOPED_TRACE(connections);
    const std::string name = fmt::format("with_{}", connections);
    run({"source", "add", name, "--url", server_.tcp_url(database_), "--connections", connections});
    folder_.write("template.yaml",
                  fmt::format("name: {0}\nsources: [{0}]\nsplit_from: 512KiB\nrange_bytes: 256KiB\n", name));
    run({"template", "add", folder_.path("template.yaml")});
    const int64_t job = start(name);
    EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
    EXPECT_EQ(tasks_of(job, "scan.range") > 4, ranges);
    const std::string reason = cluster_->text(
        "SELECT reason FROM objects o JOIN datasources d ON d.id = o.datasource_id WHERE d.name = $1 AND member = ''",
        {name});
    EXPECT_EQ(reason.find("each as it was then") != std::string::npos, ranges) << reason;
  }
}

TEST_F(TableRanges, OfAKeyAreTheWholeToo) {
  test::MariadbServer& server = test::MariadbServer::shared();
  const std::string database = server.create_database();
  server.run(
      database,
      "CREATE TABLE staff (id bigint PRIMARY KEY, contact varchar(200), filler varchar(200)) AS SELECT seq AS id, "
      "IF(seq > 10000, CONCAT('person', seq, '@example.org'), 'call me') AS contact, REPEAT('x', 100) AS filler "
      "FROM seq_1_to_20000");
  server.run(database, "ANALYZE TABLE staff");
  run({"source", "add", "shop", "--url", server.url(database)});
  worker("one");
  worker("two");
  std::vector<std::vector<std::string>> known;
  for (const char* split_from : {"0", "512KiB"}) {
    const std::string name = fmt::format("shop_{}", split_from);
    folder_.write("template.yaml",
                  fmt::format("name: {}\nsources: [shop]\nsplit_from: {}\nrange_bytes: 256KiB\n", name, split_from));
    run({"template", "add", folder_.path("template.yaml")});
    const int64_t job = start(name);
    EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
    EXPECT_EQ(tasks_of(job, "scan.range") > 4, *split_from != '0');
    known.push_back(this->known());
  }
  EXPECT_EQ(known[1], known[0]);
  EXPECT_GT(known[0].size(), 3U);
  EXPECT_THAT(reason(), HasSubstr("each as it was then"));
  expect_nothing_waits();
  server.drop_database(database);
}

// Workers with different keys cannot read what the others sealed.
TEST_F(TableRanges, ThatNobodyCanJoinGiveWayToTheWhole) {
  const auto whole = known_of_the_whole();
  folder_.write("other.key", std::string(64, 'b') + "\n");
  worker("one", "examine_range.4=hold");
  const int64_t job = start("ranges");
  cluster_->wait_until_held("one", "examine_range.4");
  cluster_->wait_until("some ranges to be there",
                       [this] { return cluster_->number("SELECT COUNT(*) FROM object_parts") > 0; });
  end("one");
  cluster_->start_worker(
      {.name = "two",
       .faults = "",
       .environment = {{"ASSAY_WORKER_CONCURRENCY", "1"}, {"ASSAY_FINGERPRINT_KEY_FILE", folder_.path("other.key")}}});
  EXPECT_EQ(cluster_->wait_for_end(job), "COMPLETED");
  EXPECT_EQ(known(), whole);
  EXPECT_EQ(tasks_of(job, "scan.examine"), 2);
  expect_nothing_waits();
  expect_sound(*cluster_, job);
}

}  // namespace
}  // namespace assay::tests
