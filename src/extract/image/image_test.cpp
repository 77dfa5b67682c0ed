#include "extract/image/image.h"

#include <leptonica/allheaders.h>
#include <zlib.h>

#include <filesystem>

#include "core/error.h"
#include "extract/image/ocr.h"
#include "extract/sink_recorder.h"

namespace assay::extract {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

SinkRecorder run(std::string_view bytes, Format format, bool ocr = false) {
  SinkRecorder sink;
  Scratch scratch(-1, 0);
  const model::Limits limits;
  MemoryInput input(bytes);
  extract_image(input, {.limits = limits, .scratch = scratch, .ocr = ocr, .name = {}, .format = format}, sink);
  return sink;
}

std::string be(uint32_t value, int bytes) {
  std::string out;
  while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes));
  return out;
}

/// A TIFF structure of one directory, big-endian; values longer than four bytes go behind it.
class TiffMaker {
 public:
  explicit TiffMaker(uint32_t offset) : offset_(offset) {}
  TiffMaker& tag(uint16_t id, uint16_t type, uint32_t count, std::string value) {
    entries_.push_back({id, type, count, std::move(value)});
    return *this;
  }
  std::string bytes() const {
    std::string directory = be(static_cast<uint32_t>(entries_.size()), 2), values;
    const auto behind = offset_ + 2 + static_cast<uint32_t>(entries_.size()) * 12 + 4;
    for (const Entry& entry : entries_) {
      directory += be(entry.id, 2) + be(entry.type, 2) + be(entry.count, 4);
      if (entry.value.size() > 4) {
        directory += be(behind + static_cast<uint32_t>(values.size()), 4);
        values += entry.value;
      } else {
        directory += entry.value + std::string(4 - entry.value.size(), '\0');
      }
    }
    return directory + be(0, 4) + values;
  }

 private:
  struct Entry {
    uint16_t id, type;
    uint32_t count;
    std::string value;
  };
  uint32_t offset_;
  std::vector<Entry> entries_;
};

std::string text_value(const std::string& text) { return text + std::string(1, '\0'); }

std::string fractions(std::initializer_list<uint32_t> numbers) {
  std::string out;
  for (const uint32_t number : numbers) out += be(number, 4);
  return out;
}

std::string sample_tiff() {
  TiffMaker gps(300);
  gps.tag(1, 2, 2, text_value("S")).tag(2, 5, 3, fractions({33, 1, 51, 1, 3600, 100})).tag(3, 2, 2, text_value("E"));
  gps.tag(4, 5, 3, fractions({151, 1, 12, 1, 0, 1}));
  TiffMaker exif(500);
  exif.tag(0xA430, 2, 11, text_value("Olga Owner")).tag(0xA431, 2, 8, text_value("SN-4711"));
  exif.tag(0x9286, 7, 17, std::string("ASCII\0\0\0", 8) + "a comment");
  TiffMaker main(8);
  main.tag(0x010E, 2, 12, text_value("At the quay")).tag(0x013B, 2, 5, text_value("Arti"));
  main.tag(0x8769, 4, 1, be(500, 4)).tag(0x8825, 4, 1, be(300, 4)).tag(0x9C9D, 1, 8, std::string("A\0d\0a\0\0\0", 8));
  std::string out = std::string("MM\0\x2A", 4) + be(8, 4) + main.bytes();
  out.resize(300);
  out += gps.bytes();
  out.resize(500);
  return out + exif.bytes();
}

void expect_sample_tags(const SinkRecorder& sink) {
  const std::string all = sink.everything();
  for (const char* line :
       {"description: At the quay\n", "artist: Arti\n", "owner: Olga Owner\n", "serial number: SN-4711\n",
        "user comment: a comment\n", "author: Ada\n", "GPS latitude, longitude: -33.860000, 151.200000\n"})
    EXPECT_THAT(all, HasSubstr(line));
  EXPECT_THAT(sink.partials, IsEmpty());
}

TEST(ExtractImage, ReadsTiffTags) { expect_sample_tags(run(sample_tiff(), Format::tiff)); }

std::string jpeg_segment(uint8_t marker, const std::string& data) {
  return std::string("\xFF") + static_cast<char>(marker) + be(static_cast<uint32_t>(data.size()) + 2, 2) + data;
}

TEST(ExtractImage, ReadsJpegSegments) {
  const std::string iptc = std::string("\x1C\x02\x50", 3) + be(8, 2) + "By Liner";
  const std::string resource = std::string("Photoshop 3.0\0", 14) + "8BIM" + be(0x0404, 2) + be(0, 2) +
                               be(static_cast<uint32_t>(iptc.size()), 4) + iptc;
  const std::string bytes =
      "\xFF\xD8" + jpeg_segment(0xE1, std::string("Exif\0\0", 6) + sample_tiff()) +
      jpeg_segment(0xE1, std::string("http://ns.adobe.com/xap/1.0/\0", 29) + "<x:xmpmeta>Xenia</x:xmpmeta>") +
      jpeg_segment(0xED, resource) +
      jpeg_segment(0xFE,
                   "Gr\xFC\xDF"
                   "e aus Kiel") +
      "\xFF\xD9";
  const auto sink = run(bytes, Format::jpeg);
  expect_sample_tags(sink);
  for (const char* text : {"<x:xmpmeta>Xenia</x:xmpmeta>", "IPTC 80: By Liner", "comment: Gr\u00fc\u00dfe aus Kiel"})
    EXPECT_THAT(sink.everything(), HasSubstr(text));
}

std::string png_chunk(const std::string& type, const std::string& data) {
  return be(static_cast<uint32_t>(data.size()), 4) + type + data + be(0, 4);
}

std::string zipped(const std::string& text) {
  std::string out(compressBound(text.size()), '\0');
  uLongf size = out.size();
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size());
  out.resize(size);
  return out;
}

TEST(ExtractImage, ReadsPngChunks) {
  const std::string bytes = "\x89PNG\r\n\x1A\n" +
                            png_chunk("IHDR", be(1, 4) + be(1, 4) + std::string("\x08\0\0\0\0", 5)) +
                            png_chunk("tEXt", std::string("Author\0Pia", 10)) +
                            png_chunk("zTXt", std::string("Comment\0\0", 9) + zipped("packed words")) +
                            png_chunk("iTXt", std::string("Title\0\1\0de\0\0", 12) + zipped("T\u00fcr")) +
                            png_chunk("iTXt", std::string("XML:com.adobe.xmp\0\0\0\0\0", 22) + "<xmp>plain</xmp>") +
                            png_chunk("eXIf", sample_tiff()) + png_chunk("IEND", "");
  const auto sink = run(bytes, Format::png);
  expect_sample_tags(sink);
  for (const char* text : {"Author: Pia", "Comment: packed words", "Title: T\u00fcr", "<xmp>plain</xmp>"})
    EXPECT_THAT(sink.everything(), HasSubstr(text));
}

TEST(ExtractImage, SaysWhatMetadataIsTooLong) {
  const std::string start =
      "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", be(1, 4) + be(1, 4) + std::string("\x08\0\0\0\0", 5));
  const std::string end = png_chunk("IEND", "");
  const auto text = [](size_t bytes) { return png_chunk("tEXt", std::string("Title\0", 6) + std::string(bytes, 'x')); };
  const std::string much = text(12 << 20);
  EXPECT_THAT(run(start + much + much + end, Format::png).partials, IsEmpty());
  EXPECT_THAT(run(start + much + much + much + end, Format::png).partials,
              ElementsAre("image metadata beyond what is read"));
  const std::string zipped_text = png_chunk("zTXt", std::string("Title\0\0", 7) + zipped(std::string(17 << 20, 'x')));
  EXPECT_THAT(run(start + zipped_text + end, Format::png).partials, ElementsAre("image metadata beyond what is read"));
}

TEST(ExtractImage, FindsNoDamageInAWholeGif) {
  const std::string image("GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;", 35);
  EXPECT_THAT(run(image, Format::gif).partials, IsEmpty());
  EXPECT_THAT(run(image.substr(0, 30), Format::gif).partials, Contains("damaged image metadata"));
  // Pixels are no metadata, however many there are.
  std::string pixels;
  while (pixels.size() < (17U << 20)) pixels += '\xFF' + std::string(255, 'p');
  EXPECT_THAT(run(image.substr(0, 30) + pixels + image.substr(33), Format::gif).partials, IsEmpty());
}

TEST(ExtractImage, ReadsGifAndWebpBlocks) {
  const std::string gif = std::string("GIF89a\1\0\1\0\0\0\0", 13) + std::string("!\xFE\x05hello\x03 gi\0", 13) + ";";
  EXPECT_THAT(run(gif, Format::gif).everything(), HasSubstr("comment: hello gi"));
  const std::string tiff = sample_tiff();
  std::string length;
  for (int i = 0; i < 4; ++i) length += static_cast<char>(tiff.size() >> (8 * i));
  const std::string webp =
      "RIFF" + length + "WEBPEXIF" + length + tiff + (tiff.size() % 2 != 0 ? std::string(1, '\0') : "");
  expect_sample_tags(run(webp, Format::webp));
}

TEST(ExtractImage, SurvivesCutsAndLoops) {
  const std::string tiff = sample_tiff();
  for (size_t cut = 0; cut < tiff.size(); cut += 7) run(tiff.substr(0, cut), Format::tiff);
  std::string loop = std::string("MM\0\x2A", 4) + be(8, 4) + be(0, 2) + be(8, 4);
  EXPECT_THAT(run(loop, Format::tiff).partials, Contains("damaged image metadata"));
  EXPECT_THAT(run("\xFF\xD8\xFF\xE1", Format::jpeg).partials, Contains("damaged image metadata"));
  uint32_t random = 3;
  for (int round = 0; round < 2000; ++round) {
    std::string broken = tiff;
    random = random * 1664525 + 1013904223;
    broken[(random >> 8) % 100] = static_cast<char>(random >> 24);
    for (const Format format : {Format::tiff, Format::gif, Format::webp, Format::png, Format::bmp}) run(broken, format);
  }
}

std::string written(Pix* pix, l_int32 format) {
  l_uint8* data = nullptr;
  size_t size = 0;
  EXPECT_EQ(pixWriteMem(&data, &size, pix, format), 0);
  std::string out(reinterpret_cast<char*>(data), size);
  lept_free(data);
  return out;
}

/// Black words on white, large enough to be read.
Pix* picture_of(const char* words) {
  L_Bmf* font = bmfCreate(nullptr, 20);
  Pix* page = pixCreate(900, 120, 8);
  pixSetAll(page);
  l_int32 width = 0, overflow = 0;
  pixSetTextline(page, font, words, 0, 60, 70, &width, &overflow);
  Pix* large = pixScaleGrayLI(page, 2, 2);
  bmfDestroy(&font);
  pixDestroy(&page);
  return large;
}

size_t thread_count() {
  size_t count = 0;
  for ([[maybe_unused]] const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) ++count;
  return count;
}

bool english_loads() {
  try {
    warm_up_images("", {"eng"});
    return true;
  } catch (const core::Error&) {
    return false;
  }
}

TEST(ExtractImage, ReadsWordsInImagesWithoutThreads) {
  if (!english_loads()) GTEST_SKIP() << "tesseract has no English model here";
  Pix* picture = picture_of("Harbour office invoice");
  const size_t threads = thread_count();
  for (const auto& [format, kind] : {std::pair(Format::png, IFF_PNG), std::pair(Format::jpeg, IFF_JFIF_JPEG),
                                     std::pair(Format::tiff, IFF_TIFF_LZW), std::pair(Format::bmp, IFF_BMP)}) {
    const auto sink = run(written(picture, kind), format, true);
    EXPECT_THAT(sink.everything(), HasSubstr("Harbour office invoice")) << static_cast<int>(format);
    EXPECT_EQ(sink.texts.back().part.name, "ocr");
  }
  EXPECT_EQ(thread_count(), threads);
  pixDestroy(&picture);
}

TEST(ExtractImage, ReadsImagesThatLieOnTheirSideOrHead) {
  if (!english_loads()) GTEST_SKIP() << "tesseract has no English model here";
  Pix* picture = picture_of("Harbour office invoice");
  for (int quarters = 0; quarters < 4; ++quarters) {
    Pix* turned = pixRotateOrth(picture, quarters);
    EXPECT_THAT(run(written(turned, IFF_PNG), Format::png, true).everything(), HasSubstr("Harbour office invoice"))
        << quarters;
    pixDestroy(&turned);
  }
  pixDestroy(&picture);
}

TEST(ExtractImage, BoundsPixelsBeforeDecoding) {
  if (!english_loads()) GTEST_SKIP() << "tesseract has no English model here";
  const std::string bomb = "\x89PNG\r\n\x1A\n" +
                           png_chunk("IHDR", be(60'000, 4) + be(60'000, 4) + std::string("\x08\2\0\0\0", 5)) +
                           png_chunk("IDAT", zipped("x")) + png_chunk("IEND", "");
  EXPECT_THAT(run(bomb, Format::png, true).partials, Contains("text in the image: too many pixels"));
  EXPECT_THAT(run("\x89PNG\r\n\x1A\nrubbish", Format::png, true).partials, Not(IsEmpty()));
}

TEST(ExtractImage, AMissingLanguageIsAnError) { EXPECT_THROW(load_ocr("/nonexistent", {"eng"}), core::Error); }

}  // namespace
}  // namespace assay::extract
