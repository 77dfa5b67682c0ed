#include "scan/examine/names.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "extract/input.h"
#include "scan/examine/examination.h"

namespace assay::scan {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* mail = "wilhelmina.quartermaine@mail-host.org";

/// All that one examination said, also as the bytes that left it.
class Said final : public Reporter, private FrameVisitor {
 public:
  void send(std::string_view frame) override {
    bytes += frame;
    decode_frame(frame, *this);
  }
  void begin_member(uint64_t) override {}
  void tick() override {}

  std::string bytes;
  std::vector<model::Finding> findings;
  std::vector<model::ColumnFinding> columns;

  std::vector<std::string> places_of(std::string_view part) const {
    std::vector<std::string> places;
    for (const auto& f : findings)
      if (f.locator.part == part)
        places.push_back(fmt::format("{}|{}|{} {}-{}", f.entity, f.locator.table, f.locator.column, f.start, f.end));
    return places;
  }

 private:
  void visit(model::Finding& finding) override { findings.push_back(finding); }
  void visit(model::ColumnFinding&& column) override { columns.push_back(std::move(column)); }
  void visit(model::ObjectRecord&&) override {}
  void visit(TraceLine&&) override {}
  void visit(MemberBegin&&) override {}
  void visit(LineMet&&) override {}
};

ExaminerSetup setup() {
  ExaminerSetup setup;
  setup.rules = classify::builtin_rule_sources();
  setup.fingerprint_key = std::string(32, 'k');
  setup.profile = model::ProfileScope::all;
  return setup;
}

Said examine(std::string_view script, ExaminerSetup with = setup()) {
  ExaminerState state(std::move(with));
  extract::MemoryInput input(script);
  extract::Scratch spool(-1, 0);
  Said said;
  const ExaminerRequest request{.name = "x.sql", .lethal_members = {}};
  Examination(state, request, spool, said).run(input);
  return said;
}

std::string script_of(std::string_view table, std::string_view column, int rows) {
  std::string script;
  for (int i = 0; i < rows; ++i)
    script +=
        fmt::format("INSERT INTO `{}` (`{}`, `doc`) VALUES ('a{}.roe@mail-host.org', '{{\"b\":\"c{}@x.org\"}}');\n",
                    table, column, i, i);
  return script;
}

TEST(Names, OfTablesAndColumnsAreMaskedInPlacesAndFoundThemselves) {
  const auto said = examine(script_of(fmt::format("of {}", mail), "413-90-2222 ssn", 20));
  EXPECT_THAT(said.bytes, Not(HasSubstr(mail)));
  EXPECT_THAT(said.bytes, Not(HasSubstr("413-90-2222")));
  const std::string table = "of **********.************@****-****.***", column = "***-**-**22 ssn";
  EXPECT_THAT(said.places_of("names"), ElementsAre(fmt::format("EMAIL_ADDRESS|{}| 3-40", table),
                                                   fmt::format("US_SSN|{}|{} 0-11", table, column)));
  EXPECT_THAT(said.places_of(""), Not(IsEmpty()));
  ASSERT_FALSE(said.columns.empty());
  EXPECT_EQ(said.columns[0].locator.table, table);
  EXPECT_EQ(said.columns[0].locator.column, column);
}

TEST(Names, OfPathsInsideCellsAndOfLongCells) {
  std::string script = fmt::format("INSERT INTO t (`{}`) VALUES ('{{\"k\":\"x.roe@mail-host.org\"}}');\n", mail);
  const auto inner = examine(script);
  EXPECT_THAT(inner.bytes, Not(HasSubstr(mail)));
  EXPECT_THAT(inner.places_of(""), Contains(HasSubstr("@****-****.***.k")));
  script = fmt::format("INSERT INTO `{}` (v) VALUES ('{} x.roe@mail-host.org');\n", mail, std::string(1'100'000, 'x'));
  const auto lengthy = examine(script);
  EXPECT_THAT(lengthy.bytes, Not(HasSubstr(mail)));
  EXPECT_THAT(lengthy.bytes, HasSubstr("row 1, column v"));
}

TEST(Names, StandAsTheyAreWhenValuesDo) {
  auto with = setup();
  with.reveal = true;
  const auto said = examine(script_of(mail, "note", 1), with);
  EXPECT_THAT(said.places_of("names"), ElementsAre(fmt::format("EMAIL_ADDRESS|{}| 0-37", mail)));
}

TEST(Names, ThatHoldNothingStay) {
  const auto said = examine(script_of("customers", "e_mail", 3));
  EXPECT_THAT(said.places_of("names"), IsEmpty());
  ASSERT_FALSE(said.findings.empty());
  EXPECT_EQ(said.findings[0].locator.table, "customers");
  EXPECT_THAT(said.findings[0].locator.column, AnyOf("e_mail", "doc.b"));
}

TEST(HiddenNames, HideTheLongestFirstAndEverythingWhenThereAreTooMany) {
  const ExaminerState state(setup());
  HiddenNames names;
  extract::TableInfo table;
  std::vector<NameMatch> matches;
  for (const std::string name : {"a@x.org", "aa@x.org"}) {
    matches.push_back({.name = static_cast<uint32_t>(table.columns.size() + 1), .match = {}, .value = name});
    table.columns.push_back(name);
  }
  names.hide(table, state.classifier.rules(), matches);
  const std::string shown = table.columns[1];
  EXPECT_NE(shown, "aa@x.org");
  EXPECT_EQ(names.hide("t/aa@x.org/aa@x.org/7"), fmt::format("t/{0}/{0}/7", shown));
  EXPECT_EQ(names.hide("t/b/7"), "t/b/7");
  while (table.columns.size() <= HiddenNames::max_hidden) {
    matches.push_back({.name = static_cast<uint32_t>(table.columns.size() + 1), .match = {}, .value = "b@x.org"});
    table.columns.emplace_back("b@x.org");
  }
  names.hide(table, state.classifier.rules(), matches);
  EXPECT_THAT(names.hide("t/b@x.org/7"), Not(HasSubstr("t/")));
}

}  // namespace
}  // namespace assay::scan
