#include "catalog/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::catalog {
namespace {

using model::CatalogChange;
using model::ChangeKind;
using testing::ElementsAre;
using testing::IsEmpty;

CatalogChange table(ChangeKind what, const std::string& name) {
  CatalogChange change;
  change.what = what;
  change.table = name;
  (what == ChangeKind::vanished ? change.before : change.after) = "table";
  return change;
}
CatalogChange column(ChangeKind what, const std::string& name, const std::string& type) {
  CatalogChange change;
  change.what = what;
  change.table = "t";
  change.column = name;
  (what == ChangeKind::vanished ? change.before : change.after) = type;
  return change;
}
CatalogChange aspect(const std::string& column, const std::string& aspect, const std::string& before,
                     const std::string& after) {
  CatalogChange change;
  change.table = "t";
  change.column = column;
  change.aspect = aspect;
  change.before = before;
  change.after = after;
  return change;
}
std::vector<std::string> between(const std::vector<CatalogChange>& changes) {
  Diff diff;
  for (const CatalogChange& change : changes) diff.add(change);
  std::vector<std::string> lines;
  for (const CatalogChange& change : diff.take()) lines.push_back(in_words(change));
  return lines;
}

TEST(Diff, TellsWhatIsLeft) {
  EXPECT_THAT(between({}), IsEmpty());
  EXPECT_THAT(between({table(ChangeKind::appeared, "b"), table(ChangeKind::vanished, "a"),
                       aspect("id", "type", "integer", "bigint"), aspect("id", "nullable", "no", "yes"),
                       column(ChangeKind::appeared, "x", "text"), column(ChangeKind::vanished, "y", "date"),
                       aspect("", "comment", "", "who")}),
              ElementsAre("a vanished (table)", "b appeared (table)", "t: comment was none, is 'who'",
                          "t, column id: nullable was 'no', is 'yes'", "t, column id: type was 'integer', is 'bigint'",
                          "t, column x appeared (text)", "t, column y vanished (date)"));
}

TEST(Diff, OfSeveralRunsOnlyTheEndsCount) {
  EXPECT_THAT(between({aspect("id", "type", "a", "b"), aspect("id", "type", "b", "c")}),
              ElementsAre("t, column id: type was 'a', is 'c'"));
  EXPECT_THAT(between({aspect("id", "type", "a", "b"), aspect("id", "type", "b", "a")}), IsEmpty());
  EXPECT_THAT(between({table(ChangeKind::appeared, "t"), table(ChangeKind::vanished, "t")}), IsEmpty());
  EXPECT_THAT(between({table(ChangeKind::vanished, "t"), table(ChangeKind::appeared, "t")}), IsEmpty());
  EXPECT_THAT(between({column(ChangeKind::vanished, "x", "text"), column(ChangeKind::appeared, "x", "date")}),
              ElementsAre("t, column x: type was 'text', is 'date'"));
  EXPECT_THAT(between({column(ChangeKind::vanished, "x", "text"), column(ChangeKind::appeared, "x", "date"),
                       aspect("x", "type", "date", "text")}),
              IsEmpty());
  const CatalogChange changed = aspect("x", "type", "a", "b"), gone = column(ChangeKind::vanished, "x", "b");
  EXPECT_THAT(between({changed, gone, column(ChangeKind::appeared, "x", "b")}),
              ElementsAre("t, column x: type was 'a', is 'b'"));
  EXPECT_THAT(between({changed, gone, column(ChangeKind::appeared, "x", "a")}), IsEmpty());
  EXPECT_THAT(between({changed, gone}), ElementsAre("t, column x vanished (a)"));
  EXPECT_THAT(between({column(ChangeKind::appeared, "x", "text"), aspect("x", "type", "text", "date")}),
              ElementsAre("t, column x appeared (date)"));
}

TEST(Diff, OfATableThatCameOrWentColumnsGoWithoutSaying) {
  EXPECT_THAT(between({table(ChangeKind::appeared, "t"), column(ChangeKind::appeared, "x", "text")}),
              ElementsAre("t appeared (table)"));
  EXPECT_THAT(between({column(ChangeKind::appeared, "x", "text"), table(ChangeKind::vanished, "t")}),
              ElementsAre("t vanished (table)"));
  const CatalogChange back = table(ChangeKind::appeared, "t"), other = aspect("x", "type", "a", "b");
  EXPECT_THAT(between({back, other}), ElementsAre("t appeared (table)"));
  EXPECT_THAT(between({table(ChangeKind::vanished, "t"), back, other}),
              ElementsAre("t, column x: type was 'a', is 'b'"));
}

TEST(Diff, IsBounded) {
  Diff diff;
  for (size_t i = 0; i < Diff::most_changes; ++i) diff.add(aspect("x", "type", "a", "b"));
  EXPECT_THROW(diff.add(aspect("x", "type", "a", "b")), core::Error);
}

TEST(Diff, WordsArePrintable) {
  EXPECT_EQ(in_words(aspect("a\nb", "comment", std::string("\x1b[2J"), "")),
            "t, column a\\x0ab: comment was '\\x1b[2J', is none");
}

}  // namespace
}  // namespace assay::catalog
