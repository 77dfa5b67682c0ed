#include "connect/trial.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <optional>

#include "core/error.h"

namespace assay::connect {
namespace {

using model::VerdictKind;
using testing::ElementsAre;
using testing::SizeIs;

/// What stands in a list of its own for each root: a verdict's kind for what cannot be read.
class ListedConnector final : public Connector {
 public:
  using Listing = std::vector<std::pair<std::string, std::optional<VerdictKind>>>;
  ListedConnector(std::vector<std::string> roots, std::vector<Listing> listings)
      : roots_(std::move(roots)), listings_(std::move(listings)) {}

  const std::vector<std::string>& roots() const override { return roots_; }
  Trial test(uint64_t most_objects) override {
    return try_by_enumerating(*this, most_objects, [](size_t, const TrialCounter& counter) {
      return fmt::format("{} objects of {} bytes", counter.objects, counter.bytes);
    });
  }
  void enumerate(size_t root, const std::string&, ObjectVisitor& visitor) override {
    if (failure) throw core::Error(*failure, "no answer");
    for (const auto& [name, kind] : listings_.at(root)) {
      if (visitor.stop_requested()) return;
      if (kind) visitor.on_unread(name, 0, {*kind, "why"});
      else visitor.on_object({.name = name, .size = 10});
    }
  }
  std::expected<OpenedObject, model::Verdict> open(size_t, const std::string&) override {
    return std::unexpected(model::Verdict{VerdictKind::io_error, "none is opened here"});
  }

  std::optional<core::ErrorKind> failure;

 private:
  std::vector<std::string> roots_;
  std::vector<Listing> listings_;
};

TEST(Trial, SaysOfEachRootWhatIsThereAndWhatIsNotRead) {
  ListedConnector connector({"x://one", "x://two"},
                            {{{"a", {}}, {"b", {}}, {"c", VerdictKind::excluded}, {"d", VerdictKind::special_file}},
                             {{"a", {}}, {"b", VerdictKind::io_error}, {"c", {}}}});
  const Trial all = connector.test(100);
  EXPECT_TRUE(all.ok);
  EXPECT_EQ(all.summary,
            "x://one: 2 objects of 20 bytes, 2 left out; x://two: 2 objects of 20 bytes, 1 cannot be read");
  EXPECT_THAT(all.problems, ElementsAre("x://two/b: why"));
  EXPECT_EQ(connector.test(2).summary,
            "x://one: 2 objects of 20 bytes, and there is more; "
            "x://two: 1 objects of 10 bytes, 1 cannot be read, and there is more");
}

TEST(Trial, FailsWhenNothingOfARootCanBeReadUnlessThereIsNothing) {
  EXPECT_TRUE(ListedConnector({"x://one"}, {{}}).test(100).ok);
  EXPECT_TRUE(ListedConnector({"x://one"}, {{{"a", VerdictKind::excluded}}}).test(100).ok);
  EXPECT_FALSE(ListedConnector({"x://one"}, {{{"", VerdictKind::io_error}}}).test(100).ok);
  ListedConnector many({"x://one"}, {ListedConnector::Listing(50, {"a\n", VerdictKind::io_error})});
  const Trial trial = many.test(100);
  EXPECT_FALSE(trial.ok);
  EXPECT_THAT(trial.problems, SizeIs(5));
  EXPECT_EQ(trial.problems.front().find('\n'), std::string::npos);
  EXPECT_TRUE(many.test(10).ok) << "what comes behind them may be readable";
}

TEST(Trial, AnAnswerThatDoesNotComeIsAProblemAndAnErrorOfOursIsNone) {
  ListedConnector connector({"x://one"}, {{}});
  connector.failure = core::ErrorKind::transient;
  const Trial trial = connector.test(100);
  EXPECT_FALSE(trial.ok);
  EXPECT_THAT(trial.problems, ElementsAre("x://one: no answer"));
  for (const core::ErrorKind kind : {core::ErrorKind::bug, core::ErrorKind::bad_input}) {
    connector.failure = kind;
    EXPECT_THROW(connector.test(100), core::Error);
  }
}

}  // namespace
}  // namespace assay::connect
