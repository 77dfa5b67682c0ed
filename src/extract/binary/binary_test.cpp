#include "extract/binary/binary.h"

#include "extract/sink_recorder.h"

namespace assay::extract {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string strings_of(std::string_view bytes, bool binaries = true) {
  SinkRecorder sink;
  Scratch scratch(-1, 0);
  const model::Limits limits;
  MemoryInput input(bytes);
  extract_strings(input, {.limits = limits, .scratch = scratch, .binaries = binaries, .name = {}}, sink);
  return sink.everything();
}

std::string utf16(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) (out += c) += '\0';
  return out;
}

TEST(ExtractStrings, FindsAsciiUtf8AndUtf16) {
  const std::string bytes = std::string("\x7F\x01short\0long enough\xFF\xFE\x80", 21) + "Gr\u00fc\u00dfe aus Kiel" +
                            std::string("\0\1\2", 3) + utf16("wide string") + "\x01" + std::string(3, '\0');
  const std::string found = strings_of(bytes);
  EXPECT_THAT(found, HasSubstr("long enough\n"));
  EXPECT_THAT(found, HasSubstr("Gr\u00fc\u00dfe aus Kiel\n"));
  EXPECT_THAT(found, HasSubstr("wide string\n"));
  EXPECT_THAT(found, Not(HasSubstr("short")));
}

TEST(ExtractStrings, FindsUtf16AtOddOffsetsAndOtherAlphabets) {
  EXPECT_THAT(strings_of("\x01" + utf16("odd offset")), HasSubstr("odd offset"));
  const std::string cyrillic("\x1F\x04\x40\x04\x38\x04\x32\x04\x35\x04\x42\x04\0\0", 14);
  EXPECT_THAT(strings_of(cyrillic), HasSubstr("\u041f\u0440\u0438\u0432\u0435\u0442"));
}

TEST(ExtractStrings, FindsBigEndianStringsToTheirEnd) {
  const auto big_endian = [](std::string_view ascii) {
    std::string out;
    for (const char c : ascii) (out += '\0') += c;
    return out;
  };
  for (const std::string before : {"", "\x01", "\x01\x02"})
    for (const std::string& behind :
         {std::string(), std::string(2, '\0'), std::string("\x90\x91"), std::string("\x90")})
      EXPECT_THAT(strings_of(before + big_endian("big endian 7") + behind), HasSubstr("big endian 7\n"));
  // No byte is added to little-endian ones.
  EXPECT_THAT(strings_of("\x01" + utf16("little 7") + "A\x90"), HasSubstr("little 7\n"));
  EXPECT_THAT(strings_of(std::string(2, '\0') + utf16("little 7") + std::string("\0\0A\x90", 4)),
              HasSubstr("little 7\n"));
}

TEST(ExtractStrings, FindsStringsAcrossReads) {
  const std::string bytes = std::string((64 << 10) - 4, '\0') + "split over two reads" + '\0';
  EXPECT_EQ(strings_of(bytes), "split over two reads\n\n");
}

TEST(ExtractStrings, GivesAllOfALongRun) {
  const std::string run(300'000, 'a');
  size_t letters = 0;
  for (const char c : strings_of(std::string(1, '\0') + run)) letters += c == 'a' ? 1 : 0;
  EXPECT_EQ(letters, run.size());
}

TEST(ExtractStrings, GivesNothingUnasked) {
  EXPECT_THAT(strings_of("plain words here", false), IsEmpty());
  EXPECT_THAT(strings_of(""), IsEmpty());
}

}  // namespace
}  // namespace assay::extract
