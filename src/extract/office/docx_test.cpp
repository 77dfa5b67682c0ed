#include "extract/archive/test_archives.h"
#include "extract/office/office.h"
#include "extract/unicode.h"

namespace assay::extract::testing {
namespace {

using model::VerdictKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* transitional = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

std::string document(std::string_view body, std::string_view ns = transitional) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"" + std::string(ns) +
         "\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
         " xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" xmlns:v=\"urn:v\""
         " xmlns:wps=\"urn:wps\"><w:body>" +
         std::string(body) + "</w:body></w:document>";
}

const std::string package_rels =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" "
    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" "
    "Target=\"word/document.xml\"/></Relationships>";

Extracted run_docx(std::string_view body, std::vector<TestFile> more = {}) {
  more.push_back({"_rels/.rels", package_rels});
  more.push_back({"word/document.xml", document(body)});
  return run_extractor(extract_docx, make_archive(more));
}

std::string paragraph(std::string_view text) { return "<w:p><w:r><w:t>" + std::string(text) + "</w:t></w:r></w:p>"; }

TEST(Docx, RunsOfAWordAreJoined) {
  const Extracted result =
      run_docx("<w:p><w:r><w:t>SSN 536-</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>22-8145</w:t></w:r></w:p>" +
               paragraph("next &amp; last"));
  EXPECT_EQ(result.text_of(""), "SSN 536-22-8145\nnext & last\n");
  EXPECT_THAT(result.partials, IsEmpty());
}

TEST(Docx, StrictNamespaceReadsAlike) {
  constexpr std::string_view strict = "http://purl.oclc.org/ooxml/wordprocessingml/main";
  const Extracted result =
      run_extractor(extract_docx, make_archive({{"word/document.xml", document(paragraph("strict"), strict)}}));
  EXPECT_EQ(result.text_of(""), "strict\n");
}

TEST(Docx, CellsEndInTabsAndRowsInNewlines) {
  const auto cell = [](std::string_view text) { return "<w:tc>" + paragraph(text) + "</w:tc>"; };
  const Extracted result =
      run_docx(paragraph("before") + "<w:tbl><w:tr>" + cell("a") + cell("") + cell("c") + "</w:tr><w:tr>" + cell("d") +
               cell("e") + cell("f") + "</w:tr></w:tbl>" + paragraph("after"));
  EXPECT_EQ(result.text_of(""), "before\na\t\tc\t\nd\te\tf\t\nafter\n");
}

TEST(Docx, BreaksTabsAndHyphens) {
  const Extracted result = run_docx(
      "<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c"
      "</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r></w:p>");
  EXPECT_EQ(result.text_of(""), "a\tb\nc-d\n");
}

TEST(Docx, TextBoxesFollowTheirParagraphOnce) {
  const std::string box = "<w:txbxContent>" + paragraph("boxed") + "</w:txbxContent>";
  const Extracted result = run_docx(
      "<w:p><w:r><w:t>536-</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><wps:txbx>" + box +
      "</wps:txbx></mc:Choice><mc:Fallback><v:textbox>" + box +
      "</v:textbox></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>22-8145</w:t></w:r></w:p>" + paragraph("next"));
  EXPECT_EQ(result.text_of(""), "536-22-8145\nboxed\nnext\n");
}

TEST(Docx, DeletedTextFieldsAndFormsAreSideTexts) {
  const Extracted result = run_docx(
      "<w:p><w:del w:author=\"Ann\"><w:r><w:delText>gone 536-</w:delText></w:r><w:r><w:delText>22-8145</w:delText>"
      "</w:r></w:del><w:r><w:instrText>HYPERLINK \"mailto:a@b.org\"</w:instrText></w:r><w:r><w:t>kept</w:t></w:r></w:p>"
      "<w:p><w:sdt><w:sdtPr><w:comboBox><w:listItem w:displayText=\"Choice\" w:value=\"c\"/></w:comboBox><w:text/>"
      "</w:sdtPr></w:sdt></w:p>");
  EXPECT_EQ(result.text_of(""), "kept\n");
  EXPECT_EQ(result.text_of("deleted"), "gone 536-22-8145\n");
  EXPECT_THAT(result.text_of("links"), HasSubstr("mailto:a@b.org"));
  EXPECT_EQ(result.text_of("form"), "Choice\nc\n");
  EXPECT_EQ(result.text_of("authors"), "Ann\n");
}

TEST(Docx, EveryOtherPartIsFound) {
  const auto part = [](std::string_view text) { return document(paragraph(text)); };
  const Extracted result =
      run_docx(paragraph("body"),
               {{"word/header1.xml", part("in the header")},
                {"word/footer2.xml", part("in the footer")},
                {"word/footnotes.xml", part("in a footnote")},
                {"word/comments.xml", part("in a comment")},
                {"docProps/core.xml", "<cp xmlns:dc=\"d\"><dc:creator>Ann Author</dc:creator></cp>"},
                {"docProps/custom.xml", "<p><property name=\"Patient\"><lpwstr>Bob</lpwstr></property></p>"},
                {"customXml/item1.xml", "<data><ssn id=\"77\">536-22-8145</ssn></data>"},
                {"word/_rels/document.xml.rels",
                 "<Relationships><Relationship Id=\"r\" Type=\"t/hyperlink\" Target=\"https://host/?a=1&amp;b=2\" "
                 "TargetMode=\"External\"/></Relationships>"},
                {"word/embeddings/book.xlsx", "PK..."},
                {"word/vbaProject.bin", "macro"},
                {"word/media/image1.png", "png"},
                {"word/afchunk.htm", "<p>chunk</p>"},
                {"word/unheard-of.xml", "<x><y>something else</y></x>"},
                {"word/styles.xml", "<s><t>style name</t></s>"}});
  EXPECT_EQ(result.text_of("headers"), "in the header\nin the footer\n");
  EXPECT_EQ(result.text_of("notes"), "in a footnote\n");
  EXPECT_EQ(result.text_of("comments"), "in a comment\n");
  EXPECT_EQ(result.text_of("properties"), "creator: Ann Author\nPatient: Bob\n");
  EXPECT_EQ(result.text_of("customxml"), "id: 77\nssn: 536-22-8145\n");
  EXPECT_EQ(result.text_of("links"), "https://host/?a=1&b=2\n");
  EXPECT_EQ(result.text_of("other"), "y: something else\n");
  EXPECT_THAT(result.sink.everything(), Not(HasSubstr("style name")));
  for (const char* name :
       {"word/embeddings/book.xlsx", "word/vbaProject.bin", "word/media/image1.png", "word/afchunk.htm"})
    EXPECT_NE(result.member_named(name), nullptr) << name;
}

TEST(Docx, EntitiesAreNotExpanded) {
  const std::string bomb =
      "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\"><!ENTITY f SYSTEM "
      "\"file:///etc/passwd\">]><w:d xmlns:w=\"w\"><w:p><w:t>x&b;&f;y</w:t></w:p></w:d>";
  const Extracted result = run_extractor(extract_docx, make_archive({{"word/document.xml", bomb}}));
  EXPECT_EQ(result.text_of(""), "xy\n");
}

TEST(Docx, DamagedPartsLoseOnlyThemselves) {
  std::string cut = document(paragraph("first") + paragraph("second"));
  cut.resize(cut.find("second") + 3);
  const Extracted result = run_extractor(
      extract_docx, make_archive({{"word/document.xml", cut}, {"word/comments.xml", document(paragraph("whole"))}}));
  EXPECT_THAT(result.text_of(""), HasSubstr("first\n"));
  EXPECT_EQ(result.text_of("comments"), "whole\n");
  EXPECT_THAT(result.partials, Not(IsEmpty()));
}

TEST(Docx, APackageCutOffGivesWhatIsLeft) {
  std::string bytes = make_archive(
      {{"word/document.xml", document(paragraph("still here"))}, {"word/media/noise.bin", std::string(100'000, 'x')}},
      {.options = "zip:compression=store"});
  bytes.resize(bytes.size() / 2);
  const Extracted result = run_extractor(extract_docx, bytes);
  EXPECT_EQ(result.text_of(""), "still here\n");
  EXPECT_THAT(result.partials, Not(IsEmpty()));
}

TEST(Docx, WithoutItsMainPartTheRestIsRead) {
  const Extracted result =
      run_extractor(extract_docx, make_archive({{"word/comments.xml", document(paragraph("alone"))}}));
  EXPECT_EQ(result.text_of("comments"), "alone\n");
  EXPECT_THAT(result.partials, Not(IsEmpty()));
}

TEST(Docx, DepthIsBounded) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<w:x>";
  const Extracted result = run_docx(paragraph("above") + deep);
  EXPECT_EQ(result.text_of(""), "above\n");
  EXPECT_THAT(result.partials, Not(IsEmpty()));
}

TEST(Docx, ExpansionIsBounded) {
  model::Limits limits;
  limits.max_expanded_bytes = 100'000;
  const std::string bytes = make_archive({{"word/document.xml", document(paragraph(std::string(1'000'000, 'x')))}});
  EXPECT_EQ(run_extractor(extract_docx, bytes, {}, limits).verdict.kind, VerdictKind::limit);
}

TEST(Docx, InvalidBytesAreReplaced) {
  const Extracted result = run_docx(paragraph("a\xff\xc3z") + paragraph(std::string(40'000, 'x') + "\xe2\x82\xac"));
  EXPECT_EQ(result.text_of("").substr(0, 6), "a\xef\xbf\xbdz\n");
  EXPECT_TRUE(is_valid_utf8(result.text_of("")));
  EXPECT_THAT(result.text_of(""), HasSubstr("x\xe2\x82\xac\n"));
}

TEST(Docx, SequencesSurviveTheEndsOfPieces) {
  std::string euros;
  for (int i = 0; i < 20'000; ++i) euros += "\xe2\x82\xac";
  EXPECT_EQ(run_docx(paragraph("x" + euros)).text_of(""), "x" + euros + "\n");
}

TEST(Docx, OldAndWideEncodingsAreDecoded) {
  const std::string latin = "<?xml version=\"1.0\" encoding=\"windows-1252\"?><d><p><t>caf\xe9</t></p></d>";
  EXPECT_EQ(run_extractor(extract_docx, make_archive({{"word/document.xml", latin}})).text_of(""), "café\n");
  std::string wide("\xff\xfe", 2);
  for (const char c : std::string("<?xml version=\"1.0\" encoding=\"utf-16\"?><d><p><t>wide</t></p></d>"))
    wide += {c, '\0'};
  EXPECT_EQ(run_extractor(extract_docx, make_archive({{"word/document.xml", wide}})).text_of(""), "wide\n");
}

}  // namespace
}  // namespace assay::extract::testing
