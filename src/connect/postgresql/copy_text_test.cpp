#include "connect/postgresql/copy_text.h"

#include <gtest/gtest.h>

#include <array>

#include "core/error.h"

namespace assay::connect::postgresql {
namespace {

using model::CellKind;

constexpr std::array two{CellKind::text, CellKind::binary};

std::string row_of(std::string_view line, std::span<const CellKind> kinds = two) {
  std::string out;
  append_copy_row(line, kinds, out);
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

TEST(CopyText, NullIsAWholeField) {
  EXPECT_EQ(row_of("\\Na\t\\\\x"), expected("Na", ""));
  EXPECT_EQ(row_of("a\\N\t\\\\x"), expected("aN", ""));
  EXPECT_EQ(row_of("\\\\\\N\t\\\\x"), expected("\\N", ""));
  EXPECT_EQ(row_of("\\", {{CellKind::text}}).back(), '\\');
}

// Lines are copied in blocks: a field may begin, end, and have its escapes at any place of one.
TEST(CopyText, FieldsOfAnyLengthAreWhole) {
  for (size_t size = 0; size < 70; ++size) {
    const std::string plain(size, 'x');
    for (size_t at = 0; at <= size; ++at) {
      std::string escaped = plain, text = plain;
      escaped.insert(at, "\\t");
      text.insert(at, "\t");
      EXPECT_EQ(row_of(escaped + "\t\\\\x41\n"), expected(text, "A")) << size << ' ' << at;
    }
    EXPECT_EQ(row_of(plain + "\t\\N"), [&] {
      std::string out;
      model::RowStreamWriter writer(out);
      writer.begin_row();
      writer.cell(CellKind::text, plain);
      writer.null();
      return out;
    }()) << size;
  }
}

TEST(CopyText, ALongFieldIsCutAndTheNextIsWhole) {
  std::string out, expected_row;
  append_copy_row("12345678901234567890\t\\\\x414243", two, out, 2);
  model::RowStreamWriter writer(expected_row);
  writer.begin_row();
  writer.cell(CellKind::text, "12345678901234567890", 2);
  writer.cell(CellKind::binary, "ABC", 2);
  EXPECT_EQ(out, expected_row);
}

TEST(CopyText, RowsBeforeOneThatCannotBeStand) {
  std::string out = "before";
  EXPECT_THROW(append_copy_row("one", two, out), core::Error);
  EXPECT_EQ(out, "before");
}

TEST(CopyText, ATableWithoutColumnsHasEmptyRows) { EXPECT_EQ(row_of("\n", {}), "\1"); }

TEST(CopyText, WhatCannotBeIsABug) {
  for (const char* line : {"one", "one\t\\\\x00\tthree", "one\t\\\\x0", "one\tnot hex", "", "one\t"})
    EXPECT_THROW(row_of(line), core::Error) << line;
}

}  // namespace
}  // namespace assay::connect::postgresql
