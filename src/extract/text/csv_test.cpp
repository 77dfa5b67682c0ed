#include "extract/text/csv.h"

#include <gtest/gtest.h>

#include <random>

#include "extract/sink_recorder.h"
#include "extract/text/csv_rows.h"

namespace assay::extract {
namespace {

using namespace std::string_literals;
using Rows = std::vector<std::pair<uint64_t, std::vector<std::string>>>;

SinkRecorder extract(std::string_view bytes) {
  MemoryInput input(bytes);
  const model::Limits limits;
  Scratch scratch(-1, 0);
  SinkRecorder sink;
  extract_csv(input, Context{.limits = limits, .scratch = scratch, .name = "x.csv", .format = Format::csv}, sink);
  return sink;
}

TEST(ExtractCsv, HeaderRowsAndLineNumbers) {
  const auto sink = extract("id,name\r\n1,\"Ann, \"\"A\"\"\"\r\n\r\n2,\"two\r\nlines\"\r\n3,last");
  ASSERT_EQ(sink.tables.size(), 1U);
  EXPECT_EQ(sink.tables[0].info.columns, (std::vector<std::string>{"id", "name"}));
  EXPECT_FALSE(sink.tables[0].info.is_sheet);
  EXPECT_EQ(sink.tables[0].rows, (Rows{{2, {"1", "Ann, \"A\""}}, {4, {"2", "two\r\nlines"}}, {5, {"3", "last"}}}));
  EXPECT_EQ(sink.tables[0].lines, (std::vector<uint64_t>{2, 4, 6}));
}

TEST(ExtractCsv, WithoutHeaderTheFirstRowIsData) {
  const auto sink = extract("1,Ann,ann@example.com\n2,Bob,bob@example.com\n");
  ASSERT_EQ(sink.tables.size(), 1U);
  EXPECT_TRUE(sink.tables[0].info.columns.empty());
  EXPECT_EQ(sink.tables[0].rows.size(), 2U);
  EXPECT_TRUE(extract("Ann,Oslo,Red\nBob,Rome,Blue\nCid,Bern,Red\n").tables[0].info.columns.empty());
}

TEST(ExtractCsv, HeaderByWordsWhenAllIsText) {
  EXPECT_EQ(extract("first_name,city,color\nAnn,Oslo,Red\n").tables[0].info.columns.size(), 3U);
  EXPECT_EQ(extract("Name;Home City\nAnn;Oslo\nBob;Rome\n").tables[0].info.columns.size(), 2U);
  EXPECT_EQ(extract("ownerCity,color\nOslo,Red\nRome,Blue\n").tables[0].info.columns.size(), 2U);
}

TEST(ExtractCsv, DelimitersLineEndsAndMarks) {
  EXPECT_EQ(extract("id\tnote\n1\ta,b\n2\tc,d\n").tables[0].rows[0].second[1], "a,b");
  EXPECT_EQ(extract("id|x|y\n1|2|3\n").tables[0].rows[0].second.size(), 3U);
  const auto with_directive = extract("sep=;\nid;x\n1;2,5\n");
  EXPECT_EQ(with_directive.tables[0].rows, (Rows{{2, {"1", "2,5"}}}));
  EXPECT_EQ(with_directive.tables[0].lines, std::vector<uint64_t>{3});
  EXPECT_EQ(extract("id,x\r1,2\r3,4\r").tables[0].rows, (Rows{{2, {"1", "2"}}, {3, {"3", "4"}}}));
  EXPECT_EQ(extract("\xEF\xBB\xBFid,x\n1,2\n").tables[0].info.columns[0], "id");
  EXPECT_EQ(extract("\xFF\xFEi\0d\0,\0x\0\n\0"s + "1\0,\0\xE9\0\n\0"s).tables[0].rows[0].second[1], "\xC3\xA9");
}

TEST(ExtractCsv, RaggedRowsAndTitleRowsAreKept) {
  const auto sink = extract("Report of today\nid,name,zip\n1,Ann,12345\n2,Bob\n3,Cid,12345,extra\n4,Dee,12345\n");
  ASSERT_EQ(sink.tables.size(), 1U);
  EXPECT_EQ(sink.tables[0].info.columns.size(), 3U);
  EXPECT_EQ(sink.tables[0].rows[0].second, std::vector<std::string>{"Report of today"});
  EXPECT_EQ(sink.tables[0].rows.size(), 5U);
}

TEST(ExtractCsv, OneColumnNeedsAHeader) {
  const auto sink = extract("phone\n555-0100\n555-0101\n");
  ASSERT_EQ(sink.tables.size(), 1U);
  EXPECT_EQ(sink.tables[0].info.columns, std::vector<std::string>{"phone"});
  EXPECT_EQ(extract("just some words\nand more of them\n").texts.size(), 1U);
}

TEST(ExtractCsv, WhatIsNoTableIsText) {
  const std::string prose = "Dear all,\nthis, that, and more, too.\nNo commas\na,b,c,d,e,f\nx,y\n1,2,3,4\n";
  const auto sink = extract(prose);
  EXPECT_TRUE(sink.tables.empty());
  ASSERT_EQ(sink.texts.size(), 1U);
  EXPECT_EQ(sink.texts[0].text, prose);
  EXPECT_TRUE(extract("").tables.empty());
}

TEST(ExtractCsv, StrayQuoteDoesNotSwallowTheRest) {
  std::string table = "id,name,city\n1,\"Ann,Oslo\n";
  for (int i = 2; i < 100; ++i) table += std::to_string(i) + ",Bob,Rome\n";
  const auto sink = extract(table);
  ASSERT_EQ(sink.tables.size(), 1U);
  EXPECT_EQ(sink.tables[0].rows.size(), 99U);
  EXPECT_EQ(sink.tables[0].rows[0].second[1], "\"Ann");
  EXPECT_EQ(sink.tables[0].rows[98].first, 100U);
}

TEST(ExtractCsv, CellsOverOneMebibyteComeAsText) {
  const std::string big(3'000'000, 'b');
  const auto sink = extract("id,body,end\n1,short,x\n2,\"" + big + "\",y\n3,short,z\n");
  ASSERT_EQ(sink.texts.size(), 1U);
  EXPECT_EQ(sink.texts[0].part.name, "row 3, column body");
  EXPECT_NE(sink.texts[0].text.find(big), std::string::npos);
  Rows rows;
  for (const auto& table : sink.tables) rows.insert(rows.end(), table.rows.begin(), table.rows.end());
  EXPECT_EQ(rows, (Rows{{2, {"1", "short", "x"}}, {3, {"2"}}, {3, {"", "", "y"}}, {4, {"3", "short", "z"}}}));
}

TEST(ExtractCsv, LongCellsAreValuesOfTheirRow) {
  const std::string big(2'000'000, 'b');
  const auto sink = extract("id,first,second\n1,x,y\n2,x,y\n3," + big + "," + big + "\n4,x,y\n");
  EXPECT_EQ(sink.texts.size(), 2U);
  EXPECT_EQ(sink.cells_elsewhere, 2U);
  // Alone in its row.
  const auto one = extract("phone\n555-0100\n555-0101\n" + big + "\n555-0102\n");
  ASSERT_EQ(one.texts.size(), 1U);
  EXPECT_EQ(one.cells_elsewhere, 1U);
  size_t rows = 0;
  for (const auto& table : one.tables) rows += table.rows.size();
  EXPECT_EQ(rows, 4U);
}

/// A reader that goes byte by byte, to compare with.
Rows split_slowly(std::string_view text, char delimiter) {
  Rows rows;
  uint64_t line = 1, row_line = 1;
  std::vector<std::string> cells(1);
  bool in_quotes = false, quoted = false, any = false;
  for (size_t i = 0; i <= text.size(); ++i) {
    const bool end = i == text.size();
    const char c = end ? '\n' : text[i];
    if (end && !any) break;
    if (in_quotes && !end) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        cells.back() += '"';
        ++i;
      } else if (c == '"') {
        in_quotes = false;
      } else {
        line += c == '\n';
        cells.back() += c;
      }
    } else if (c == '"' && cells.back().empty() && !quoted) {
      in_quotes = quoted = any = true;
    } else if (c == delimiter) {
      cells.emplace_back();
      quoted = false;
      any = true;
    } else if (c == '\n') {
      if (cells.size() > 1 || !cells[0].empty()) rows.emplace_back(row_line, cells);
      cells.assign(1, "");
      row_line = ++line;
      quoted = any = false;
    } else {
      cells.back() += c;
      any = true;
    }
  }
  return rows;
}

class Collector final : public RowHandler {
 public:
  void on_row(RowPlace place, std::span<const std::string_view> cells) override {
    rows.emplace_back(place.line, std::vector<std::string>(cells.begin(), cells.end()));
  }
  void on_long_cell_begin(RowPlace, size_t) override { ++long_cells; }
  void on_long_cell_text(std::string_view) override {}
  void on_long_cell_end() override {}
  Rows rows;
  int long_cells = 0;
};

TEST(RowSplitter, AgreesWithTheSlowReaderForAllPieceSizes) {
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    std::string text;
    for (size_t row = 0, rows = random() % 200; row < rows; ++row) {
      for (size_t cell = 0, cells = 1 + random() % 6; cell < cells; ++cell) {
        if (cell > 0) text += ',';
        const auto kind = random() % 5;
        if (kind == 0) text += "\"a\"\"b,\nc\"";
        else if (kind == 1) text += "\"\"";
        else if (kind > 2) text += std::string(random() % 90, 'x');
        else text += "mid\"quote";
      }
      text += '\n';
    }
    const Rows expected = split_slowly(text, ',');
    for (const size_t piece : {1UL, 7UL, 63UL, 64UL, 65UL, 100'000UL}) {
      Collector collector;
      RowSplitter splitter(',', 0, collector);
      for (size_t at = 0; at < text.size(); at += piece) splitter.feed(std::string_view(text).substr(at, piece));
      splitter.finish();
      ASSERT_EQ(collector.rows, expected) << "piece " << piece;
    }
  }
}

TEST(RowSplitter, HostileInputEndsInBoundedTime) {
  Collector collector;
  {
    RowSplitter splitter(',', 3, collector);
    for (int i = 0; i < 40; ++i) splitter.feed(std::string(1 << 20, ','));
    splitter.finish();
  }
  EXPECT_TRUE(collector.rows.empty() || collector.rows.size() < 10'000);
  RowSplitter quotes(',', 3, collector);
  std::string piece;
  while (piece.size() < (1U << 20)) piece += ",\"a\nb,c,d\n";
  for (int i = 0; i < 8; ++i) quotes.feed(piece);
  quotes.finish();
  RowSplitter random_bytes(',', 3, collector);
  std::mt19937 random(9);
  std::string noise(4 << 20, '\0');
  for (char& c : noise) c = ",\"\nab\r"[random() % 6];
  random_bytes.feed(noise);
  random_bytes.finish();
}

}  // namespace
}  // namespace assay::extract
