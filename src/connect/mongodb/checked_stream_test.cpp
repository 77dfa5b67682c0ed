#include "connect/mongodb/checked_stream.h"

#include <gmock/gmock.h>

#include <cstring>
#include <string>

namespace assay::connect::mongodb {
namespace {

std::string number(int32_t value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }

std::string message(int32_t operation, const std::string& body) {
  return number(static_cast<int32_t>(16 + body.size())) + number(1) + number(2) + number(operation) + body;
}

const std::string document("\x0c\0\0\0\x10n\0\1\0\0\0\0", 12);
const std::string kind_0("\0", 1);

TEST(SoundMessage, AnswersOfServersAre) {
  EXPECT_TRUE(is_sound_message(message(2013, number(0) + kind_0 + document)));
  EXPECT_TRUE(
      is_sound_message(message(1, number(8) + std::string(8, '\0') + number(0) + number(2) + document + document)));
  EXPECT_TRUE(is_sound_message(message(1, number(8) + std::string(8, '\0') + number(0) + number(0))));
}

TEST(SoundMessage, WhatHasWrongLengthsOrIsNotAskedForIsNot) {
  EXPECT_FALSE(is_sound_message(""));
  EXPECT_FALSE(is_sound_message(message(2013, "")));
  EXPECT_FALSE(is_sound_message(message(2013, number(0) + kind_0)));
  EXPECT_FALSE(is_sound_message(message(2013, number(1) + kind_0 + document + number(7))));          // a checksum
  EXPECT_FALSE(is_sound_message(message(2013, number(0) + "\1" + number(9) + "abcd")));              // another section
  EXPECT_FALSE(is_sound_message(message(2013, number(0) + kind_0 + document + kind_0 + document)));  // a second one
  EXPECT_FALSE(is_sound_message(message(2012, number(2013) + number(20) + "\1xxxx")));               // compressed
  EXPECT_FALSE(is_sound_message(message(1, number(0) + std::string(8, '\0') + number(0) + number(2) + document)));
  EXPECT_FALSE(is_sound_message(message(1, number(0) + std::string(8, '\0') + number(0) + number(-1))));
  EXPECT_FALSE(is_sound_message(message(2013, number(0) + kind_0 + document).substr(1)));
}

TEST(SoundMessage, NoByteThatIsALengthCanLie) {
  const std::string sound = message(2013, number(0) + kind_0 + document);
  for (size_t at : {size_t{0}, size_t{1}, size_t{21}, size_t{22}, size_t{25}}) {
    std::string spoilt = sound;
    spoilt[at] = static_cast<char>(spoilt[at] + 3);
    EXPECT_FALSE(is_sound_message(spoilt)) << at;
  }
}

}  // namespace
}  // namespace assay::connect::mongodb
