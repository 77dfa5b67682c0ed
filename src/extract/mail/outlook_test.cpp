#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "extract/mail/compressed_rtf.h"
#include "extract/mail/msg.h"
#include "extract/mail/tnef.h"
#include "extract/ole/compound_file_maker.h"
#include "extract/sink_recorder.h"

namespace assay::extract {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

std::string le16(uint32_t n) { return {static_cast<char>(n), static_cast<char>(n >> 8)}; }
std::string le32(uint32_t n) { return le16(n & 0xFFFF) + le16(n >> 16); }

std::string utf16(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) out += le16(static_cast<uint8_t>(c));
  return out;
}

template <typename Extract>
SinkRecorder record(std::string_view bytes, Extract&& extract) {
  MemoryInput input(bytes);
  const model::Limits limits;
  Scratch scratch(-1, 0);
  SinkRecorder sink;
  extract(input, Context{.limits = limits, .scratch = scratch, .name = "x"}, sink);
  return sink;
}

std::string part(const SinkRecorder& sink, std::string_view name) {
  std::string all;
  for (const auto& text : sink.texts)
    if (text.part.name == name) all += text.text;
  return all;
}

/// Compressed rich text in which nothing is compressed but one reference to the dictionary.
std::string compressed_rtf(std::string_view text) {
  std::string content;
  content += std::string(1, '\1') + "\0\6"s;  // eight bytes from the start of the dictionary: {\rtf1\a
  std::string literal(text);
  std::string body;
  for (size_t i = 0; i < 7 && i < literal.size(); ++i) body += literal[i];
  content += body;
  for (size_t i = 7; i < literal.size(); i += 8) content += "\0"s + literal.substr(i, 8);
  const auto raw_size = static_cast<uint32_t>(8 + literal.size());
  return le32(static_cast<uint32_t>(content.size()) + 12) + le32(raw_size) + le32(0x75465A4C) + le32(0) + content;
}

TEST(CompressedRtf, ExpandsReferencesAndLiterals) {
  EXPECT_EQ(decompress_rtf(compressed_rtf("nsi Hello there, world}"), 1000), "{\\rtf1\\ansi Hello there, world}");
  EXPECT_EQ(decompress_rtf(le32(17) + le32(5) + le32(0x414C454D) + le32(0) + "plain", 1000), "plain");
  EXPECT_EQ(decompress_rtf(compressed_rtf("x"), 4), std::nullopt);
  EXPECT_EQ(decompress_rtf("too short", 1000), std::nullopt);
  EXPECT_EQ(decompress_rtf(le32(1) + le32(1) + le32(7) + le32(0), 1000), std::nullopt);
  const std::string good = compressed_rtf("nsi Hello there, world}");
  for (size_t size = 16; size < good.size(); ++size) EXPECT_TRUE(decompress_rtf(good.substr(0, size), 1000));
}

std::string fixed_properties(uint32_t codepage) {
  return std::string(32, '\0') + le16(0x0003) + le16(0x3FFD) + le32(6) + le32(codepage) + le32(0);
}

TEST(ExtractMsg, PropertiesBodiesRecipientsAttachments) {
  CompoundFileMaker maker;
  maker.stream("__properties_version1.0", fixed_properties(1251))
      .stream("__substg1.0_0037001F", utf16("The subject"))
      .stream("__substg1.0_1000001E", "\xCF\xF0\xE8 body")
      .stream("__substg1.0_10130102", "<html><body><p>rich <b>te</b>xt</p></body></html>")
      .stream("__substg1.0_8001001F", utf16("named value"))
      .stream("__recip_version1.0_#00000000/__substg1.0_3003001F", utf16("bob@example.com"))
      .stream("__attach_version1.0_#00000000/__substg1.0_3707001F", utf16("report.txt"))
      .stream("__attach_version1.0_#00000000/__substg1.0_37010102", "attached bytes")
      .stream("__attach_version1.0_#00000001/__substg1.0_3001001F", utf16("Inner"))
      .stream("__attach_version1.0_#00000001/__substg1.0_3701000D/__properties_version1.0", std::string(24, '\0'))
      .stream("__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_0037001F", utf16("Inner subject"))
      .stream("__attach_version1.0_#00000002/__substg1.0_3707001F", utf16("linked.doc"));
  const auto sink = record(maker.bytes(), extract_msg);
  EXPECT_THAT(part(sink, "headers"), HasSubstr("subject: The subject\n"));
  EXPECT_THAT(part(sink, "headers"), HasSubstr("email: bob@example.com\n"));
  EXPECT_THAT(part(sink, "headers"), HasSubstr("property 8001: named value\n"));
  EXPECT_EQ(part(sink, ""), "\xD0\x9F\xD1\x80\xD0\xB8 body");
  EXPECT_THAT(part(sink, "html"), HasSubstr("rich text"));
  ASSERT_EQ(sink.members.size(), 3U);
  EXPECT_EQ(sink.members[0].name, "report.txt");
  EXPECT_EQ(sink.members[0].content, "attached bytes");
  EXPECT_EQ(sink.members[1].name, "Inner");
  const auto inner = record(sink.members[1].content, extract_msg);
  EXPECT_THAT(part(inner, "headers"), HasSubstr("Inner subject"));
  EXPECT_EQ(sink.members[2].verdict.kind, model::VerdictKind::unsupported);
}

TEST(ExtractMsg, RichTextWhenThereIsNoOtherBody) {
  CompoundFileMaker maker;
  maker.stream("__properties_version1.0", fixed_properties(1252))
      .stream("__substg1.0_10090102", compressed_rtf("nsi SSN 536-22-8145}"));
  EXPECT_THAT(part(record(maker.bytes(), extract_msg), ""), HasSubstr("SSN 536-22-8145"));
}

TEST(ExtractMsg, DamageNeverThrowsAnythingButFailure) {
  CompoundFileMaker maker;
  maker.stream("__properties_version1.0", fixed_properties(1252))
      .stream("__substg1.0_1000001F", utf16(std::string(6000, 'b')))
      .stream("__attach_version1.0_#00000000/__substg1.0_37010102", std::string(9000, 'a'));
  const std::string good = maker.bytes();
  std::mt19937 random(31);
  for (int round = 0; round < 200; ++round) {
    std::string bytes = good.substr(0, 600 + random() % (good.size() - 600));
    for (int i = 0; i < 10; ++i) bytes[512 + random() % (bytes.size() - 512)] = static_cast<char>(random());
    try {
      record(bytes, extract_msg);
    } catch (const Failure&) {
    }
  }
}

std::string attribute(uint32_t id, const std::string& data, char level = 1) {
  uint32_t sum = 0;
  for (const char c : data) sum += static_cast<uint8_t>(c);
  return std::string(1, level) + le32(id) + le32(static_cast<uint32_t>(data.size())) + data + le16(sum & 0xFFFF);
}

std::string property(uint16_t id, uint16_t type, std::string value) {
  const auto size = static_cast<uint32_t>(value.size());
  while (value.size() % 4 != 0) value.push_back('\0');
  const std::string name = id >= 0x8000 ? std::string(16, 'g') + le32(0) + le32(7) : "";
  return le16(type) + le16(id) + name + le32(1) + le32(size) + value;
}

std::string winmail() {
  return "\x78\x9F\x3E\x22"s + le16(1) + attribute(0x00018004, "Subject of it\0"s) +
         attribute(0x00069003, le32(3) + property(0x8001, 0x001F, utf16("named")) +
                                   (le16(0x0003) + le16(0x0017) + le32(1)) +
                                   property(0x1009, 0x0102, compressed_rtf("nsi body text}"))) +
         attribute(0x00069002, std::string(14, '\0'), 2) + attribute(0x00018010, "a.txt\0"s, 2) +
         attribute(0x0006800F, "attached", 2) +
         attribute(0x00069005, le32(1) + property(0x3707, 0x001E, "a long name.txt\0"s), 2);
}

SinkRecorder record_tnef(std::string_view bytes) {
  return record(bytes, [](Input& input, const Context& context, Sink& sink) {
    extract_tnef("winmail.dat", input, context, sink);
  });
}

TEST(ExtractTnef, TextAndAttachments) {
  const auto sink = record_tnef(winmail());
  EXPECT_THAT(part(sink, "headers"), HasSubstr("subject: Subject of it"));
  EXPECT_THAT(part(sink, "headers"), HasSubstr("named"));
  EXPECT_THAT(part(sink, ""), HasSubstr("body text"));
  ASSERT_EQ(sink.members.size(), 1U);
  EXPECT_EQ(sink.members[0].name, "winmail.dat/a long name.txt");
  EXPECT_EQ(sink.members[0].content, "attached");
}

TEST(ExtractTnef, WhatIsNoneIsAMember) {
  const auto sink = record_tnef("something else");
  ASSERT_EQ(sink.members.size(), 1U);
  EXPECT_EQ(sink.members[0].content, "something else");
}

TEST(ExtractTnef, CutsAndDamageEnd) {
  const std::string good = winmail();
  for (size_t size = 4; size < good.size(); ++size) record_tnef(std::string_view(good).substr(0, size));
  std::mt19937 random(37);
  for (int round = 0; round < 500; ++round) {
    std::string bytes = good;
    for (int i = 0; i < 6; ++i) bytes[4 + random() % (bytes.size() - 4)] = static_cast<char>(random());
    record_tnef(bytes);
  }
}

}  // namespace
}  // namespace assay::extract
