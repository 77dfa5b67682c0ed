#include <gtest/gtest.h>

#include "extract/input.h"
#include "scan/examine/examination.h"

// What becomes of an object whose text a pattern could not be matched against in full.
namespace assay::scan {
namespace {

/// The records that an examination sent.
class Records final : public Reporter, private FrameVisitor {
 public:
  void send(std::string_view frame) override { decode_frame(frame, *this); }
  void begin_member(uint64_t) override {}
  void tick() override {}

  std::map<std::string, model::Verdict> by_member;
  size_t findings = 0;

 private:
  void visit(model::Finding&) override { ++findings; }
  void visit(model::ColumnFinding&&) override {}
  void visit(model::ObjectRecord&& record) override { by_member[record.member] = record.verdict; }
  void visit(TraceLine&&) override {}
  void visit(MemberBegin&&) override {}
  void visit(LineMet&&) override {}
  void visit(RangePlan&&) override {}
  void visit(RangeEnd&&) override {}
};

class GivenUp : public ::testing::Test {
 protected:
  static ExaminerSetup setup() {
    ExaminerSetup setup;
    setup.rules = {{"own.yaml", R"(
rules:
  - name: xs-and-y
    entity: XS
    patterns: [{name: nested, regex: '(x+x+)+y', confidence: 0.9}]
  - name: keyed
    entity: KEYED
    patterns: [{name: keyed, regex: 'key=(?:[0-9]+)+z', confidence: 0.9, keywords: ['key=']}]
)"}};
    setup.fingerprint_key = std::string(32, 'k');
    return setup;
  }
  Records examine(std::string_view bytes, const std::string& name, ExaminerRequest request = {}) {
    extract::MemoryInput input(bytes);
    extract::Scratch spool(-1, 0);
    Records records;
    request.name = name;
    Examination(state_, request, spool, records).run(input);
    return records;
  }
  ExaminerState state_{setup()};
};

const std::string many_x = "see " + std::string(60, 'x') + " and y and xxxy\n";

TEST_F(GivenUp, MakesTheObjectPartialAndNamesTheRule) {
  const Records said = examine(many_x, "a.txt");
  EXPECT_EQ(said.by_member.at("").kind, model::VerdictKind::partial);
  EXPECT_NE(said.by_member.at("").reason.find("xs-and-y/nested"), std::string::npos) << said.by_member.at("").reason;
  EXPECT_EQ(said.by_member.at("").reason.find("keyed"), std::string::npos) << said.by_member.at("").reason;
}

TEST_F(GivenUp, NamesKeywordPatternsToo) {
  const Records said = examine("key=" + std::string(60, '1') + " z\n", "a.txt");
  EXPECT_EQ(said.by_member.at("").kind, model::VerdictKind::partial);
  EXPECT_NE(said.by_member.at("").reason.find("keyed/keyed"), std::string::npos);
}

TEST_F(GivenUp, TheNextObjectIsNotConcerned) {
  examine(many_x, "a.txt");
  const Records said = examine("xxxy\n", "b.txt");
  EXPECT_EQ(said.by_member.at(""), model::Verdict{});
  EXPECT_EQ(said.findings, 1U);
}

TEST_F(GivenUp, AMemberHasItsOwnVerdict) {
  const std::string mail =
      "From: a@example.org\nTo: b@example.org\nSubject: x\nMIME-Version: 1.0\n"
      "Content-Type: multipart/mixed; boundary=cut\n\n--cut\nContent-Type: text/plain\n\nhello\n"
      "--cut\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\n" +
      many_x + "--cut--\n";
  const Records said = examine(mail, "m.eml");
  EXPECT_EQ(said.by_member.at("").kind, model::VerdictKind::ok) << said.by_member.at("").reason;
  ASSERT_TRUE(said.by_member.contains("a.txt"));
  EXPECT_EQ(said.by_member.at("a.txt").kind, model::VerdictKind::partial);
}

TEST_F(GivenUp, CellsOfTablesAreNoExemption) {
  std::string table = "id,note\n";
  for (int i = 0; i < 5; ++i) table += "1," + many_x;
  EXPECT_EQ(examine(table, "a.csv").by_member.at("").kind, model::VerdictKind::partial);
}

TEST_F(GivenUp, ARangeOfALargeTextSaysSo) {
  ExaminerRequest request;
  request.range = RangeRequest{.begin = 0, .end = many_x.size(), .charset = "", .declared = ""};
  EXPECT_EQ(examine(many_x, "a.txt", request).by_member.at("").kind, model::VerdictKind::partial);
}

}  // namespace
}  // namespace assay::scan
