// Large objects of PostgreSQL, read through its connector.
#include "connect/postgresql/large_objects.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "connect/postgresql/postgresql_connector.h"
#include "connect/tables/table_conformance_test.h"
#include "core/error.h"
#include "model/row_stream.h"
#include "sql/connection.h"
#include "tests/support/postgres_server.h"

namespace assay::connect::postgresql {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class LargeObjectsOfPostgresql : public testing::Test {
 protected:
  LargeObjectsOfPostgresql() : server_(test::PostgresServer::shared()), database_(server_.create_database()) {
    address_.roots = {server_.tcp_url(database_)};
    address_.settings["large_objects"] = "true";
  }
  ~LargeObjectsOfPostgresql() override { server_.drop_database(database_); }

  void run(const std::string& sql) const {
    sql::connect({.url = server_.url(database_), .application_name = {}, .now_ms = {}})->run_script(sql);
  }
  std::unique_ptr<Connector> connector() const {
    return ConnectorKinds({postgresql_kind()}).make("postgresql", address_, {});
  }
  RowsRead read(const std::string& name) const {
    const auto source = connector();
    auto opened = source->open(0, name);
    if (opened) return rows_of(stream_of(*opened->reader));
    ADD_FAILURE() << opened.error().reason;
    return {};
  }
  /// By name.
  std::map<std::string, std::string> change_ids() const {
    EntryRecorder recorder;
    connector()->enumerate(0, {}, recorder);
    std::map<std::string, std::string> ids;
    for (const auto& entry : recorder.entries) ids[entry.name] = entry.change_id;
    return ids;
  }

  test::PostgresServer& server_;
  std::string database_;
  SourceAddress address_;
};

TEST_F(LargeObjectsOfPostgresql, AreReadWithTheRowsThatNameThem) {
  // The columns have the names that catalogs' columns have.
  run(R"(CREATE EXTENSION lo; CREATE TABLE t (n int, oid oid, lomacl lo, content text);
         SELECT lo_from_bytea(5001, 'first'), lo_from_bytea(5002, '\x00ff');
         INSERT INTO t VALUES (1, 5001, 5002, 'x'), (2, 4, NULL, 'y'), (3, 5001, 5001, 'z'))");
  const RowsRead rows = read("public/t");
  EXPECT_THAT(rows.rows,
              UnorderedElementsAre(ElementsAre("1", "first", std::string("\0\xff", 2), "x"),
                                   ElementsAre("2", "-", "-", "y"), ElementsAre("3", "first", "first", "z")));
  EXPECT_EQ(rows.unread, "") << "a number that names none is no secret";
  address_.settings = {{"large_objects", "true"}, {"where", "oid = 5001 AND content = 'x'"}, {"max_rows", "5"}};
  EXPECT_THAT(read("public/t").rows, SizeIs(1));
  for (const char* setting : {"false", "all"}) {
    address_.settings = {{"large_objects", setting}};
    EXPECT_THAT(read("public/t").rows.at(0), ElementsAre("1", "5001", "5002", "x"));
  }
}

TEST_F(LargeObjectsOfPostgresql, ThatMayNotBeReadCostNothingElseAndAreCounted) {
  run(R"(DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
         DO $$ BEGIN CREATE ROLE readers; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
         GRANT readers TO reader; CREATE TABLE t (n int, o oid, p oid); GRANT SELECT ON t TO reader;
         SELECT lo_from_bytea(5000 + i, convert_to('object ' || i, 'UTF8')) FROM generate_series(1, 4) i;
         GRANT SELECT ON LARGE OBJECT 5001 TO reader; GRANT SELECT ON LARGE OBJECT 5002 TO readers;
         GRANT SELECT ON LARGE OBJECT 5003 TO PUBLIC; GRANT UPDATE ON LARGE OBJECT 5004 TO reader;
         INSERT INTO t SELECT i, 5000 + i, 5004 FROM generate_series(1, 5) i)");
  address_.roots = {server_.tcp_url(database_, "reader")};
  const RowsRead rows = read("public/t");
  EXPECT_THAT(rows.rows,
              ElementsAre(ElementsAre("1", "object 1", "-"), ElementsAre("2", "object 2", "-"),
                          ElementsAre("3", "object 3", "-"), ElementsAre("4", "-", "-"), ElementsAre("5", "-", "-")));
  EXPECT_THAT(rows.unread, HasSubstr("6 values may not be read"));
  run("ALTER LARGE OBJECT 5004 OWNER TO reader; REVOKE SELECT ON LARGE OBJECT 5004 FROM reader");
  EXPECT_THAT(read("public/t").unread, HasSubstr("6 values")) << "an owner may deny himself";
  run(fmt::format("ALTER DATABASE {} SET lo_compat_privileges = on", database_));
  EXPECT_THAT(read("public/t").unread, "");
  EXPECT_THAT(read("public/t").rows.at(3), ElementsAre("4", "object 4", "object 4"));
}

TEST_F(LargeObjectsOfPostgresql, AreReadEachOnceAlsoThoseThatNobodyNames) {
  run(R"(CREATE TABLE t (o oid); INSERT INTO t VALUES (5001);
         SELECT lo_from_bytea(5001, 'named'), lo_from_bytea(5002, 'not named'))");
  EXPECT_THAT(change_ids(), ElementsAre(testing::Key("public/t")));
  address_.settings["large_objects"] = "all";
  const std::string all = "pg_catalog/pg_largeobject_metadata";
  const auto before = change_ids();
  EXPECT_THAT(before, ElementsAre(testing::Key(all), testing::Key("public/t")));
  const RowsRead rows = read(all);
  EXPECT_THAT(rows.columns, ElementsAre("oid", "content"));
  EXPECT_THAT(rows.rows, UnorderedElementsAre(ElementsAre("5001", "named"), ElementsAre("5002", "not named")));
  const auto described = connector()->describe(0, all);
  ASSERT_TRUE(described.has_value());
  EXPECT_THAT(described->columns, SizeIs(2));
  run("SELECT lo_put(5001, 0, 'N')");
  EXPECT_NE(change_ids().at(all), before.at(all));
  EXPECT_EQ(change_ids().at("public/t"), before.at("public/t")) << "it is read as a table of numbers";
}

TEST_F(LargeObjectsOfPostgresql, AreReadEachOnceInRangesToo) {
  run("SELECT lo_from_bytea((5000 + i)::oid, 'content') FROM generate_series(1, 3000) i");
  address_.settings["large_objects"] = "all";
  const std::string all = "pg_catalog/pg_largeobject_metadata";
  const auto ranges = connector()->ranges(0, all, {.range_bytes = 50'000, .most = 3});
  ASSERT_TRUE(ranges.has_value());
  ASSERT_THAT(ranges->ranges, SizeIs(3));
  std::set<std::string> numbers;
  for (const std::string& range : ranges->ranges) {
    const auto source = connector();
    auto opened = source->open_range(0, all, range, ranges->snapshot);
    ASSERT_TRUE(opened.has_value()) << opened.error().reason;
    for (const auto& row : rows_of(stream_of(*opened->reader)).rows) {
      EXPECT_EQ(row.at(1), "content");
      EXPECT_TRUE(numbers.insert(row.at(0)).second) << row.at(0);
    }
  }
  EXPECT_THAT(numbers, SizeIs(3'000));
}

TEST_F(LargeObjectsOfPostgresql, ThatChangeMakeTheTablesThatMayNameThemOtherOnes) {
  run(R"(CREATE TABLE t (o oid); CREATE TABLE u (n int); INSERT INTO t VALUES (5001); INSERT INTO u VALUES (1);
         SELECT lo_from_bytea(5001, 'x'))");
  const auto before = change_ids();
  EXPECT_EQ(change_ids(), before);
  run("SELECT lo_put(5001, 0, 'y')");
  const auto after = change_ids();
  EXPECT_NE(after.at("public/t"), before.at("public/t"));
  EXPECT_EQ(after.at("public/u"), before.at("public/u"));
  address_.settings.clear();
  EXPECT_NE(change_ids().at("public/t"), after.at("public/t")) << "other values are read";
}

TEST_F(LargeObjectsOfPostgresql, AreCutByTheServer) {
  run(R"(CREATE TABLE t (a oid, b oid); INSERT INTO t VALUES (5001, NULL), (5001, 5001);
         SELECT lo_from_bytea(5001, convert_to(repeat('x', 40000000), 'UTF8')))");
  const RowsRead rows = read("public/t");
  ASSERT_THAT(rows.rows, SizeIs(2));
  EXPECT_EQ(rows.rows[0][0].size(), model::max_cell_bytes);
  EXPECT_EQ(rows.rows[1][0].size(), rows.rows[1][1].size());
  EXPECT_LT(rows.rows[1][0].size(), model::max_cell_bytes) << "the row is cut as a whole";
  EXPECT_EQ(rows.cut_cells, 3U);
}

TEST_F(LargeObjectsOfPostgresql, AreNotAskedForBySettingsThatSayNothing) {
  address_.settings["large_objects"] = "yes";
  EXPECT_THROW(connector(), core::Error);
}

}  // namespace
}  // namespace assay::connect::postgresql
