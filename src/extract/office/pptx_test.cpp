#include "extract/archive/test_archives.h"
#include "extract/office/office.h"

namespace assay::extract::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::string slide(std::string_view text) {
  return "<p:sld xmlns:p=\"p\" xmlns:a=\"a\"><a:p><a:r><a:t>" + std::string(text) + "</a:t></a:r></a:p></p:sld>";
}

std::string rels(std::string_view id, std::string_view type, std::string_view target) {
  return "<Relationship Id=\"" + std::string(id) + "\" Type=\"http://x/" + std::string(type) + "\" Target=\"" +
         std::string(target) + "\"/>";
}

const std::string presentation =
    "<p:presentation xmlns:p=\"p\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"
    "<p:sldIdLst><p:sldId id=\"256\" r:id=\"rId2\"/><p:sldId id=\"257\" r:id=\"rId1\"/><p:sldId id=\"258\" "
    "r:id=\"rId9\"/></p:sldIdLst></p:presentation>";

TEST(Pptx, SlidesComeInOrderWithTheirNotes) {
  const Extracted result = run_extractor(
      extract_pptx,
      make_archive({{"ppt/slides/slide1.xml", slide("shown second")},
                    {"ppt/slides/slide2.xml", slide("shown first")},
                    {"ppt/slides/slide3.xml", slide("shown never")},
                    {"ppt/presentation.xml", presentation},
                    {"ppt/_rels/presentation.xml.rels", "<Relationships>" + rels("rId1", "slide", "slides/slide1.xml") +
                                                            rels("rId2", "slide", "/ppt/slides/slide2.xml") +
                                                            "</Relationships>"},
                    {"ppt/slides/_rels/slide1.xml.rels",
                     "<Relationships>" + rels("r", "notesSlide", "../notesSlides/notesSlide7.xml") +
                         rels("s", "comments", "../comments/comment1.xml") + "</Relationships>"},
                    {"ppt/notesSlides/notesSlide7.xml", slide("a note")},
                    {"ppt/comments/comment1.xml", "<p:l xmlns:p=\"p\"><p:cm><p:text>a remark</p:text></p:cm></p:l>"},
                    {"ppt/commentAuthors.xml", "<p:l xmlns:p=\"p\"><p:cmAuthor name=\"Ann\"/></p:l>"},
                    {"ppt/slideMasters/slideMaster1.xml", slide("a master")},
                    {"ppt/charts/chart1.xml", "<c><strCache><pt><v>Label</v></pt></strCache></c>"},
                    {"ppt/diagrams/data1.xml", slide("a node")},
                    {"ppt/embeddings/book.xlsx", "PK"}}));
  std::vector<std::pair<uint32_t, std::string>> slides;
  for (const auto& text : result.texts)
    if (text.part.name.empty()) slides.emplace_back(text.part.page, text.text);
  EXPECT_THAT(slides, ElementsAre(std::pair(1U, "shown first\n"), std::pair(2U, "shown second\n")));
  EXPECT_EQ(result.text_of("slides"), "shown never\n");
  EXPECT_EQ(result.text_of("notes"), "a note\n");
  EXPECT_EQ(result.text_of("comments"), "a remark\n");
  EXPECT_EQ(result.text_of("authors"), "Ann\n");
  EXPECT_EQ(result.text_of("masters"), "a master\n");
  EXPECT_EQ(result.text_of("charts"), "Label\n");
  EXPECT_EQ(result.text_of("diagrams"), "a node\n");
  EXPECT_NE(result.member_named("ppt/embeddings/book.xlsx"), nullptr);
  EXPECT_THAT(result.partials, ElementsAre("missing slide"));
  for (const auto& text : result.texts)
    if (text.part.name == "notes") EXPECT_EQ(text.part.page, 2U);
}

TEST(Pptx, WithoutItsMainPartTheSlidesAreRead) {
  const Extracted result = run_extractor(extract_pptx, make_archive({{"ppt/slides/slide1.xml", slide("orphan")}}));
  EXPECT_EQ(result.text_of("slides"), "orphan\n");
  EXPECT_THAT(result.partials, Not(IsEmpty()));
}

}  // namespace
}  // namespace assay::extract::testing
