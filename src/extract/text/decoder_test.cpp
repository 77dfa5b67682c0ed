#include "extract/text/decoder.h"

#include <gtest/gtest.h>

#include <random>

#include "extract/text/charset.h"
#include "extract/text/utf8.h"

namespace assay::extract {
namespace {

using namespace std::string_literals;

std::string decode_in_pieces(std::string_view bytes, size_t piece, std::string_view declared = {}) {
  std::string text;
  Decoder decoder([&](std::string_view utf8) { text += utf8; }, declared);
  for (size_t at = 0; at < bytes.size(); at += piece) decoder.feed(bytes.substr(at, piece));
  decoder.finish();
  return text;
}

TEST(Utf8, PrefixesAgreeWithTheTableOfWellFormedSequences) {
  EXPECT_EQ(valid_utf8_prefix("plain"), 5U);
  EXPECT_EQ(valid_utf8_prefix("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), 9U);
  EXPECT_EQ(valid_utf8_prefix("a\xC0\x80"), 1U);          // overlong
  EXPECT_EQ(valid_utf8_prefix("a\xED\xA0\x80"), 1U);      // surrogate
  EXPECT_EQ(valid_utf8_prefix("a\xF4\x90\x80\x80"), 1U);  // past U+10FFFF
  EXPECT_EQ(valid_utf8_prefix("a\xE2\x82"), 1U);          // cut
  for (size_t length = 0; length < 200; ++length) {
    const std::string text = std::string(length, 'x') + "\xFF" + std::string(100, 'y');
    EXPECT_EQ(valid_utf8_prefix(text), length);
    EXPECT_EQ(ascii_prefix(text), length);
  }
}

TEST(Decoder, ValidUtf8PassesWithoutACopy) {
  const std::string text = std::string(10'000, 'a') + "\xC3\xA9" + std::string(10'000, 'b');
  const char* inside = nullptr;
  Decoder decoder([&](std::string_view utf8) { inside = utf8.data(); });
  decoder.feed(text);
  EXPECT_GE(inside, text.data());
  EXPECT_LT(inside, text.data() + text.size());
}

TEST(Decoder, ReplacesInvalidBytesByMaximalSubparts) {
  const std::string lead(100, 'x');
  const std::string good =
      lead + "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9";
  EXPECT_EQ(decode_to_utf8(good + "a\xFF"
                                  "b\xE2\x82"
                                  "c\xF0\x9F\x98"),
            good +
                "a\xEF\xBF\xBD"
                "b\xEF\xBF\xBD"
                "c\xEF\xBF\xBD");
}

// What tells the charset may come late, and in pieces.
TEST(Decoder, TheCharsetDoesNotDependOnPieces) {
  const std::string bytes = std::string(5'000, 'x') + "\xC3\xA4 " + std::string(5'000, 'y') +
                            "Stra\xDF"
                            "e f\xFCr " +
                            "\xFC\xDF\xE4\xF6" + std::string(70'000, 'z');
  const std::string whole = decode_in_pieces(bytes, bytes.size());
  for (const size_t piece : {1, 100, 4'096, 5'002, 20'000}) EXPECT_EQ(decode_in_pieces(bytes, piece), whole) << piece;
}

TEST(Decoder, PieceSizesDoNotMatter) {
  std::mt19937 random(3);
  std::string bytes;
  for (int i = 0; i < 6000; ++i) {
    switch (random() % 8) {
      case 0: bytes += "\xE2\x82\xAC"; break;
      case 1: bytes += "\xF0\x9F\x98\x80"; break;
      case 2: bytes += "\xC3\xA9"; break;
      case 3: bytes += random() % 20 == 0 ? "\xE2\x82" : "z"; break;
      default: bytes.push_back(static_cast<char>('a' + random() % 26));
    }
  }
  const std::string whole = decode_to_utf8(bytes);
  for (const size_t piece : {1UL, 2UL, 3UL, 5UL, 64UL, 4095UL, 4097UL})
    EXPECT_EQ(decode_in_pieces(bytes, piece), whole) << piece;
}

TEST(Decoder, ByteOrderMarksAndUtf16) {
  EXPECT_EQ(decode_to_utf8("\xEF\xBB\xBFhi"), "hi");
  EXPECT_EQ(decode_to_utf8("\xFF\xFEh\0\xE9\0"s), "h\xC3\xA9");
  EXPECT_EQ(decode_to_utf8("\xFE\xFF\0h\0\xE9"s), "h\xC3\xA9");
  EXPECT_EQ(decode_to_utf8("\xFF\xFE\0\0h\0\0\0\0\xF6\x01\0"s), "h\xF0\x9F\x98\x80");
  EXPECT_EQ(decode_to_utf8("n\0o\0 \0m\0a\0r\0k\0 \0h\0e\0r\0e\0"s), "no mark here");
  EXPECT_EQ(decode_in_pieces("\xFF\xFE\x3D\xD8\0\xDE!\0"s, 1), "\xF0\x9F\x98\x80!");
}

TEST(Decoder, DeclaredCharsets) {
  EXPECT_EQ(decode_to_utf8("Gr\xFC\xDF"
                           "e \x80",
                           "ISO-8859-1"),
            "Gr\xC3\xBC\xC3\x9F"
            "e \xE2\x82\xAC");
  EXPECT_EQ(decode_to_utf8("\xCF\xF0\xE8\xE2\xE5\xF2", "windows-1251"),
            "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82");
  EXPECT_EQ(decode_to_utf8("\x93\xFA\x96\x7B", "Shift_JIS"), "\xE6\x97\xA5\xE6\x9C\xAC");
  EXPECT_EQ(decode_to_utf8("\x1B$BF|K\\\x1B(B", "ISO-2022-JP"), "\xE6\x97\xA5\xE6\x9C\xAC");
  EXPECT_EQ(decode_to_utf8("\xC4\xE3\xBA\xC3", "gb2312"), "\xE4\xBD\xA0\xE5\xA5\xBD");
  EXPECT_EQ(decode_to_utf8("Hi Mom +Jjo-!", "utf-7"), "Hi Mom \xE2\x98\xBA!");
  EXPECT_EQ(decode_to_utf8("caf\xE9", "no-such-charset"), "caf\xC3\xA9");
  EXPECT_EQ(decode_to_utf8("caf\xE9", "utf-8"), "caf\xC3\xA9");
  EXPECT_EQ(decode_to_utf8("caf\xC3\xA9 cr\xC3\xA8me", "iso-8859-1"), "caf\xC3\xA9 cr\xC3\xA8me");
}

TEST(Decoder, DetectsUndeclaredCharsets) {
  const std::string german =
      "Die Stra\xDF"
      "e f\xFChrt \xFC"
      "ber die Br\xFC"
      "cke nach K\xF6ln, und sch\xF6n ist es dort f\xFCr alle G\xE4ste.\n";
  EXPECT_EQ(decode_to_utf8(german).substr(0, 15),
            "Die Stra\xC3\x9F"
            "e f\xC3\xBC");
  const std::string japanese =
      "\x93\xFA\x96\x7B\x8C\xEA\x82\xCC\x95\xB6\x8F\xCD\x82\xC5\x82\xB7\x81\x42\x82\xB1\x82\xEA\x82\xCD\x83\x65\x83\x58"
      "\x83\x67\x82\xC5\x82\xB7\x81\x42";
  EXPECT_EQ(decode_to_utf8(japanese).substr(0, 9), "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E");
  std::string late(300'000, 'a');
  late += german;
  EXPECT_NE(decode_in_pieces(late, 65536).find("K\xC3\xB6ln"), std::string::npos);
}

TEST(Charset, NamesFromMarkup) {
  EXPECT_EQ(charset_declared_in_markup("<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?><a/>"), "iso-8859-2");
  EXPECT_EQ(charset_declared_in_markup("<html><head><META CHARSET=koi8-r>"), "koi8-r");
  EXPECT_EQ(charset_declared_in_markup("<html><meta http-equiv='x' content='text/html; charset=big5'>"), "big5");
  EXPECT_EQ(charset_declared_in_markup("charset=big5"), "");
}

TEST(Charset, HostileNamesAreUnknown) {
  EXPECT_EQ(converter_name(std::string(5000, 'x')), "");
  EXPECT_EQ(converter_name("../../etc/passwd"), "");
  EXPECT_EQ(converter_name(""), "");
}

TEST(Decoder, HostileBytesInEveryDeclaredCharsetEnd) {
  std::mt19937 random(11);
  for (const auto* charset :
       {"", "iso-2022-jp", "utf-7", "hz-gb-2312", "gb18030", "euc-kr", "utf-16", "utf-32", "koi8-r", "big5"}) {
    for (int round = 0; round < 50; ++round) {
      std::string bytes(random() % 9000, '\0');
      for (char& c : bytes) c = static_cast<char>(random());
      const std::string text = decode_in_pieces(bytes, 1 + random() % 5000, charset);
      EXPECT_EQ(valid_utf8_prefix(text), text.size()) << charset;
    }
  }
}

}  // namespace
}  // namespace assay::extract
