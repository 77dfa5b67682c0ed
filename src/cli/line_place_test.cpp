#include "cli/line_place.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::cli {
namespace {

LinePlace parse(const std::string& text, const std::string& existing = "") {
  return parse_line_place(text, [&existing](const std::string& path) { return path == existing; });
}

TEST(LinePlace, FileAndLine) {
  const auto place = parse("dir/notes.txt:12");
  EXPECT_EQ(place.path, "dir/notes.txt");
  EXPECT_EQ(place.line, 12U);
  EXPECT_FALSE(place.column);
}

TEST(LinePlace, FileLineAndColumn) {
  const auto place = parse("notes.txt:12:5", "notes.txt");
  EXPECT_EQ(place.path, "notes.txt");
  EXPECT_EQ(place.line, 12U);
  EXPECT_EQ(place.column, 5U);
}

TEST(LinePlace, PathMayHoldColons) {
  EXPECT_EQ(parse("a:b:7").path, "a:b");
  const auto place = parse("log:12:7", "log:12");
  EXPECT_EQ(place.path, "log:12");
  EXPECT_EQ(place.line, 7U);
  EXPECT_FALSE(place.column);
}

TEST(LinePlace, WhatNamesNoLineIsRefused) {
  for (const char* text : {"", "notes.txt", "notes.txt:", "notes.txt:0", "notes.txt:x", "notes.txt:-1", ":12",
                           "notes.txt:99999999999999999999999"})
    EXPECT_THROW(parse(text), core::Error) << text;
}

}  // namespace
}  // namespace assay::cli
