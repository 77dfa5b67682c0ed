#include "extract/text/text.h"

#include <gtest/gtest.h>

#include "extract/sink_recorder.h"

namespace assay::extract {
namespace {

using namespace std::string_literals;

SinkRecorder extract(std::string_view bytes) {
  MemoryInput input(bytes);
  const model::Limits limits;
  Scratch scratch(-1, 0);
  SinkRecorder sink;
  extract_text(input, Context{.limits = limits, .scratch = scratch, .name = "x"}, sink);
  return sink;
}

TEST(ExtractText, KeepsTheTextAndItsLines) {
  const std::string text = "first\r\n\tsecond \xE2\x82\xAC\n\nfourth";
  const auto sink = extract(text);
  ASSERT_EQ(sink.texts.size(), 1U);
  EXPECT_TRUE(sink.texts[0].part.has_lines);
  EXPECT_EQ(sink.texts[0].part.name, "");
  EXPECT_EQ(sink.texts[0].text, text);
}

TEST(ExtractText, EmptyInputIsOneEmptyText) {
  const auto sink = extract("");
  ASSERT_EQ(sink.texts.size(), 1U);
  EXPECT_EQ(sink.texts[0].text, "");
}

TEST(ExtractText, CharactersAcrossChunksStayWhole) {
  std::string text((size_t{256} << 10) - 1, 'a');
  for (int i = 0; i < 200'000; ++i) text += "\xE2\x82\xAC";
  EXPECT_EQ(extract(text).texts[0].text, text);
}

TEST(ExtractText, XmlIsNotExpanded) {
  const std::string bomb = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;&c;</a>";
  EXPECT_EQ(extract(bomb).texts[0].text, bomb);
  EXPECT_EQ(extract("<?xml version='1.0' encoding='windows-1251'?><a>\xCC\xE8\xF0</a>").texts[0].text,
            "<?xml version='1.0' encoding='windows-1251'?><a>\xD0\x9C\xD0\xB8\xD1\x80</a>");
}

}  // namespace
}  // namespace assay::extract
