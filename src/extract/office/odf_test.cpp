#include "extract/archive/test_archives.h"
#include "extract/office/office.h"

namespace assay::extract::testing {
namespace {

using model::VerdictKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string content(std::string_view kind, std::string_view body) {
  return "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:table=\"tb\" xmlns:draw=\"d\" "
         "xmlns:dc=\"dc\" xmlns:presentation=\"p\" xmlns:xlink=\"x\" xmlns:style=\"s\"><office:body><office:" +
         std::string(kind) + ">" + std::string(body) + "</office:" + std::string(kind) +
         "></office:body></office:document-content>";
}

Extracted run_odf(ExtractFunction extract, std::string_view kind, std::string_view body,
                  std::vector<TestFile> more = {}) {
  more.push_back({"content.xml", content(kind, body)});
  return run_extractor(extract, make_archive(more));
}

TEST(Odt, ParagraphsSpacesTablesAndSideTexts) {
  const Extracted result = run_odf(
      extract_odt, "text",
      "<text:tracked-changes><text:changed-region><text:deletion><dc:creator>Ann</dc:creator><text:p>gone</text:p>"
      "</text:deletion></text:changed-region></text:tracked-changes>"
      "<text:h>Title</text:h>\n<text:p>536-<text:span>22-</text:span>8145<text:s text:c=\"2\"/>x<text:tab/>y"
      "<office:annotation><dc:creator>Bob</dc:creator><text:p>a remark</text:p></office:annotation>z</text:p>"
      "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b"
      "</text:p></table:table-cell></table:table-row></table:table>"
      "<text:p>see<draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame>n"
      "<text:a xlink:href=\"mailto:a@b.org\">link</text:a></text:p>",
      {{"styles.xml", content("master-styles", "<style:header><text:p>on top</text:p></style:header>")},
       {"meta.xml", "<m xmlns:dc=\"dc\"><dc:creator>Ann Author</dc:creator></m>"},
       {"Pictures/1.png", "png"},
       {"mimetype", "application/vnd.oasis.opendocument.text"}});
  EXPECT_EQ(result.text_of(""), "Title\n536-22-8145  x\tyz\na\tb\t\nseenlink\nboxed\n");
  EXPECT_EQ(result.text_of("deleted"), "Ann\ngone\n");
  EXPECT_EQ(result.text_of("comments"), "Bob\na remark\n");
  EXPECT_EQ(result.text_of("links"), "mailto:a@b.org\n");
  EXPECT_EQ(result.text_of("headers"), "on top\n");
  EXPECT_EQ(result.text_of("properties"), "creator: Ann Author\n");
  ASSERT_THAT(result.members, SizeIs(1));
  EXPECT_EQ(result.members[0].name, "Pictures/1.png");
}

TEST(Odp, PagesAreNumberedAndNotesApart) {
  const Extracted result = run_odf(
      extract_odp, "presentation",
      "<draw:page><draw:frame><draw:text-box><text:p>first</text:p></draw:text-box></draw:frame></draw:page>"
      "<draw:page><draw:frame><draw:text-box><text:p>second</text:p></draw:text-box></draw:frame><presentation:notes>"
      "<draw:frame><draw:text-box><text:p>a note</text:p></draw:text-box></draw:frame></presentation:notes>"
      "</draw:page>");
  ASSERT_THAT(result.texts, SizeIs(3));
  EXPECT_EQ(result.texts[0].text, "first\n");
  EXPECT_EQ(result.texts[0].part.page, 1U);
  EXPECT_EQ(result.texts[1].text, "second\n");
  EXPECT_EQ(result.texts[1].part.page, 2U);
  EXPECT_EQ(result.texts[2].text, "a note\n");
  EXPECT_EQ(result.texts[2].part.name, "notes");
  EXPECT_EQ(result.texts[2].part.page, 2U);
}

TEST(Ods, CellsRowsAndValues) {
  const Extracted result = run_odf(
      extract_ods, "spreadsheet",
      "<table:table table:name=\"People\"><table:table-row><table:table-cell office:value-type=\"string\"><text:p>Name"
      "</text:p></table:table-cell><table:table-cell office:value-type=\"string\"><text:p>Card</text:p>"
      "</table:table-cell></table:table-row><table:table-row table:number-rows-repeated=\"3\"><table:table-cell "
      "table:number-columns-repeated=\"16384\"/></table:table-row><table:table-row><table:table-cell "
      "office:value-type=\"string\"><office:annotation><text:p>a remark</text:p></office:annotation><text:p>Bob"
      "</text:p></table:table-cell><table:table-cell office:value-type=\"float\" office:value=\"4111111111111111\">"
      "<text:p>4.11E+15</text:p></table:table-cell><table:table-cell office:value-type=\"date\" "
      "office:date-value=\"1982-02-18\"/></table:table-row></table:table>");
  ASSERT_THAT(result.tables, SizeIs(1));
  EXPECT_EQ(result.tables[0].info.name, "People");
  EXPECT_THAT(result.tables[0].info.columns, ElementsAre("Name", "Card"));
  ASSERT_THAT(result.tables[0].rows, SizeIs(2));
  EXPECT_EQ(result.tables[0].rows[1].first, 5U);
  EXPECT_THAT(result.tables[0].rows[1].second, ElementsAre("Bob", "4111111111111111", "1982-02-18"));
  EXPECT_EQ(result.text_of("comments"), "a remark\n");
  EXPECT_EQ(result.texts.back().part.table + "!" + result.texts.back().part.cell, "People!A5");
}

TEST(Ods, TextsInFormulasAreReadWithTheirCell) {
  const std::string formula =
      "of:=IF([.A1]=&quot;anna@example.com&quot;;&quot;say &quot;&quot;hi&quot;&quot;&quot;;&quot;x&quot;)";
  const std::string cell = "<table:table-cell table:formula=\"" + formula +
                           "\" office:value-type=\"string\"><text:p>no</text:p></table:table-cell>";
  const Extracted result =
      run_odf(extract_ods, "spreadsheet",
              "<table:table table:name=\"People\"><table:table-row>" + cell + cell +
                  "</table:table-row><table:table-row><table:table-cell table:formula=\"of:=NOW()\"/>"
                  "</table:table-row></table:table>");
  ASSERT_THAT(result.texts, SizeIs(2));
  EXPECT_EQ(result.texts[0].part.name, "formulas");
  EXPECT_EQ(result.texts[0].part.table + "!" + result.texts[0].part.cell, "People!A1");
  EXPECT_EQ(result.texts[0].text, "anna@example.com");
  EXPECT_EQ(result.texts[1].text, "say \"hi\"");
  EXPECT_THAT(result.tables[0].rows.at(0).second, ElementsAre("no", "no"));
  EXPECT_THAT(result.tables[0].rows.at(1).second, ElementsAre("of:=NOW()"));
}

TEST(Ods, RepeatedCellsAndRowsAreBounded) {
  const Extracted result = run_odf(
      extract_ods, "spreadsheet",
      "<table:table table:name=\"Bomb\"><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell "
      "table:number-columns-repeated=\"16384\"><text:p>x</text:p></table:table-cell></table:table-row></table:table>");
  ASSERT_THAT(result.tables, SizeIs(1));
  EXPECT_THAT(result.tables[0].rows, SizeIs(100));
  EXPECT_THAT(result.tables[0].rows[0].second, SizeIs(100));
}

TEST(Odf, EncryptedPackagesAreRefused) {
  const std::string manifest =
      "<m:manifest xmlns:m=\"m\"><m:file-entry m:full-path=\"content.xml\"><m:encryption-data/></m:file-entry>"
      "</m:manifest>";
  for (const ExtractFunction extract : {extract_odt, extract_ods, extract_odp}) {
    const Extracted result = run_odf(extract, "text", "noise", {{"META-INF/manifest.xml", manifest}});
    EXPECT_EQ(result.verdict.kind, VerdictKind::encrypted);
  }
}

TEST(Odf, WithoutContentTheRestIsRead) {
  const Extracted result = run_extractor(extract_odt, make_archive({{"meta.xml", "<m><creator>Ann</creator></m>"}}));
  EXPECT_EQ(result.text_of("properties"), "creator: Ann\n");
  EXPECT_THAT(result.partials, Not(IsEmpty()));
}

TEST(Epub, PagesComeInReadingOrder) {
  const Extracted result = run_extractor(
      extract_epub,
      make_archive({{"mimetype", "application/epub+zip"},
                    {"OPS/a.xhtml", "<p>last</p>"},
                    {"OPS/b.xhtml", "<p>first</p>"},
                    {"OPS/style.css", "p {}"},
                    {"OPS/font.ttf", "font"},
                    {"OPS/locked.xhtml", "noise"},
                    {"META-INF/encryption.xml", "<e><CipherReference URI=\"OPS/locked.xhtml\"/></e>"},
                    {"OPS/book.opf",
                     "<package xmlns:dc=\"dc\"><metadata><dc:creator>Ann Author</dc:creator></metadata><manifest>"
                     "<item id=\"x\" href=\"a.xhtml\"/><item id=\"y\" href=\"b.xhtml\"/></manifest><spine>"
                     "<itemref idref=\"y\"/><itemref idref=\"x\"/></spine></package>"}}));
  ASSERT_THAT(result.members, SizeIs(3));
  EXPECT_EQ(result.members[0].verdict.kind, VerdictKind::encrypted);
  EXPECT_EQ(result.members[1].name, "OPS/b.xhtml");
  EXPECT_EQ(result.members[2].name, "OPS/a.xhtml");
  EXPECT_EQ(result.text_of("properties"), "creator: Ann Author\n");
}

}  // namespace
}  // namespace assay::extract::testing
