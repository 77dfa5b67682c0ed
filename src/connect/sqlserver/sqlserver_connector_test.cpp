#include "connect/sqlserver/sqlserver_connector.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connect/conformance.h"
#include "connect/odbc/dialect.h"
#include "connect/sqlserver/statements.h"
#include "core/error.h"
#include "tests/support/rude_server.h"

namespace assay::connect::sqlserver {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::unique_ptr<Connector> connector(const std::string& url, std::map<std::string, std::string> settings = {}) {
  return ConnectorKinds({sqlserver_kind()})
      .make("sqlserver", {.roots = {url}, .settings = std::move(settings)},
            {.resolve_secret = [](std::string_view name) { return core::Sensitive(std::string(name)); }, .stop = {}});
}

TEST(SqlserverStatements, NamesAreLiteralsThatCannotBreakOut) {
  EXPECT_EQ(literal("it's"), "N'it''s'");
  const std::string sql = list_statement("dbo", "a'; DROP TABLE b --");
  EXPECT_THAT(sql, HasSubstr("N'a''; DROP TABLE b --'"));
  EXPECT_THAT(sql, HasSubstr("TOP (500)"));
  EXPECT_THAT(columns_statement("d'o", "t"), HasSubstr("N'd''o'"));
  EXPECT_THAT(table_statement("dbo", "t"), HasSubstr("o.type IN ('U', 'V')"));
}

TEST(SqlserverStatements, LoadIsThatOfOthersAndOfTheDatabase) {
  EXPECT_THAT(std::string(running_statement),
              testing::AllOf(HasSubstr("r.session_id <> @@SPID"), HasSubstr("APP_NAME()")));
  EXPECT_THAT(std::string(lag_statement), HasSubstr("database_id = DB_ID()"));
  EXPECT_THAT(std::string(sees_load_statement),
              testing::AllOf(HasSubstr("'VIEW SERVER STATE'"), HasSubstr("'VIEW SERVER PERFORMANCE STATE'")));
}

TEST(SqlserverStatements, TheNewestOfMicrosoftsDriversIsTaken) {
  EXPECT_EQ(best_driver({"SQLite3", "FreeTDS"}), "FreeTDS");
  EXPECT_EQ(best_driver({"FreeTDS", "ODBC Driver 17 for SQL Server", "ODBC Driver 18 for SQL Server"}),
            "ODBC Driver 18 for SQL Server");
  EXPECT_EQ(best_driver({"PostgreSQL Unicode"}), "");
}

TEST(SqlserverStatements, ConnectionsAskToReadOnlyAndToBeEncrypted) {
  const ServerUrl url = server_url("sqlserver://reader@db.example.org/crm");
  EXPECT_EQ(odbc::joined(attributes_of(url, {.driver = "FreeTDS"})),
            "Driver=FreeTDS;Server=db.example.org;Port=1433;TDS_Version=7.4;ClientCharset=UTF-8;Encryption=require;"
            "ApplicationIntent=ReadOnly;APP=assay;Database=crm;UID=reader;");
  EXPECT_EQ(odbc::joined(attributes_of(server_url("sqlserver://db:1533/crm"),
                                       {.driver = "ODBC Driver 18 for SQL Server", .trust_certificate = true})),
            "Driver={ODBC Driver 18 for SQL Server};Server={tcp:db,1533};Encrypt=yes;TrustServerCertificate=yes;"
            "ConnectRetryCount=0;ApplicationIntent=ReadOnly;APP=assay;Database=crm;Trusted_Connection=yes;");
}

TEST(SqlserverTypes, BytesXmlAndVariantsAreReadAsWhatTheyAre) {
  using odbc::Dialect;
  const auto plan = [](int code, size_t size = 10) { return odbc::plan_of(Dialect::sqlserver, "[c]", code, size); };
  EXPECT_EQ(plan(-3).kind, model::CellKind::binary);    // varbinary
  EXPECT_EQ(plan(-151).kind, model::CellKind::binary);  // a type of the user, geography, hierarchyid
  EXPECT_EQ(plan(-152).kind, model::CellKind::xml);
  EXPECT_EQ(plan(-150).expression, "CAST([c] AS nvarchar(4000))");
  // Types of any length are of length 0 to Microsoft's driver, long ones to FreeTDS; text, ntext and image are long to
  // both, and SUBSTRING gives 8000 bytes of those at most.
  EXPECT_EQ(plan(12, 0).expression, "SUBSTRING(CAST([c] AS varchar(max)), 1, 16777217)");
  EXPECT_EQ(plan(-1).expression, plan(12, 0).expression);
  EXPECT_EQ(plan(-9, 0).expression, "SUBSTRING(CAST([c] AS nvarchar(max)), 1, 16777217)");
  EXPECT_EQ(plan(-10).expression, plan(-9, 0).expression);
  EXPECT_EQ(plan(-3, 0).expression, "SUBSTRING(CAST([c] AS varbinary(max)), 1, 16777217)");
  EXPECT_EQ(plan(-4).expression, plan(-3, 0).expression);
  EXPECT_EQ(plan(-3, 0).kind, model::CellKind::binary);
  for (const int bounded : {12, -9, -3}) EXPECT_EQ(plan(bounded).expression, "[c]");
  EXPECT_EQ(odbc::plan_of(Dialect::sqlite, "c", 12, 0).expression, "c");
  EXPECT_EQ(plan(4).expression, "[c]");
}

TEST(Sqlserver, AServerThatIsNotThereIsWorthARetry) {
  const auto source = connector("sqlserver://sa@127.0.0.1:1/crm", {{"password", "hidden"}});
  EntryRecorder recorder;
  try {
    source->enumerate(0, {}, recorder);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::transient) << error.what();
    EXPECT_THAT(error.what(), Not(HasSubstr("hidden")));
  }
  const Trial trial = source->test(10);
  EXPECT_FALSE(trial.ok);
  EXPECT_THAT(trial.problems, SizeIs(1));
}

TEST(Sqlserver, AServerThatSpeaksNonsenseIsAnErrorAndNoMore) {
  for (const std::string& nonsense : {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string(64, '\xff'),
                                      std::string("\x04\x01\x00\x08\x00\x00\x01\x00", 8), std::string()}) {
    const test::RudeServer server(nonsense);
    EntryRecorder recorder;
    EXPECT_THROW(connector(fmt::format("sqlserver://sa@127.0.0.1:{}/crm", server.port()), {{"password", "x"}})
                     ->enumerate(0, {}, recorder),
                 core::Error);
  }
}

TEST(Sqlserver, WhatIsWronglySaidIsRefused) {
  EXPECT_THROW(connector("sqlserver://sa@db"), core::Error);
  EXPECT_THROW(connector("sqlserver://sa@db/crm", {{"encrypt", "maybe"}}), core::Error);
  EXPECT_THROW(connector("sqlserver://sa@db/crm", {{"where", "1=1; DROP TABLE x"}}), core::Error);
}

}  // namespace
}  // namespace assay::connect::sqlserver
