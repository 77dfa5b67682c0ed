#include "extract/text/sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "extract/sink_recorder.h"
#include "extract/text/sql_reader.h"

namespace assay::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using Rows = std::vector<std::pair<uint64_t, std::vector<std::string>>>;

SinkRecorder extract(std::string_view bytes) {
  MemoryInput input(bytes);
  const model::Limits limits;
  Scratch scratch(-1, 0);
  SinkRecorder sink;
  extract_sql(input, Context{.limits = limits, .scratch = scratch, .name = "x.sql", .format = Format::sql}, sink);
  return sink;
}

TEST(ExtractSql, RowsHaveTheColumnsOfTheirStatement) {
  const auto sink = extract(
      "-- staff\nINSERT INTO staff (id, \"full name\", note) VALUES\n  (1, 'Ann', NULL),\n"
      "  (2, 'O''Hara', 'two\nlines');\nUPDATE staff SET note = 'x' WHERE id = 1;\n");
  ASSERT_THAT(sink.tables, SizeIs(1));
  EXPECT_EQ(sink.tables[0].info.name, "staff");
  EXPECT_TRUE(sink.tables[0].info.rows_are_lines);
  EXPECT_THAT(sink.tables[0].info.columns, ElementsAre("id", "full name", "note"));
  EXPECT_EQ(sink.null_cells, 1U);
  EXPECT_EQ(sink.tables[0].rows, (Rows{{3, {"1", "Ann", ""}}, {4, {"2", "O'Hara", "two\nlines"}}}));
}

TEST(ExtractSql, WhatIsNoValueIsTextInItsPlace) {
  const std::string script =
      "-- by ann@example.org\nINSERT INTO t (a) VALUES ('secret' /* why */), (2);\nUPDATE t SET a = 'kept';\n";
  const auto sink = extract(script);
  ASSERT_THAT(sink.texts, SizeIs(1));
  EXPECT_TRUE(sink.texts[0].part.has_lines);
  EXPECT_EQ(sink.texts[0].text.size(), script.size());
  EXPECT_EQ(sink.texts[0].text,
            "-- by ann@example.org\nINSERT INTO t (a) VALUES (         /* why */), ( );\nUPDATE t SET a = 'kept';\n");
}

TEST(ExtractSql, NamesOfColumnsComeFromCreateTableToo) {
  const auto sink = extract(
      "CREATE TABLE `people` (\n  `id` int NOT NULL AUTO_INCREMENT,\n  `email` varchar(40) DEFAULT 'a,b',\n"
      "  PRIMARY KEY (`id`),\n  KEY `k` (`email`)\n) ENGINE=InnoDB;\n"
      "INSERT INTO `people` VALUES (1,'it\\'s'),(2,_binary 'x\\ny');\n");
  ASSERT_THAT(sink.tables, SizeIs(1));
  EXPECT_THAT(sink.tables[0].info.columns, ElementsAre("id", "email"));
  EXPECT_THAT(sink.tables[0].info.types, ElementsAre("int", "varchar"));
  EXPECT_EQ(sink.tables[0].rows, (Rows{{7, {"1", "it's"}}, {7, {"2", "x\ny"}}}));
}

TEST(ExtractSql, DataOfCopyIsRows) {
  const auto sink = extract(
      "COPY public.people (id, name, note) FROM stdin;\n1\tAnn\\tB\t\\N\n2\tO'Hara; (x)\tq\n\\.\n\n"
      "SELECT 1;\nINSERT INTO other VALUES ('y');\n");
  ASSERT_THAT(sink.tables, SizeIs(2));
  EXPECT_EQ(sink.tables[0].info.name, "public.people");
  EXPECT_EQ(sink.tables[0].rows, (Rows{{2, {"1", "Ann\tB", ""}}, {3, {"2", "O'Hara; (x)", "q"}}}));
  EXPECT_EQ(sink.tables[1].rows, (Rows{{7, {"y"}}}));
  EXPECT_THAT(sink.texts[0].text, Not(HasSubstr("Ann")));
  EXPECT_THAT(sink.texts[0].text, HasSubstr("SELECT 1;"));
}

TEST(ExtractSql, ReadsTheDialects) {
  EXPECT_EQ(extract("SET IDENTITY_INSERT [dbo].[T] ON\nINSERT [dbo].[T] ([Id], [Mail]) VALUES (1, N'a@b')\nGO\n"
                    "INSERT [dbo].[T] ([Id], [Mail]) VALUES (2, CAST(N'c' AS NVarChar(4)))\nGO\n")
                .tables.at(0)
                .rows,
            (Rows{{2, {"1", "a@b"}}, {4, {"2", "c"}}}));
  EXPECT_EQ(extract("Insert into HR.EMP (ID,BORN) values (7,to_date('1980-01-02','YYYY-MM-DD'));\n").tables.at(0).rows,
            (Rows{{1, {"7", "to_date('1980-01-02','YYYY-MM-DD')"}}}));
  EXPECT_EQ(extract("INSERT OR REPLACE INTO t VALUES(-1.5,X'41',E'a\\'b','c\\');\n").tables.at(0).rows,
            (Rows{{1, {"-1.5", "41", "a'b", "c\\"}}}));
  EXPECT_EQ(extract("INSERT INTO t (a) VALUES ($q$it's$q$), ('x'::text);").tables.at(0).rows,
            (Rows{{1, {"it's"}}, {1, {"x"}}}));
}

TEST(ExtractSql, WhatInsertsNoValuesIsText) {
  for (const char* script :
       {"INSERT INTO a SELECT * FROM b WHERE x IN ('y', 'z');\n", "SELECT ('a'), ('b');\n",
        "INSERT INTO a (SELECT 'x');\n", "COPY a TO stdout;\nx\ty\n", "it's no SQL at all\n", ""}) {
    const auto sink = extract(script);
    EXPECT_THAT(sink.tables, SizeIs(0)) << script;
    EXPECT_EQ(sink.texts.at(0).text, script);
  }
}

TEST(ExtractSql, RowsOfATableAreTogetherThoughItsStatementsAreNot) {
  std::string script;
  for (int i = 0; i < 100; ++i)
    script += "INSERT INTO a (x) VALUES (" + std::to_string(i) + ");\nINSERT INTO b (y) VALUES ('v');\n";
  const auto sink = extract(script);
  ASSERT_THAT(sink.tables, SizeIs(2));
  EXPECT_THAT(sink.tables[0].rows, SizeIs(100));
  EXPECT_THAT(sink.tables[1].rows, SizeIs(100));
}

TEST(ExtractSql, ALargeTableIsPassedThrough) {
  std::string script = "INSERT INTO small VALUES (1);\n";
  const std::string value(1000, 'v');
  for (int i = 0; i < 20'000; ++i) script += "INSERT INTO big (x) VALUES ('" + value + "');\n";
  script += "INSERT INTO small VALUES (2);\nINSERT INTO big (x) VALUES ('last');\n";
  const auto sink = extract(script);
  ASSERT_THAT(sink.tables, SizeIs(4));
  EXPECT_EQ(sink.tables[0].info.name, "small");
  EXPECT_THAT(sink.tables[1].rows, SizeIs(20'000));
  EXPECT_EQ(sink.tables[2].rows.size() + sink.tables[3].rows.size(), 2U);
}

TEST(ExtractSql, AVeryLongValueIsText) {
  const std::string value(3 << 20, 'v');
  const auto sink = extract("INSERT INTO t (a, b) VALUES ('1', '" + value + "'), ('2', 'c');\n");
  ASSERT_THAT(sink.texts, SizeIs(2));
  EXPECT_EQ(sink.texts[1].part.name, "t, row 1, column b");
  EXPECT_EQ(std::ranges::count(sink.texts[1].text, 'v'), 3 << 20);
  ASSERT_THAT(sink.tables, SizeIs(1));
  EXPECT_EQ(sink.tables[0].rows, (Rows{{1, {"1", ""}}, {1, {"2", "c"}}}));
  // As its findings in short values are called.
  const auto nameless = extract("INSERT INTO t VALUES ('1', '" + value + "');\n");
  ASSERT_THAT(nameless.texts, SizeIs(2));
  EXPECT_EQ(nameless.texts[1].part.name, "t, row 1, column B");
}

TEST(ExtractSql, AnUnfinishedScriptLosesNothing) {
  EXPECT_THAT(extract("INSERT INTO t (a) VALUES ('cut off").tables.at(0).rows,
              ElementsAre(std::pair(1U, std::vector<std::string>{"cut off"})));
  EXPECT_THAT(extract("COPY t (a) FROM stdin;\nno newline").tables.at(0).rows, SizeIs(1));
}

TEST(ExtractSql, LinesThatSuppressKeepTheirScriptText) {
  const auto sink = extract("INSERT INTO t (a) VALUES ('x'); -- assay:ignore\n");
  EXPECT_THAT(sink.tables, SizeIs(0));
  EXPECT_THAT(sink.texts[0].text, HasSubstr("'x'"));
}

/// All that a reader says, in one text.
class Account final : public SqlHandler {
 public:
  void on_text(std::string_view text) override { script += text; }
  void on_values(std::string_view values) override {
    script += values;
    blanked += values;
  }
  void on_table(const SqlTable& table) override { rows += "table " + table.name + "\n"; }
  void on_row(uint64_t line, std::span<const std::string_view> cells) override {
    rows += std::to_string(line);
    for (const std::string_view cell : cells) (rows += '|') += cell;
    rows += '\n';
  }
  std::string script, blanked, rows;
};

TEST(SqlReader, SaysTheSameHoweverTheScriptIsCut) {
  std::mt19937 random(5);
  constexpr std::array<std::string_view, 30> pieces{"INSERT INTO t (a,b) VALUES (",
                                                    "'",
                                                    "''",
                                                    "\\'",
                                                    ",",
                                                    ")",
                                                    ";",
                                                    "\n",
                                                    "--",
                                                    "/*",
                                                    "*/",
                                                    "$$",
                                                    "$x$",
                                                    "(",
                                                    "`",
                                                    "\"",
                                                    "[",
                                                    "]",
                                                    "1",
                                                    "NULL",
                                                    "COPY t (a) FROM stdin;\n",
                                                    "\\.\n",
                                                    "\t",
                                                    "CREATE TABLE t (a int, b text);",
                                                    "x",
                                                    "-",
                                                    "/",
                                                    "#",
                                                    "E'",
                                                    " VALUES "};
  for (int round = 0; round < 3000; ++round) {
    std::string script;
    for (size_t n = random() % 30; n > 0; --n) script += pieces[random() % pieces.size()];
    Account whole, cut;
    SqlReader a(whole), b(cut);
    a.feed(script);
    a.finish();
    for (size_t at = 0; at < script.size();) {
      const size_t size = std::min<size_t>(1 + random() % 4, script.size() - at);
      const std::string piece = script.substr(at, size);
      b.feed(piece);
      at += size;
    }
    b.finish();
    EXPECT_EQ(whole.script, script);
    EXPECT_EQ(cut.script, script);
    EXPECT_EQ(whole.rows, cut.rows) << script;
  }
}

}  // namespace
}  // namespace assay::extract
