#include "extract/text/text_range.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "extract/sink_recorder.h"
#include "extract/text/text.h"

namespace assay::extract {
namespace {

std::string whole_text(std::string_view bytes) {
  MemoryInput input(bytes);
  const model::Limits limits;
  Scratch scratch(-1, 0);
  SinkRecorder sink;
  extract_text(input, Context{.limits = limits, .scratch = scratch, .name = "x"}, sink);
  return sink.texts.at(0).text;
}

class RangeText final : public TextRangeSink {
 public:
  void text(std::string_view utf8) override {
    if (is_inside) owned += utf8;
  }
  void begin_range() override { is_inside = true; }
  void end_range() override { is_inside = false; }
  std::string owned;
  bool is_inside = false;
};

struct Joined {
  std::string text;
  std::set<std::string> charsets;
  bool is_exact = true;
};

Joined join_ranges(std::string_view bytes, std::vector<uint64_t> cuts) {
  MemoryInput input(bytes);
  const auto head = look_at_text_head(input, Escapes::none);
  Joined joined;
  if (!head) {
    joined.is_exact = false;
    return joined;
  }
  cuts.push_back(0);
  cuts.push_back(bytes.size());
  std::ranges::sort(cuts);
  for (size_t i = 0; i + 1 < cuts.size(); ++i) {
    RangeText sink;
    const auto end = read_text_range(input, {.begin = cuts[i], .end = cuts[i + 1], .head = *head}, sink);
    joined.text += sink.owned;
    joined.is_exact = joined.is_exact && end.is_exact;
    if (!end.charset.empty()) joined.charsets.insert(end.charset);
  }
  return joined;
}

std::vector<uint64_t> random_cuts(std::mt19937& random, size_t bytes, size_t count) {
  std::vector<uint64_t> cuts;
  for (size_t i = 0; i < count; ++i) cuts.push_back(1 + random() % (bytes - 1));
  return cuts;
}

std::string repeated(std::mt19937& random, const std::vector<std::string>& pieces, size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += pieces[random() % pieces.size()];
  return text;
}

void expect_whole(std::mt19937& random, const std::string& bytes, const std::string& charset) {
  const std::string whole = whole_text(bytes);
  for (int round = 0; round < 6; ++round) {
    const Joined joined = join_ranges(bytes, random_cuts(random, bytes.size(), 4));
    ASSERT_TRUE(joined.is_exact);
    ASSERT_EQ(joined.charsets, charset.empty() ? std::set<std::string>{} : std::set<std::string>{charset});
    ASSERT_TRUE(joined.text == whole) << charset << ", round " << round;
  }
}

TEST(TextRange, CutAnywhereTheTextIsThatOfTheWhole) {
  std::mt19937 random(1);
  const std::string late = std::string(700'000, 'x');
  expect_whole(random, repeated(random, {"plain\r\n", "more text "}, 900'000), "");
  expect_whole(random, repeated(random, {"na\xC3\xAFve ", "\xE8\xBA\xAB\xE4\xBB\xBD", "\xF0\x9F\x98\x80\r\n"}, 900'000),
               "utf-8");
  expect_whole(random, "\xEF\xBB\xBF" + repeated(random, {"a\n", "\xE2\x82\xAC"}, 600'000), "utf-8");
  expect_whole(random, late + repeated(random, {"a\n", "\xE2\x82\xAC"}, 600'000), "utf-8");
  expect_whole(random,
               repeated(random,
                        {"Stra\xDF"
                         "e\r\n",
                         "f\xFCr "},
                        900'000),
               "windows-1252");
  // Broken sequences: cut characters, bytes that begin none, bytes that go on none.
  std::vector<std::string> pieces(24, "\xE2\x82\xAC ok \xC3\xA4");
  pieces.insert(pieces.end(), {"\x82\x82", "\xE2\x82", "\xFF"});
  expect_whole(random, repeated(random, pieces, 900'000), "utf-8");
  expect_whole(random, repeated(random, {"\xE2\x82\xAC"}, 600'000) + "\xE2\x82", "utf-8");
}

TEST(TextRange, EncodingsThatCannotBeCutAreRefusedByTheHead) {
  std::string utf16;
  for (int i = 0; i < 10'000; ++i) utf16 += {'a', '\0', '\n', '\0'};
  for (const std::string& text : {utf16, "\xFF\xFE" + utf16, "\xFE\xFF" + std::string("\0a\0b", 4),
                                  "<?xml version='1.0' encoding='shift_jis'?>" + std::string(200, '\x83')}) {
    MemoryInput input(text);
    EXPECT_FALSE(look_at_text_head(input, Escapes::none).has_value());
  }
}

// What one range reads as UTF-8 and another as something else is told by the charsets.
TEST(TextRange, RangesThatReadDifferentlyTellIt) {
  std::mt19937 random(2);
  const std::string ascii(700'000, 'x');
  const std::string bytes = ascii + repeated(random, {"\xC3\xA4 "}, 70'000) + ascii +
                            repeated(random,
                                     {"Stra\xDF"
                                      "e f\xFCr "},
                                     70'000) +
                            ascii;
  EXPECT_EQ(join_ranges(bytes, {1'000'000}).charsets, (std::set<std::string>{"utf-8", "windows-1252"}));
}

TEST(TextRange, BytesThatBeginNoCharacterAnywhereAreNoRange) {
  const std::string bytes = "\xE2\x82\xAC" + std::string(1'000'000, '\x82') + "end";
  MemoryInput input(bytes);
  RangeText sink;
  EXPECT_FALSE(read_text_range(input, {.begin = 500'000, .end = 600'000, .head = {"utf-8", ""}}, sink).is_exact);
}

}  // namespace
}  // namespace assay::extract
