#include "extract/pdf/pdf.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "core/fd.h"
#include "extract/pdf/page_layout.h"
#include "extract/pdf/poppler_data.h"
#include "extract/sink_recorder.h"

namespace assay::extract {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Numbers objects from 1 and writes the cross-reference table; object 1 is the catalog.
class PdfMaker {
 public:
  PdfMaker& object(std::string body) {
    objects_.push_back(std::move(body));
    return *this;
  }
  PdfMaker& stream(const std::string& content, const std::string& extra = "") {
    return object(fmt::format("<< /Length {} {} >>\nstream\n{}\nendstream", content.size(), extra, content));
  }
  std::string bytes(const std::string& trailer = "") const {
    std::string out = "%PDF-1.7\n";
    std::string table = fmt::format("xref\n0 {}\n0000000000 65535 f \n", objects_.size() + 1);
    for (size_t i = 0; i < objects_.size(); ++i) {
      table += fmt::format("{:010} 00000 n \n", out.size());
      out += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects_[i]);
    }
    return out + table +
           fmt::format("trailer\n<< /Size {} /Root 1 0 R {} >>\nstartxref\n{}\n%%EOF\n", objects_.size() + 1, trailer,
                       out.size());
  }

 private:
  std::vector<std::string> objects_;
};

SinkRecorder run_on(Input& input) {
  SinkRecorder sink;
  Scratch scratch(-1, 0);
  const model::Limits limits;
  extract_pdf(input, {.limits = limits, .scratch = scratch, .name = {}}, sink);
  return sink;
}

SinkRecorder run(std::string_view bytes) {
  MemoryInput input(bytes);
  return run_on(input);
}

std::string part_text(const SinkRecorder& sink, const std::string& part) {
  std::string all;
  for (const auto& text : sink.texts)
    if (text.part.name == part) all += text.text;
  return all;
}

const std::string font = "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>";

std::string one_page(const std::string& content, const std::string& catalog = "", const std::string& page = "") {
  return PdfMaker()
      .object("<< /Type /Catalog /Pages 2 0 R " + catalog + " >>")
      .object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
      .object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R " + font + page + " >>")
      .stream(content)
      .bytes();
}

TEST(ExtractPdf, GivesTextByPageInReadingOrder) {
  const std::string bytes =
      PdfMaker()
          .object("<< /Type /Catalog /Pages 2 0 R >>")
          .object("<< /Type /Pages /Kids [3 0 R 5 0 R] /Count 2 /MediaBox [0 0 600 800] " + font + " >>")
          .object("<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>")
          .stream("BT /F1 12 Tf 50 600 Td (second line) Tj 0 40 Td (first) Tj 40 0 Td (line) Tj ET")
          .object("<< /Type /Page /Parent 2 0 R /Contents 6 0 R >>")
          .stream("BT /F1 12 Tf 50 700 Td [(spl) -20 (it)] TJ ET")
          .bytes();
  const auto sink = run(bytes);
  ASSERT_EQ(sink.texts.size(), 2u);
  EXPECT_EQ(sink.texts[0].part.page, 1u);
  EXPECT_THAT(sink.texts[0].text, HasSubstr("first\tline\n"));
  EXPECT_LT(sink.texts[0].text.find("first"), sink.texts[0].text.find("second"));
  EXPECT_EQ(sink.texts[1].part.page, 2u);
  EXPECT_THAT(sink.texts[1].text, HasSubstr("split"));
  EXPECT_THAT(sink.partials, IsEmpty());
}

TEST(ExtractPdf, KeepsLabelsBesideTheirValues) {
  std::string content = "BT /F1 10 Tf 50 700 Td 0 -14 TD (Name:) Tj T* (Street:) Tj T* (Account:) Tj ET ";
  content += "BT /F1 10 Tf 300 700 Td 0 -14 TD (Ada Sample) Tj T* (Quay 7) Tj T* (4711 0815) Tj ET";
  EXPECT_EQ(part_text(run(one_page(content)), ""), "Name:\tAda Sample\nStreet:\tQuay 7\nAccount:\t4711 0815\n");
}

TEST(ExtractPdf, KeepsColumnsOfProseApart) {
  std::string content;
  for (const int left : {50, 320}) {
    content += fmt::format("BT /F1 9 Tf {} 700 Td 0 -11 TD ", left);
    for (int line = 1; line <= 5; ++line)
      content += fmt::format("(line {} of the column that begins at {} points) Tj T* ", line, left);
    content += "ET ";
  }
  const std::string text = part_text(run(one_page(content)), "");
  EXPECT_LT(text.find("line 5 of the column that begins at 50"), text.find("line 1 of the column that begins at 320"));
}

TEST(ExtractPdf, ReadsTextBesideThePage) {
  const std::string content =
      "BT /F1 12 Tf 50 700 Td (inside) Tj ET BT /F1 12 Tf -300 700 Td (left of it) Tj ET "
      "BT /F1 12 Tf 900 400 Td (right of it) Tj ET BT /F1 12 Tf 50 1200 Td (above it) Tj ET "
      "BT /F1 12 Tf 50 -200 Td (below it) Tj ET";
  for (const char* page : {"", " /Rotate 90", " /CropBox [100 100 200 200]"}) {
    const std::string text = part_text(run(one_page(content, "", page)), "");
    for (const char* words : {"inside", "left of it", "right of it", "above it", "below it"})
      EXPECT_THAT(text, HasSubstr(words)) << page;
  }
}

TEST(PageLayout, PutsRightToLeftTextInReadingOrder) {
  EXPECT_EQ(logical_order(U"plain"), U"plain");
  EXPECT_EQ(logical_order(U"\u05DD\u05D5\u05DC\u05E9"), U"\u05E9\u05DC\u05D5\u05DD");
  EXPECT_EQ(logical_order(U"12-34 \u05DD\u05D5"), U"\u05D5\u05DD 12-34");
  EXPECT_EQ(logical_order(U"name: \u05DD\u05D5 end"), U"name: \u05D5\u05DD end");
}

TEST(ExtractPdf, ReadsPredefinedCharacterMaps) {
  if (load_poppler_data() == 0) GTEST_SKIP() << "poppler-data is not installed";
  const std::string composite =
      "/Resources << /Font << /F1 << /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /90ms-RKSJ-H "
      "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /CIDSystemInfo << /Registry "
      "(Adobe) /Ordering (Japan1) /Supplement 2 >> >>] >> >> >>";
  const std::string bytes =
      PdfMaker()
          .object("<< /Type /Catalog /Pages 2 0 R >>")
          .object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
          .object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R " + composite + " >>")
          .stream("BT /F1 12 Tf 50 600 Td <93FA967B> Tj ET")
          .bytes();
  const auto sink = run(bytes);
  EXPECT_THAT(part_text(sink, ""), HasSubstr("\u65e5\u672c"));
  EXPECT_THAT(sink.partials, IsEmpty());
}

TEST(ExtractPdf, SaysWhenACharacterMapIsMissing) {
  const std::string composite =
      "/Resources << /Font << /F1 << /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Nowhere-H /DescendantFonts "
      "[<< /Type /Font /Subtype /CIDFontType0 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) "
      "/Supplement 2 >> >>] >> >> >>";
  const auto sink =
      run(PdfMaker()
              .object("<< /Type /Catalog /Pages 2 0 R >>")
              .object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
              .object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R " + composite + " >>")
              .stream("BT /F1 12 Tf 50 600 Td <93FA967B> Tj ET")
              .bytes());
  EXPECT_THAT(sink.partials, Contains("a character map is not installed"));
}

TEST(ExtractPdf, ReadsFormsHiddenFieldsAndAnnotations) {
  const std::string bytes =
      PdfMaker()
          .object("<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R 6 0 R] /XFA [(datasets) 9 0 R] >> >>")
          .object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
          .object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Annots [5 0 R 7 0 R 8 0 R 10 0 R] >>")
          .object("null")
          .object("<< /Subtype /Widget /FT /Tx /T (iban) /V (value one) /DV (usual) /F 2 /Rect [0 0 1 1] >>")
          .object("<< /T (person) /Kids [<< /T (name) /FT /Tx /V <FEFF00C400E4> /Parent 6 0 R >> 6 0 R] >>")
          .object("<< /Subtype /Text /T (Reviewer) /Contents (Please check) /Rect [0 0 1 1] >>")
          .object(
              "<< /Subtype /Link /Rect [0 0 1 1] /A << /S /URI /URI (mailto:a@example.org) /Next << /S /JavaScript /JS "
              "(app.alert\\(1\\)) >> >> >>")
          .stream("<xfa><secret>in data</secret></xfa>")
          .object("<< /Subtype /Widget /FT /Tx /T (orphan) /V (no form) /Rect [0 0 1 1] >>")
          .bytes();
  const auto sink = run(bytes);
  const std::string form = part_text(sink, "form");
  EXPECT_THAT(form, HasSubstr("iban: value one\n"));
  EXPECT_EQ(form.find("iban: value one"), form.rfind("iban: value one"));
  EXPECT_THAT(form, HasSubstr("iban: usual\n"));
  EXPECT_THAT(form, HasSubstr("person.name: \u00c4\u00e4\n"));
  EXPECT_THAT(form, HasSubstr("<secret>in data</secret>"));
  EXPECT_THAT(form, HasSubstr("orphan: no form\n"));
  EXPECT_THAT(part_text(sink, "comments"), HasSubstr("Reviewer: Please check\n"));
  EXPECT_THAT(part_text(sink, "links"), HasSubstr("mailto:a@example.org"));
  EXPECT_THAT(part_text(sink, "scripts"), HasSubstr("app.alert(1)"));
}

TEST(ExtractPdf, ReadsMetadataOutlineScriptsAndFiles) {
  const std::string bytes =
      PdfMaker()
          .object(
              "<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R /Outlines << /First 5 0 R >> /Names << /JavaScript << "
              "/Names "
              "[(js) << /S /JavaScript /JS (var key = 1;) >>] >> /EmbeddedFiles << /Kids [<< /Names [(x) 7 0 R] >>] >> "
              ">> >>")
          .object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
          .object(
              "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Annots [<< /Subtype /FileAttachment /Rect [0 0 1 "
              "1] /FS "
              "7 0 R >>] >>")
          .stream("<x:xmpmeta><dc:creator>Xenia</dc:creator></x:xmpmeta>", "/Type /Metadata /Subtype /XML")
          .object("<< /Title (Chapter one) /Next 6 0 R >>")
          .object("<< /Title (Chapter two) /Next 5 0 R /First 6 0 R >>")
          .object("<< /Type /Filespec /F (plain.txt) /UF (list.txt) /EF << /F 8 0 R >> >>")
          .stream("attached text")
          .bytes("/Info << /Author (Ada Sample) /Custom (CN-1) >>");
  const auto sink = run(bytes);
  EXPECT_THAT(part_text(sink, "metadata"), HasSubstr("Author: Ada Sample\n"));
  EXPECT_THAT(part_text(sink, "metadata"), HasSubstr("Custom: CN-1\n"));
  EXPECT_THAT(part_text(sink, "metadata"), HasSubstr("Xenia"));
  EXPECT_THAT(part_text(sink, "outline"), HasSubstr("Chapter one\nChapter two\n"));
  EXPECT_THAT(part_text(sink, "scripts"), HasSubstr("var key = 1;"));
  ASSERT_EQ(sink.members.size(), 2u);
  for (const auto& member : sink.members) {
    EXPECT_EQ(member.name, "list.txt");
    EXPECT_EQ(member.content, "attached text");
  }
}

TEST(ExtractPdf, ReadsLayersThatAreSwitchedOff) {
  const std::string bytes =
      PdfMaker()
          .object("<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [5 0 R] /D << /OFF [5 0 R] >> >> >>")
          .object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
          .object(
              "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Properties << /L 5 "
              "0 R >> "
              "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>")
          .stream("/OC /L BDC BT /F1 12 Tf 50 600 Td (layer words) Tj ET EMC")
          .object("<< /Type /OCG /Name (L) >>")
          .bytes();
  EXPECT_THAT(part_text(run(bytes), ""), HasSubstr("layer words"));
}

TEST(ExtractPdf, GivesTheImagesOfAScannedPageWhenTextInImagesIsWanted) {
  const std::string image(60 * 50, '\x40');
  const std::string bytes =
      PdfMaker()
          .object("<< /Type /Catalog /Pages 2 0 R >>")
          .object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
          .object(
              "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << "
              "/XObject << /I 5 0 R /M 6 0 R >> >> >>")
          .stream("q 600 0 0 800 0 0 cm /I Do /M Do Q")
          .stream(image, "/Subtype /Image /Width 60 /Height 50 /ColorSpace /DeviceGray /BitsPerComponent 8")
          .stream(std::string(8 * 48, '\xF0'), "/Subtype /Image /Width 64 /Height 48 /ImageMask true")
          .bytes();
  EXPECT_THAT(run(bytes).members, IsEmpty());
  SinkRecorder sink;
  Scratch scratch(-1, 0);
  const model::Limits limits;
  MemoryInput input(bytes);
  extract_pdf(input, {.limits = limits, .scratch = scratch, .ocr = true, .name = {}}, sink);
  ASSERT_EQ(sink.members.size(), 2u);
  EXPECT_EQ(sink.members[0].name, "page 1 image 1");
  const std::string& bmp = sink.members[0].content;
  ASSERT_EQ(bmp.size(), 14u + 40 + 1024 + 60 * 50);
  EXPECT_EQ(bmp.substr(0, 2), "BM");
  EXPECT_EQ(bmp.back(), '\x40');
  const std::string& mask = sink.members[1].content;
  EXPECT_EQ(mask.substr(mask.size() - 8), std::string("\xFF\xFF\xFF\xFF\0\0\0\0", 8));
}

TEST(ExtractPdf, ShrinksVeryLargeScans) {
  const int side = 5000;
  const std::string bytes = PdfMaker()
                                .object("<< /Type /Catalog /Pages 2 0 R >>")
                                .object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
                                .object(
                                    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources "
                                    "<< /XObject << /M 5 0 R >> >> >>")
                                .stream("q 600 0 0 800 0 0 cm /M Do Q")
                                .stream(std::string(side / 8 * side, '\xAA'),
                                        fmt::format("/Subtype /Image /Width {0} /Height {0} /ImageMask true", side))
                                .bytes();
  SinkRecorder sink;
  Scratch scratch(-1, 0);
  const model::Limits limits;
  MemoryInput input(bytes);
  extract_pdf(input, {.limits = limits, .scratch = scratch, .ocr = true, .name = {}}, sink);
  ASSERT_EQ(sink.members.size(), 1u);
  EXPECT_EQ(sink.members[0].content.size(), 14u + 40 + 1024 + 2500 * 2500);
  EXPECT_EQ(static_cast<uint8_t>(sink.members[0].content.back()), 127);
}

TEST(ExtractPdf, GoesOnAfterABrokenPage) {
  const std::string bytes =
      PdfMaker()
          .object("<< /Type /Catalog /Pages 2 0 R >>")
          .object("<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 600 800] " + font + " >>")
          .object("<< /Type /Nonsense >>")
          .object("<< /Type /Page /Parent 2 0 R /Contents 5 0 R >>")
          .stream("BT /F1 12 Tf 50 700 Td (good page) Tj ET")
          .bytes();
  const auto sink = run(bytes);
  EXPECT_THAT(sink.everything(), HasSubstr("good page"));
}

TEST(ExtractPdf, NamesEncryptionAndDamage) {
  auto verdict_of = [](const std::string& bytes) {
    try {
      run(bytes);
    } catch (const Failure& failure) {
      return failure.verdict().kind;
    }
    return model::VerdictKind::ok;
  };
  EXPECT_EQ(verdict_of("%PDF-1.4 and nothing else"), model::VerdictKind::partial);
  EXPECT_EQ(verdict_of(""), model::VerdictKind::partial);
  const std::string locked =
      PdfMaker()
          .object("<< /Type /Catalog /Pages 2 0 R >>")
          .object("<< /Type /Pages /Kids [] /Count 0 >>")
          .bytes(fmt::format("/ID [<{0}> <{0}>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{1}> /U <{1}> >>",
                             std::string(32, 'A'), std::string(64, 'B')));
  EXPECT_EQ(verdict_of(locked), model::VerdictKind::encrypted);
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

TEST(ExtractPdf, AFailureOfTheSourceKeepsItsVerdict) {
  const std::string bytes = one_page("BT /F1 12 Tf 50 700 Td (words) Tj ET");
  int limited = 0;
  for (int reads = 0; reads < 40; ++reads) {
    StoppingInput input(bytes);
    input.reads_left = reads;
    try {
      run_on(input);
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.verdict().kind, model::VerdictKind::limit);
      ++limited;
    }
  }
  EXPECT_GT(limited, 0);
  EXPECT_LT(limited, 40);
}

TEST(ExtractPdf, SurvivesFlippedBytes) {
  const std::string bytes = one_page("BT /F1 12 Tf 50 700 Td (words of a page) Tj ET");
  uint32_t random = 7;
  for (int round = 0; round < 300; ++round) {
    std::string broken = bytes;
    for (int i = 0; i < 1 + round % 10; ++i) {
      random = random * 1664525 + 1013904223;
      broken[(random >> 7) % broken.size()] = static_cast<char>(random >> 24);
    }
    try {
      run(broken);
    } catch (const Failure&) {
    }
  }
}

std::filesystem::path corpora() {
  const char* folder = std::getenv("ASSAY_CORPORA");
  return folder != nullptr ? folder : std::string(ASSAY_SOURCE_DIR) + "/../shared/corpora";
}

TEST(ExtractPdf, EndsOnEveryRealFile) {
  const auto folder = corpora() / "pdf";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no sample PDFs";
  std::map<std::string, int> outcomes;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".pdf") continue;
    const core::Fd fd(::open(file.path().c_str(), O_RDONLY | O_CLOEXEC));
    FileInput input(fd.get());
    try {
      const auto sink = run_on(input);
      ++outcomes[sink.partials.empty() ? "ok" : sink.partials.front()];
    } catch (const Failure& failure) {
      ++outcomes[std::string(model::to_string(failure.verdict().kind)) + " " + failure.verdict().reason];
    }
  }
  for (const auto& [outcome, count] : outcomes) RecordProperty(outcome.empty() ? "-" : outcome, count);
  EXPECT_GT(outcomes["ok"], 100);
  EXPECT_GT(outcomes["ENCRYPTED password-protected document"], 0);
}

}  // namespace
}  // namespace assay::extract
