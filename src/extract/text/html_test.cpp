#include "extract/text/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "extract/sink_recorder.h"
#include "extract/text/html_text.h"
#include "extract/text/utf8.h"

namespace assay::extract {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(std::string_view html, size_t piece = SIZE_MAX) {
  std::string text;
  HtmlText tokenizer([&](std::string_view utf8) { text += utf8; });
  for (size_t at = 0; at < html.size();) {
    tokenizer.feed(html.substr(at, piece));
    at += std::min(piece, html.size() - at);
  }
  tokenizer.finish();
  return text;
}

TEST(ExtractHtml, TextWithLinesOfTheFile) {
  const std::string html =
      "<html>\n<body\n class='x'>\n<p>one</p><p>two</p>\n<!-- a\ncomment -->\n<b>12</b>34\n</body></html>\n";
  MemoryInput input(html);
  const model::Limits limits;
  Scratch scratch(-1, 0);
  SinkRecorder sink;
  extract_html(input, Context{.limits = limits, .scratch = scratch, .name = "x"}, sink);
  ASSERT_EQ(sink.texts.size(), 1U);
  EXPECT_TRUE(sink.texts[0].part.has_lines);
  const std::string& text = sink.texts[0].text;
  EXPECT_EQ(std::ranges::count(text, '\n'), std::ranges::count(html, '\n'));
  EXPECT_THAT(text, HasSubstr("one\ttwo"));
  EXPECT_THAT(text, HasSubstr(" a\ncomment "));
  EXPECT_THAT(text, HasSubstr("1234"));
}

TEST(HtmlText, Entities) {
  EXPECT_EQ(text_of("a&amp;b &lt;c&gt; &#65;&#x42; &eacute;&nbsp;&euro;"), "a&b <c> AB \xC3\xA9 \xE2\x82\xAC");
  EXPECT_EQ(text_of("AT&T &bogus; & x &#; &#xZZ; &#1114112;"), "AT&T &bogus; & x &#; &#xZZ; \xEF\xBF\xBD");
  EXPECT_EQ(text_of("a&#10;b"), "a b");
}

TEST(HtmlText, AttributesThatCarryData) {
  EXPECT_THAT(text_of("<a href=\"mailto:ann@example.com\">write</a>"), HasSubstr("mailto:ann@example.com write"));
  EXPECT_THAT(text_of("<input name=ssn value='536-22-8145'>"), HasSubstr("ssn 536-22-8145"));
  EXPECT_THAT(text_of("<div data-card-number=4111>x</div>"), HasSubstr("card-number: 4111"));
  EXPECT_THAT(text_of("<meta name=author content='Ann &quot;A&quot; Smith'>"), HasSubstr("Ann \"A\" Smith"));
  EXPECT_THAT(text_of("<img src='data:image/png;base64,AAAABBBB' alt='a face'>"), Not(HasSubstr("AAAABBBB")));
  EXPECT_THAT(text_of("<img src='data:image/png;base64,AAAABBBB' alt='a face'>"), HasSubstr("a face"));
  EXPECT_THAT(text_of("<a class=big href='/x?a=1&copy=2'>"), HasSubstr("/x?a=1&copy=2"));
}

TEST(HtmlText, AValueGoesOnAcrossTagsThatShowNoGap) {
  EXPECT_EQ(text_of("<p>4539 14<b>88</b> 0343 6467</p>"), "\t4539 1488 0343 6467\t");
  EXPECT_EQ(text_of("anna@<span>example</span>.com"), "anna@example.com");
  EXPECT_EQ(text_of("anna<span class=\"at\">@</span><code>example</code>.com"), "anna@ example.com");
  EXPECT_EQ(text_of("45<span>39 <i>14</i></span>88<wbr>0343<!-- -->6467 x"),
            "4539 1488"
            "03436467  x");
  EXPECT_EQ(text_of("anna@<b><span>example</span></b>.com"), "anna@example.com");
  EXPECT_EQ(text_of("4539<span\n>14</span\n>88 x"), "45391488\n\n x");
}

TEST(HtmlText, WhatATagSaysStandsBehindTheWordThatItIsIn) {
  EXPECT_EQ(text_of("anna@<a href='/x' title=home>example</a>.com, or"), "anna@example.com, /x home  or");
  EXPECT_EQ(text_of("45<!-- half -->39<td>x"), "4539 half \tx");
  EXPECT_EQ(text_of("45<!-- half -->39"), "4539 half ");
  EXPECT_EQ(text_of("see <a href='/x'>this</a>"), "see /x this");
  const std::string long_comment(5000, 'c');
  EXPECT_EQ(text_of("45<!--" + long_comment + "-->39"), "45 " + long_comment + " 39");
  const std::string longer_comment(200'000, 'c');
  for (const size_t piece : {SIZE_MAX, size_t{1000}})
    EXPECT_EQ(text_of("45<!--" + longer_comment + "-->39", piece), "45 " + longer_comment + " 39");
}

TEST(HtmlText, NeighboursStayApart) {
  EXPECT_EQ(text_of("<span>Anna</span><span>123</span>"), "Anna 123");
  EXPECT_EQ(text_of("<a>Home</a><!-- --><a>About</a>"), "Home About");
  EXPECT_EQ(text_of("<span><b>Anna</b></span><b>123</b>"), "Anna 123");
  EXPECT_EQ(text_of("Anna<span></span>123"), "Anna 123");
  EXPECT_EQ(text_of("<b>45</b><b>39</b>"), "4539");
  EXPECT_EQ(text_of("<label>Name</label><input>Anna<br>12<li>3<option>4<button>5"), "Name Anna\t12\t3\t4 5");
}

TEST(HtmlText, ScriptsAndCommentsAreText) {
  EXPECT_THAT(text_of(R"(<script>var s = "a\nanna\u0040b\\" <\u</script>)"), HasSubstr(R"("a  anna@b\\" <\u)"));
  EXPECT_THAT(text_of("<script>var k = \"</b>\" < 3 && '&amp;';</script>after"),
              HasSubstr("var k = \"</b>\" < 3 && '&amp;';"));
  EXPECT_THAT(text_of("<SCRIPT>x</ScRiPt >after<b>c"), HasSubstr("x\tafterc"));
  EXPECT_THAT(text_of("a<!-- one -- two --->b"), HasSubstr("one -- two -"));
  EXPECT_THAT(text_of("<!-- never closed 123"), HasSubstr("never closed 123"));
}

TEST(HtmlText, BrokenMarkupKeepsItsText) {
  EXPECT_EQ(text_of("1 < 2 and 3 > 2"), "1 < 2 and 3 > 2");
  EXPECT_EQ(text_of("end <"), "end <");
  EXPECT_EQ(text_of("end &am"), "end &am");
  EXPECT_THAT(text_of("<a title='never closed 42"), HasSubstr("never closed 42"));
  EXPECT_THAT(text_of("<td>x<td>y<tr>z"), HasSubstr("x\ty\tz"));
}

TEST(HtmlText, PieceSizesDoNotMatterAndLinesAgree) {
  std::mt19937 random(21);
  const std::vector<std::string> parts{"<p>",
                                       "</p>",
                                       "<b>",
                                       "</b\n>",
                                       "<span title=x>",
                                       "</span>",
                                       "word",
                                       "&amp;",
                                       "&#65",
                                       "text ",
                                       "\n",
                                       "<!--",
                                       "-->",
                                       "<script>",
                                       "</script>",
                                       "<a href='data:x'",
                                       " data-x=\"",
                                       "\"",
                                       "'",
                                       ">",
                                       "<",
                                       "\xC3\xA9",
                                       "</",
                                       "=",
                                       "<img alt=y\n>",
                                       "<?xml ?>",
                                       "<!DOCTYPE a\nb>"};
  for (int round = 0; round < 200; ++round) {
    std::string html;
    for (int i = 0; i < 120; ++i) html += parts[random() % parts.size()];
    const std::string whole = text_of(html);
    EXPECT_EQ(std::ranges::count(whole, '\n'), std::ranges::count(html, '\n')) << html;
    EXPECT_EQ(valid_utf8_prefix(whole), whole.size());
    for (const size_t piece : {1UL, 3UL, 17UL}) EXPECT_EQ(text_of(html, piece), whole);
  }
}

TEST(HtmlText, LongPagesAreFlushedInPieces) {
  std::string html;
  for (int i = 0; i < 50'000; ++i) html += "<p>caf\xC3\xA9 " + std::to_string(i) + "</p>\n";
  size_t calls = 0, bytes = 0;
  HtmlText tokenizer([&](std::string_view piece) {
    ++calls;
    bytes += piece.size();
    EXPECT_EQ(valid_utf8_prefix(piece), piece.size());
  });
  tokenizer.feed(html);
  tokenizer.finish();
  EXPECT_GT(calls, 5U);
  EXPECT_GT(bytes, 500'000U);
}

}  // namespace
}  // namespace assay::extract
