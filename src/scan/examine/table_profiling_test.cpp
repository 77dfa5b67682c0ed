#include "scan/examine/table_profiling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <string>
#include <tuple>
#include <vector>

#include "core/fd.h"
#include "extract/input.h"
#include "extract/sandbox/worker.h"
#include "model/row_stream.h"
#include "scan/examine/examination.h"
#include "scan/wire/profile_assembly.h"

namespace assay::scan {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

/// The profiles that one examination sends.
class Profiles final : public Reporter, private FrameVisitor {
 public:
  void send(std::string_view frame) override {
    EXPECT_LE(frame.size(), sandbox::Channel::max_payload_bytes);
    decode_frame(frame, *this);
  }
  void begin_member(uint64_t) override {}
  void tick() override {}
  std::vector<model::TableProfile> all;
  model::ObjectRecord record;

 private:
  void visit(model::Finding&) override {}
  void visit(model::ColumnFinding&&) override {}
  void visit(model::ObjectRecord&& said) override { record = std::move(said); }
  void visit(TraceLine&&) override {}
  void visit(MemberBegin&&) override {}
  void visit(LineMet&&) override {}
  void visit(ProfilePiece&& piece) override {
    if (auto whole = assembly_.add(std::move(piece))) all.push_back(*std::move(whole));
  }
  ProfileAssembly assembly_;
};

ExaminerSetup setup(model::ProfileScope scope) {
  ExaminerSetup setup;
  setup.rules = classify::builtin_rule_sources();
  setup.fingerprint_key = std::string(32, 'k');
  setup.profile = scope;
  return setup;
}

ExaminerState& state() {
  static ExaminerState state(setup(model::ProfileScope::all));
  return state;
}

Profiles examine(ExaminerState& with, std::string_view bytes, const ExaminerRequest& request) {
  extract::MemoryInput input(bytes);
  const core::Fd file(::memfd_create("scratch", MFD_CLOEXEC));
  extract::Scratch spool(file.get(), uint64_t{64} << 20);
  Profiles said;
  Examination(with, request, spool, said).run(input);
  return said;
}

ExaminerRequest named(const char* name) { return {.name = name, .lethal_members = {}}; }

std::string staff(int rows = 40) {
  std::string csv = "id,mail,team,born,code\n";
  for (int i = 0; i < rows; ++i)
    csv += std::to_string(100'001 + i) + ",person" + std::to_string(i) + "@example.org," +
           (i % 2 == 0 ? "red" : "green") + ",19" + std::to_string(50 + i % 40) + "-02-03," +
           (i == 3       ? "536-22-8145"
            : i % 2 == 0 ? "x"
                         : "y") +
           "\n";
  return csv;
}

TEST(TableProfiling, AFileThatIsATableHasAProfile) {
  const auto said = examine(state(), staff(), named("staff.csv"));
  ASSERT_THAT(said.all, SizeIs(1));
  const auto& table = said.all[0];
  EXPECT_EQ(table.rows, 40U);
  EXPECT_FALSE(table.is_sample);
  ASSERT_THAT(table.columns, SizeIs(5));
  const auto &id = table.columns[0], &mail = table.columns[1], &team = table.columns[2];
  EXPECT_EQ(id.name, "id");
  EXPECT_EQ(id.type, "integer");
  EXPECT_EQ(id.distinct, 40);
  EXPECT_EQ(mail.entity, "EMAIL_ADDRESS");
  EXPECT_EQ(mail.valid, 40U);
  EXPECT_GT(mail.confidence, 0.5);
  ASSERT_THAT(team.top_values, SizeIs(2));
  EXPECT_EQ(team.top_values[0].text, "green");
  EXPECT_EQ(team.top_values[0].count, 20U);
}

// One finding in a column of categories is enough to hide them all.
TEST(TableProfiling, AFindingHidesItsColumn) {
  const auto said = examine(state(), staff(), named("staff.csv"));
  const auto& code = said.all.at(0).columns.at(4);
  EXPECT_FALSE(code.top_values.empty());
  for (const auto& top : code.top_values) EXPECT_EQ(top.text.find_first_not_of("*-"), std::string::npos);
  // A date of birth is more than a date.
  const auto& born = said.all.at(0).columns.at(3);
  EXPECT_FALSE(born.minimum || born.newest_s);
}

// Whatever was found, the values beside it are something else, of which the mask of a finding would show the end.
TEST(TableProfiling, NoEndOrBeginningOfAValueBesideAFindingIsShown) {
  for (const char* found : {"4111 1111 1111 1111", "person@example.org", "AKIAIOSFODNN7EXAMPLE"}) {
    std::string csv = "id,note\n";
    for (int i = 0; i < 40; ++i)
      csv += std::to_string(i) + "," +
             (i == 3       ? found
              : i % 2 == 0 ? "Patient is HIV"
                           : "anna_of_accounting_is_ill") +
             "\n";
    const auto said = examine(state(), csv, named("notes.csv"));
    const auto& note = said.all.at(0).columns.at(1);
    ASSERT_THAT(note.top_values, SizeIs(2));
    for (const auto& top : note.top_values) EXPECT_EQ(top.text.find_first_not_of("*_ "), std::string::npos);
  }
}

TEST(TableProfiling, WhoLooksForLessShowsLess) {
  ExaminerSetup strict = setup(model::ProfileScope::all);
  strict.min_confidence = 0.9;
  ExaminerState other(strict);
  for (const auto& column : examine(other, staff(), named("staff.csv")).all.at(0).columns) {
    EXPECT_FALSE(column.minimum);
    for (const auto& top : column.top_values) EXPECT_THAT(top.text, Not(HasSubstr("e")));
  }
  // What is not reported is known all the same.
  ExaminerSetup few = setup(model::ProfileScope::all);
  few.entities = {"IBAN_CODE"};
  ExaminerState only(few);
  const auto said = examine(only, staff(), named("staff.csv"));
  EXPECT_EQ(said.all.at(0).columns.at(1).entity, "");
  EXPECT_FALSE(said.all.at(0).columns.at(3).minimum);
}

TEST(TableProfiling, OnlyWhenItIsAsked) {
  ExaminerState none(setup(model::ProfileScope::none)), databases(setup(model::ProfileScope::databases));
  EXPECT_THAT(examine(none, staff(), named("staff.csv")).all, SizeIs(0));
  EXPECT_THAT(examine(databases, staff(), named("staff.csv")).all, SizeIs(0));
  EXPECT_THAT(examine(state(), "no table\n", named("a.txt")).all, SizeIs(0));

  std::string rows;
  const model::StreamColumn columns[] = {{"n", "bigint", "how many"}, {"note", "text", ""}};
  model::RowStreamWriter writer(rows);
  writer.header("public.counts", columns);
  for (const char* n : {"1", "2", "3"}) {
    writer.begin_row();
    writer.cell(model::CellKind::text, n);
    writer.null();
  }
  writer.end();
  ExaminerRequest request = named("counts");
  request.is_stream = request.is_rows = true;
  const auto said = examine(databases, rows, request);
  ASSERT_THAT(said.all, SizeIs(1));
  EXPECT_EQ(said.all[0].locator.table, "public.counts");
  EXPECT_EQ(said.all[0].columns[0].native_type, "bigint");
  EXPECT_EQ(said.all[0].columns[0].comment, "how many");
  EXPECT_EQ(said.all[0].columns[1].nulls, 3U);
  EXPECT_EQ(said.all[0].columns[1].type, "");

  // One that was cut is a sample, and says so.
  rows.pop_back();
  const auto cut = examine(databases, rows, request);
  ASSERT_THAT(cut.all, SizeIs(1));
  EXPECT_TRUE(cut.all[0].is_sample);
  EXPECT_EQ(cut.all[0].rows, 3U);
}

// What lies in its cells is examined behind its rows, and before the limit is told.
TEST(TableProfiling, ATableThatALimitEndedIsASampleThoughItHasBinaryValues) {
  std::string rows;
  const model::StreamColumn columns[] = {{"n", "bigint", ""}, {"photo", "bytea", ""}};
  model::RowStreamWriter writer(rows);
  writer.header("people", columns);
  writer.begin_row();
  writer.cell(model::CellKind::text, "1");
  writer.cell(model::CellKind::binary, std::string("\x89PNG\r\n\x1a\n\0\0", 10));
  writer.end_by_limit("max_rows: 1 rows were read");
  ExaminerRequest request = named("people");
  request.is_stream = request.is_rows = true;
  const auto said = examine(state(), rows, request);
  ASSERT_THAT(said.all, SizeIs(1));
  EXPECT_TRUE(said.all[0].is_sample);
  EXPECT_EQ(said.record.verdict.kind, model::VerdictKind::limit);
  EXPECT_EQ(said.record.verdict.reason, "max_rows: 1 rows were read");
}

// What is cut of one member says nothing of the next.
TEST(TableProfiling, AMemberThatIsReadInFullBehindOneThatIsNotIsNoSample) {
  std::vector<model::TableProfile> all;
  TableProfiling profiling(0, true, [&](model::TableProfile&& profile) { all.push_back(std::move(profile)); });
  const extract::TableInfo table{.name = "", .columns = {"n"}, .types = {}};
  const std::string_view cells[] = {"1"};
  const auto read = [&](const char* member, bool is_cut) {
    profiling.begin(member, table);
    profiling.row(1, cells);
    if (is_cut) profiling.cut();
    profiling.end();
  };
  read("a.csv", true);
  profiling.cut();  // of one without a table
  profiling.end();
  read("b.csv", false);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_TRUE(all[0].is_sample);
  EXPECT_FALSE(all[1].is_sample);
}

TEST(TableProfiling, NamesLongerThanAMessageAreCut) {
  std::string rows;
  const std::string long_name(60'000, 'n');
  const model::StreamColumn columns[] = {{"mail" + long_name, "text", ""}};
  model::RowStreamWriter writer(rows);
  writer.header(long_name, columns);
  for (int i = 0; i < 30; ++i) {
    writer.begin_row();
    writer.cell(model::CellKind::text, "person" + std::to_string(i) + "@example.org");
  }
  writer.begin_row();
  writer.cell(model::CellKind::text, "person@example.org " + std::string(2'000'000, 'x'));
  writer.end();
  ExaminerRequest request = named("people");
  request.is_stream = request.is_rows = true;
  const auto said = examine(state(), rows, request);
  ASSERT_THAT(said.all, SizeIs(1));
  EXPECT_EQ(said.all[0].rows, 31U);
  EXPECT_EQ(said.all[0].locator.table.substr(0, 4096), long_name.substr(0, 4093) + "...");
}

TEST(TableProfiling, ATableThatGoesOnBehindAnotherIsASampleThere) {
  // More rows than are held back, so that those of a table that has ended may go on.
  const auto rows_of = [note = std::string(1'000, 'v')](const char* table, int rows) {
    std::string script;
    for (int i = 0; i < rows; ++i) script += std::string("INSERT INTO ") + table + " (note) VALUES ('" + note + "');\n";
    return script;
  };
  const auto said = examine(state(), rows_of("a", 10'000) + rows_of("b", 10'000) + rows_of("a", 5), named("dump.sql"));
  ASSERT_THAT(said.all, SizeIs(3));
  EXPECT_EQ(said.all[0].locator.table, "a");
  EXPECT_FALSE(said.all[0].is_sample);
  EXPECT_EQ(said.all[1].locator.table, "b");
  EXPECT_FALSE(said.all[1].is_sample);
  EXPECT_EQ(said.all[2].locator.table, "a");
  EXPECT_TRUE(said.all[2].is_sample);
}

// A cell that is too long for a row interrupts the table; it stays one.
TEST(TableProfiling, AnInterruptedTableIsOne) {
  std::string csv = staff(30);
  csv += "200000,long@example.org,red,1970-01-01," + std::string(size_t{3} << 20, 'x') + "\n";
  csv += staff(10).substr(staff(0).size());
  const auto said = examine(state(), csv, named("staff.csv"));
  ASSERT_THAT(said.all, SizeIs(1));
  EXPECT_EQ(said.all[0].rows, 41U);
  for (const auto& column : said.all[0].columns) EXPECT_EQ(column.nulls + column.empty, 0U) << column.name;
  EXPECT_EQ(said.all[0].columns[1].valid, 41U);
}

// Where classification was broken off, a column without findings is not known to be safe.
TEST(TableProfiling, WhatWasNotClassifiedIsHidden) {
  ExaminerSetup bounded = setup(model::ProfileScope::all);
  bounded.limits.max_findings_per_object = 3;
  ExaminerState other(bounded);
  const auto said = examine(other, staff(), named("staff.csv"));
  EXPECT_EQ(said.record.verdict.kind, model::VerdictKind::limit);
  ASSERT_THAT(said.all, SizeIs(1));
  EXPECT_TRUE(said.all[0].is_sample);
  for (const auto& column : said.all[0].columns) {
    EXPECT_FALSE(column.minimum);
    for (const auto& top : column.top_values) EXPECT_THAT(top.text, Not(HasSubstr("red")));
  }
}

TEST(TableProfiling, WhatIsInsideCellsIsProfiledByItsPath) {
  std::string stream;
  model::RowStreamWriter writer(stream);
  const std::vector<model::StreamColumn> columns = {{"id", "integer", ""}, {"payload", "jsonb", ""}};
  writer.header("orders", columns);
  for (int i = 0; i < 40; ++i) {
    const std::string n = std::to_string(i);
    writer.begin_row();
    writer.cell(model::CellKind::text, n);
    writer.cell(model::CellKind::json, R"({"contact": {"mail": "person)" + n + R"(@example.org"}, "team": ")" +
                                           (i % 2 == 0 ? "red" : "green") + R"(", "sizes": [1, 2]})");
  }
  writer.end();
  const auto said = examine(state(), stream, {.name = "orders", .lethal_members = {}, .is_rows = true});
  ASSERT_THAT(said.all, SizeIs(1));
  ASSERT_THAT(said.all[0].columns, SizeIs(5));
  EXPECT_EQ(said.all[0].rows, 40U);
  const auto& [id, payload, mail, team, sizes] =
      std::tie(said.all[0].columns[0], said.all[0].columns[1], said.all[0].columns[2], said.all[0].columns[3],
               said.all[0].columns[4]);
  EXPECT_EQ(id.distinct, 40);
  EXPECT_EQ(payload.name, "payload");
  EXPECT_EQ(payload.nulls, 0U);
  EXPECT_EQ(payload.entity, "");
  EXPECT_THAT(payload.top_values, SizeIs(0));
  EXPECT_EQ(mail.name, "payload.contact.mail");
  EXPECT_EQ(mail.entity, "EMAIL_ADDRESS");
  EXPECT_EQ(mail.valid, 40U);
  ASSERT_THAT(team.top_values, SizeIs(2));
  EXPECT_EQ(team.top_values[0].text, "green");
  EXPECT_EQ(sizes.name, "payload.sizes[]");
  EXPECT_EQ(sizes.rows, 80U);
  EXPECT_EQ(sizes.type, "integer");
}

// A cell that is too long for a row interrupts a script's table; its paths go on where they were.
TEST(TableProfiling, ATableThatGoesOnHasItsPathsOnce) {
  std::string script;
  for (int i = 0; i < 20; ++i) {
    if (i == 10) script += "INSERT INTO t (doc, b) VALUES ('" + std::string((size_t{1} << 20) + 1, 'x') + "', 1);\n";
    const char* first = i < 10 ? R"({"mail": "ann@example.org", "n": 1})" : R"({"n": 2, "mail": "bob@example.org"})";
    script += std::string("INSERT INTO t (doc, b) VALUES ('") + first + "', 1);\n";
  }
  const auto said = examine(state(), script, named("t.sql"));
  ASSERT_THAT(said.all, SizeIs(1));
  ASSERT_THAT(said.all[0].columns, SizeIs(4));
  EXPECT_EQ(said.all[0].columns[2].name, "doc.mail");
  EXPECT_EQ(said.all[0].columns[2].valid, 20U);
  EXPECT_EQ(said.all[0].columns[3].name, "doc.n");
  EXPECT_EQ(said.all[0].columns[3].nulls, 1U);
}

}  // namespace
}  // namespace assay::scan
