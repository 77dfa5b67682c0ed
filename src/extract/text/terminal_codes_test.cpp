#include "extract/text/terminal_codes.h"

#include <gtest/gtest.h>

namespace assay::extract {
namespace {

std::string erased(std::string_view text, size_t piece_bytes) {
  TerminalCodes codes;
  std::string out;
  for (size_t at = 0; at < text.size(); at += piece_bytes) out += codes.erased(text.substr(at, piece_bytes));
  return out;
}

TEST(TerminalCodes, BecomeBlanksWhateverTheCuts) {
  const std::string text = "a=\x1B[36m4111\x1B[0m \x1B[38;5;196mx\x1B[Ky\x1B]0;t \x1B[\nz\x1B";
  for (size_t piece_bytes = 1; piece_bytes <= text.size(); ++piece_bytes)
    EXPECT_EQ(erased(text, piece_bytes), erased(text, text.size())) << piece_bytes;
  EXPECT_EQ(erased("a=\x1B[36m4111\x1B[0m.", 3), "a=     4111    .");
  EXPECT_EQ(erased("\x1B[38;5;196mx\x1B[Ky\x1B]0;t", 100), "           x   y ]0;t");
  EXPECT_EQ(erased("\x1B[\nz\x1B", 2), "  \nz ");
}

TEST(TerminalCodes, TextWithoutAnyIsNotCopied) {
  TerminalCodes codes;
  const std::string text = "plain [0m";
  EXPECT_EQ(codes.erased(text).data(), text.data());
}

TEST(TerminalCodes, WhatGoesOnForeverIsText) {
  const std::string text = "\x1B[" + std::string(200, '1');
  EXPECT_EQ(erased(text, 7), "  " + std::string(64, ' ') + std::string(136, '1'));
}

}  // namespace
}  // namespace assay::extract
