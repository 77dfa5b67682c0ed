#include "connect/postgresql/postgresql_connector.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <numeric>
#include <span>
#include <thread>

#include "connect/tables/table_conformance_test.h"
#include "core/error.h"
#include "model/row_stream.h"
#include "sql/connection.h"
#include "sql/identifier.h"
#include "tests/support/postgres_server.h"

namespace assay::connect::postgresql {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

class PostgresqlPlace final : public TablePlace {
 public:
  PostgresqlPlace() : server_(test::PostgresServer::shared()), database_(server_.create_database()) {}
  ~PostgresqlPlace() override { server_.drop_database(database_); }

  const ConnectorKind& kind() const override { return postgresql_kind(); }
  SourceAddress address() const override { return address_at(server_.port()); }
  SourceAddress address_at(int port) const override {
    return {.roots = {fmt::format("postgresql://assay@127.0.0.1:{}/{}", port, database_)}};
  }
  int port() const override { return server_.port(); }
  void restart() override { server_.restart(); }
  void run(const std::string& sql) override {
    sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}})->run_script(sql);
  }
  std::string quoted(std::string_view name) const override {
    return sql::quote_identifier(sql::Dialect::postgresql, name);
  }
  std::string schema() const override { return "public"; }
  std::string bytes_type() const override { return "bytea"; }
  std::string repeated(char letter, uint64_t size) const override {
    return fmt::format("repeat('{}', {})", letter, size);
  }
  std::string bytes(std::string_view hex) const override { return fmt::format("'\\x{}'::bytea", hex); }
  void fill(const std::string& name, uint64_t rows, uint64_t width) override {
    run(fmt::format("CREATE TABLE {0} AS SELECT n, repeat('x', {2}) AS t FROM generate_series(1, {1}) n", quoted(name),
                    rows, width));
  }
  std::string reading_word() const override { return "COPY"; }
  std::optional<SourceAddress> limited() override {
    run(R"(DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
           GRANT SELECT ON open TO reader)");
    return SourceAddress{.roots = {server_.tcp_url(database_, "reader")}};
  }
  void revoke() override { run("REVOKE SELECT ON open FROM reader"); }
  bool has_waiting() override {
    return !sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}})
                ->query(
                    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                .empty();
  }
  std::optional<SourceAddress> refused() const override {
    SourceAddress address{.roots = {server_.tcp_url(database_, "with_password")}};
    address.settings["password"] = "env:nonsense";
    return address;
  }

 private:
  test::PostgresServer& server_;
  std::string database_;
};

std::unique_ptr<TablePlace> make_place() { return std::make_unique<PostgresqlPlace>(); }

class Postgresql : public testing::Test {
 protected:
  Postgresql() : server_(test::PostgresServer::shared()), database_(server_.create_database()) {
    address_.roots = {server_.tcp_url(database_)};
  }
  ~Postgresql() override { server_.drop_database(database_); }

  // A session of its own, at whose end the server counts what it did.
  void run(const std::string& sql) const {
    sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}})->run_script(sql);
  }

  std::unique_ptr<Connector> connector(std::stop_token stop = {}) const {
    return ConnectorKinds({postgresql_kind()})
        .make("postgresql", address_,
              {.resolve_secret = [](std::string_view name) { return core::Sensitive(std::string(name.substr(4))); },
               .stop = std::move(stop)});
  }
  EntryRecorder enumerated(const std::string& resume_after = {}) const {
    EntryRecorder recorder;
    connector()->enumerate(0, resume_after, recorder);
    return recorder;
  }
  std::vector<std::vector<std::string>> rows(const std::string& name) const {
    const auto source = connector();
    auto opened = source->open(0, name);
    if (!opened) {
      ADD_FAILURE() << opened.error().reason;
      return {};
    }
    return rows_of(stream_of(*opened->reader)).rows;
  }

  test::PostgresServer& server_;
  std::string database_;
  SourceAddress address_;
};

TEST_F(Postgresql, TablesOfAllSchemasAreObjectsAndViewsSayWhyTheyAreNot) {
  run(R"(CREATE TABLE people (id int); CREATE SCHEMA "odd/name 100%"; CREATE TABLE "odd/name 100%"."Ünïcode" (x text);
         CREATE VIEW v AS SELECT * FROM people; CREATE MATERIALIZED VIEW m AS SELECT * FROM people)");
  const auto found = enumerated();
  EXPECT_THAT(found.names(), ElementsAre("odd%2Fname 100%25/Ünïcode", "public/m", "public/people"));
  ASSERT_THAT(found.unread, ElementsAre(Pair("public/v", testing::_)));
  EXPECT_EQ(found.unread[0].second.kind, model::VerdictKind::excluded);
  EXPECT_TRUE(found.entries[0].is_table);
  EXPECT_THAT(rows("odd%2Fname 100%25/Ünïcode"), IsEmpty());
  EXPECT_EQ(connector()->path_of(0, "public/people"),
            fmt::format("postgresql://127.0.0.1:{}/{}/public/people", server_.port(), database_));
  address_.settings["views"] = "true";
  EXPECT_THAT(enumerated().names(), SizeIs(4));
}

TEST_F(Postgresql, EnumerationGoesOnBehindAnyTableAndPageByPage) {
  std::string sql;
  for (int i = 0; i < 1100; ++i) sql += fmt::format("CREATE TABLE \"{}t{}\" ();", i % 2 == 0 ? "A" : "b", i);
  run(sql);
  const auto all = enumerated().names();
  ASSERT_THAT(all, SizeIs(1100));
  for (const size_t at : {size_t{0}, size_t{499}, size_t{500}, size_t{1099}})
    EXPECT_EQ(enumerated(all[at]).names(), std::vector(all.begin() + static_cast<ptrdiff_t>(at) + 1, all.end()));
}

TEST_F(Postgresql, ValuesOfEveryTypeComeAsTheDatabaseWritesThem) {
  run(R"(CREATE DOMAIN mail AS text;
         CREATE TABLE t (i bigint, n numeric, b boolean, d date, ts timestamptz, u uuid, a text[], j jsonb, x xml,
                         bin bytea, m mail, ip inet, s text);
         INSERT INTO t VALUES (1, 2.50, true, '2026-01-31', '2026-01-31 12:00+00', '01234567-89ab-cdef-0123-456789abcdef',
                               ARRAY['a b', 'c'], '{"k": "v"}', '<a>1</a>', '\x00ff', 'x@example.com', '10.0.0.1',
                               E'tab\there\nand \\ back'),
                              (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ''))");
  EXPECT_THAT(
      rows("public/t"),
      ElementsAre(ElementsAre("1", "2.50", "t", "2026-01-31", "2026-01-31 12:00:00+00",
                              "01234567-89ab-cdef-0123-456789abcdef", "{\"a b\",c}", "{\"k\": \"v\"}", "<a>1</a>",
                              std::string("\0\xff", 2), "x@example.com", "10.0.0.1", "tab\there\nand \\ back"),
                  ElementsAre("-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "")));
}

// Texts, integers and bytes come in the binary format, and in the text format beside a column of another type.
TEST_F(Postgresql, TheSameIsReadInBothFormats) {
  run(R"(CREATE DOMAIN short AS varchar(9);
         CREATE TABLE b (t text, v varchar(20), d short, c char(5), j json, x xml, i int[], r int4range, y bytea, n bigint,
                         k int, s smallint);
         INSERT INTO b VALUES
           (E'tab\t, line\nend\r, back\\slash, \\N', 'ü€😀', '', 'ab', '{"a": "\\t"}', '<a>1</a>', '{1,NULL,-3}', '[1,5)',
            '\x00ff5c09', -9223372036854775808, 2147483647, -32768),
           (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
           ('', '\N', E'\\', '', 'null', '', '{}', 'empty', '', 0, -1, 7),
           (repeat('long', 100000), '', '', '', '[]', '<b/>', '{}', '(,)', decode(repeat('00ff', 5000), 'hex'), 1, 1, 1);
         CREATE TABLE plain AS SELECT b.*, true AS yes FROM b;
         CREATE TABLE toasted AS SELECT b.t, b.y, b.n FROM b;
         INSERT INTO toasted SELECT string_agg(md5(n::text), ''), '\x01', 5 FROM generate_series(1, 10000) n;
         CREATE TABLE toasted_plain AS SELECT toasted.*, true AS yes FROM toasted)");
  for (const std::string name : {"b", "toasted"}) {
    auto binary = rows("public/" + name), text = rows(name == "b" ? "public/plain" : "public/toasted_plain");
    ASSERT_EQ(binary.size(), text.size());
    ASSERT_GE(binary.size(), 4U);
    for (auto& row : text) row.pop_back();
    EXPECT_EQ(binary, text) << name;
  }
  EXPECT_EQ(rows("public/b")[0][0], "tab\t, line\nend\r, back\\slash, \\N");
}

// In the binary format something stands behind the last row.
TEST_F(Postgresql, TablesFollowOneAnotherBehindALimit) {
  run("CREATE TABLE a AS SELECT n, 'x' AS x FROM generate_series(1, 9) n; CREATE TABLE b AS SELECT * FROM a");
  address_.settings["max_rows"] = "3";
  const auto source = connector();
  for (const char* name : {"public/a", "public/b", "public/a"}) {
    auto opened = source->open(0, name);
    ASSERT_TRUE(opened);
    EXPECT_THAT(rows_of(stream_of(*opened->reader)).rows, SizeIs(3));
  }
}

TEST_F(Postgresql, DatesOutOfRangeAreReadAsTheyStand) {
  run(R"(CREATE TABLE t (d date, ts timestamptz, n numeric, f float8, i interval);
         INSERT INTO t VALUES ('infinity', '-infinity', 'NaN', 'Infinity', '-178000000 years'),
                              ('4713-01-01 BC', '294276-12-31 23:59:59+00', -0.0, '-0', '1 day'))");
  EXPECT_THAT(rows("public/t"),
              ElementsAre(ElementsAre("infinity", "-infinity", "NaN", "Infinity", "-178000000 years"),
                          ElementsAre("4713-01-01 BC", "294276-12-31 23:59:59+00", "0.0", "-0", "1 day")));
}

TEST_F(Postgresql, BytesThatAreNoTextOfAnyEncodingAreReadAsTheyStand) {
  const std::string database = database_ + "_bytes";
  run(fmt::format("CREATE DATABASE {} ENCODING SQL_ASCII LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0", database));
  sql::connect({.url = server_.url(database), .application_name = {}, .now_ms = {}})
      ->run_script(
          R"(CREATE TABLE t (n int, x text); INSERT INTO t VALUES (1, convert_from('\xe9'::bytea, 'SQL_ASCII')),
                      (2, 'after'))");
  address_.roots = {server_.tcp_url(database)};
  EXPECT_THAT(rows("public/t"), ElementsAre(ElementsAre("1", "\xe9"), ElementsAre("2", "after")));
  server_.drop_database(database);
}

TEST_F(Postgresql, ALongValueOfAnyTypeIsCutByTheServer) {
  run(R"(CREATE DOMAIN text_line AS text; CREATE DOMAIN named_line AS text_line; CREATE TYPE pair AS (a int, b text);
         CREATE VIEW l AS SELECT repeat('x', 20000000) AS l)");
  for (const char* value : {"ARRAY[l]", "l::named_line", "(1, l)::pair", "to_jsonb(l)", "l::bytea", "l", "l::xml"}) {
    run(fmt::format("DROP TABLE IF EXISTS t; CREATE TABLE t AS SELECT {} AS v, 'short' AS s FROM l", value));
    const auto source = connector();
    auto opened = source->open(0, "public/t");
    ASSERT_TRUE(opened.has_value()) << value << opened.error().reason;
    const RowsRead read = rows_of(stream_of(*opened->reader));
    ASSERT_THAT(read.rows, SizeIs(1));
    EXPECT_EQ(read.cut_cells, 1U) << value;
    EXPECT_EQ(read.rows[0][0].size(), model::max_cell_bytes) << value;
    EXPECT_EQ(read.rows[0][1], "short");
  }
}

TEST_F(Postgresql, ARowOfManyLongValuesIsCutAsAWhole) {
  run(R"(CREATE TABLE t AS SELECT l AS a, l AS b, l AS c, l AS d, l::bytea AS e, l AS f, l AS g, 'short' AS s
         FROM repeat('x', 15000000) l;
         INSERT INTO t VALUES (repeat('y', 15000000), NULL, 'b', NULL, NULL, NULL, NULL, 'short'))");
  const uint64_t before = peak_memory();
  const auto source = connector();
  auto opened = source->open(0, "public/t");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  const RowsRead read = rows_of(stream_of(*opened->reader));
  EXPECT_LT(peak_memory() - before, uint64_t{250} << 20);
  ASSERT_THAT(read.rows, SizeIs(2));
  EXPECT_EQ(read.cut_cells, 7U);
  for (size_t i = 0; i < 7; ++i)
    EXPECT_THAT(read.rows[0][i].size(), AllOf(testing::Gt(1U << 20), testing::Lt(4U << 20)));
  EXPECT_EQ(read.rows[0][7], "short");
  EXPECT_EQ(read.rows[1][0].size(), 15'000'000U);
  EXPECT_EQ(read.rows[1][2], "b");
}

TEST_F(Postgresql, AValueOfAGigabyteCostsNoMoreMemoryThanOneThatIsCut) {
  // Made by the server, and small where it lies; it takes none of more than 1 GiB.
  run("CREATE TABLE t AS SELECT repeat(repeat('x', 1000000), 1000) AS x, 1 AS n;"
      "CREATE TABLE u AS SELECT repeat('y', 20000000) x");
  rows("public/u");
  const uint64_t before = peak_memory();
  const auto source = connector();
  auto opened = source->open(0, "public/t");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  std::string piece(100'000, '\0');
  uint64_t bytes = 0;
  while (const size_t n = opened->reader->read(piece)) bytes += n;
  EXPECT_THAT(bytes, AllOf(testing::Gt(model::max_cell_bytes), testing::Lt(model::max_cell_bytes + 1'000)));
  EXPECT_LT(peak_memory() - before, uint64_t{100} << 20);
}

TEST_F(Postgresql, APartitionedTableIsOneObjectWithTheRowsOfItsPartitions) {
  run(R"(CREATE TABLE p (k int, v text) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
         CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); INSERT INTO p VALUES (1, 'a'), (2, 'b'))");
  EXPECT_THAT(enumerated().names(), ElementsAre("public/p"));
  EXPECT_THAT(rows("public/p"), testing::UnorderedElementsAre(ElementsAre("1", "a"), ElementsAre("2", "b")));
}

TEST_F(Postgresql, TheChangeIdTellsThatRowsChangedAlsoInAPartition) {
  run(R"(CREATE TABLE a (k int); INSERT INTO a VALUES (1); CREATE TABLE p (k int) PARTITION BY LIST (k);
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1))");
  const auto before = enumerated().entries;
  ASSERT_THAT(before, SizeIs(2));
  EXPECT_NE(before[0].change_id, "");
  EXPECT_EQ(enumerated().entries[0].change_id, before[0].change_id);
  run("UPDATE a SET k = 2");
  const auto after = enumerated().entries;
  EXPECT_NE(after[0].change_id, before[0].change_id);
  EXPECT_EQ(after[1].change_id, before[1].change_id);
  run("INSERT INTO p VALUES (1)");
  EXPECT_NE(enumerated().entries[1].change_id, before[1].change_id);
  run("TRUNCATE a");
  EXPECT_NE(enumerated().entries[0].change_id, after[0].change_id);
}

TEST_F(Postgresql, ATableThatWasRewrittenSinceTheSnapshotIsReadInAnother) {
  run(R"(CREATE TABLE before AS SELECT 1 AS n; CREATE TABLE rewritten AS SELECT 1 AS n; CREATE TABLE emptied AS SELECT 1 AS n;
         CREATE TABLE p (k int, v text) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
         INSERT INTO p VALUES (1, 'a'))");
  const auto source = connector();
  const auto read = [&](const std::string& name) {
    auto opened = source->open(0, "public/" + name);
    if (opened) return rows_of(stream_of(*opened->reader)).rows;
    ADD_FAILURE() << name << ": " << opened.error().reason;
    return std::vector<std::vector<std::string>>();
  };
  EXPECT_THAT(read("before"), SizeIs(1));  // its snapshot is the next tables'
  run("ALTER TABLE rewritten ALTER COLUMN n TYPE numeric(5, 1)");
  EXPECT_TRUE(source->describe(0, "public/rewritten").has_value());
  EXPECT_THAT(read("before"), SizeIs(1));
  run("ALTER TABLE rewritten ALTER COLUMN n TYPE numeric(6, 1)");
  EXPECT_THAT(read("rewritten"), ElementsAre(ElementsAre("1.0")));
  run("TRUNCATE emptied; INSERT INTO emptied VALUES (2)");
  EXPECT_THAT(read("emptied"), ElementsAre(ElementsAre("2")));
  run("TRUNCATE p1; INSERT INTO p VALUES (1, 'b')");
  EXPECT_THAT(read("p"), ElementsAre(ElementsAre("1", "b")));
  run("ALTER TABLE before ADD COLUMN m int");
  EXPECT_THAT(read("before"), SizeIs(1));
}

TEST_F(Postgresql, OnlySoMuchIsReadAsTheSettingsSay) {
  run("CREATE TABLE t AS SELECT generate_series(1, 50000) AS n");
  EXPECT_THAT(rows("public/t"), SizeIs(50'000));
  address_.settings["sample_percent"] = "10";
  EXPECT_THAT(rows("public/t"), SizeIs(AllOf(testing::Gt(500U), testing::Lt(20'000U))));
  address_.settings["max_rows"] = "7";
  EXPECT_THAT(rows("public/t"), SizeIs(testing::Le(7U)));
}

TEST_F(Postgresql, WhatIsReadSlowlyComesEverySecond) {
  run("CREATE TABLE t AS SELECT repeat('x', 900) AS t FROM generate_series(1, 100)");
  address_.settings["bytes_per_s"] = "10000";
  const auto source = connector();
  auto opened = source->open(0, "public/t");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  std::string piece(100'000, '\0');
  EXPECT_LT(opened->reader->read(piece), 100U) << "what the columns are";
  for (int i = 0; i < 2; ++i)
    EXPECT_THAT(opened->reader->read(piece), AllOf(testing::Ge(9'000U), testing::Lt(12'000U)));
}

TEST_F(Postgresql, ATableThatMayNotBeReadCostsOnlyItself) {
  run(fmt::format(R"(CREATE TABLE open (x int); INSERT INTO open VALUES (1); CREATE TABLE closed (x int);
         DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
         GRANT SELECT ON open TO reader)"));
  address_.roots = {server_.tcp_url(database_, "reader")};
  const auto source = connector();
  const auto closed = source->open(0, "public/closed");
  ASSERT_FALSE(closed.has_value());
  EXPECT_EQ(closed.error().kind, model::VerdictKind::io_error);
  EXPECT_THAT(closed.error().reason, HasSubstr("permission denied"));
  EXPECT_FALSE(source->open(0, "public/absent").has_value());
  auto opened = source->open(0, "public/open");
  ASSERT_TRUE(opened.has_value());
  EXPECT_THAT(rows_of(stream_of(*opened->reader)).rows, SizeIs(1));
}

TEST_F(Postgresql, RowsThatRowSecurityHidesAreNotPassedOverInSilence) {
  run(R"(CREATE TABLE hidden (x int); INSERT INTO hidden VALUES (1); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
         DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
         GRANT SELECT ON hidden TO reader)");
  address_.roots = {server_.tcp_url(database_, "reader")};
  const auto opened = connector()->open(0, "public/hidden");
  ASSERT_FALSE(opened.has_value());
  EXPECT_THAT(opened.error().reason, HasSubstr("row-level security"));
}

TEST_F(Postgresql, NothingCanBeWritten) {
  run("CREATE SEQUENCE s; CREATE VIEW v AS SELECT nextval('s') AS n");
  address_.settings["views"] = "true";
  const auto source = connector();
  auto opened = source->open(0, "public/v");
  ASSERT_TRUE(opened.has_value());
  EXPECT_THROW(stream_of(*opened->reader), ReadFailure);
}

TEST_F(Postgresql, AStatementThatTakesTooLongIsATimeoutOfItsTable) {
  run("CREATE VIEW slow AS SELECT pg_sleep(60)::text AS x");
  address_.settings = {{"views", "true"}, {"statement_timeout_s", "1"}};
  const auto source = connector();
  auto opened = source->open(0, "public/slow");
  ASSERT_TRUE(opened.has_value());
  try {
    stream_of(*opened->reader);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const ReadFailure& failure) {
    EXPECT_EQ(failure.verdict().kind, model::VerdictKind::timeout);
  }
}

TEST_F(Postgresql, AStopEndsAStatementWithinASecond) {
  run("CREATE VIEW slow AS SELECT pg_sleep(60)::text AS x");
  address_.settings = {{"views", "true"}};
  std::stop_source stop;
  std::chrono::steady_clock::time_point asked;
  std::jthread stopper([&] {
    const auto watch = sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}});
    while (
        watch
            ->query("SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%slow%' AND datname = "
                    "current_database()")
            .empty())
      std::this_thread::yield();
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  const auto source = connector(stop.get_token());
  EXPECT_THROW(
      {
        auto opened = source->open(0, "public/slow");
        stream_of(*opened->reader);
      },
      core::Error);
  stopper.join();
  EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(1));
}

TEST_F(Postgresql, TheTableIsDescribed) {
  run(R"(CREATE TABLE t (a int, b varchar(40) NOT NULL, PRIMARY KEY (b, a)); COMMENT ON TABLE t IS 'people';
         COMMENT ON COLUMN t.b IS 'family name'; INSERT INTO t VALUES (1, 'x'); ANALYZE t)");
  const auto table = connector()->describe(0, "public/t");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->comment, "people");
  EXPECT_EQ(table->estimated_rows, 1U);
  ASSERT_THAT(table->columns, SizeIs(2));
  EXPECT_EQ(table->columns[1].native_type, "character varying(40)");
  EXPECT_EQ(table->columns[1].comment, "family name");
  EXPECT_FALSE(table->columns[1].is_nullable);
  EXPECT_EQ(table->columns[1].key_position, 1U);
  EXPECT_EQ(table->columns[0].key_position, 2U);
}

TEST_F(Postgresql, ATableThatCannotBeDescribedNowDoesNotSpoilTheNext) {
  run("CREATE TABLE locked (a int); CREATE TABLE next (a int)");
  address_.settings["statement_timeout_s"] = "1";
  const auto source = connector();
  const auto other = sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}});
  other->begin();
  other->run_script("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
  try {
    source->describe(0, "public/locked");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_NE(error.kind(), core::ErrorKind::transient) << "it is the table's matter, not the source's";
  }
  EXPECT_TRUE(source->describe(0, "public/next").has_value());
  other->rollback();
  EXPECT_TRUE(source->describe(0, "public/locked").has_value());
}

TEST_F(Postgresql, AWrongPasswordIsDeniedAndTheRightOneOpens) {
  run("DO $$ BEGIN CREATE ROLE with_password LOGIN PASSWORD 'p@ss/w:rd%'; EXCEPTION WHEN duplicate_object THEN ALTER "
      "ROLE "
      "with_password PASSWORD 'p@ss/w:rd%'; END $$");
  address_.roots = {server_.tcp_url(database_, "with_password")};
  address_.settings["password"] = "env:not the password";
  const Trial refused = connector()->test(10);
  EXPECT_FALSE(refused.ok);
  ASSERT_THAT(refused.problems, SizeIs(1));
  EXPECT_THAT(refused.problems[0], testing::Not(HasSubstr("not the password")));
  address_.settings["password"] = "env:p@ss/w:rd%";
  const Trial trial = connector()->test(10);
  EXPECT_TRUE(trial.ok);
  EXPECT_THAT(trial.summary, AllOf(HasSubstr("PostgreSQL 1"), HasSubstr("0 tables")));
}

TEST_F(Postgresql, AServerThatIsNotThereIsWorthARetry) {
  address_.roots = {"postgresql://assay@127.0.0.1:1/x"};
  try {
    enumerated();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::transient);
  }
}

TEST_F(Postgresql, SettingsThatSayNothingAreRefusedByName) {
  for (const auto& [name, value] : std::map<std::string, std::string>{{"views", "yes"},
                                                                      {"max_rows", "-1"},
                                                                      {"sample_percent", "0"},
                                                                      {"certainty", "99"},
                                                                      {"sample", "all"},
                                                                      {"statement_timeout_s", "1h"}}) {
    address_.settings = {{name, value}};
    try {
      connector();
      ADD_FAILURE() << name;
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      EXPECT_THAT(error.what(), HasSubstr(name));
    }
  }
}

TEST_F(Postgresql, ASampleThatIsAdaptiveIsOfMoreAndMoreBlocks) {
  run("CREATE TABLE t AS SELECT i AS n FROM generate_series(1, 300000) i");
  run("CREATE TABLE small AS SELECT i AS n FROM generate_series(1, 1000) i");
  run("CREATE VIEW v AS SELECT * FROM t");
  run("ANALYZE");
  address_.settings["sample"] = "adaptive";
  address_.settings["views"] = "true";
  const auto source = connector();
  auto opened = source->open(0, "public/t");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  const RowsRead read = rows_of(stream_of(*opened->reader));
  EXPECT_TRUE(read.is_random);
  ASSERT_THAT(read.round_ends, SizeIs(3));
  EXPECT_NEAR(static_cast<double>(read.round_ends[0]), 8192, 5'000);
  EXPECT_NEAR(static_cast<double>(read.round_ends[2]), 57'344, 15'000);
  EXPECT_EQ(read.of_rows, 300'000U);
  const auto first_round = std::span(read.rows).first(read.round_ends[0]);
  const auto second_round = std::span(read.rows).subspan(read.round_ends[0], first_round.size());
  EXPECT_FALSE(std::ranges::equal(first_round, second_round)) << "each round chooses anew";

  opened = source->open(0, "public/small");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  const RowsRead all = rows_of(stream_of(*opened->reader));
  EXPECT_THAT(all.rows, SizeIs(1000));
  EXPECT_THAT(all.round_ends, testing::IsEmpty());

  opened = source->open(0, "public/v");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  EXPECT_THAT(rows_of(stream_of(*opened->reader)).round_ends,
              testing::ElementsAre(8192, 24'576, 57'344, 122'880, 253'952));
}

TEST_F(Postgresql, ASampleOfRowsOfAViewIsASampleToo) {
  run("CREATE VIEW v AS SELECT generate_series(1, 10000) AS n");
  address_.settings = {{"views", "true"}, {"sample_percent", "10"}};
  EXPECT_THAT(rows("public/v"), SizeIs(AllOf(testing::Gt(500U), testing::Lt(2'000U))));
}

TEST_F(Postgresql, AConditionCanReadButNotWrite) {
  run("CREATE TABLE t AS SELECT 1 AS n; CREATE SEQUENCE s");
  address_.settings["where"] = "nextval('s') > 0";
  const auto source = connector();
  auto opened = source->open(0, "public/t");
  ASSERT_TRUE(opened.has_value());
  EXPECT_THROW(stream_of(*opened->reader), ReadFailure);
}

/// The first cells of all rows of all ranges, each read by a connector of its own.
std::vector<int> numbers_of(const std::function<std::unique_ptr<Connector>()>& connector, const std::string& name,
                            const TableRanges& ranges, std::string* part = nullptr) {
  std::vector<int> numbers;
  for (const std::string& range : ranges.ranges) {
    const auto source = connector();
    auto opened = source->open_range(0, name, range, ranges.snapshot);
    if (!opened) throw std::runtime_error(opened.error().reason);
    for (const auto& row : rows_of(stream_of(*opened->reader)).rows) numbers.push_back(std::stoi(row.at(0)));
    if (part != nullptr) *part = opened->part;
  }
  return numbers;
}

std::vector<int> up_to(int last) {
  std::vector<int> all(static_cast<size_t>(last));
  std::iota(all.begin(), all.end(), 1);
  return all;
}

TEST_F(Postgresql, RangesOfBlocksAreTheTableOfOneMoment) {
  run("CREATE TABLE t AS SELECT n, repeat('x', 100) AS x FROM generate_series(1, 20000) n");
  auto ranges = connector()->ranges(0, "public/t", {.range_bytes = 500'000, .most = 100});
  ASSERT_TRUE(ranges.has_value());
  EXPECT_THAT(ranges->ranges, SizeIs(6));  // of 2.8 MB
  EXPECT_FALSE(ranges->snapshot.empty());
  run("DELETE FROM t WHERE n % 2 = 0; INSERT INTO t SELECT n, 'new' FROM generate_series(20001, 40000) n");
  std::string part;
  const auto make = [this] { return connector(); };
  EXPECT_THAT(numbers_of(make, "public/t", *ranges, &part), testing::UnorderedElementsAreArray(up_to(20'000)));
  EXPECT_EQ(part, "");
  // Once nobody keeps it, each range is as it is now, and says so.
  ranges->held.reset();
  std::vector<int> now = numbers_of(make, "public/t", *ranges, &part);
  EXPECT_THAT(now, SizeIs(30'000));
  EXPECT_THAT(part, HasSubstr("later"));
}

TEST_F(Postgresql, RangesOfATableAreThoseOfItsPartitionsAndDescendants) {
  run(R"(CREATE TABLE whole (n int, x text) PARTITION BY RANGE (n);
         CREATE TABLE low PARTITION OF whole FOR VALUES FROM (0) TO (9000);
         CREATE TABLE high PARTITION OF whole FOR VALUES FROM (9000) TO (100000);
         INSERT INTO whole SELECT n, repeat('x', 100) FROM generate_series(1, 20000) n;
         CREATE TABLE parent AS SELECT n, repeat('x', 100) AS x FROM generate_series(1, 5000) n;
         CREATE TABLE child () INHERITS (parent);
         INSERT INTO child SELECT n, repeat('x', 100) FROM generate_series(5001, 20000) n)");
  for (const char* name : {"public/whole", "public/parent"}) {
    const auto ranges = connector()->ranges(0, name, {.range_bytes = 100'000, .most = 5});
    ASSERT_TRUE(ranges.has_value()) << name;
    EXPECT_THAT(ranges->ranges, SizeIs(5));
    EXPECT_THAT(numbers_of([this] { return connector(); }, name, *ranges),
                testing::UnorderedElementsAreArray(up_to(20'000)))
        << name;
  }
}

TEST_F(Postgresql, WhatIsBoundedOrHasNoBlocksIsReadWhole) {
  run(R"(CREATE TABLE t AS SELECT n, repeat('x', 100) AS x FROM generate_series(1, 20000) n;
         CREATE TABLE small AS SELECT 1 AS n; CREATE VIEW v AS SELECT * FROM t)");
  for (const char* name : {"public/small", "public/v", "public/none"})
    EXPECT_FALSE(connector()->ranges(0, name, {.range_bytes = 100'000, .most = 8}).has_value()) << name;
  EXPECT_FALSE(connector()->ranges(0, "public/t", {.range_bytes = 1 << 30, .most = 8}).has_value());
  const auto without =
      connector()->ranges(0, "public/t", {.range_bytes = 100'000, .most = 8, .may_keep_snapshot = false});
  ASSERT_TRUE(without.has_value());
  EXPECT_EQ(without->snapshot, "");
  EXPECT_EQ(without->held, nullptr);
  address_.settings["where"] = "n > 10000";
  const auto ranges = connector()->ranges(0, "public/t", {.range_bytes = 100'000, .most = 8});
  ASSERT_TRUE(ranges.has_value());
  EXPECT_THAT(numbers_of([this] { return connector(); }, "public/t", *ranges), SizeIs(10'000));
  for (const char* bound : {"max_rows", "max_bytes", "max_seconds", "sample_percent", "bytes_per_s"}) {
    address_.settings = {{bound, "50"}};
    EXPECT_FALSE(connector()->ranges(0, "public/t", {.range_bytes = 100'000, .most = 8}).has_value()) << bound;
  }
}

}  // namespace
}  // namespace assay::connect::postgresql

namespace assay::connect {
INSTANTIATE_TEST_SUITE_P(Postgresql, TableConformance, testing::Values(&postgresql::make_place));
}  // namespace assay::connect
