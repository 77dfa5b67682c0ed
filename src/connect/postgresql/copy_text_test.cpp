#include "connect/postgresql/copy_text.h"

#include <gtest/gtest.h>

#include <array>

#include "core/error.h"

namespace assay::connect::postgresql {
namespace {

using model::CellKind;

constexpr std::array two{CellKind::text, CellKind::binary};

std::string row_of(std::string_view line, std::span<const CellKind> kinds = two) {
  std::string scratch, out;
  append_copy_row(line, kinds, scratch, out);
  return out;
}

std::string expected(std::string_view text, std::string_view binary) {
  std::string out;
  model::RowStreamWriter writer(out);
  writer.begin_row();
  writer.cell(CellKind::text, text);
  writer.cell(CellKind::binary, binary);
  return out;
}

TEST(CopyText, EscapesAreUndone) {
  EXPECT_EQ(row_of("a\\tb\\nc\\\\d\\r\t\\\\x00ff41\n"), expected("a\tb\nc\\d\r", std::string("\0\xff"
                                                                                             "A",
                                                                                             3)));
  EXPECT_EQ(row_of("\t\\\\x"), expected("", ""));
}

TEST(CopyText, NullIsNotTheTextThatLooksLikeIt) {
  std::string nulls;
  model::RowStreamWriter writer(nulls);
  writer.begin_row();
  writer.null();
  writer.null();
  EXPECT_EQ(row_of("\\N\t\\N\n"), nulls);
  EXPECT_EQ(row_of("\\\\N\t\\\\x00"), expected("\\N", std::string_view("\0", 1)));
}

TEST(CopyText, ATableWithoutColumnsHasEmptyRows) { EXPECT_EQ(row_of("\n", {}), "\1"); }

TEST(CopyText, WhatCannotBeIsABug) {
  for (const char* line : {"one", "one\t\\\\x00\tthree", "one\t\\\\x0", "one\tnot hex", "", "one\t"})
    EXPECT_THROW(row_of(line), core::Error) << line;
}

}  // namespace
}  // namespace assay::connect::postgresql
