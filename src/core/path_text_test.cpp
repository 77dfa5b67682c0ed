#include "core/path_text.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::core {
namespace {

TEST(PathText, PlainPathsStayAsTheyAre) {
  EXPECT_EQ(path_to_text("srv/share/Übersicht 2024.xlsx"), "srv/share/Übersicht 2024.xlsx");
  EXPECT_EQ(path_to_text(""), "");
}

TEST(PathText, BackslashesControlsAndOtherBytesAreSpelt) {
  EXPECT_EQ(path_to_text("a\\b"), "a\\\\b");
  EXPECT_EQ(path_to_text("a\nb\x7f"), "a\\x0Ab\\x7F");
  EXPECT_EQ(path_to_text("caf\xe9"), "caf\\xE9");
  EXPECT_EQ(path_to_text("\xed\xa0\x80"), "\\xED\\xA0\\x80") << "surrogates are no UTF-8";
}

TEST(PathText, EveryByteComesBack) {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(path_from_text(path_to_text(all)), all);
  EXPECT_EQ(path_from_text(path_to_text("\\x41")), "\\x41");
}

TEST(PathText, WhatItDoesNotWriteIsRefused) {
  for (const char* text : {"a\\", "a\\x4", "a\\xag", "a\\xff", "\\n"})
    EXPECT_THROW(path_from_text(text), Error) << text;
}

}  // namespace
}  // namespace assay::core
