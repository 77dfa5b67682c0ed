// Tables of databases, scanned by the program: as URLs, and as sources of jobs.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include "sql/connection.h"
#include "tests/support/installation.h"
#include "tests/support/mariadb_server.h"
#include "tests/support/postgres_server.h"
#include "tests/support/samples.h"
#include "tests/support/temporary_tree.h"
#include "tests/support/samples.h"

namespace assay::tests {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

class DatabaseSources : public testing::Test {
 protected:
  DatabaseSources() : server_(test::PostgresServer::shared()), database_(server_.create_database()) {
    run(R"(CREATE TABLE people (id int PRIMARY KEY, card_number text, note text);
           INSERT INTO people SELECT i, '4111 1111 1111 1111', 'nothing here' FROM generate_series(1, 3000) i;
           CREATE TABLE letters (body bytea, extra jsonb);
           INSERT INTO letters VALUES (convert_to(E'To: a\nFrom: b\n\nCard 5500 0000 0000 0004 exp 12/27\n\x01', 'UTF8'),
                                       '{"iban": "DE89 3704 0044 0532 0130 00"}');
           CREATE TABLE empty (x text))");
  }
  ~DatabaseSources() override { server_.drop_database(database_); }

  void run(const std::string& sql) const {
    sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}})->run_script(sql);
  }
  std::string url() const { return server_.tcp_url(database_); }

  test::PostgresServer& server_;
  std::string database_;
  Installation assay_;
};

TEST_F(DatabaseSources, AUrlIsScannedLikeAPath) {
  const auto scan = assay_.run({"scan", "--format", "jsonl", url()});
  EXPECT_EQ(scan.exit_code, 0) << scan.out.substr(0, 2000) << scan.err;
  EXPECT_THAT(scan.out, AllOf(HasSubstr("/people"), HasSubstr("CREDIT_CARD"), HasSubstr("\"column\":\"card_number\""),
                              HasSubstr("IBAN_CODE")));
  EXPECT_THAT(scan.out, Not(HasSubstr("4111 1111")));
  // A value that no cell can hold is examined as a document.
  EXPECT_THAT(scan.out, HasSubstr("body/1"));
}

TEST_F(DatabaseSources, WhatTheSettingsLeaveUnreadIsInTheLedger) {
  auto scan = assay_.run({"scan", "--format", "jsonl", url(), "--setting", "max_rows=10"});
  EXPECT_EQ(scan.exit_code, 3) << scan.err;
  EXPECT_THAT(scan.out, AllOf(HasSubstr("LIMIT"), HasSubstr("max_rows: 10 rows were read"), HasSubstr("CREDIT_CARD")));
  const std::string ledger = assay_.path("ledger");
  scan = assay_.run({"scan", "--ledger", ledger, "--format", "jsonl", url(), "--setting", "exclude_columns=card_*",
                     "--setting", "sample=rows", "--setting", "sample_percent=50"});
  EXPECT_EQ(scan.exit_code, 0) << scan.err;
  EXPECT_THAT(scan.out, Not(HasSubstr("card_number")));
  std::ostringstream lines;
  lines << std::ifstream(ledger).rdbuf();
  EXPECT_THAT(lines.str(), HasSubstr("a sample of 50 % of the rows; 2 of 3 columns"));
}

TEST_F(DatabaseSources, ASampleIsReadUntilItSettlesEveryColumn) {
  run(R"(CREATE TABLE orders AS SELECT i AS id, '4111 1111 1111 1111' AS card, 'nothing ' || i AS note,
           CASE WHEN i % 10 < 8 THEN 'user' || i || '@example.com' ELSE 'none' END AS contact,
           CASE WHEN i % 1000 < 100 THEN 'user' || i || '@example.com' ELSE 'none' END AS rarely
           FROM generate_series(1, 400000) i;
         ANALYZE orders)");
  const std::string ledger = assay_.path("ledger");
  const auto scan =
      assay_.run({"scan", "--ledger", ledger, "--format", "jsonl", url(), "--setting", "sample=adaptive"});
  EXPECT_EQ(scan.exit_code, 0) << scan.err;
  EXPECT_THAT(scan.out, HasSubstr(" to 100.0 % agree, with 99.9 % certainty"));
  std::ifstream lines(ledger);
  int told = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("/people") != std::string::npos) EXPECT_THAT(line, Not(HasSubstr("certainty"))) << "it is small";
    if (line.find("/orders") == std::string::npos) continue;
    ++told;
    EXPECT_THAT(
        line, AllOf(HasSubstr("\"verdict\":\"OK\""), HasSubstr("at random"), HasSubstr("every column's verdict stands"),
                    HasSubstr("rows of about 4"), Not(HasSubstr("in the server's order"))));
  }
  EXPECT_EQ(told, 1);
  uint64_t values = 0;
  std::istringstream out(scan.out);
  for (std::string line; std::getline(out, line);)
    if (line.contains("\"type\":\"column\"") && line.contains("\"column\":\"contact\""))
      values = boost::json::parse(line).at("values").to_number<uint64_t>();
  EXPECT_GT(values, 4'000U);
  EXPECT_LT(values, 60'000U) << "of 400,000 rows";
}

TEST_F(DatabaseSources, AStoredSourceIsReadByJobsAndAnUnchangedTableIsNotReadAgain) {
  assay_.must({"source", "add", "crm", "--url", url()});
  EXPECT_THAT(assay_.must({"source", "test", "crm"}), HasSubstr("3 tables"));
  assay_.write("t.yaml", "name: crm\nsources: [crm]\n");
  assay_.must({"template", "add", assay_.path("t.yaml")});
  const auto serve = assay_.start({"serve"});
  EXPECT_EQ(assay_.run({"job", "start", "crm", "--wait"}).exit_code, 0);
  const auto first = assay_.json({"job", "show", "1"}).as_array().at(0).as_object();
  EXPECT_EQ(first.at("progress").at("objects").at("done").as_int64(), 3);
  run("INSERT INTO empty VALUES ('Card 4111 1111 1111 1111')");
  EXPECT_EQ(assay_.run({"job", "start", "crm", "--wait"}).exit_code, 0);
  const auto second = assay_.json({"job", "show", "2"}).as_array().at(0).as_object();
  EXPECT_EQ(second.at("progress").at("objects").at("skipped").as_int64(), 2);
  EXPECT_EQ(second.at("progress").at("objects").at("done").as_int64(), 1);
  EXPECT_THAT(assay_.must({"findings", "columns", "--job", "1"}), HasSubstr("card_number"));
}

TEST_F(DatabaseSources, ATableThatStandsStillForLongerThanTheLimitOfProgressIsReadToItsEnd) {
  run("CREATE TABLE slow AS SELECT CASE WHEN n = 7999 THEN 'Card 5500 0000 0000 0004' END AS note, repeat('x', 1000) "
      "AS "
      "filler FROM generate_series(1, 8000) n");
  assay_.must({"source", "add", "crm", "--url", url(), "--include", "public/slow", "--setting", "max_running=2",
               "--setting", "bytes_per_s=2000000"});
  assay_.write("t.yaml", "name: crm\nsources: [crm]\nlimits:\n  max_no_progress_ms: 1000\n");
  assay_.must({"template", "add", assay_.path("t.yaml")});
  const auto serve = assay_.start({"serve"});
  const auto watch = sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}});
  const auto comes_to_hold = [&](const std::string& condition) {
    while (watch->query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND " + condition).empty())
      std::this_thread::yield();
  };
  assay_.must({"job", "start", "crm"});
  comes_to_hold("query LIKE 'COPY%' AND wait_event = 'ClientWrite'");
  std::vector<std::jthread> others;
  for (int i = 0; i < 3; ++i) others.emplace_back([this] { EXPECT_THROW(run("SELECT pg_sleep(3600)"), core::Error); });
  while (!serve->log().contains("reading stands still")) std::this_thread::yield();
  // Three times the limit, in which the server is looked at and the table is not read.
  const std::string then(watch->query("SELECT clock_timestamp()::text").text(0, 0));
  comes_to_hold(
      fmt::format("application_name = 'assay' AND query NOT LIKE 'COPY%' AND query_start > "
                  "timestamptz '{}' + interval '3 s'",
                  then));
  watch->query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3600)'");
  others.clear();
  EXPECT_EQ(assay_.wait_for_status(1, {"COMPLETED", "FAILED", "CANCELLED"}), "COMPLETED");
  const auto job = assay_.json({"job", "show", "1"}).as_array().at(0).as_object();
  EXPECT_EQ(job.at("progress").at("objects").at("failed").as_int64(), 0);
  EXPECT_THAT(serve->log(), HasSubstr("reading goes on"));
  EXPECT_THAT(assay_.must({"findings", "export", "--job", "1"}), HasSubstr("CREDIT_CARD"));
}

/// Of the lines of a type: "COLUMN ENTITY", and the row of a finding before it; sorted, once each.
std::set<std::string> told(const std::string& lines, std::string_view type, std::string_view table) {
  std::set<std::string> all;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    const auto value = boost::json::parse(line);
    const auto& said = value.as_object();
    if (said.at("type").as_string() != type || !said.at("object").as_string().ends_with(table)) continue;
    const auto& place = said.at("locator").as_object();
    const std::string row = type == "finding" ? std::to_string(place.at("row").to_number<int>()) + " " : "";
    all.insert(row + place.at("column").as_string().c_str() + " " + said.at("entity").as_string().c_str());
  }
  return all;
}

TEST_F(DatabaseSources, WhatIsNestedInCellsIsFoundUnderItsPath) {
  run(R"(CREATE TABLE orders (id int PRIMARY KEY, payload jsonb, form xml, mails text[], note text);
         INSERT INTO orders SELECT i, jsonb_build_object('contact', jsonb_build_object('email', 'a' || i || '@example.com'),
           'cards', jsonb_build_array(jsonb_build_object('number', '4111 1111 1111 1111')), 'size', i),
           ('<person><mail kind="work">b' || i || '@example.com</mail></person>')::xml,
           ARRAY['c' || i || '@example.com', 'd' || i || '@example.com'],
           CASE WHEN i % 2 = 0 THEN '{"late": {"iban": "DE89 3704 0044 0532 0130 00"}}' ELSE 'nothing' END
           FROM generate_series(1, 30) i;
         INSERT INTO orders VALUES (31, '"e@example.com"', 'f@example.com', '{}', '{"half": "g@example.com"'),
           (32, '{"deploy": {"password": "tr0ub4dor&3"}}', '<!-- h@example.com --><a/>', NULL, NULL),
           (33, '{"users": {"i@example.com": {"age": 5}}}', '<p>j@example.com</p>', '{{k@example.com}}', '[draft]'))");
  const auto scan = assay_.run({"scan", "--format", "jsonl", "--quality", url()});
  EXPECT_EQ(scan.exit_code, 0) << scan.out.substr(0, 2000) << scan.err;
  EXPECT_THAT(told(scan.out, "column", "/orders"),
              IsSupersetOf({"payload.contact.email EMAIL_ADDRESS", "payload.cards[].number CREDIT_CARD",
                            "form.person.mail EMAIL_ADDRESS", "mails[] EMAIL_ADDRESS", "note.late.iban IBAN_CODE"}));
  const auto found = told(scan.out, "finding", "/orders");
  EXPECT_THAT(
      found, IsSupersetOf({"7 payload.contact.email EMAIL_ADDRESS", "7 payload.cards[].number CREDIT_CARD",
                           "7 form.person.mail EMAIL_ADDRESS", "7 mails[] EMAIL_ADDRESS", "8 note.late.iban IBAN_CODE",
                           "31 payload EMAIL_ADDRESS", "31 form EMAIL_ADDRESS", "31 note EMAIL_ADDRESS",
                           "32 payload.deploy.password PASSWORD", "32 form EMAIL_ADDRESS",
                           "33 payload.users{} EMAIL_ADDRESS", "33 form.p EMAIL_ADDRESS", "33 mails[] EMAIL_ADDRESS"}));
  for (const std::string& each : found)  // nothing is told of the whole cell, too
    if (!each.starts_with("31 ") && !each.starts_with("32 form "))
      EXPECT_THAT(each,
                  Not(AnyOf(HasSubstr(" payload "), HasSubstr(" form "), HasSubstr(" mails "), HasSubstr(" note "))));
  EXPECT_THAT(scan.out, AllOf(HasSubstr(R"("column":"payload.contact.email","values":30)"),
                              Not(HasSubstr("i@example.com")), Not(HasSubstr("a7@example.com"))));
}

TEST_F(DatabaseSources, DocumentsInCellsAreExamined) {
  const auto in_hex = [](const std::string& bytes) {
    std::string hex;
    for (const unsigned char byte : bytes) hex += fmt::format("{:02x}", byte);
    return hex;
  };
  const std::string text = "Card 4111 1111 1111 1111";
  run(fmt::format(R"(CREATE TABLE files (name text, body bytea);
                     INSERT INTO files VALUES ('pdf', '\x{}'), ('docx', '\x{}'), ('zip', '\x{}'))",
                  in_hex(pdf_of({text})), in_hex(docx_of({text})), in_hex(zip_of({{"a.txt", text}}))));
  const std::string ledger = assay_.path("ledger");
  const auto scan = assay_.run({"scan", "--format", "jsonl", "--ledger", ledger, url()});
  EXPECT_EQ(scan.exit_code, 0) << scan.err;
  for (const char* member : {"body/1", "body/2", "body/3!/a.txt"})
    EXPECT_THAT(scan.out, HasSubstr(fmt::format("\"member\":\"{}\"", member))) << member;
}

TEST_F(DatabaseSources, LargeObjectsAreExaminedWhereTheSettingsSaySo) {
  std::string hex;
  for (const unsigned char byte : docx_of({"Card 4111 1111 1111 1111"})) hex += fmt::format("{:02x}", byte);
  run(fmt::format(R"(DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                     CREATE TABLE files (name text, body oid); GRANT SELECT ON files TO reader;
                     SELECT lo_from_bytea(5001, '\x{}'), lo_from_bytea(5002, 'Mail to a@example.com');
                     GRANT SELECT ON LARGE OBJECT 5001 TO reader;
                     INSERT INTO files VALUES ('docx', 5001), ('text', 5002), ('none', 4))",
                  hex));
  const std::string ledger = assay_.path("ledger");
  const auto scan_as = [&](const char* user, const char* setting) {
    return assay_.run({"scan", "--format", "jsonl", "--ledger", ledger, server_.tcp_url(database_, user), "--include",
                       "public/files", "--include", "pg_catalog/*", "--setting", setting});
  };
  EXPECT_THAT(scan_as("assay", "large_objects=false").out, Not(HasSubstr("CREDIT_CARD")));
  auto scan = scan_as("assay", "large_objects=true");
  EXPECT_EQ(scan.exit_code, 0) << scan.err;
  EXPECT_THAT(scan.out,
              AllOf(HasSubstr("\"member\":\"body/1\""), HasSubstr("CREDIT_CARD"), HasSubstr("EMAIL_ADDRESS")));
  scan = scan_as("reader", "large_objects=true");
  EXPECT_EQ(scan.exit_code, 3) << scan.err;
  EXPECT_THAT(scan.out, AllOf(HasSubstr("CREDIT_CARD"), Not(HasSubstr("EMAIL_ADDRESS"))));
  EXPECT_THAT(read_file(ledger),
              AllOf(HasSubstr("PARTIAL"), HasSubstr("1 values may not be read with the privileges")));
  scan = scan_as("assay", "large_objects=all");
  EXPECT_THAT(scan.out, AllOf(HasSubstr("/pg_catalog/pg_largeobject_metadata"), HasSubstr("\"member\":\"content/"),
                              HasSubstr("EMAIL_ADDRESS")));
}

TEST_F(DatabaseSources, ATableFullOfFindingsIsReadToItsEnd) {
  run(R"(CREATE TABLE full_of AS SELECT '4111 1111 1111 1111' AS card, 'user' || i || '@example.com' AS mail,
           CASE WHEN i = 29999 THEN 'Card 5500 0000 0000 0004' END AS note FROM generate_series(1, 30000) i)");
  const std::string ledger = assay_.path("ledger");
  const auto scan = assay_.run({"scan", "--ledger", ledger, "--format", "jsonl", "--include", "public/full_of", url()});
  EXPECT_EQ(scan.exit_code, 0) << scan.err;
  EXPECT_THAT(scan.out, AllOf(HasSubstr("\"agreeing\":30000"), HasSubstr("\"column\":\"note\",\"row\":29999")));
  EXPECT_THAT(read_file(ledger), HasSubstr("58000 findings in cells are counted and not listed"));

  assay_.must({"source", "add", "crm", "--url", url(), "--include", "public/full_of"});
  assay_.write("t.yaml", "name: crm\nsources: [crm]\n");
  assay_.must({"template", "add", assay_.path("t.yaml")});
  const auto serve = assay_.start({"serve"});
  for (const int64_t skipped : {0, 1}) {
    EXPECT_EQ(assay_.run({"job", "start", "crm", "--wait"}).exit_code, 0);
    const auto job = assay_.json({"job", "show", skipped == 0 ? "1" : "2"}).as_array().at(0).as_object();
    EXPECT_EQ(job.at("progress").at("objects").at("failed").as_int64(), 0);
    if (skipped != 0) EXPECT_GE(job.at("progress").at("objects").at("skipped").as_int64(), skipped);
  }
}

TEST_F(DatabaseSources, OtherDatabasesAreScannedTheSameWay) {
  test::MariadbServer& server = test::MariadbServer::shared();
  const std::string database = server.create_database();
  server.run(database, "CREATE TABLE people (id int PRIMARY KEY, card_number text, note longblob)");
  server.run(
      database,
      "INSERT INTO people SELECT seq, '4111 1111 1111 1111', NULL FROM seq_1_to_3000 UNION ALL SELECT 4000, NULL, "
      "CONCAT('To: a\nFrom: b\n\nCard 5500 0000 0000 0004 exp 12/27\n', CHAR(1))");
  const std::string odbc = fmt::format("connection=Driver=MariaDB Unicode;Server=127.0.0.1;Port={}", server.port());
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"scan", "--format", "jsonl", server.url(database)},
        std::vector<std::string>{"scan", "--format", "jsonl", "odbc://assay@here/" + database, "--setting", odbc}}) {
    const auto scan = assay_.run(arguments);
    EXPECT_EQ(scan.exit_code, 0) << scan.out.substr(0, 2000) << scan.err;
    EXPECT_THAT(scan.out, AllOf(HasSubstr("/people"), HasSubstr("CREDIT_CARD"), HasSubstr("\"column\":\"card_number\""),
                                HasSubstr("note/3001")));
    EXPECT_THAT(scan.out, Not(HasSubstr("4111 1111")));
  }
  server.drop_database(database);
}

// What the driver manager translates depends on the locale, which is the program's matter.
TEST_F(DatabaseSources, NamesBeyondAsciiReachDriversOfOdbc) {
  assay_.write("names.db", sqlite_of("Ünïcödé", {"card_number"}, {{"4111 1111 1111 1111"}}));
  const auto scan = assay_.run({"scan", "--format", "jsonl", "odbc://here", "--setting",
                                "connection=Driver=SQLite3;Database=" + assay_.path("names.db")});
  EXPECT_EQ(scan.exit_code, 0) << scan.out << scan.err;
  EXPECT_THAT(scan.out, AllOf(HasSubstr("/Ünïcödé"), HasSubstr("CREDIT_CARD")));
}

TEST_F(DatabaseSources, WrongTurnsAreSaidInOneSentence) {
  const auto run = [this](std::vector<std::string> arguments) { return assay_.run(std::move(arguments)); };
  auto wrong = run({"scan", "postgresql://me:hidden@127.0.0.1/x"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("must not hold a password"), Not(HasSubstr("hidden"))));
  wrong = run({"scan", "nonsense://host/x"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("nonsense://"));
  wrong = run({"scan", url(), "--setting", "colour=red"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("colour"));
  wrong = run({"scan", url(), assay_.path("t.yaml")});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("kinds"));
  wrong = run({"scan", "postgresql://me@127.0.0.1:1/x"});
  EXPECT_EQ(wrong.exit_code, 4);
  EXPECT_THAT(wrong.err, HasSubstr("127.0.0.1"));
}

}  // namespace
}  // namespace assay::tests
