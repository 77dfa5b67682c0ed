#include "extract/text/escapes.h"

#include <gtest/gtest.h>

#include <random>

namespace assay::extract {
namespace {

struct Decoded {
  std::string text;
  std::string spelled_lengths;  // the text with '.' for each character that was left out of it
};

Decoded decode(Escapes escapes, const std::vector<std::string>& pieces) {
  Decoded decoded;
  EscapeDecoder decoder(escapes, [&](std::string_view utf8, std::span<const LeftOut> left_out) {
    decoded.text += utf8;
    size_t done = 0;
    for (const auto& [at, characters] : left_out) {
      decoded.spelled_lengths += std::string(utf8.substr(done, at - done)) + std::string(characters, '.');
      done = at;
    }
    decoded.spelled_lengths += utf8.substr(done);
  });
  for (const std::string& piece : pieces) decoder.feed(piece);
  decoder.finish();
  return decoded;
}

std::string decoded(Escapes escapes, const std::string& text) { return decode(escapes, {text}).text; }

TEST(EscapeDecoder, WritesOutWhatJsonEscapes) {
  const auto json = [](const std::string& text) { return decoded(Escapes::json, text); };
  EXPECT_EQ(json(R"("a\nanna@example.com\tx\rx\bx\fx")"), R"("a  anna@example.com  x  x  x  x")");
  EXPECT_EQ(json(R"("anna\u0040example.com")"), "\"anna@example.com\"");
  EXPECT_EQ(json(R"("M\u00fcller \uD83D\ude00 \u20ac")"), "\"M\u00FCller \U0001F600 \u20AC\"");
  EXPECT_EQ(json(R"("https:\/\/example.com\/a")"), R"("https://example.com/a")");
  EXPECT_EQ(json(R"("\u0000\u000a\u0085x")"), "\"   x\"");
  // Quotes and backslashes stay behind a backslash, however they are written.
  EXPECT_EQ(json(R"("a \\nanna \u0022c\u005c\"")"), R"("a \\nanna \"c\\\"")");
  EXPECT_EQ(json(R"("{\"m\":\"a\\nanna\\u0040b\"} C:\\new" "C:\\new")"),
            R"("{\"m\":\"a   anna@b\"} C:   ew" "C:\\new")")
      << "JSON within";
  // None that JSON knows, and none that ends.
  EXPECT_EQ(json(R"("\x40 \u{40} \U00000040 \q \u12g4 \u12)"), R"("\x40 \u{40} \U00000040 \q \u12g4 \u12)");
  EXPECT_EQ(json(R"("\ud83d \ud83dx \ud83d\u0041 \udc00")"), "\"\uFFFD \uFFFDx \uFFFDA \uFFFD\"");
  EXPECT_EQ(json("\\"), "\\");
  EXPECT_EQ(json("\\\u00FC\\\\\u00FC"), "\\\u00FC\\\\\u00FC");
}

TEST(EscapeDecoder, WritesOutWhatLanguagesEscape) {
  const auto source = [](const std::string& text) { return decoded(Escapes::source, text); };
  EXPECT_EQ(source(R"('\tanna\x40example.com' "\u{40}\u{1F600}\U0001F600" /\d\/\b\.\xfc/)"),
            "'  anna@example.com' \"@\U0001F600\U0001F600\" /\\d\\/  \\.\\xfc/");
  EXPECT_EQ(source(R"(\u{} \u{123456789} \u{4 \x4 \U0001F60)"), R"(\u{} \u{123456789} \u{4 \x4 \U0001F60)");
  const std::string path = R"(dir=C:\new\temp name=M\u00fcller)";
  EXPECT_EQ(decoded(Escapes::properties, path), "dir=C:\\new\\temp name=M\u00FCller");
  EXPECT_EQ(decoded(Escapes::none, path), path);
}

TEST(EscapeDecoder, InQuotesOnly) {
  const auto quoted = [](const std::string& text) { return decoded(Escapes::quoted, text); };
  EXPECT_EQ(quoted("path C:\\new {\"m\":\"a\\nanna@example.com\"}"), "path C:\\new {\"m\":\"a  anna@example.com\"}");
  EXPECT_EQ(quoted("\"x\"\nC:\\new"), "\"x\"\nC:\\new");
  EXPECT_EQ(quoted(R"(open "C:\new\temp" "\\nas\team" "a\tb")"), R"(open "C:\new\temp" "\\nas\team" "a  b")");
  EXPECT_EQ(quoted("\"" + std::string(5000, 'x') + "\\n"), "\"" + std::string(5000, 'x') + "\\n");
  EXPECT_EQ(quoted("user\\u0040x"), "user@x");
  EXPECT_EQ(quoted("INFO \"ok\" C:\\temp\\nora"), "INFO \"ok\" C:\\temp\\nora");
  EXPECT_EQ(quoted("{\"k\":\"a\\nb\"}"), "{\"k\":\"a  b\"}");
}

TEST(EscapeDecoder, WritesOutReferencesOfXml) {
  const auto xml = [](const std::string& text) { return decoded(Escapes::xml, text); };
  EXPECT_EQ(xml("<a b='anna&#64;example.com'>&#x40;&amp;&lt;&gt;&quot;&apos;&#x1F600;&#10;</a>"),
            "<a b='anna@example.com'>@&<>\"'\U0001F600 </a>");
  const std::string none = "<a>&b; &; &#; &#x; &#-4; &#x110000000000; & &a";
  EXPECT_EQ(xml(none), none);
  EXPECT_EQ(xml("&&#64;&am"), "&@&am");
}

TEST(EscapeDecoder, TellsWhatIsLeftOut) {
  EXPECT_EQ(decode(Escapes::json, {R"(\u0040x\/\n\ud83d\ude00)"}).spelled_lengths, "@.....x/.  \U0001F600...........");
  EXPECT_EQ(decode(Escapes::json, {R"(\u0022x)"}).spelled_lengths, "\\\"....x");
  EXPECT_EQ(decode(Escapes::xml, {"&#64;&amp;\u00FC"}).spelled_lengths, "@....&....\u00FC");
}

TEST(EscapeDecoder, TheSameWhateverTheCuts) {
  std::mt19937 random(7);
  const std::vector<std::string> words{
      "\\",   "\\\\", "\\n",    "\\u0040", "\\ud83d", "\\ude00", "\\u{40}", "\\x40",
      "\"",   "\n",   "a",      "C:",      "\u00FC",  "\\u00",   "\\u{",    "\\U0001F600",
      "&#64", ";",    "&#x40;", "&",       "&amp;",   "u0040",   "\\\"",    "\\/"};
  for (int round = 0; round < 4000; ++round) {
    std::vector<std::string> pieces;
    std::string whole;
    for (size_t n = 1 + random() % 12; n > 0; --n) {
      const std::string& word = words[random() % words.size()];
      whole += word;
      // Cut within words, too, but not within characters.
      for (size_t begin = 0; begin < word.size();) {
        const size_t size = word == "\u00FC" ? word.size() : 1 + random() % (word.size() - begin);
        pieces.push_back(word.substr(begin, size));
        begin += size;
      }
    }
    for (uint8_t escapes = 0; escapes < escapes_count; ++escapes) {
      const Decoded at_once = decode(Escapes{escapes}, {whole}), in_pieces = decode(Escapes{escapes}, pieces);
      ASSERT_EQ(in_pieces.text, at_once.text) << whole << " as " << int{escapes};
      ASSERT_EQ(in_pieces.spelled_lengths, at_once.spelled_lengths) << whole << " as " << int{escapes};
    }
  }
}

TEST(EscapeDecoder, TextWithoutEscapesIsNotCopied) {
  const std::string text = "no escapes here";
  const char* given = nullptr;
  EscapeDecoder decoder(Escapes::json, [&](std::string_view utf8, auto) { given = utf8.data(); });
  decoder.feed(text);
  EXPECT_EQ(given, text.data());
}

TEST(EscapesOf, TheFormatDecidesAndTheNameOfTheLanguage) {
  EXPECT_EQ(escapes_of(Format::jsonl, "x.txt"), Escapes::json);
  EXPECT_EQ(escapes_of(Format::source, "x.PY"), Escapes::source);
  EXPECT_EQ(escapes_of(Format::source, "x.PS1"), Escapes::none);
  EXPECT_EQ(escapes_of(Format::text, "x.json"), Escapes::none);
}

}  // namespace
}  // namespace assay::extract
