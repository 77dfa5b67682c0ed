#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <string>
#include <vector>

#include "classify/builtin_rules.h"
#include "core/fd.h"
#include "extract/input.h"
#include "model/row_stream.h"
#include "scan/examine/examination.h"
#include "scan/wire/profile_assembly.h"

// A table that several workers read, part by part, has the verdicts and the profile of one that is read whole.
namespace assay::scan {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Said final : public Reporter, private FrameVisitor {
 public:
  void send(std::string_view frame) override {
    sent += frame;
    decode_frame(frame, *this);
  }
  void begin_member(uint64_t) override {}
  void tick() override {}

  std::vector<model::Finding> findings;
  std::vector<model::ColumnFinding> columns;
  std::vector<model::TableProfile> profiles;
  std::vector<std::string> members;
  model::ObjectRecord record;
  std::string sealed, sent;
  RangeEnd end;

 private:
  void visit(model::Finding& finding) override { findings.push_back(finding); }
  void visit(model::ColumnFinding&& column) override { columns.push_back(std::move(column)); }
  void visit(model::ObjectRecord&& said) override {
    if (said.member.empty()) record = std::move(said);
    else members.push_back(said.member);
  }
  void visit(TraceLine&&) override {}
  void visit(MemberBegin&&) override {}
  void visit(LineMet&&) override {}
  void visit(RangeEnd&& said) override { end = std::move(said); }
  void visit(SealedPiece&& piece) override { sealed += piece.bytes; }
  void visit(ProfilePiece&& piece) override {
    if (auto whole = assembly_.add(std::move(piece))) profiles.push_back(*std::move(whole));
  }
  ProfileAssembly assembly_;
};

ExaminerState state_with(char key) {
  ExaminerSetup setup;
  setup.rules = classify::builtin_rule_sources();
  setup.fingerprint_key = std::string(32, key);
  setup.profile = model::ProfileScope::databases;
  return ExaminerState(setup);
}

ExaminerState& state() {
  static ExaminerState state = state_with('k');
  return state;
}

Said examine(ExaminerState& with, std::string_view bytes, const ExaminerRequest& request) {
  extract::MemoryInput input(bytes);
  const core::Fd file(::memfd_create("scratch", MFD_CLOEXEC));
  extract::Scratch spool(file.get(), uint64_t{64} << 20);
  Said said;
  Examination(with, request, spool, said).run(input);
  return said;
}

constexpr int all_rows = 3'000;

std::string rows(int from, int to, bool has_photos = false) {
  const std::vector<model::StreamColumn> columns = {{"id", "integer", ""},
                                                    {"contact", "text", ""},
                                                    {"team", "text", ""},
                                                    {"payload", "jsonb", ""},
                                                    {"photo", "bytea", ""}};
  std::string out;
  model::RowStreamWriter writer(out);
  writer.header("staff", columns);
  for (int i = from; i < to; ++i) {
    const std::string n = std::to_string(i);
    writer.begin_row();
    writer.cell(model::CellKind::text, n);
    // Half of the table has no mails: no part alone says what the whole does.
    writer.cell(model::CellKind::text, i < all_rows / 2 ? "call me" : "person" + n + "@example.org");
    writer.cell(model::CellKind::text, i % 3 == 0 ? "red" : "green");
    writer.cell(model::CellKind::json, i % 2 == 0 ? R"({"iban": "DE89370400440532013000", "n": )" + n + "}"
                                                  : R"({"n": )" + n + R"(, "iban": "DE89370400440532013000"})");
    if (has_photos && i % 100 == 0) writer.cell(model::CellKind::binary, std::string(5'000, '\1'));
    else writer.null();
  }
  writer.end();
  return out;
}

ExaminerRequest request_of_part(uint32_t number, uint32_t parts) {
  ExaminerRequest request{.name = "staff", .lethal_members = {}};
  request.is_stream = request.is_rows = true;
  request.rows_part = RowsPart{.number = number, .parts = parts};
  return request;
}

ExaminerRequest request_to_join() {
  ExaminerRequest request{.name = "staff", .lethal_members = {}};
  request.is_stream = request.is_rows = request.is_join = true;
  return request;
}

std::string packed(const std::vector<std::string>& sealed) {
  std::string bytes;
  core::WireWriter writer(bytes);
  for (const std::string& one : sealed) writer.text(one);
  writer.u32(0);
  return bytes;
}

Said whole() {
  ExaminerRequest request{.name = "staff", .lethal_members = {}};
  request.is_stream = request.is_rows = true;
  return examine(state(), rows(0, all_rows), request);
}

TEST(TableParts, TogetherAreWhatTheWholeIs) {
  const Said all = whole();
  ASSERT_THAT(all.columns, SizeIs(2));  // contact, payload.iban
  for (const uint32_t parts : {1U, 2U, 5U}) {
    std::vector<std::string> sealed;
    uint64_t read = 0;
    for (uint32_t part = 0; part < parts; ++part) {
      const auto begin = static_cast<int>(all_rows * part / parts),
                 end = static_cast<int>(all_rows * (part + 1) / parts);
      const Said said = examine(state(), rows(begin, end), request_of_part(part, parts));
      EXPECT_THAT(said.columns, IsEmpty());
      EXPECT_THAT(said.profiles, IsEmpty());
      EXPECT_EQ(said.record.verdict.kind, model::VerdictKind::ok);
      EXPECT_TRUE(said.end.is_exact);
      read += said.end.newlines;
      sealed.push_back(said.sealed);
    }
    EXPECT_EQ(read, static_cast<uint64_t>(all_rows));
    const Said joined = examine(state(), packed(sealed), request_to_join());
    EXPECT_EQ(joined.record.verdict.kind, model::VerdictKind::ok) << joined.record.verdict.reason;
    EXPECT_EQ(joined.record.format, all.record.format);
    ASSERT_THAT(joined.columns, SizeIs(all.columns.size()));
    for (size_t i = 0; i < all.columns.size(); ++i) {
      const auto &a = all.columns[i], &b = joined.columns[i];
      EXPECT_EQ(b.locator.table, a.locator.table);
      EXPECT_EQ(b.locator.column, a.locator.column);
      EXPECT_EQ(b.entity, a.entity);
      EXPECT_EQ(b.values, a.values);
      EXPECT_EQ(b.agreeing, a.agreeing);
      EXPECT_EQ(b.confidence, a.confidence);
      EXPECT_EQ(b.reasons, a.reasons);
    }
    ASSERT_THAT(joined.profiles, SizeIs(1));
    const auto &a = all.profiles.at(0), &b = joined.profiles[0];
    EXPECT_EQ(b.rows, a.rows);
    ASSERT_THAT(b.columns, SizeIs(a.columns.size()));
    for (size_t i = 0; i < a.columns.size(); ++i) {
      EXPECT_EQ(b.columns[i].name, a.columns[i].name);
      EXPECT_EQ(b.columns[i].rows, a.columns[i].rows);
      EXPECT_EQ(b.columns[i].nulls, a.columns[i].nulls);
      EXPECT_EQ(b.columns[i].distinct, a.columns[i].distinct);
      EXPECT_EQ(b.columns[i].entity, a.columns[i].entity);
      EXPECT_EQ(b.columns[i].valid, a.columns[i].valid);
      EXPECT_EQ(b.columns[i].minimum.has_value(), a.columns[i].minimum.has_value());
      EXPECT_EQ(b.columns[i].native_type, a.columns[i].native_type);
    }
    EXPECT_EQ(b.columns[2].top_values.at(0).text, "green");
    EXPECT_EQ(b.columns[2].top_values.at(0).count, static_cast<uint64_t>(all_rows / 3 * 2));
  }
}

TEST(TableParts, WhatLeavesAnExaminerShowsNoValue) {
  const Said said = examine(state(), rows(all_rows - 50, all_rows), request_of_part(0, 2));
  EXPECT_FALSE(said.sealed.empty());
  for (const char* value : {"person2999", "DE8937040044", "green"})
    EXPECT_EQ(said.sent.find(value), std::string::npos) << value;
}

TEST(TableParts, ListFewerCellsEach) {
  const Said all = whole();
  const Said part = examine(state(), rows(all_rows / 2, all_rows), request_of_part(0, 50));
  EXPECT_GT(all.findings.size(), 1'000U);
  EXPECT_LE(part.findings.size(), 200U);
  EXPECT_EQ(part.record.findings, part.findings.size());
}

TEST(TableParts, DocumentsInCellsAreNamedApart) {
  EXPECT_THAT(examine(state(), rows(0, 150, true), request_of_part(3, 4)).members,
              testing::ElementsAre("photo/3.1", "photo/3.101"));
}

TEST(TableParts, WhatDoesNotFitIsNotJoined) {
  const std::string one = examine(state(), rows(0, 10), request_of_part(0, 2)).sealed;
  const auto verdict_of = [](const std::string& bytes) {
    const Said said = examine(state(), bytes, request_to_join());
    EXPECT_THAT(said.columns, IsEmpty());
    return said.record.verdict;
  };
  ExaminerState other = state_with('o');
  const std::string foreign = examine(other, rows(10, 20), request_of_part(1, 2)).sealed;
  EXPECT_THAT(verdict_of(packed({one, foreign})).reason, HasSubstr("another key"));
  EXPECT_EQ(verdict_of(packed({one.substr(0, one.size() - 1)})).kind, model::VerdictKind::partial);
  const std::string cut = packed({one, one});
  EXPECT_EQ(verdict_of(cut.substr(0, cut.size() - 10)).kind, model::VerdictKind::partial);
  EXPECT_EQ(verdict_of(packed({std::string(max_sealed_bytes + 1, 'x')})).kind, model::VerdictKind::partial);
}

}  // namespace
}  // namespace assay::scan
