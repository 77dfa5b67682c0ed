#include "extract/unicode.h"

#include <gtest/gtest.h>

namespace assay::extract {
namespace {

TEST(Unicode, OneByteThatIsNotAsciiIsSeenAnywhere) {
  for (size_t size = 0; size < 40; ++size) {
    std::string text(size, '\x7F');
    EXPECT_TRUE(is_ascii(text)) << size;
    for (size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      EXPECT_FALSE(is_ascii(text)) << size << ' ' << at;
      EXPECT_FALSE(is_valid_utf8(text)) << size << ' ' << at;
      text[at] = '\x7F';
    }
  }
}

TEST(Unicode, WhatIsWellFormedIsValidAfterAnyAscii) {
  for (size_t size = 0; size < 40; ++size) {
    const std::string ascii(size, 'x');
    for (const char* valid : {"\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"})
      EXPECT_TRUE(is_valid_utf8(ascii + valid + ascii)) << size;
    for (const char* invalid : {"\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"})
      EXPECT_FALSE(is_valid_utf8(ascii + invalid + ascii)) << size;
  }
}

}  // namespace
}  // namespace assay::extract
