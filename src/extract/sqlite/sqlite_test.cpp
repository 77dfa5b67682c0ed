#include "extract/sqlite/sqlite.h"

#include <sqlite3.h>

#include <cstring>

#include "extract/sink_recorder.h"

namespace assay::extract {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// The bytes of a database that the SQL makes.
std::string database(const std::string& sql) {
  sqlite3* handle = nullptr;
  EXPECT_EQ(sqlite3_open(":memory:", &handle), SQLITE_OK);
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
  sqlite3_int64 size = 0;
  unsigned char* bytes = sqlite3_serialize(handle, "main", &size, 0);
  std::string out(reinterpret_cast<char*>(bytes), static_cast<size_t>(size));
  sqlite3_free(bytes);
  sqlite3_close(handle);
  return out;
}

SinkRecorder run(std::string_view bytes) {
  SinkRecorder sink;
  Scratch scratch(-1, 0);
  const model::Limits limits;
  MemoryInput input(bytes);
  extract_sqlite(input, {.limits = limits, .scratch = scratch, .name = {}}, sink);
  return sink;
}

const SinkRecorder::Table* table(const SinkRecorder& sink, const std::string& name) {
  for (const auto& one : sink.tables)
    if (one.info.name == name) return &one;
  return nullptr;
}

TEST(ExtractSqlite, GivesTablesWithTheirTypes) {
  const auto sink = run(
      database("CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT, \"odd \"\"name\" VARCHAR(10), score REAL, note);"
               "INSERT INTO people VALUES(7, 'Ada', NULL, 1.5, x'68656c6c6f'), (9, 'Żuraw', 'x', 2, NULL);"
               "CREATE TABLE codes(code TEXT PRIMARY KEY, n INT) WITHOUT ROWID; INSERT INTO codes VALUES('k1', 1);"
               "CREATE VIEW v AS SELECT name FROM people;"));
  const auto* people = table(sink, "people");
  ASSERT_NE(people, nullptr);
  EXPECT_THAT(people->info.columns, ElementsAre("id", "name", "odd \"name", "score", "note"));
  EXPECT_THAT(people->info.types, ElementsAre("INTEGER", "TEXT", "VARCHAR(10)", "REAL", ""));
  ASSERT_EQ(people->rows.size(), 2u);
  EXPECT_THAT(people->rows[0].second, ElementsAre("7", "Ada", "", "1.5", "hello"));
  EXPECT_THAT(people->rows[1].second, ElementsAre("9", "\u017buraw", "x", "2.0", ""));
  EXPECT_EQ(people->rows[1].first, 9u);  // its rowid
  ASSERT_NE(table(sink, "codes"), nullptr);
  EXPECT_THAT(table(sink, "codes")->rows[0].second, ElementsAre("k1", "1"));
  EXPECT_EQ(table(sink, "v"), nullptr);
  EXPECT_THAT(sink.partials, IsEmpty());
}

TEST(ExtractSqlite, GivesBinaryAndLongValuesBesideTheTable) {
  const auto sink =
      run(database("CREATE TABLE files(name TEXT, body BLOB);"
                   "INSERT INTO files VALUES('a', x'00FF00FF'), ('b', 'text'), ('c', zeroblob(17000000));"
                   "INSERT INTO files VALUES('d', printf('%.1200000c', 'x'));"));
  ASSERT_EQ(sink.members.size(), 2u);
  EXPECT_EQ(sink.members[0].name, "files/body/1");
  EXPECT_EQ(sink.members[0].content, std::string("\0\xFF\0\xFF", 4));
  EXPECT_EQ(sink.members[1].name, "files/body/3");
  EXPECT_EQ(sink.members[1].verdict.kind, model::VerdictKind::limit);
  ASSERT_EQ(sink.texts.size(), 1u);
  EXPECT_EQ(sink.texts[0].part.name, "files/body/4");
  EXPECT_EQ(sink.texts[0].text.size(), 1'200'000u);
}

TEST(ExtractSqlite, NumbersTheRowsOfCellsAndOfValuesBesideThemAlike) {
  const auto sink = run(
      database("CREATE TABLE files(id INTEGER PRIMARY KEY, body BLOB); INSERT INTO files VALUES(7, 'text'), (-3, 'x'),"
               "(40, x'00FF00FF');"
               "CREATE TABLE keyed(name TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID; CREATE INDEX i ON keyed(body);"
               "INSERT INTO keyed VALUES('b', x'00FF00FF'), ('c', x'00AA00AA'), ('a', 'text');"));
  std::vector<uint64_t> rows;
  for (const auto& [row, cells] : table(sink, "files")->rows) rows.push_back(row);
  EXPECT_THAT(rows, ElementsAre(1, 7, 40));
  rows.clear();
  for (const auto& [row, cells] : table(sink, "keyed")->rows) rows.push_back(row);
  EXPECT_THAT(rows, ElementsAre(1, 2, 3));
  std::vector<std::string> members;
  for (const auto& member : sink.members) members.push_back(member.name);
  EXPECT_THAT(members, ElementsAre("files/body/40", "keyed/body/2", "keyed/body/3"));
}

TEST(ExtractSqlite, ReadsShadowTablesOfVirtualTables) {
  const auto sink =
      run(database("CREATE VIRTUAL TABLE docs USING fts5(body); INSERT INTO docs VALUES('quay secret');"));
  EXPECT_EQ(table(sink, "docs"), nullptr);
  ASSERT_NE(table(sink, "docs_content"), nullptr);
  EXPECT_THAT(sink.everything(), HasSubstr("quay secret"));
}

TEST(ExtractSqlite, ReadsUtf16AndRepairsInvalidText) {
  const auto sink = run(database("PRAGMA encoding='UTF-16le'; CREATE TABLE t(a); INSERT INTO t VALUES('Żuraw');"));
  EXPECT_THAT(sink.everything(), HasSubstr("\u017buraw"));
  const auto broken = run(database("CREATE TABLE t(a TEXT); INSERT INTO t VALUES(CAST(x'61FF62' AS TEXT));"));
  EXPECT_THAT(broken.everything(), HasSubstr("a\uFFFDb"));
}

TEST(ExtractSqlite, TheIndexOfVirtualTablesIsNoContent) {
  const auto sink = run(database(
      "CREATE VIRTUAL TABLE five USING fts5(a, b); INSERT INTO five VALUES('quay secret', 'x');"
      "CREATE VIRTUAL TABLE four USING FTS4(a); INSERT INTO four VALUES('pier secret');"
      "CREATE VIRTUAL TABLE \"th \"\"using\" USING \"fts3\"(a); INSERT INTO \"th \"\"using\" VALUES('mole secret');"
      "CREATE VIRTUAL TABLE box USING rtree(id, x0, x1); INSERT INTO box VALUES(1, 2, 3);"
      "CREATE TABLE own(body); INSERT INTO own VALUES('dock secret');"
      "CREATE VIRTUAL TABLE of_own USING fts5(body, content='own'); INSERT INTO of_own(of_own) VALUES('rebuild');"));
  for (const auto* text : {"quay secret", "pier secret", "mole secret", "dock secret"})
    EXPECT_THAT(sink.everything(), HasSubstr(text));
  EXPECT_THAT(sink.partials, IsEmpty());
  for (const auto& member : sink.members) ADD_FAILURE() << member.name;
}

TEST(ExtractSqlite, AnIndexThatIsAllThereIsIsAGap) {
  const auto sink = run(
      database("CREATE VIRTUAL TABLE words USING fts5(a, content = ''); INSERT INTO words(rowid, a) VALUES(1, 'b');"));
  EXPECT_THAT(sink.partials, ElementsAre("a full-text index keeps words and no texts: they are not read"));
}

// Only what such modules make: a table that is called so, without one, is a table.
TEST(ExtractSqlite, ATableThatIsCalledAsAnIndexIsATable) {
  const auto sink =
      run(database("CREATE TABLE docs(a); CREATE TABLE docs_data(b); INSERT INTO docs_data VALUES(x'00ff');"));
  ASSERT_EQ(sink.members.size(), 1U);
  EXPECT_EQ(sink.members[0].name, "docs_data/b/1");
}

TEST(ExtractSqlite, SaysThatTheWriteAheadLogIsNotSeen) {
  std::string bytes = database("CREATE TABLE t(a); INSERT INTO t VALUES('in the file');");
  bytes[18] = bytes[19] = 2;
  const auto sink = run(bytes);
  EXPECT_THAT(sink.everything(), HasSubstr("in the file"));
  EXPECT_TRUE(sink.lacks_log);
  EXPECT_THAT(sink.partials, IsEmpty()) << "whether there is one is not known here";
}

std::string large_table() {
  return database(
      "CREATE TABLE first(a); INSERT INTO first VALUES('first table');"
      "CREATE TABLE big(a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
      "INSERT INTO big SELECT 'row number ' || i FROM n;"
      "CREATE TABLE last(a); INSERT INTO last VALUES('last table');");
}

TEST(ExtractSqlite, ReadsAroundDamagedPages) {
  std::string bytes = large_table();
  const size_t victim = bytes.find("row number 1500");
  ASSERT_NE(victim, std::string::npos);
  memset(bytes.data() + victim / 4096 * 4096, 0xAA, 4096);
  const auto sink = run(bytes);
  EXPECT_THAT(sink.partials, Contains("damaged table"));
  const std::string all = sink.everything();
  EXPECT_THAT(all, HasSubstr("row number 1\t"));
  EXPECT_THAT(all, HasSubstr("row number 3000\t"));
  EXPECT_THAT(all, HasSubstr("last table"));
}

TEST(ExtractSqlite, ReadsACutDatabaseAsFarAsItGoes) {
  const std::string bytes = large_table();
  const auto sink = run(std::string_view(bytes).substr(0, bytes.size() / 2));
  EXPECT_THAT(sink.everything(), HasSubstr("first table"));
  EXPECT_THAT(sink.partials, Not(IsEmpty()));
}

TEST(ExtractSqlite, GivesTheStringsWhenTheSchemaIsDamaged) {
  std::string bytes = database("CREATE TABLE t(a); INSERT INTO t VALUES('still readable words');");
  memset(bytes.data() + 100, 0xEE, 50);
  SinkRecorder sink;
  Scratch scratch(-1, 0);
  const model::Limits limits;
  MemoryInput input(bytes);
  EXPECT_THROW(extract_sqlite(input, {.limits = limits, .scratch = scratch, .name = {}}, sink), Failure);
  EXPECT_THAT(sink.everything(), HasSubstr("still readable words"));
}

TEST(ExtractSqlite, RunsNothingOfTheSchema) {
  const auto sink = run(
      database("CREATE TABLE t(a, b GENERATED ALWAYS AS (a || '-computed') VIRTUAL); INSERT INTO t VALUES('base');"
               "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;"
               "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END;"));
  ASSERT_NE(table(sink, "t"), nullptr);
  EXPECT_EQ(table(sink, "t")->rows.size(), 1u);
}

class StoppingInput final : public Input {
 public:
  explicit StoppingInput(std::string_view bytes) : memory_(bytes) {}
  size_t read_at(uint64_t offset, std::span<char> out) override {
    if (reads_left-- <= 0) throw Failure(model::VerdictKind::limit, "max_object_bytes");
    return memory_.read_at(offset, out);
  }
  std::optional<uint64_t> known_size() const override { return memory_.known_size(); }
  uint64_t size() override { return memory_.size(); }
  int reads_left = 0;

 private:
  MemoryInput memory_;
};

TEST(ExtractSqlite, AFailureOfTheSourceKeepsItsVerdict) {
  const std::string bytes = large_table();
  for (const int reads : {0, 1, 2, 3, 5, 8, 13}) {
    StoppingInput input(bytes);
    input.reads_left = reads;
    SinkRecorder sink;
    Scratch scratch(-1, 0);
    const model::Limits limits;
    try {
      extract_sqlite(input, {.limits = limits, .scratch = scratch, .name = {}}, sink);
      ADD_FAILURE() << "read to the end with " << reads << " reads";
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.verdict().kind, model::VerdictKind::limit) << reads;
    }
  }
}

TEST(ExtractSqlite, SurvivesFlippedBytes) {
  const std::string bytes = database(
      "CREATE TABLE t(a, b); INSERT INTO t VALUES('x', x'00'), ('y', 2); CREATE TABLE w(k PRIMARY KEY, v) WITHOUT "
      "ROWID; "
      "INSERT INTO w VALUES(1, 'z'); CREATE INDEX i ON t(a);");
  uint32_t random = 5;
  for (int round = 0; round < 1500; ++round) {
    std::string broken = bytes;
    for (int i = 0; i < 1 + round % 12; ++i) {
      random = random * 1664525 + 1013904223;
      broken[(random >> 7) % (round % 3 == 0 ? 200 : broken.size())] = static_cast<char>(random >> 24);
    }
    try {
      run(broken);
    } catch (const Failure&) {
    }
  }
}

}  // namespace
}  // namespace assay::extract
