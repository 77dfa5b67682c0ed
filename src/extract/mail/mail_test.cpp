#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "extract/mail/eml.h"
#include "extract/mail/header.h"
#include "extract/mail/mbox.h"
#include "extract/mail/transfer.h"
#include "extract/sink_recorder.h"
#include "extract/text/utf8.h"

namespace assay::extract {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

SinkRecorder extract(std::string_view bytes, ExtractFunction function = extract_eml) {
  MemoryInput input(bytes);
  const model::Limits limits;
  std::unique_ptr<FILE, int (*)(FILE*)> file(std::tmpfile(), std::fclose);
  Scratch scratch(fileno(file.get()), uint64_t{1} << 30);
  SinkRecorder sink;
  function(input, Context{.limits = limits, .scratch = scratch, .name = "x.eml"}, sink);
  return sink;
}

std::string part(const SinkRecorder& sink, std::string_view name) {
  std::string all;
  for (const auto& text : sink.texts)
    if (text.part.name == name) all += text.text;
  return all;
}

std::string base64(std::string_view bytes, size_t line = 76) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out, text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<uint8_t>(bytes[i + j]) : 0U);
    for (size_t j = 0; j < 4; ++j) text += i + j > bytes.size() ? '=' : digits[group >> (18 - 6 * j) & 63];
  }
  for (size_t i = 0; i < text.size(); i += line) out += text.substr(i, line) + "\r\n";
  return out;
}

TEST(HeaderText, EncodedWords) {
  EXPECT_EQ(decode_header_text("=?UTF-8?B?R3LDvMOfZQ==?= from =?iso-8859-1?Q?K=F6ln_am_Rhein?="),
            "Gr\xC3\xBC\xC3\x9F"
            "e from K\xC3\xB6ln am Rhein");
  EXPECT_EQ(decode_header_text("=?utf-8?B?w?= =?utf-8?B?w6k=?="), "\xC3\xA9");  // a word too short to mean anything
  EXPECT_EQ(decode_header_text("=?utf-8?q?=E2=82?= \t=?utf-8?q?=AC?="), "\xE2\x82\xAC");
  EXPECT_EQ(decode_header_text("=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?="), "\xE6\x97\xA5\xE6\x9C\xAC");
  EXPECT_EQ(decode_header_text("=?none?B?VEVTVA=?="), "TEST");
  EXPECT_EQ(decode_header_text("=?broken 1 =? 2"), "=?broken 1 =? 2");
  EXPECT_EQ(decode_header_text("caf\xE9 cr\xE8me"), "caf\xC3\xA9 cr\xC3\xA8me");
}

TEST(HeaderText, Parameters) {
  const auto plain = parse_parameterized("Text/Plain; charset=\"us-ascii\" (a comment; x=y); name=a\\b.txt");
  EXPECT_EQ(plain.value, "text/plain");
  EXPECT_EQ(plain.parameter("charset"), "us-ascii");
  EXPECT_EQ(parse_parameterized("attachment; filename=\"semi;colon \\\"q\\\".pdf\"").parameter("filename"),
            "semi;colon \"q\".pdf");
  EXPECT_EQ(parse_parameterized("attachment; filename*=iso-8859-1'de'K%F6ln.txt").parameter("filename"),
            "K\xC3\xB6ln.txt");
  EXPECT_EQ(parse_parameterized("a; filename*1=\"b.txt\"; filename*0*=utf-8''%E2%82%AC%20").parameter("filename"),
            "\xE2\x82\xAC b.txt");
  EXPECT_EQ(parse_parameterized("a; filename=\"=?utf-8?B?4oKsLnR4dA==?=\"").parameter("filename"), "\xE2\x82\xAC.txt");
  EXPECT_EQ(parse_parameterized("attachment; filename=copy (1).pdf").parameter("filename"), "copy (1).pdf");
  EXPECT_EQ(parse_parameterized("").value, "");
  EXPECT_EQ(parse_parameterized(";;;=;x").parameters.size(), 1U);
}

TEST(Transfer, QuotedPrintable) {
  std::string out;
  TransferDecoder decoder(TransferEncoding::quoted_printable);
  for (const auto* line : {"a=3Db =\r\n", "c  \r\n", "d=ZZ="}) decoder.decode(Line{line, true}, out);
  decoder.finish(out);
  EXPECT_EQ(out, "a=b c\r\nd=ZZ=");
  std::string cut;
  decoder.decode(Line{"long=", true}, cut);
  decoder.decode(Line{"3Dpiece\n", false}, cut);
  EXPECT_EQ(cut, "long=piece\n");
}

TEST(ExtractEml, HeadersAndPlainBody) {
  const auto sink = extract(
      "From: =?utf-8?Q?J=C3=BCrgen?= <j@example.com>\r\nSubject: one\r\n two\r\nContent-Type: text/plain; "
      "charset=iso-8859-1\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\nSch=F6n, dich =\r\nzu sehen.\r\n");
  EXPECT_EQ(part(sink, "headers"),
            "From: J\xC3\xBCrgen <j@example.com>\nSubject: one two\nContent-Type: text/plain; charset=iso-8859-1\n"
            "Content-Transfer-Encoding: quoted-printable\n");
  EXPECT_EQ(part(sink, ""), "Sch\xC3\xB6n, dich zu sehen.\r\n");
}

const std::string mixed_mail =
    "MIME-Version: 1.0\r\nSubject: x\r\nContent-Type: multipart/mixed; "
    "boundary=\"outer\"\r\n\r\npreamble\r\n--outer\r\n"
    "Content-Type: multipart/alternative; boundary=inner\r\n\r\n--inner\r\n\r\nplain text\r\n--inner\r\nContent-Type: "
    "text/html\r\n\r\n"
    "<p>rich <b>te</b>xt</p>\r\n--inner--\r\n--outer\r\nContent-Type: application/pdf; "
    "name=old.pdf\r\nContent-Disposition: attachment;\r\n "
    "filename=\"report.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
    base64("%PDF-1.4 some bytes \0 here"s) +
    "--outer\r\nContent-Type: message/rfc822\r\n\r\nSubject: inside\r\n\r\ninner body\r\n--outer--\r\nepilogue\r\n";

TEST(ExtractEml, MultipartWithAttachments) {
  const auto sink = extract(mixed_mail);
  EXPECT_THAT(part(sink, ""), HasSubstr("plain text"));
  EXPECT_THAT(part(sink, ""), HasSubstr("preamble"));
  EXPECT_THAT(part(sink, ""), HasSubstr("epilogue"));
  EXPECT_THAT(part(sink, "html"), HasSubstr("rich text"));
  ASSERT_EQ(sink.members.size(), 2U);
  EXPECT_EQ(sink.members[0].name, "report.pdf");
  EXPECT_EQ(sink.members[0].content, "%PDF-1.4 some bytes \0 here"s);
  EXPECT_THAT(sink.members[1].name, HasSubstr(".eml"));
  EXPECT_THAT(sink.members[1].content, HasSubstr("Subject: inside\r\n\r\ninner body"));
}

TEST(ExtractEml, EveryPrefixAndRandomDamageKeepsGoing) {
  for (size_t size = 0; size < mixed_mail.size(); size += 7) extract(std::string_view(mixed_mail).substr(0, size));
  std::mt19937 random(17);
  for (int round = 0; round < 300; ++round) {
    std::string mail = mixed_mail;
    for (int i = 0; i < 20; ++i) mail[random() % mail.size()] = static_cast<char>(random());
    const std::string all = extract(mail).everything();
    EXPECT_EQ(valid_utf8_prefix(all), all.size());
  }
}

TEST(ExtractEml, LargeAttachmentGoesThroughScratch) {
  std::string bytes(5'000'000, '\0');
  std::mt19937 random(1);
  for (char& c : bytes) c = static_cast<char>(random());
  const auto sink = extract(
      "Subject: x\r\nContent-Type: application/octet-stream; name=big.bin\r\nContent-Transfer-Encoding: "
      "base64\r\n\r\n" +
      base64(bytes));
  ASSERT_EQ(sink.members.size(), 1U);
  EXPECT_EQ(sink.members[0].content, bytes);
}

TEST(ExtractEml, BrokenMultiparts) {
  const std::string head = "Subject: x\r\nFrom: a@example.com\r\nContent-Type: multipart/mixed";
  const std::string attachment =
      "Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64("pixels");
  // The boundary is not told, told wrongly, never closed, or follows headers at once.
  EXPECT_EQ(extract(head + "\r\n\r\n--abcdef\r\n" + attachment + "--abcdef--\r\n").members.at(0).content, "pixels");
  EXPECT_EQ(
      extract(head + "; boundary=other\r\n\r\n--abcdef\r\n" + attachment + "--abcdef--\r\n").members.at(0).content,
      "pixels");
  EXPECT_EQ(extract(head + "; boundary=abcdef\r\n\r\n--abcdef\r\n" + attachment).members.at(0).content, "pixels");
  const auto sink = extract(head +
                            "; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n--b\r\nContent-Type: "
                            "text/plain\r\n\r\nhello\r\n--b--\r\n");
  EXPECT_THAT(part(sink, ""), HasSubstr("hello"));
  // An inner part that is not closed ends with the outer one.
  const auto nested = extract(head +
                              "; boundary=o\r\n\r\n--o\r\nContent-Type: multipart/alternative; "
                              "boundary=i\r\n\r\n--i\r\n\r\none\r\n--o\r\n\r\ntwo\r\n--o--\r\n");
  EXPECT_THAT(part(nested, ""), HasSubstr("one"));
  EXPECT_THAT(part(nested, ""), HasSubstr("two"));
}

TEST(ExtractEml, DeepNestingIsBounded) {
  std::string mail = "Subject: x\r\nFrom: a@example.com\r\n";
  for (int i = 0; i < 500; ++i)
    mail +=
        "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\r\n\r\n--b" + std::to_string(i) + "\r\n";
  mail += "\r\nthe core 536-22-8145\r\n";
  const auto sink = extract(mail);
  std::string all = sink.everything();
  for (const auto& member : sink.members) all += member.content;
  EXPECT_THAT(all, HasSubstr("the core 536-22-8145"));
}

TEST(ExtractEml, Base64TextWithAFooterInPlain) {
  const auto sink = extract("Subject: x\r\nFrom: a\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                            base64("secret words\n") + "\r\n-- \r\nlist footer: see http://x.example\r\n");
  EXPECT_THAT(part(sink, ""), HasSubstr("secret words"));
  EXPECT_THAT(part(sink, ""), HasSubstr("list footer: see"));
}

TEST(ExtractEml, UuencodedFileInsideText) {
  const auto sink = extract(
      "Subject: x\r\nFrom: a\r\n\r\nsee below\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nthat was it\r\nbegin 644 "
      "things\r\n");
  ASSERT_EQ(sink.members.size(), 1U);
  EXPECT_EQ(sink.members[0].name, "cat.txt");
  EXPECT_EQ(sink.members[0].content, "Cat");
  EXPECT_EQ(part(sink, ""), "see below\r\nthat was it\r\nbegin 644 things\r\n");
}

TEST(ExtractEml, EncryptedPartsAreSaidToBe) {
  const auto pgp = extract(
      "Subject: x\r\nFrom: a\r\nContent-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\nContent-Type: "
      "application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
      "--b\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n--b--\r\n");
  ASSERT_EQ(pgp.members.size(), 2U);
  EXPECT_EQ(pgp.members[1].verdict.kind, model::VerdictKind::encrypted);
  const auto smime = extract(
      "Subject: x\r\nFrom: a\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; "
      "name=smime.p7m\r\n\r\nMIIB\r\n");
  ASSERT_EQ(smime.members.size(), 1U);
  EXPECT_EQ(smime.members[0].verdict.kind, model::VerdictKind::encrypted);
}

TEST(ExtractEml, WhatHasNoHeadersIsText) {
  const auto sink = extract("no header here at all\nsecond line");
  EXPECT_EQ(part(sink, ""), "no header here at all\nsecond line");
  EXPECT_TRUE(sink.texts[0].part.has_lines);
}

TEST(ExtractEml, ACalendarInTheBodyIsUnfolded) {
  const auto sink = extract(
      "Subject: invitation\r\nContent-Type: text/calendar; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\n"
      "ATTENDEE:mailto:anna@exam\r\n ple.com\r\nEND:VCALENDAR\r\n");
  EXPECT_THAT(sink.everything(), HasSubstr("anna@example.com"));
}

TEST(ExtractEml, JunkBetweenHeadersIsKept) {
  const auto sink =
      extract("From: a@example.com\njunk line here\nTo: b@example.com\nbody without a blank line\nmore\n");
  EXPECT_THAT(part(sink, "headers"), HasSubstr("junk line here"));
  EXPECT_THAT(part(sink, "headers"), HasSubstr("To: b@example.com"));
  EXPECT_EQ(part(sink, ""), "body without a blank line\nmore\n");
}

TEST(ExtractMbox, MessagesByNumber) {
  const auto sink = extract(
      "From a@example.com Mon Jan  1 10:00:00 2024\nSubject: first\n\nbody one\n>From the start\n>>From twice\nFrom "
      "here no blank line before 10:00 2024\n\n"
      "From b@example.com Tue Jan  2 11:00:00 2024\n" +
          mixed_mail + "\nFrom c@example.com Wed Jan  3 12:00:00 2024\nSubject: third\n\nbody three\n",
      extract_mbox);
  EXPECT_THAT(part(sink, "message 1 headers"), HasSubstr("Subject: first"));
  EXPECT_EQ(part(sink, "message 1"),
            "body one\nFrom the start\n>From twice\nFrom here no blank line before 10:00 2024\n\n");
  EXPECT_THAT(part(sink, "message 2 html"), HasSubstr("rich text"));
  ASSERT_EQ(sink.members.size(), 2U);
  EXPECT_EQ(sink.members[0].name, "message 2/report.pdf");
  EXPECT_EQ(part(sink, "message 3"), "body three\n");
}

TEST(ExtractMbox, ManyMessages) {
  std::string mbox;
  for (int i = 0; i < 3000; ++i)
    mbox += "From a@example.com Mon Jan  1 10:00:00 2024\nSubject: n\n\nbody " + std::to_string(i) + "\n\n";
  const auto sink = extract(mbox, extract_mbox);
  EXPECT_EQ(sink.texts.size(), 6000U);
  EXPECT_EQ(part(sink, "message 3000"), "body 2999\n\n");
}

TEST(LineReader, GivesAllBytesForAnyLineLengths) {
  std::mt19937 random(23);
  std::string text;
  while (text.size() < 2'000'000)
    text += std::string(random() % (random() % 10 == 0 ? 200'000 : 100), 'x') + (random() % 2 == 0 ? "\r\n" : "\n");
  MemoryInput input(text);
  LineReader reader(input);
  std::string joined;
  Line line;
  while (reader.next(line)) {
    const std::string copy(line.bytes);
    if (random() % 4 == 0) {
      reader.peek();
      reader.unread();
      ASSERT_TRUE(reader.next(line));
      ASSERT_EQ(line.bytes, copy);
    }
    joined += copy;
  }
  EXPECT_EQ(joined, text);
}

std::filesystem::path corpora() {
  const char* set = std::getenv("ASSAY_CORPORA");
  return set != nullptr ? std::filesystem::path(set) : std::filesystem::path(ASSAY_SOURCE_DIR "/../shared/corpora");
}

TEST(ExtractEml, RealMails) {
  const auto folder = corpora() / "mail";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no sample mails (ASSAY_CORPORA)";
  size_t mails = 0, members = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".eml") continue;
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    const auto sink = extract(bytes);
    ++mails;
    members += sink.members.size();
    EXPECT_FALSE(sink.everything().empty()) << file.path();
    EXPECT_EQ(valid_utf8_prefix(sink.everything()), sink.everything().size()) << file.path();
  }
  EXPECT_GT(mails, 0U);
  EXPECT_GT(members, 0U);
}

}  // namespace
}  // namespace assay::extract
