#include "extract/text/folded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "extract/sink_recorder.h"
#include "extract/text/folded_text.h"

namespace assay::extract {
namespace {

std::string text_of(std::string_view folded, size_t piece = SIZE_MAX) {
  std::string text;
  FoldedText reader([&](std::string_view utf8) { text += utf8; });
  for (size_t at = 0; at < folded.size(); at += std::min(piece, folded.size() - at))
    reader.feed(folded.substr(at, piece));
  reader.finish();
  return text;
}

TEST(FoldedText, ALineThatBeginsWithABlankGoesOn) {
  EXPECT_EQ(text_of("BEGIN:VCARD\r\nEMAIL:anna@exam\r\n ple.com\r\nN:B\r\n"),
            "BEGIN:VCARD\r\nEMAIL:anna@example.com\r\n\nN:B\r\n");
  EXPECT_EQ(text_of("NOTE:4539 1488\n\t 0343\n  6467\nN:B"), "NOTE:4539 1488 0343 6467\n\n\nN:B");
  EXPECT_EQ(text_of("ATTENDEE;CN=\"A: B\":mailto:a\r\n @b.org"), "ATTENDEE;CN=\"A: B\":mailto:a@b.org\n");
  EXPECT_EQ(text_of("\n N:B\n\nEND:X\n \n"), "\n N:B\n\nEND:X\n\n");
}

TEST(FoldedText, QuotedPrintableIsDecoded) {
  EXPECT_EQ(
      text_of("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:anna=40exam=\r\nple.com=0D=0AZ=C3=BCrich\r\nN:=41\r\n"),
      "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:anna@example.com  Z\xC3\xBCrich\r\n\nN:=41\r\n");
  EXPECT_EQ(text_of("N;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Z=FCrich=4"),
            "N;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Z\xC3\xBCrich=4");
}

TEST(FoldedText, EscapesOfValuesAreResolved) {
  EXPECT_EQ(text_of("NOTE:see:\\nanna@example.com\\, or C:\\\\x \\q\\"), "NOTE:see: anna@example.com, or C:\\x \\q\\");
}

TEST(FoldedText, PieceSizesDoNotMatterAndLinesAgree) {
  std::mt19937 random(31);
  const std::vector<std::string> parts{"N:",    "\r\n", "\n", " ",        "\t", "=",
                                       "=\r\n", "\\",   "n",  "=C3=",     "BC", "\"",
                                       ":",     ";",    "a1", "\xC3\xA9", "\r", "X;ENCODING=QUOTED-PRINTABLE:"};
  for (int round = 0; round < 300; ++round) {
    std::string folded;
    for (int i = 0; i < 80; ++i) folded += parts[random() % parts.size()];
    const std::string whole = text_of(folded);
    EXPECT_EQ(std::ranges::count(whole, '\n'), std::ranges::count(folded, '\n')) << folded;
    for (const size_t piece : {1UL, 3UL, 17UL}) EXPECT_EQ(text_of(folded, piece), whole) << folded;
  }
}

TEST(FoldedText, LongPropertiesAreGivenInPieces) {
  std::string folded = "PHOTO;ENCODING=b:";
  for (int i = 0; i < 50'000; ++i) folded += "AAAABBBBCCCCDDDD\r\n ";
  size_t most_bytes = 0;
  FoldedText reader([&](std::string_view piece) { most_bytes = std::max(most_bytes, piece.size()); });
  for (size_t at = 0; at < folded.size(); at += 4096) reader.feed(std::string_view(folded).substr(at, 4096));
  reader.finish();
  EXPECT_LE(most_bytes, 70'000U);
}

TEST(ExtractFolded, GivesOneTextWithTheLinesOfTheFile) {
  const std::string card = "BEGIN:VCARD\r\nEMAIL:anna@exam\r\n ple.com\r\nEND:VCARD\r\n";
  MemoryInput input(card);
  const model::Limits limits;
  Scratch scratch(-1, 0);
  SinkRecorder sink;
  extract_folded(input, Context{.limits = limits, .scratch = scratch, .name = "x.vcf"}, sink);
  ASSERT_EQ(sink.texts.size(), 1U);
  EXPECT_TRUE(sink.texts[0].part.has_lines);
  EXPECT_THAT(sink.texts[0].text, ::testing::HasSubstr("anna@example.com\r\n\nEND"));
}

}  // namespace
}  // namespace assay::extract
