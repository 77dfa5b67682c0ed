#include "extract/rows/rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/fd.h"
#include "extract/sink_recorder.h"
#include "model/row_stream.h"

namespace assay::extract {
namespace {

using model::CellKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

/// Gives few bytes a time and remembers whether anybody looked back.
class ForwardOnly final : public Input {
 public:
  ForwardOnly(std::string_view bytes, size_t step) : bytes_(bytes), step_(step) {}
  size_t read_at(uint64_t offset, std::span<char> out) override {
    EXPECT_EQ(offset, at_);
    const size_t n = std::min({out.size(), step_, bytes_.size() - at_});
    std::copy_n(bytes_.begin() + static_cast<ptrdiff_t>(at_), n, out.begin());
    at_ += n;
    return n;
  }
  std::optional<uint64_t> known_size() const override { return std::nullopt; }
  uint64_t size() override { return bytes_.size(); }

 private:
  std::string_view bytes_;
  size_t step_;
  size_t at_ = 0;
};

class Rows : public testing::Test {
 protected:
  Rows() {
    char name[] = "/tmp/assay-test-XXXXXX";
    file_ = core::Fd(::mkstemp(name));
    ::unlink(name);
  }

  SinkRecorder read(const std::string& stream, size_t step = 7, uint64_t scratch_bytes = uint64_t{64} << 20) {
    ForwardOnly input(stream, step);
    Scratch scratch(file_.get(), scratch_bytes);
    const model::Limits limits;
    SinkRecorder sink;
    extract_rows(
        input,
        {.limits = limits, .scratch = scratch, .ocr = false, .binaries = false, .name = {}, .format = Format::rows},
        sink);
    EXPECT_EQ(scratch.top(), 0U);
    return sink;
  }

  static std::string header() {
    std::string out;
    const model::StreamColumn columns[] = {{"name", "text", "who"}, {"photo", "bytea", ""}};
    model::RowStreamWriter(out).header("people", columns);
    return out;
  }

  core::Fd file_;
};

TEST_F(Rows, CellsComeByRowAndColumn) {
  std::string out = header();
  model::RowStreamWriter writer(out);
  for (const char* name : {"Ada", "Grace"}) {
    writer.begin_row();
    writer.cell(CellKind::text, name);
    writer.null();
  }
  writer.end();
  for (const size_t step : {size_t{1}, size_t{1000}}) {
    const auto sink = read(out, step);
    ASSERT_THAT(sink.tables, SizeIs(1));
    EXPECT_EQ(sink.tables[0].info.name, "people");
    EXPECT_THAT(sink.tables[0].info.columns, ElementsAre("name", "photo"));
    EXPECT_THAT(sink.tables[0].info.types, ElementsAre("text", "bytea"));
    EXPECT_THAT(sink.tables[0].rows, ElementsAre(Pair(1, ElementsAre("Ada", "")), Pair(2, ElementsAre("Grace", ""))));
    EXPECT_THAT(sink.partials, IsEmpty());
  }
}

TEST_F(Rows, WhereTheStreamIsCutIntoPiecesDoesNotMatter) {
  std::string out = header();
  model::RowStreamWriter writer(out);
  for (int i = 0; i < 40; ++i) {
    writer.begin_row();
    if (i % 7 == 3) writer.cell(CellKind::text, "\xFF not UTF-8");
    else
      writer.cell(i % 2 == 0 ? CellKind::text : CellKind::json, std::string(static_cast<size_t>(i), 'x') + "\xC3\xBC");
    if (i % 5 == 0) writer.cell(CellKind::binary, i % 2 == 0 ? "text" : std::string_view("\0\1", 2));
    else if (i % 3 == 0) writer.cell(CellKind::xml, "<a/>");
    else writer.null();
  }
  writer.end();
  const auto whole = read(out, out.size());
  ASSERT_THAT(whole.tables, SizeIs(1));
  EXPECT_THAT(whole.tables[0].rows, SizeIs(40));
  for (const size_t step : {1, 2, 3, 5, 11, 37, 100, 251}) {
    const auto pieces = read(out, step);
    ASSERT_THAT(pieces.tables, SizeIs(1)) << step;
    EXPECT_EQ(pieces.tables[0].rows, whole.tables[0].rows) << step;
    EXPECT_EQ(pieces.null_cells, whole.null_cells) << step;
    EXPECT_EQ(pieces.cells_elsewhere, whole.cells_elsewhere) << step;
    EXPECT_EQ(pieces.members.size(), whole.members.size()) << step;
  }
}

TEST_F(Rows, NothingNoTextAndTextElsewhereDiffer) {
  std::string out = header();
  model::RowStreamWriter writer(out);
  writer.begin_row();
  writer.null();
  writer.cell(CellKind::binary, std::string_view("\0\1", 2));
  writer.begin_row();
  writer.cell(CellKind::text, "");
  writer.cell(CellKind::text, std::string(2'000'000, 'x'));
  writer.end();
  const auto sink = read(out, 1000);
  EXPECT_EQ(sink.null_cells, 1U);
  EXPECT_EQ(sink.cells_elsewhere, 2U);
  EXPECT_THAT(sink.tables.at(0).info.comments, ElementsAre("who", ""));
}

TEST_F(Rows, WhatNoCellHoldsComesBehindTheTable) {
  std::string out = header();
  model::RowStreamWriter writer(out);
  const std::string binary("\x89PNG\r\n\x1a\n\0\0", 10), text = "long " + std::string(3'000'000, 'x') + " \xC3\xBC end";
  writer.begin_row();
  writer.cell(CellKind::text, text);
  writer.cell(CellKind::binary, binary);
  writer.begin_row();
  writer.cell(CellKind::text, "\xff short");
  writer.cell(CellKind::binary, "text in a binary column");
  writer.end();
  const auto sink = read(out, 100'000);
  EXPECT_THAT(
      sink.tables.at(0).rows,
      ElementsAre(Pair(1, ElementsAre("", "")), Pair(2, ElementsAre("\xEF\xBF\xBD short", "text in a binary column"))));
  ASSERT_THAT(sink.texts, SizeIs(1));
  EXPECT_EQ(sink.texts[0].part.name, "name/1");
  EXPECT_TRUE(sink.texts[0].text == text);
  ASSERT_THAT(sink.members, SizeIs(1));
  EXPECT_EQ(sink.members[0].name, "photo/1");
  EXPECT_EQ(sink.members[0].content, binary);
}

TEST_F(Rows, ScratchThatIsFullCostsTheLargeValuesOnly) {
  std::string out = header();
  model::RowStreamWriter writer(out);
  for (int i = 0; i < 5; ++i) {
    writer.begin_row();
    writer.cell(CellKind::text, "x");
    writer.cell(CellKind::binary, std::string(500'000, '\1'));
  }
  writer.end();
  const auto sink = read(out, 100'000, 1'200'000);
  EXPECT_THAT(sink.tables.at(0).rows, SizeIs(5));
  EXPECT_THAT(sink.members, SizeIs(2));
  EXPECT_THAT(sink.partials, ElementsAre("3 large values found no place in scratch"));
}

TEST_F(Rows, ACutValueIsSaid) {
  std::string out = header();
  model::RowStreamWriter writer(out);
  writer.begin_row();
  writer.null();
  writer.cell(CellKind::binary, std::string(model::max_cell_bytes + 1, '\0'));
  writer.end();
  const auto sink = read(out, 1'000'000);
  EXPECT_THAT(sink.partials, SizeIs(1));
  EXPECT_EQ(sink.members.at(0).content.size(), model::max_cell_bytes);
}

TEST_F(Rows, ALimitThatEndedTheStreamIsItsVerdictAndAllThatCameBeforeStands) {
  std::string out = header();
  model::RowStreamWriter writer(out);
  writer.begin_row();
  writer.cell(CellKind::text, "Ada");
  writer.cell(CellKind::binary, std::string(5'000, '\1'));
  writer.end_by_limit("max_rows: 1 rows were read");
  ForwardOnly input(out, 7);
  Scratch scratch(file_.get(), uint64_t{64} << 20);
  const model::Limits limits;
  SinkRecorder sink;
  try {
    extract_rows(
        input,
        {.limits = limits, .scratch = scratch, .ocr = false, .binaries = false, .name = {}, .format = Format::rows},
        sink);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.verdict().kind, model::VerdictKind::limit);
    EXPECT_EQ(failure.verdict().reason, "max_rows: 1 rows were read");
  }
  EXPECT_THAT(sink.tables.at(0).rows, SizeIs(1));
  EXPECT_THAT(sink.members, SizeIs(1));
  EXPECT_THAT(sink.partials, ElementsAre("a limit ended the rows"));
}

TEST_F(Rows, WhatWasLeftUnreadOfTheValuesIsSaid) {
  std::string out = header();
  model::RowStreamWriter writer(out);
  writer.begin_row();
  writer.cell(CellKind::text, "Ada");
  writer.null();
  writer.end_without("2 values may not be read");
  const auto sink = read(out);
  EXPECT_THAT(sink.tables.at(0).rows, SizeIs(1));
  EXPECT_THAT(sink.partials, ElementsAre("2 values may not be read"));
}

TEST_F(Rows, ASampleEndsWithTheRoundThatIsEnough) {
  for (const bool is_random : {true, false}) {
    std::string out = header();
    model::RowStreamWriter writer(out);
    for (int round = 0; round < 3; ++round) {
      for (int i = 0; i < 2; ++i) {
        writer.begin_row();
        writer.cell(CellKind::text, "Ada");
        writer.null();
      }
      writer.end_round(is_random, 99.9, 1'000'000);
    }
    writer.end();
    for (const size_t enough : {1U, 2U, 3U, 4U}) {
      ForwardOnly input(out, 7);
      Scratch scratch(file_.get(), uint64_t{64} << 20);
      const model::Limits limits;
      SinkRecorder sink;
      sink.enough_rounds = enough;
      extract_rows(
          input,
          {.limits = limits, .scratch = scratch, .ocr = false, .binaries = false, .name = {}, .format = Format::rows},
          sink);
      const size_t read = std::min<size_t>(enough, 3);
      EXPECT_THAT(sink.tables.at(0).rows, SizeIs(2 * read));
      EXPECT_THAT(sink.partials, IsEmpty());
      const bool was_all = enough > 3 && !is_random;
      ASSERT_THAT(sink.rounds, SizeIs(read + (was_all ? 1 : 0)));
      EXPECT_EQ(sink.rounds.back().is_all, was_all);
      EXPECT_EQ(sink.rounds.back().is_random, is_random);
      EXPECT_EQ(sink.rounds.back().rows, 2 * read);
      EXPECT_EQ(sink.rounds.back().of_rows, 1'000'000U);
      EXPECT_EQ(sink.rounds.back().certainty, 99.9);
    }
  }
}

TEST_F(Rows, NoSampleIsCertain) {
  std::string out = header();
  model::RowStreamWriter writer(out);
  writer.end_round(true, 100, 0);
  writer.end();
  EXPECT_THROW(read(out, 1000), Failure);
}

TEST_F(Rows, AStreamThatIsCutAnywhereIsPartialAndKeepsItsWholeRows) {
  std::string out = header();
  model::RowStreamWriter writer(out);
  writer.begin_row();
  writer.cell(CellKind::text, "Ada");
  writer.cell(CellKind::binary, "\1\2");
  writer.end();
  for (size_t size = 0; size < out.size(); ++size) {
    try {
      read(out.substr(0, size));
      ADD_FAILURE() << size;
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.verdict().kind, model::VerdictKind::partial);
    }
  }
}

TEST_F(Rows, NonsenseIsMalformed) {
  for (const size_t at : {size_t{0}, size_t{11}, size_t{15}}) {
    std::string out = header();
    out[at] = '\xff';
    EXPECT_THROW(read(out), Failure) << at;
  }
}

}  // namespace
}  // namespace assay::extract
