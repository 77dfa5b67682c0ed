#include "extract/text/rtf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "extract/sink_recorder.h"
#include "extract/text/utf8.h"

namespace assay::extract {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

SinkRecorder extract(std::string_view rtf) {
  MemoryInput input(rtf);
  const model::Limits limits;
  Scratch scratch(-1, 0);
  SinkRecorder sink;
  extract_rtf(input, Context{.limits = limits, .scratch = scratch, .name = "x.rtf", .format = Format::rtf}, sink);
  return sink;
}

std::string part(const SinkRecorder& sink, std::string_view name) {
  std::string all;
  for (const auto& text : sink.texts)
    if (text.part.name == name) all += text.text;
  return all;
}

std::string body(std::string_view rtf) { return part(extract(rtf), ""); }

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    text.push_back("0123456789abcdef"[static_cast<uint8_t>(c) >> 4]);
    text.push_back("0123456789abcdef"[static_cast<uint8_t>(c) & 15]);
  }
  return text;
}

TEST(ExtractRtf, TextAndControlWords) {
  EXPECT_EQ(body("{\\rtf1\\ansi Hello \\b bold\\b0 , world.\\par Second\\tab line\\line\n third \\{x\\}\\~y}"),
            "Hello bold, world.\nSecond\tline\n third {x} y");
  EXPECT_EQ(body("{\\rtf1 123-\\b 45\\b0 -6789}"), "123-45-6789");
}

TEST(ExtractRtf, CodePagesAndUnicode) {
  EXPECT_EQ(body("{\\rtf1\\ansi\\ansicpg1252 caf\\'e9 \\'80}"), "caf\xC3\xA9 \xE2\x82\xAC");
  EXPECT_EQ(body("{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0\\'e8}"), "\xD0\x9F\xD1\x80\xD0\xB8");
  EXPECT_EQ(
      body("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset128 MS Mincho;}}\\f1\\'93\\'fa\\'96{\\*\\x}\\f0 x}"),
      "\xE6\x97\xA5\xEF\xBF\xBDx");
  EXPECT_EQ(body("{\\rtf1 \\u8364?\\u-10179 ?\\u-8704 ?\\uc2\\u233\\'c3\\'a9!}"),
            "\xE2\x82\xAC\xF0\x9F\x98\x80\xC3\xA9!");
  EXPECT_EQ(body("{\\rtf1{\\uc0\\u65 B}\\u67 D E}"),
            "AB"
            "C E");
}

TEST(ExtractRtf, DestinationsBecomePartsOrNothing) {
  const auto sink = extract(
      "{\\rtf1{\\fonttbl{\\f0 Secretfont;}}{\\stylesheet{\\s1 Heading;}}{\\*\\unknown hidden}{\\info{\\author Ann "
      "Smith}{\\title Plan}}"
      "{\\header top of page}{\\footer foot of page}body{\\footnote a note} goes on{\\*\\annotation my "
      "comment}{\\pict\\bin6 {}{}{}"
      "0a0b}{\\field{\\*\\fldinst HYPERLINK \"mailto:a@example.com\"}{\\fldrslt click}}}");
  EXPECT_EQ(part(sink, ""), "body goes on HYPERLINK \"mailto:a@example.com\"click");
  EXPECT_THAT(part(sink, "header"), HasSubstr("top of page"));
  EXPECT_THAT(part(sink, "footer"), HasSubstr("foot of page"));
  EXPECT_THAT(part(sink, "notes"), HasSubstr("a note"));
  EXPECT_THAT(part(sink, "comments"), HasSubstr("my comment"));
  EXPECT_THAT(part(sink, "properties"), HasSubstr("Ann Smith\nPlan\n"));
  EXPECT_THAT(sink.everything(), Not(HasSubstr("Secretfont")));
  EXPECT_THAT(sink.everything(), Not(HasSubstr("hidden")));
}

TEST(ExtractRtf, EmbeddedObjectsAreMembers) {
  const auto le32 = [](uint32_t n) {
    return std::string{static_cast<char>(n), static_cast<char>(n >> 8), static_cast<char>(n >> 16),
                       static_cast<char>(n >> 24)};
  };
  const std::string file(10'000, 'z');
  const std::string object =
      le32(0x501) + le32(2) + le32(6) + std::string("Sheet\0", 6) + le32(0) + le32(0) + le32(10'000) + file + "trailer";
  const auto sink = extract("{\\rtf1 before{\\object\\objemb{\\*\\objdata " + hex(object) + "}{\\result shown}}after}");
  ASSERT_EQ(sink.members.size(), 1U);
  EXPECT_EQ(sink.members[0].name, "object 1 Sheet");
  EXPECT_EQ(sink.members[0].content, file);
  EXPECT_EQ(part(sink, ""), "beforeshownafter");

  const std::string inner =
      std::string("\2\0a.txt\0C:\\a.txt\0\0\0\3\0", 21) + le32(2) + std::string("C\0", 2) + le32(5) + "12345";
  const std::string package = le32(0x501) + le32(2) + le32(8) + std::string("Package\0", 8) + le32(0) + le32(0) +
                              le32(static_cast<uint32_t>(inner.size())) + inner;
  const auto packaged = extract("{\\rtf1{\\object{\\*\\objdata\n" + hex(package) + "}}}");
  ASSERT_EQ(packaged.members.size(), 1U);
  EXPECT_EQ(packaged.members[0].name, "object 1 a.txt");
  EXPECT_EQ(packaged.members[0].content, "12345");
}

TEST(ExtractRtf, DamageAndHostility) {
  EXPECT_EQ(body("{\\rtf1 cut \\'e"), "cut ");
  EXPECT_EQ(body("}}}{\\rtf1 x}}} y"), "x y");
  EXPECT_EQ(body("{\\rtf1 \\bin99999999 abc"), "");
  EXPECT_EQ(extract(std::string(200'000, '{') + "deep" + std::string(200'000, '}')).partials.size(), 1U);
  std::mt19937 random(13);
  const std::vector<std::string> pieces{"{",     "}",      "\\*",           "\\'",         "e9",         "\\u8364",
                                        "\\uc3", "\\f1",   "\\fonttbl",     "\\footnote ", "\\objdata ", "\\bin3 ",
                                        "text",  "\\par ", "\\ansicpg932 ", "\xFF"};
  for (int round = 0; round < 300; ++round) {
    std::string rtf = "{\\rtf1 ";
    for (int i = 0; i < 200; ++i) rtf += pieces[random() % pieces.size()];
    const auto sink = extract(rtf);
    const std::string all = sink.everything();
    EXPECT_EQ(valid_utf8_prefix(all), all.size());
  }
}

}  // namespace
}  // namespace assay::extract
