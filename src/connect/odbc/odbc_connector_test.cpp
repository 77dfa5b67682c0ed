#include "connect/odbc/odbc_connector.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sql.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>

#include "connect/odbc/attributes.h"
#include "connect/odbc/dialect.h"
#include "connect/odbc/odbc_error.h"
#include "connect/odbc/utf16.h"
#include "connect/tables/table_conformance_test.h"
#include "core/error.h"
#include "sql/connection.h"
#include "sql/identifier.h"
#include "tests/support/mariadb_server.h"
#include "tests/support/postgres_server.h"

namespace assay::connect::odbc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string doubled(std::string_view name, char quote) {
  std::string text(1, quote);
  for (const char c : name) text += c == quote ? std::string(2, quote) : std::string(1, c);
  return text + quote;
}

class PostgresqlPlace final : public TablePlace {
 public:
  PostgresqlPlace() : server_(test::PostgresServer::shared()), database_(server_.create_database()) {}
  ~PostgresqlPlace() override { server_.drop_database(database_); }

  const ConnectorKind& kind() const override { return odbc_kind(); }
  SourceAddress address() const override { return address_at(server_.port()); }
  SourceAddress address_at(int port) const override { return of(port, "assay"); }
  SourceAddress of(int port, const std::string& user) const {
    return {.roots = {fmt::format("odbc://{}@postgres/{}", user, database_)},
            .settings = {{"connection", fmt::format("Driver=PostgreSQL Unicode;Server=127.0.0.1;Port={}", port)}}};
  }
  int port() const override { return server_.port(); }
  void restart() override { server_.restart(); }
  void run(const std::string& sql) override {
    sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}})->run_script(sql);
  }
  std::string quoted(std::string_view name) const override { return doubled(name, '"'); }
  std::string schema() const override { return "public"; }
  bool survives_cuts() const override { return false; }
  std::string bytes_type() const override { return "bytea"; }
  std::string repeated(char letter, uint64_t size) const override {
    return fmt::format("repeat('{}', {})", letter, size);
  }
  std::string bytes(std::string_view hex) const override { return fmt::format("'\\x{}'::bytea", hex); }
  void fill(const std::string& name, uint64_t rows, uint64_t width) override {
    run(fmt::format("CREATE TABLE {0} AS SELECT n, repeat('x', {2}) AS t FROM generate_series(1, {1}) n", quoted(name),
                    rows, width));
  }
  std::optional<SourceAddress> limited() override {
    run(R"(DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
           GRANT SELECT ON open TO reader)");
    return of(server_.port(), "reader");
  }
  void revoke() override { run("REVOKE SELECT ON open FROM reader"); }
  bool has_waiting() override {
    return !sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}})
                ->query(
                    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                .empty();
  }
  std::optional<SourceAddress> refused() const override {
    SourceAddress address = of(server_.port(), "with_password");
    address.settings["password"] = "nonsense";
    return address;
  }

 private:
  test::PostgresServer& server_;
  std::string database_;
};

class MariadbPlace final : public TablePlace {
 public:
  MariadbPlace() : server_(test::MariadbServer::shared()), database_(server_.create_database()) {}
  ~MariadbPlace() override { server_.drop_database(database_); }

  const ConnectorKind& kind() const override { return odbc_kind(); }
  SourceAddress address() const override { return address_at(server_.port()); }
  SourceAddress address_at(int port) const override { return of(port, "assay"); }
  SourceAddress of(int port, const std::string& user) const {
    return {.roots = {fmt::format("odbc://{}@mariadb/{}", user, database_)},
            .settings = {{"connection", fmt::format("Driver=MariaDB Unicode;Server=127.0.0.1;Port={}", port)}}};
  }
  int port() const override { return server_.port(); }
  void restart() override { server_.restart(); }
  void run(const std::string& sql) override { server_.run(database_, sql); }
  std::string quoted(std::string_view name) const override { return doubled(name, '`'); }
  std::string schema() const override { return database_; }
  bool fetches_all_first() const override { return true; }
  std::string text_type() const override { return "longtext"; }
  std::string bytes_type() const override { return "longblob"; }
  std::string repeated(char letter, uint64_t size) const override {
    return fmt::format("repeat('{}', {})", letter, size);
  }
  std::string bytes(std::string_view hex) const override { return fmt::format("x'{}'", hex); }
  void fill(const std::string& name, uint64_t rows, uint64_t width) override {
    run(fmt::format("CREATE TABLE {} AS SELECT seq AS n, CAST(repeat('x', {}) AS CHAR({})) AS t FROM seq_1_to_{}",
                    quoted(name), width, width, rows));
  }
  std::optional<SourceAddress> limited() override {
    run(fmt::format("GRANT SELECT ON {}.open TO reader@'%'", database_));
    return of(server_.port(), "reader");
  }
  void revoke() override { run(fmt::format("REVOKE SELECT ON {}.open FROM reader@'%'", database_)); }
  bool has_waiting() override { return server_.has_waiting(database_); }
  std::optional<SourceAddress> refused() const override {
    SourceAddress address = of(server_.port(), "with_password");
    address.settings["password"] = "nonsense";
    return address;
  }

 private:
  test::MariadbServer& server_;
  std::string database_;
};

class SqlitePlace final : public TablePlace {
 public:
  SqlitePlace() {
    std::string name = (std::filesystem::temp_directory_path() / "assay-odbc-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    sqlite3* handle = nullptr;
    EXPECT_EQ(sqlite3_open((folder_ / "db").c_str(), &handle), SQLITE_OK);
    handle_.reset(handle);
    run("PRAGMA synchronous = 0");
  }
  ~SqlitePlace() override {
    handle_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  const ConnectorKind& kind() const override { return odbc_kind(); }
  SourceAddress address() const override {
    return {.roots = {"odbc://sqlite"},
            .settings = {{"connection", "Driver=SQLite3;Database=" + (folder_ / "db").string()}}};
  }
  void run(const std::string& sql) override {
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
    sqlite3_free(message);
  }
  std::string quoted(std::string_view name) const override { return doubled(name, '"'); }
  std::string schema() const override { return ""; }
  std::string bytes_type() const override { return "blob"; }
  std::string repeated(char letter, uint64_t size) const override {
    return fmt::format("replace(hex(zeroblob({})), '00', '{}')", size, letter);
  }
  std::string bytes(std::string_view hex) const override { return fmt::format("x'{}'", hex); }
  void fill(const std::string& name, uint64_t rows, uint64_t width) override {
    run(fmt::format("CREATE TABLE {} (n int, t text)", quoted(name)));
    run(fmt::format(
        "INSERT INTO {} WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {}) SELECT "
        "n, {} FROM s",
        quoted(name), rows, repeated('x', width)));
  }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close(handle); }
  };
  std::filesystem::path folder_;
  std::unique_ptr<sqlite3, Close> handle_;
};

std::unique_ptr<TablePlace> make_postgresql_place() { return std::make_unique<PostgresqlPlace>(); }
std::unique_ptr<TablePlace> make_mariadb_place() { return std::make_unique<MariadbPlace>(); }
std::unique_ptr<TablePlace> make_sqlite_place() { return std::make_unique<SqlitePlace>(); }

TEST(OdbcTexts, BothWaysAndNoNonsense) {
  const std::string text = "a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80";
  EXPECT_EQ(to_utf16(text), u"a\u00FC\u20AC\U0001F600");
  EXPECT_EQ(to_utf8(to_utf16(text)), text);
  EXPECT_EQ(to_utf16("\xff\xc3(\xed\xa0\x80\xc0\xaf\xf0\x9f\x98"),
            std::u16string(u"\uFFFD\uFFFD(") + u"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(to_utf8(std::u16string{u'x', char16_t{0xD800}, u'y', char16_t{0xDC00}}), "x\uFFFDy\uFFFD");
}

TEST(OdbcAttributes, AreTakenApartAndPutTogether) {
  const Attributes attributes = parsed_attributes(" Driver = {A} ; C=x ;D={a;}}b}; ");
  EXPECT_THAT(attributes,
              testing::ElementsAre(testing::Pair("Driver", "A"), testing::Pair("C", "x"), testing::Pair("D", "a;}b")));
}

TEST(OdbcAttributes, APasswordHasNoPlaceInThem) {
  for (const char* bad :
       {"Driver=x;PWD=secret", "pwd={secret}", "Password=secret", "SSLKeyPassword=secret", "trustStorePasswd = secret",
        "Private_Key_Pwd=secret", "OAuth_Client_Secret=secret", "refreshtoken=secret", "pqopt={password=secret}",
        "pqopt={sslmode=require sslpassword = secret}", "x", "=y", "a={b", "a={b}c"}) {
    try {
      parsed_attributes(bad);
      ADD_FAILURE() << bad;
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
    }
  }
}

TEST(OdbcSettings, BoundsOnWhatAServerBearsAreRefused) {
  for (const char* bound : {"max_replication_lag_s", "max_running"}) {
    try {
      ConnectorKinds({odbc_kind()})
          .make("odbc", {.roots = {"odbc://dsn"}, .settings = {{bound, "5"}}}, {.resolve_secret = nullptr, .stop = {}});
      ADD_FAILURE() << bound;
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
      EXPECT_THAT(error.what(), testing::HasSubstr(bound));
    }
  }
}

TEST(OdbcAttributes, OtherKeysAndSettingsWithinValuesAreTaken) {
  EXPECT_THAT(parsed_attributes("PassThrough=1;pqopt={application_name=tokens sslmode=require};PRIV_KEY_FILE=/k"),
              testing::SizeIs(3));
}

TEST(OdbcAttributes, ValuesCannotBreakOut) {
  const Attributes attributes{{"PWD", "a};Driver={evil"}, {"UID", "plain-1.x"}};
  EXPECT_EQ(joined(attributes), "PWD={a}};Driver={evil};UID=plain-1.x;");
}

TEST(OdbcDialects, EachLimitsAndSamplesInItsWords) {
  DescribedTable table;
  table.plans = {plan_of(Dialect::standard, "a", SQL_INTEGER, 0)};
  const RowChoice choice{.where = "a > 1", .most_rows = 8, .sample = RowChoice::Sample::rows, .sample_percent = 5};
  const auto select = [&](Dialect dialect) { return select_statement(dialect, table, "t", choice); };
  EXPECT_EQ(select(Dialect::standard), "SELECT a FROM t WHERE (\na > 1\n)");
  EXPECT_EQ(select(Dialect::oracle), "SELECT a FROM t SAMPLE (5) WHERE (\na > 1\n) FETCH FIRST 8 ROWS ONLY");
  EXPECT_EQ(select(Dialect::db2),
            "SELECT a FROM t TABLESAMPLE BERNOULLI (5) WHERE (\na > 1\n) FETCH FIRST 8 ROWS ONLY");
  EXPECT_EQ(select(Dialect::snowflake), "SELECT a FROM t SAMPLE BERNOULLI (5) WHERE (\na > 1\n) LIMIT 8");
  EXPECT_EQ(select(Dialect::sqlserver),
            "SELECT TOP (8) a FROM t WHERE (\na > 1\n) AND ABS(CAST(CHECKSUM(NEWID()) AS bigint)) % 1000000 < 50000");
  EXPECT_EQ(dialect_of("DB2/LINUXX8664"), Dialect::db2);
  EXPECT_EQ(dialect_of("Something"), Dialect::standard);
}

TEST(OdbcDialects, NamesAreQuotedOrRefused) {
  EXPECT_EQ(quoted(Dialect::standard, "\"", "a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(quoted(Dialect::sqlserver, "\"", "a]b["), "[a]]b[]");
  EXPECT_EQ(quoted(Dialect::standard, " ", "plain_1"), "plain_1");
  EXPECT_THROW(quoted(Dialect::standard, " ", "a; DROP"), sql::Error);
  EXPECT_THROW(quoted(Dialect::standard, "\"", ""), sql::Error);
}

/// A database of SQLite behind a driver that has no catalog functions for columns and keys, and of whose SQL nothing is
/// known.
class PlainDriver : public testing::Test {
 protected:
  PlainDriver() : address_(place_.address()) {
    std::string& connection = address_.settings["connection"];
    connection.replace(connection.find("SQLite3"), 7, ASSAY_BUILD_DIR "/tests/libplain_odbc_driver.so");
    connection += ";StepAPI=1";  // rows as they come
  }
  std::unique_ptr<Connector> connector() const {
    return ConnectorKinds({odbc_kind()}).make("odbc", address_, {.resolve_secret = {}, .stop = {}});
  }

  SqlitePlace place_;
  SourceAddress address_;
};

TEST_F(PlainDriver, WhatItCannotTellOfATableIsLeftOut) {
  place_.run("CREATE TABLE t (n int PRIMARY KEY, t text)");
  place_.run("INSERT INTO t VALUES (1, 'x')");
  const auto source = connector();
  EXPECT_THAT(source->test(1).summary, HasSubstr("Plain"));
  auto opened = source->open(0, "t");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  EXPECT_THAT(rows_of(stream_of(*opened->reader)).rows, testing::ElementsAre(testing::ElementsAre("1", "x")));
  const auto table = source->describe(0, "t");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->columns.at(0).key_position, 0U);
}

TEST_F(PlainDriver, RowsThatAreNotChosenTakeTimeToo) {
  place_.run(
      "CREATE VIEW long AS WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s LIMIT 30000000) "
      "SELECT n FROM s");
  address_.settings.merge(
      std::map<std::string, std::string>{{"views", "true"}, {"sample_percent", "1e-9"}, {"max_seconds", "1"}});
  const auto begin = std::chrono::steady_clock::now();
  const auto source = connector();
  auto opened = source->open(0, "long");
  ASSERT_TRUE(opened.has_value()) << opened.error().reason;
  EXPECT_EQ(rows_of(stream_of(*opened->reader)).limit, "max_seconds: 0 rows were read");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
}

TEST(OdbcErrors, AMessageThatMayQuoteAValueIsLeftOut) {
  EXPECT_THAT(odbc_error("22018", 245, "Conversion failed when converting '4111'").what(), Not(HasSubstr("4111")));
  EXPECT_EQ(odbc_error("42000", 229, "The SELECT permission was denied").kind(), core::ErrorKind::denied);
  EXPECT_EQ(odbc_error("08S01", 0, "gone").trouble(), sql::Trouble::connection_lost);
}

}  // namespace
}  // namespace assay::connect::odbc

namespace assay::connect {
INSTANTIATE_TEST_SUITE_P(OdbcPostgresql, TableConformance, testing::Values(&odbc::make_postgresql_place));
INSTANTIATE_TEST_SUITE_P(OdbcMariadb, TableConformance, testing::Values(&odbc::make_mariadb_place));
INSTANTIATE_TEST_SUITE_P(OdbcSqlite, TableConformance, testing::Values(&odbc::make_sqlite_place));
}  // namespace assay::connect
