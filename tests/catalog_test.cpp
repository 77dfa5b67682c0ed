// The catalog of what sources hold, as the program tells of it: a PostgreSQL that changes between two jobs, and files.
#include <fmt/format.h>

#include "sql/connection.h"
#include "tests/support/installation.h"
#include "tests/support/postgres_server.h"

namespace assay::tests {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr const char* canary = "4539 5787 6362 1486";  // no example of a rule, which the database has

class CatalogTest : public testing::Test {
 protected:
  CatalogTest() : server_(test::PostgresServer::shared()), database_(server_.create_database()) {
    run(fmt::format(R"(CREATE TABLE people (id int PRIMARY KEY, card_number text NOT NULL, note text);
           COMMENT ON TABLE people IS 'who they are';
           COMMENT ON COLUMN people.note IS 'free text';
           INSERT INTO people SELECT i, '{}', 'nothing here' FROM generate_series(1, 300) i;
           CREATE TABLE letters (body text);
           CREATE TABLE parts (id bigint, size numeric(8, 2));
           CREATE SCHEMA sales;
           CREATE TABLE sales.orders (number bigint, placed date);)",
                    canary));
    assay_.must({"source", "add", "crm", "--url", server_.tcp_url(database_)});
    assay_.write("t.yaml", "name: crm\nsources: [crm]\n");
    assay_.must({"template", "add", assay_.path("t.yaml")});
    serve_ = assay_.start({"serve"});
  }
  ~CatalogTest() override {
    serve_.reset();
    server_.drop_database(database_);
  }

  void run(const std::string& sql) const {
    sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}})->run_script(sql);
  }
  void scan() { EXPECT_EQ(assay_.run({"job", "start", "crm", "--wait"}).exit_code, 0); }

  /// "what table.column aspect before -> after"
  std::vector<std::string> diff(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"catalog", "diff", "crm"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::vector<std::string> lines;
    for (const auto& each : assay_.json(arguments).at("changes").as_array()) {
      const auto& change = each.as_object();
      const auto text = [&](const char* key) {
        return change.contains(key) ? std::string(change.at(key).as_string()) : std::string();
      };
      lines.push_back(fmt::format("{} {}|{} {} '{}' -> '{}'", text("what"), text("table"), text("column"),
                                  text("aspect"), text("before"), text("after")));
    }
    return lines;
  }
  std::vector<std::string> names(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"catalog", "list"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::vector<std::string> names;
    for (const auto& each : assay_.json(arguments).as_array()) names.emplace_back(each.at("name").as_string());
    return names;
  }

  test::PostgresServer& server_;
  std::string database_;
  Installation assay_;
  std::unique_ptr<Service> serve_;
};

TEST_F(CatalogTest, TellsWhatADatabaseHoldsAndWhatChanged) {
  scan();
  EXPECT_THAT(names(), ElementsAre("public.letters", "public.parts", "public.people", "sales.orders"));
  EXPECT_THAT(names({"--schema", "sa*"}), ElementsAre("sales.orders"));
  EXPECT_THAT(names({"--sensitive"}), ElementsAre("public.people"));
  EXPECT_THAT(assay_.must({"catalog", "diff", "crm"}), HasSubstr("no two runs"));

  run(R"(ALTER TABLE people ALTER COLUMN note TYPE varchar(200);
         ALTER TABLE people ADD COLUMN born date;
         ALTER TABLE people ALTER COLUMN card_number DROP NOT NULL;
         COMMENT ON COLUMN people.note IS 'whatever';
         ALTER TABLE parts RENAME COLUMN size TO weight;
         CREATE TABLE invoices (id int);
         DROP TABLE letters;)");
  scan();
  EXPECT_THAT(diff(), UnorderedElementsAre("appeared public.invoices|  '' -> 'table'",
                                           "vanished public.letters|  'table' -> ''",
                                           "appeared public.parts|weight  '' -> 'numeric(8,2)'",
                                           "vanished public.parts|size  'numeric(8,2)' -> ''",
                                           "appeared public.people|born  '' -> 'date'",
                                           "changed public.people|card_number nullable 'no' -> 'yes'",
                                           "changed public.people|note comment 'free text' -> 'whatever'",
                                           "changed public.people|note type 'text' -> 'character varying(200)'"));
  EXPECT_THAT(names(), ElementsAre("public.invoices", "public.parts", "public.people", "sales.orders"));
  EXPECT_THAT(names({"--vanished"}), testing::Contains("public.letters"));
  EXPECT_THAT(assay_.must({"catalog", "diff", "crm"}),
              AllOf(HasSubstr("+ public.invoices appeared"), HasSubstr("- public.letters vanished"),
                    Not(HasSubstr("did not see all"))));

  // Nothing is read again, and nothing vanishes for that; a comment changes no row and is seen all the same.
  scan();
  const auto third = assay_.json({"job", "show", "3"}).as_array().at(0).as_object();
  EXPECT_EQ(third.at("progress").at("objects").at("skipped").as_int64(), 4);
  EXPECT_THAT(diff(), IsEmpty());
  EXPECT_THAT(assay_.must({"catalog", "diff", "crm"}), HasSubstr("Nothing changed"));
  EXPECT_THAT(diff({"--from", "1"}), testing::SizeIs(8)) << "the third run changed nothing";
  run("COMMENT ON TABLE sales.orders IS 'all of them'");
  scan();
  EXPECT_THAT(diff(), ElementsAre("changed sales.orders| comment '' -> 'all of them'"));
  EXPECT_THAT(diff({"--from", "3", "--to", "4"}), testing::SizeIs(1));
  const auto runs = assay_.json({"catalog", "runs", "crm"}).as_array();
  ASSERT_EQ(runs.size(), 4U);
  EXPECT_TRUE(runs[0].at("complete").as_bool());
  EXPECT_EQ(runs[0].at("tables").as_int64(), 4);
}

TEST_F(CatalogTest, ShowsATableAndExportsAll) {
  scan();
  const auto people = assay_.json({"catalog", "show", "crm", "people"}).as_object();
  EXPECT_EQ(people.at("comment"), "who they are");
  EXPECT_EQ(people.at("kind"), "table");
  const auto& columns = people.at("columns").as_array();
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_EQ(columns[0].at("key_position").as_int64(), 1);
  EXPECT_EQ(columns[0].at("type"), "integer");
  EXPECT_FALSE(columns[1].at("nullable").as_bool());
  EXPECT_EQ(columns[1].at("verdicts").at(0).at("entity"), "CREDIT_CARD");
  EXPECT_EQ(columns[2].at("comment"), "free text");
  EXPECT_THAT(assay_.must({"catalog", "show", "crm", "public.people"}),
              AllOf(HasSubstr("who they are"), HasSubstr("card_number"), HasSubstr("CREDIT_CARD"), HasSubstr("100 %")));
  EXPECT_THAT(assay_.must({"catalog", "list"}), AllOf(HasSubstr("sales.orders"), HasSubstr("CREDIT_CARD")));
  EXPECT_THAT(assay_.must({"catalog", "list", "--format", "csv"}), HasSubstr("crm,public,people,table,"));

  const std::string lines = assay_.must({"catalog", "export"});
  EXPECT_EQ(std::ranges::count(lines, '\n'), 4);
  EXPECT_EQ(assay_.json({"catalog", "export"}).as_array().size(), 4U);
  assay_.must({"catalog", "export", "--format", "csv", "-o", assay_.path("catalog.csv")});
  EXPECT_THAT(read_file(assay_.path("catalog.csv")),
              AllOf(HasSubstr("card_number,2,text,false,0,,CREDIT_CARD"), HasSubstr("placed,2,date,true,0,")));
  for (const char* format : {"json", "jsonl", "csv"}) {
    const std::string all = assay_.must({"catalog", "export", "--format", format});
    EXPECT_THAT(all, Not(HasSubstr(canary)));
  }
  serve_.reset();  // so that the database's file is whole
  const std::string database = read_file(assay_.database_file());
  EXPECT_THAT(database, HasSubstr("card_number"));
  EXPECT_EQ(database.find(canary), std::string::npos);
}

TEST_F(CatalogTest, ARunThatDidNotSeeAllSaysNothingVanished) {
  assay_.must({"source", "add", "slow", "--url", server_.tcp_url(database_), "--setting", "views=true"});
  assay_.write("slow.yaml", "name: slow\nsources: [slow]\n");
  assay_.must({"template", "add", assay_.path("slow.yaml")});
  EXPECT_EQ(assay_.run({"job", "start", "slow", "--wait"}).exit_code, 0);
  run("DROP TABLE letters; CREATE VIEW sleeps AS SELECT pg_sleep(1000)::text");
  assay_.must({"job", "start", "slow"});
  run(R"(DO $$ BEGIN
           FOR i IN 1..1000 LOOP
             PERFORM pg_stat_clear_snapshot();
             EXIT WHEN EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND
                               wait_event = 'PgSleep' AND pid <> pg_backend_pid());
             PERFORM pg_sleep(0.05);
           END LOOP; END $$)");
  assay_.must({"job", "cancel", "2"});
  EXPECT_EQ(assay_.wait_for_status(2, {"CANCELLED", "COMPLETED", "FAILED"}), "CANCELLED");
  EXPECT_THAT(names({"--source", "slow"}), testing::Contains("public.letters"));
  EXPECT_THAT(assay_.must({"catalog", "diff", "slow"}),
              AllOf(HasSubstr("Run 2 did not see all"), Not(HasSubstr("vanished ("))));

  run("DROP VIEW sleeps");
  EXPECT_EQ(assay_.run({"job", "start", "slow", "--wait"}).exit_code, 0);
  EXPECT_THAT(names({"--source", "slow"}), Not(testing::Contains("public.letters")));
  EXPECT_THAT(assay_.must({"catalog", "diff", "slow"}), HasSubstr("- public.letters vanished (table)"));
}

TEST_F(CatalogTest, TablesInFilesAreInItToo) {
  std::string csv = "name,card\n";
  for (int i = 0; i < 50; ++i) csv += fmt::format("somebody {},{}\n", i, canary);
  assay_.write("files/clients.csv", csv);
  assay_.write("files/letter.txt", "To whom it may concern");
  assay_.add_source_and_template(assay_.path("files"));
  EXPECT_EQ(assay_.run({"job", "start", "all", "--wait"}).exit_code, 0);
  EXPECT_THAT(names({"--source", "files"}), ElementsAre(HasSubstr("/files/clients.csv")));
  const auto table = assay_.json({"catalog", "show", "files", "clients.csv"}).as_object();
  EXPECT_EQ(table.at("kind"), "file table");
  EXPECT_THAT(std::string(table.at("entities").at(0).as_string()), "CREDIT_CARD");
  EXPECT_EQ(table.at("columns").as_array().size(), 1U) << "without profiles only what got a verdict";
  EXPECT_THAT(assay_.must({"catalog", "export", "--source", "files"}), Not(HasSubstr(canary)));
}

TEST_F(CatalogTest, TablesInFilesComeWithTheirProfiles) {
  const auto write = [&](const std::string& heads, const std::string& more) {
    std::string csv = heads + "\n";
    for (int i = 0; i < 50; ++i) csv += fmt::format("2024-05-{:02},{}{}\n", i % 28 + 1, canary, more);
    assay_.write("files/orders.csv", csv);
  };
  write("placed,card", "");
  assay_.must({"source", "add", "files", "--path", assay_.path("files")});
  assay_.write("files.yaml", "name: files\nsources: [files]\nquality: true\n");
  assay_.must({"template", "add", assay_.path("files.yaml")});
  EXPECT_EQ(assay_.run({"job", "start", "files", "--wait"}).exit_code, 0);
  const auto table = assay_.json({"catalog", "show", "files", "orders.csv"}).as_object();
  EXPECT_EQ(table.at("examined_rows").as_int64(), 50);
  EXPECT_EQ(table.at("newest_value_s").as_int64(), 1'716'854'400) << "2024-05-28, which is no secret";
  EXPECT_TRUE(table.at("quality").as_object().contains("freshness"));
  const auto& columns = table.at("columns").as_array();
  ASSERT_EQ(columns.size(), 2U);
  EXPECT_EQ(columns[0].at("verdicts").at(0).at("entity"), "DATE_TIME");
  EXPECT_TRUE(columns[0].at("profile").as_object().contains("minimum"));
  EXPECT_EQ(columns[1].at("verdicts").at(0).at("entity"), "CREDIT_CARD");
  EXPECT_FALSE(columns[1].at("profile").as_object().contains("minimum"));

  write("placed,card,paid", ",no");
  EXPECT_EQ(assay_.run({"job", "start", "files", "--wait"}).exit_code, 0);
  const auto changes = assay_.json({"catalog", "diff", "files"}).at("changes").as_array();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].at("what"), "appeared");
  EXPECT_EQ(changes[0].at("column"), "paid");

  assay_.write("plain.yaml", "name: plain\nsources: [files]\n");
  assay_.must({"template", "add", assay_.path("plain.yaml")});
  write("placed,card,paid", ",yes");
  EXPECT_EQ(assay_.run({"job", "start", "plain", "--wait"}).exit_code, 0);
  EXPECT_EQ(assay_.json({"catalog", "diff", "files"}).at("changes").as_array().size(), 0U);
  const auto after = assay_.json({"catalog", "show", "files", "orders.csv"}).as_object();
  EXPECT_EQ(after.at("columns").as_array().size(), 3U);
  EXPECT_EQ(after.at("last_seen_run").as_int64(), 3);
}

TEST_F(CatalogTest, TablesOfOneNameAreToldApartByTheirPlace) {
  const std::string other = server_.create_database();
  sql::connect({.url = server_.url(other), .application_name = {}, .now_ms = {}})
      ->run_script("CREATE TABLE people (id int)");
  assay_.must({"source", "add", "both", "--url", server_.tcp_url(database_), "--url", server_.tcp_url(other)});
  assay_.write("both.yaml", "name: both\nsources: [both]\n");
  assay_.must({"template", "add", assay_.path("both.yaml")});
  EXPECT_EQ(assay_.run({"job", "start", "both", "--wait"}).exit_code, 0);
  server_.drop_database(other);
  const auto refused = assay_.run({"catalog", "show", "both", "public.people"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("/" + database_ + "/public/people"), HasSubstr("/" + other + "/public/")));
  for (const auto& each : assay_.json({"catalog", "list", "--source", "both"}).as_array()) {
    const std::string object(each.at("object").as_string());
    if (object.find(other) != std::string::npos)
      EXPECT_EQ(assay_.json({"catalog", "show", "both", object}).at("column_count").as_int64(), 1);
  }
}

TEST_F(CatalogTest, WrongTurnsAreSaidInOneSentence) {
  scan();
  const auto expect_refusal = [&](std::vector<std::string> arguments, const std::string& why) {
    const auto result = assay_.run(std::move(arguments));
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_THAT(result.err, HasSubstr(why));
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    EXPECT_THAT(result.out, IsEmpty());
  };
  expect_refusal({"catalog", "list", "--source", "erp"}, "there is no source 'erp'");
  expect_refusal({"catalog", "show", "crm", "nothing"}, "there is no table 'nothing'");
  expect_refusal({"catalog", "diff", "erp"}, "there is no source 'erp'");
  expect_refusal({"catalog", "diff", "crm", "--from", "7"}, "no run 7");
  expect_refusal({"catalog", "list", "--schema", "[a"}, "[a");
  run("CREATE TABLE sales.people (id int)");
  scan();
  expect_refusal({"catalog", "show", "crm", "people"}, "public.people, sales.people");
  expect_refusal({"catalog", "diff", "crm", "--from", "2", "--to", "1"}, "not before");
}

}  // namespace
}  // namespace assay::tests
