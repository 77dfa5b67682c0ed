#include "extract/archive/test_archives.h"
#include "extract/office/office.h"

namespace assay::extract::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string workbook =
    "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>"
    "<sheet name=\"People\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"Secret\" sheetId=\"2\" state=\"veryHidden\" "
    "r:id=\"rId2\"/></sheets><definedNames><definedName name=\"Rate\">\"0.25\"</definedName></definedNames></workbook>";

const std::string workbook_rels =
    "<Relationships><Relationship Id=\"rId1\" Type=\"t/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"t/worksheet\" Target=\"worksheets/sheet2.xml\"/></Relationships>";

const std::string strings =
    "<sst><si><t>Name</t></si><si><r><t>S</t></r><r><t>SN</t></r><rPh><t>phonetic</t></rPh></si><si><t>Bob</t></si>"
    "</sst>";

const std::string styles =
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd;@\"/><numFmt numFmtId=\"165\" "
    "formatCode=\"000\\-00\\-0000\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>"
    "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf numFmtId=\"22\"/>"
    "</cellXfs></styleSheet>";

Extracted run_xlsx(std::string_view rows, std::string_view after = {}, std::vector<TestFile> more = {}) {
  more.push_back({"xl/workbook.xml", workbook});
  more.push_back({"xl/_rels/workbook.xml.rels", workbook_rels});
  more.push_back({"xl/sharedStrings.xml", strings});
  more.push_back({"xl/styles.xml", styles});
  more.push_back({"xl/worksheets/sheet1.xml",
                  "<worksheet><sheetData>" + std::string(rows) + "</sheetData>" + std::string(after) + "</worksheet>"});
  more.push_back({"xl/worksheets/sheet2.xml",
                  "<worksheet><sheetData><row r=\"3\"><c r=\"B3\" t=\"inlineStr\"><is><t>hidden 12345</t></is></c>"
                  "</row></sheetData></worksheet>"});
  return run_extractor(extract_xlsx, make_archive(more));
}

TEST(Xlsx, SheetsAreTablesWithNamesFromTheFirstRow) {
  const Extracted result = run_xlsx(
      "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row>"
      "<row r=\"5\"><c r=\"A5\" t=\"s\"><v>2</v></c><c r=\"C5\" s=\"3\"><v>536228145</v></c></row>");
  ASSERT_THAT(result.tables, SizeIs(2));
  const auto& people = result.tables[0];
  EXPECT_EQ(people.info.name, "People");
  EXPECT_TRUE(people.info.is_sheet);
  EXPECT_THAT(people.info.columns, ElementsAre("Name", "B", "SSN"));
  EXPECT_EQ(people.info.header_row, 1U);
  ASSERT_THAT(people.rows, SizeIs(2));
  EXPECT_EQ(people.rows[1].first, 5U);
  EXPECT_THAT(people.rows[1].second, ElementsAre("Bob", "", "536-22-8145"));
  EXPECT_EQ(result.tables[1].info.name, "Secret");
  EXPECT_THAT(result.tables[1].info.columns, IsEmpty());
  EXPECT_THAT(result.tables[1].rows.at(0).second, ElementsAre("", "hidden 12345"));
  EXPECT_EQ(result.text_of("names"), "Rate: \"0.25\"\n");
  EXPECT_THAT(result.partials, IsEmpty());
}

std::string text_row(int number, std::initializer_list<std::string_view> cells) {
  std::string row = "<row r=\"" + std::to_string(number) + "\">";
  for (const auto cell : cells) row += "<c t=\"inlineStr\"><is><t>" + std::string(cell) + "</t></is></c>";
  return row + "</row>";
}

TEST(Xlsx, TheRowOfNamesIsKnownAsSuchBelowTitlesToo) {
  const Extracted result = run_xlsx(text_row(1, {"Staff of the harbour office"}) + text_row(3, {"Name", "Phone"}) +
                                    text_row(4, {"Bob", "0151 1234567"}) + text_row(5, {"Eve", "0151 7654321"}));
  const auto& table = result.tables.at(0);
  EXPECT_THAT(table.info.columns, ElementsAre("Name", "Phone"));
  EXPECT_EQ(table.info.header_row, 3U);
  ASSERT_THAT(table.rows, SizeIs(4));
  EXPECT_EQ(table.rows[0].first, 1U);
  EXPECT_THAT(table.rows[1].second, ElementsAre("Name", "Phone"));
}

TEST(Xlsx, RowsOfValuesNameNothing) {
  const Extracted result = run_xlsx(text_row(1, {"Bob", "bob@example.net"}) + text_row(2, {"Name", "Mail"}));
  EXPECT_THAT(result.tables.at(0).info.columns, IsEmpty());
  EXPECT_EQ(result.tables.at(0).info.header_row, 0U);
  EXPECT_THAT(result.tables.at(0).rows, SizeIs(2));
}

TEST(Xlsx, LongSheetsKeepTheirOrder) {
  std::string rows = text_row(1, {"Name", "Phone"});
  for (int i = 2; i <= 100; ++i) rows += text_row(i, {"Bob", "0151 12345" + std::to_string(i)});
  const Extracted result = run_xlsx(rows);
  ASSERT_THAT(result.tables.at(0).rows, SizeIs(100));
  for (size_t i = 0; i < 100; ++i) EXPECT_EQ(result.tables[0].rows[i].first, i + 1);
}

TEST(Xlsx, ValuesAreShownAsTheUserSeesThem) {
  const Extracted result = run_xlsx(
      "<row><c><v>4111111111111111</v></c><c><v>4.111111111111111E15</v></c><c s=\"1\"><v>30000</v></c>"
      "<c s=\"2\"><v>60</v></c><c s=\"4\"><v>30000.5</v></c><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c>"
      "<c><f>A1*2</f></c><c t=\"str\"><f>X</f><v>cached</v></c><c><v>0.30000000000000004</v></c></row>");
  EXPECT_THAT(result.tables.at(0).rows.at(0).second,
              ElementsAre("4111111111111111", "4111111111111111", "1982-02-18", "1900-02-28", "1982-02-18 12:00:00",
                          "TRUE", "#N/A", "=A1*2", "cached", "0.3"));
}

TEST(Xlsx, CellsWithoutReferencesCountOn) {
  const Extracted result = run_xlsx("<row><c><v>1</v></c></row><row><c><v>2</v></c><c r=\"AB2\"><v>3</v></c></row>");
  const auto& rows = result.tables.at(0).rows;
  EXPECT_EQ(rows.at(1).first, 2U);
  EXPECT_THAT(rows.at(1).second, SizeIs(28));
  EXPECT_EQ(rows.at(1).second.back(), "3");
}

TEST(Xlsx, TextsInFormulasAreReadWithTheirCell) {
  const Extracted result = run_xlsx(
      "<row r=\"4\"><c r=\"C4\" t=\"str\"><f>IF(A1=\"anna@example.com\",\"yes\",\"\")</f><v>yes</v></c><c "
      "r=\"D4\"><f>LEN(\"Card "
      "4111\")</f><v>9</v></c><c r=\"E4\"><f>LEN(\"not computed\")</f></c><c r=\"F4\"><f>LEN(\"Card "
      "4111\"&amp;\"open</f><v>1"
      "</v></c></row>");
  std::vector<std::string> said;
  for (const auto& [part, text] : result.texts)
    if (part.name == "formulas") said.push_back(part.table + "!" + part.cell + " " + text);
  EXPECT_THAT(said, ElementsAre("People!C4 anna@example.com", "People!D4 Card 4111", "People!F4 open"));
  EXPECT_THAT(result.tables.at(0).rows.at(0).second.back(), "1");
}

TEST(Xlsx, TextsInFormulasAreBounded) {
  std::string rows;
  for (int i = 0; i < 20; ++i) {
    const std::string text = std::string(100'000, static_cast<char>('a' + i));
    rows += "<row><c><f>LEN(\"" + text + "\")</f><v>1</v></c></row>";
  }
  const Extracted result = run_xlsx(rows);
  EXPECT_EQ(result.text_of("formulas").size(), 1'000'000U);
  EXPECT_THAT(result.partials, ElementsAre("texts in formulas beyond what is kept"));
}

TEST(Xlsx, WhatStandsBesideTheCellsIsRead) {
  const Extracted result = run_xlsx(
      "<row><c><v>1</v></c></row>",
      "<dataValidations><dataValidation prompt=\"Enter SSN\"><formula1>\"red,green\"</formula1></dataValidation>"
      "</dataValidations><hyperlinks><hyperlink ref=\"A1\" display=\"shown link\"/></hyperlinks><headerFooter>"
      "<oddHeader>&amp;LConfidential&amp;Can@example.org</oddHeader></headerFooter>",
      {{"xl/comments1.xml",
        "<comments><authors><author>Ann</author></authors><commentList><comment ref=\"B7\"><text><t>a remark"
        "</t></text></comment></commentList></comments>"},
       {"xl/threadedComments/threadedComment1.xml",
        "<T><threadedComment ref=\"C9\"><text>a thread</text></threadedComment></T>"},
       {"xl/worksheets/_rels/sheet1.xml.rels",
        "<Relationships><Relationship Id=\"a\" Type=\"t/comments\" Target=\"../comments1.xml\"/><Relationship Id=\"b\" "
        "Type=\"t/threadedComment\" Target=\"../threadedComments/threadedComment1.xml\"/></Relationships>"},
       {"xl/drawings/drawing1.xml", "<d xmlns:a=\"a\"><a:p><a:r><a:t>drawn</a:t></a:r></a:p></d>"},
       {"xl/drawings/vmlDrawing1.vml", "<xml xmlns:v=\"v\"><v:textbox><div>old box</div></v:textbox></xml>"},
       {"xl/externalLinks/externalLink1.xml",
        "<e><sheetData><row><cell><v>cached far</v></cell></row></sheetData></e>"},
       {"xl/pivotCache/pivotCacheDefinition1.xml", "<p><sharedItems count=\"1\"><s v=\"Davolio\"/></sharedItems></p>"},
       {"xl/connections.xml", "<c><dbPr connection=\"Password=x\"/></c>"},
       {"xl/embeddings/oleObject1.bin", "ole"}});
  EXPECT_THAT(result.text_of("validations"), HasSubstr("Enter SSN\n\"red,green\""));
  EXPECT_EQ(result.text_of("links"), "shown link\n");
  EXPECT_EQ(result.text_of("headers"), "\nConfidential\nan@example.org\n");
  for (const auto& [part, text] : result.texts)
    if (part.name == "headers" || part.name == "validations" || part.name == "links") EXPECT_EQ(part.table, "People");
  EXPECT_EQ(result.text_of("comments"), "Ann\na remark\na thread\n");
  std::vector<std::string> commented;
  for (const auto& [part, text] : result.texts)
    if (part.name == "comments") commented.push_back(part.table + "!" + part.cell);
  EXPECT_THAT(commented, ElementsAre("People!", "People!B7", "People!C9"));
  EXPECT_EQ(result.text_of("drawings"), "drawn\nold box\n");
  EXPECT_EQ(result.text_of("external"), "cached far\n");
  EXPECT_EQ(result.text_of("pivot"), "v: Davolio\n");
  EXPECT_EQ(result.text_of("properties"), "connection: Password=x\n");
  EXPECT_NE(result.member_named("xl/embeddings/oleObject1.bin"), nullptr);
}

TEST(Xlsx, WhatIsNoCellIsNotTheCellOfAComment) {
  const Extracted result = run_xlsx(
      "<row><c><v>1</v></c></row>", "",
      {{"xl/comments1.xml",
        "<comments><comment ref=\"A536228145\"><text><t>a</t></text></comment><comment ref=\"536-22-8145\"><text>"
        "<t>b</t></text></comment></comments>"},
       {"xl/worksheets/_rels/sheet1.xml.rels",
        "<Relationships><Relationship Id=\"a\" Type=\"t/comments\" Target=\"../comments1.xml\"/>"
        "</Relationships>"}});
  EXPECT_EQ(result.text_of("comments"), "a\nb\n");
  for (const auto& text : result.texts) EXPECT_EQ(text.part.cell, "") << text.text;
}

TEST(Xlsx, WithoutItsWorkbookTheSheetsAreRead) {
  const std::string sheet = "<worksheet><sheetData><row><c t=\"s\"><v>2</v></c></row></sheetData></worksheet>";
  const Extracted result = run_extractor(
      extract_xlsx, make_archive({{"xl/sharedStrings.xml", strings}, {"xl/worksheets/sheet9.xml", sheet}}));
  EXPECT_THAT(result.tables.at(0).rows.at(0).second, ElementsAre("Bob"));
  EXPECT_THAT(result.partials, Not(IsEmpty()));
}

TEST(Xlsx, RowsThatCannotBeAreCounted) {
  const std::string one = "<c t=\"str\"><v>a</v></c>";
  const Extracted result = run_xlsx("<row r=\"0\">" + one + "</row><row r=\"18446744073709551615\">" + one +
                                    "</row><row r=\"7\"><c r=\"A0\" t=\"str\"><v>a</v></c></row>");
  std::vector<uint64_t> rows;
  for (const auto& [row, cells] : result.tables.at(0).rows) rows.push_back(row);
  EXPECT_THAT(rows, ElementsAre(1, 2, 7));
}

TEST(Xlsx, APartsNameThatIsNoUtf8IsMadeUtf8) {
  const std::string sheet = "<worksheet><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>";
  const Extracted result = run_extractor(extract_xlsx, make_archive({{"xl/worksheets/\xffsheet.xml", sheet}}));
  EXPECT_EQ(result.tables.at(0).info.name, "xl/worksheets/\xEF\xBF\xBDsheet.xml");
}

TEST(Xlsx, CellsBeyondTheLastColumnAreToldOnce) {
  const Extracted result = run_xlsx("<row r=\"1\"><c r=\"ZZZ1\"><v>1</v></c><c r=\"ZZZ1\"><v>2</v></c></row>");
  EXPECT_THAT(result.partials, ElementsAre("cells beyond the last column of a sheet"));
}

TEST(Xlsx, AVeryLongCellIsText) {
  const Extracted result =
      run_xlsx("<row r=\"2\"><c r=\"B2\" t=\"str\"><v>" + std::string(1'500'000, 'x') + "</v></c></row>");
  EXPECT_EQ(result.text_of("People!B2").size(), 1'500'000U);
}

}  // namespace
}  // namespace assay::extract::testing
