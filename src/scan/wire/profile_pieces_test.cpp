#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/error.h"
#include "scan/wire/protocol.h"

namespace assay::scan {
namespace {

class Pieces final : public FrameVisitor {
 public:
  void visit(ProfilePiece&& piece) override { all.push_back(std::move(piece)); }
  std::vector<ProfilePiece> all;

 private:
  void visit(model::Finding&) override { ADD_FAILURE() << "no finding was sent"; }
  void visit(model::ColumnFinding&&) override { ADD_FAILURE() << "no column was sent"; }
  void visit(model::ObjectRecord&&) override { ADD_FAILURE() << "no record was sent"; }
  void visit(TraceLine&&) override { ADD_FAILURE() << "no trace was sent"; }
  void visit(MemberBegin&&) override { ADD_FAILURE() << "no member was sent"; }
  void visit(LineMet&&) override { ADD_FAILURE() << "no line was sent"; }
};

model::ColumnProfile sample_column(size_t number = 0) {
  model::ColumnProfile c;
  c.name = "column " + std::to_string(number);
  c.native_type = "numeric(10,2)";
  c.comment = "what is paid";
  c.rows = 100;
  c.nulls = 1;
  c.empty = 2;
  c.null_tokens = 3;
  c.distinct = 50.5;
  c.type = "number";
  c.conforming = 90;
  c.valid = 80;
  c.entity = "MONEY";
  c.confidence = 0.75;
  c.minimum = -1.5;
  c.maximum = 99;
  c.mean = 40;
  c.quantiles = {1, 2, 3, 4, 5, 6, 7};
  c.outliers = 4;
  c.shortest = 1;
  c.longest = 12;
  c.mean_length = 3.5;
  c.top_values = {{"**", 9}, {"*", 8}};
  c.patterns = {{"99.99", 70}};
  c.newest_s = -5;
  return c;
}

Pieces decoded(const std::vector<std::string>& frames) {
  Pieces pieces;
  for (const std::string& frame : frames) decode_frame(frame, pieces);
  return pieces;
}

std::string frame_of(const std::function<void(model::ColumnProfile&)>& spoil) {
  ProfilePiece piece{.table = {}, .is_first = true, .is_last = true};
  piece.table.columns.push_back(sample_column());
  spoil(piece.table.columns[0]);
  std::string out;
  encode(piece, out);
  return out;
}

TEST(ProfilePieces, ComeAsTheyWereSent) {
  model::TableProfile sent;
  sent.locator.member = "a.zip!/b.csv";
  sent.locator.table = "t";
  sent.rows = 100;
  sent.is_sample = true;
  sent.columns = {sample_column(), {}};
  const Pieces pieces = decoded(encode(sent));
  ASSERT_EQ(pieces.all.size(), 1U);
  EXPECT_TRUE(pieces.all[0].is_first && pieces.all[0].is_last);
  const model::TableProfile& table = pieces.all[0].table;
  EXPECT_EQ(table.locator, sent.locator);
  EXPECT_EQ(table.rows, 100U);
  EXPECT_TRUE(table.is_sample);
  ASSERT_EQ(table.columns.size(), 2U);
  const auto& c = table.columns[0];
  EXPECT_EQ(c.native_type, "numeric(10,2)");
  EXPECT_EQ(c.distinct, 50.5);
  EXPECT_EQ(c.minimum, -1.5);
  EXPECT_FALSE(c.deviation);
  EXPECT_EQ(c.quantiles, sent.columns[0].quantiles);
  EXPECT_EQ(c.top_values[1].count, 8U);
  EXPECT_EQ(c.newest_s, -5);
  EXPECT_FALSE(table.columns[1].newest_s);
  std::string again;
  encode(pieces.all[0], again);
  EXPECT_EQ(again, encode(sent).front());
}

TEST(ProfilePieces, AreSmall) {
  model::TableProfile sent;
  for (size_t i = 0; i < 3'000; ++i) sent.columns.push_back(sample_column(i));
  const auto frames = encode(sent);
  EXPECT_GT(frames.size(), 10U);
  for (const auto& frame : frames) EXPECT_LE(frame.size(), max_piece_bytes);
  const Pieces pieces = decoded(frames);
  size_t column = 0;
  for (size_t i = 0; i < pieces.all.size(); ++i) {
    EXPECT_EQ(pieces.all[i].is_first, i == 0);
    EXPECT_EQ(pieces.all[i].is_last, i + 1 == pieces.all.size());
    for (const auto& c : pieces.all[i].table.columns) EXPECT_EQ(c.name, "column " + std::to_string(column++));
  }
  EXPECT_EQ(column, 3'000U);
}

TEST(ProfilePieces, WhatNoExaminerSendsIsRefused) {
  static constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                          infinite = std::numeric_limits<double>::infinity();
  const std::function<void(model::ColumnProfile&)> spoilers[] = {[](auto& c) { c.type = "no such type"; },
                                                                 [](auto& c) { c.distinct = -1; },
                                                                 [](auto& c) { c.distinct = nan; },
                                                                 [](auto& c) { c.maximum = infinite; },
                                                                 [](auto& c) { c.mean_length = -infinite; },
                                                                 [](auto& c) { c.quantiles.pop_back(); },
                                                                 [](auto& c) { c.quantiles[3] = nan; },
                                                                 [](auto& c) { c.top_values.resize(33); },
                                                                 [](auto& c) { c.patterns.resize(1'000'000); }};
  Pieces pieces;
  EXPECT_NO_THROW(decode_frame(frame_of([](auto&) {}), pieces));
  for (const auto& spoil : spoilers) EXPECT_THROW(decode_frame(frame_of(spoil), pieces), core::Error);
  EXPECT_EQ(pieces.all.size(), 1U);
  const std::string whole = frame_of([](auto&) {});
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_THROW(decode_frame(whole.substr(0, size), pieces), core::Error) << size;
}

TEST(ProfilePieces, TextsAreCutAndPrintable) {
  Pieces pieces;
  decode_frame(frame_of([](auto& c) {
                 c.name = "\x1b[31m" + std::string(100'000, 'n');
                 c.top_values[0].text = std::string(100'000, 'v') + "\n";
               }),
               pieces);
  const auto& c = pieces.all[0].table.columns[0];
  EXPECT_LE(c.name.size(), 1024U + 8);  // and what tells that it was cut
  EXPECT_EQ(c.name.find('\x1b'), std::string::npos);
  EXPECT_LE(c.top_values[0].text.size(), 256U + 8);
}

}  // namespace
}  // namespace assay::scan
