#include "connect/tree/tree_walk.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "connect/conformance.h"

namespace assay::connect {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Folders = std::map<std::string, std::vector<RemoteEntry>>;

RemoteEntry file(std::string name) { return {.name = std::move(name), .kind = RemoteEntry::Kind::file, .size = 1}; }
RemoteEntry folder(std::string name, std::string identity = {}) {
  return {.name = std::move(name), .kind = RemoteEntry::Kind::folder, .identity = std::move(identity)};
}

struct Walked {
  EntryRecorder recorder;
  size_t listings = 0;
};

Walked walk(const Folders& folders, const TreeWalkOptions& options, const NameSelection& selection = {{}, {}}) {
  Walked walked;
  std::mt19937 random(7);
  walk_tree(
      [&](const std::string& name, const RemoteTree::Take& take) -> std::expected<void, Refusal> {
        ++walked.listings;
        const auto found = folders.find(name);
        if (found == folders.end())
          return std::unexpected(Refusal{{model::VerdictKind::io_error, "permission denied"}});
        std::vector<RemoteEntry> entries = found->second;
        std::ranges::shuffle(entries, random);
        for (RemoteEntry& entry : entries)
          if (!take(std::move(entry))) break;
        return {};
      },
      selection, options, walked.recorder);
  return walked;
}

Folders numbered(int count) {
  Folders folders;
  for (int i = 0; i < count; ++i)
    folders[""].push_back(i % 3 == 0 ? folder(fmt::format("{:03}", i)) : file(fmt::format("{:03}", i)));
  for (int i = 0; i < count; i += 3)
    for (int j = 0; j < 5; ++j) folders[fmt::format("{:03}", i)].push_back(file(fmt::format("{}", j)));
  return folders;
}

TEST(TreeWalk, OrderDoesNotDependOnHowMuchIsHeldAtATime) {
  const Folders folders = numbered(100);
  const auto whole = walk(folders, {}).recorder.names();
  EXPECT_THAT(whole, SizeIs(66 + 34 * 5));
  EXPECT_TRUE(std::ranges::is_sorted(whole));
  for (const size_t most : {1, 2, 7, 99, 100, 101}) {
    const Walked walked = walk(folders, {.most_near_the_root = most});
    EXPECT_THAT(walked.recorder.names(), ElementsAreArray(whole)) << most;
  }
  EXPECT_EQ(walk(folders, {.most_near_the_root = 50}).listings, 2 + 34U);
  EXPECT_THAT(walk(folders, {.most_name_bytes = 10}).recorder.names(), ElementsAreArray(whole));
}

TEST(TreeWalk, GoesOnBehindAnyName) {
  const Folders folders = numbered(30);
  const auto whole = walk(folders, {}).recorder.names();
  for (const size_t most : {3, 1000})
    for (size_t i = 0; i < whole.size(); ++i) {
      const auto rest = walk(folders, {.resume_after = whole[i], .most_near_the_root = most}).recorder.names();
      EXPECT_THAT(rest, ElementsAreArray(whole.begin() + static_cast<ptrdiff_t>(i) + 1, whole.end())) << whole[i];
    }
}

TEST(TreeWalk, GoesOnWhereWhatItEndedAtIsGone) {
  const Folders folders = {{"", {file("a"), folder("c"), file("d")}}, {"c", {file("1"), file("3")}}};
  EXPECT_THAT(walk(folders, {.resume_after = "b/x/y"}).recorder.names(), ElementsAre("c/1", "c/3", "d"));
  EXPECT_THAT(walk(folders, {.resume_after = "c/2"}).recorder.names(), ElementsAre("c/3", "d"));
  EXPECT_THAT(walk(folders, {.resume_after = "c/2/x"}).recorder.names(), ElementsAre("c/3", "d"));
  EXPECT_THAT(walk(folders, {.resume_after = "d"}).recorder.names(), IsEmpty());
}

TEST(TreeWalk, NamesThatNoFileCanHaveAreLeftOut) {
  const Folders folders = {
      {"",
       {file("a"), file("../etc/passwd"), file(std::string("a\0b", 3)), file(""), folder(".."), file("."), file("a")}}};
  const Walked walked = walk(folders, {});
  EXPECT_THAT(walked.recorder.names(), ElementsAre("a"));
  ASSERT_THAT(walked.recorder.unread, SizeIs(1));
  EXPECT_EQ(walked.recorder.unread[0].first, "");
  EXPECT_EQ(walked.recorder.unread[0].second.kind, model::VerdictKind::io_error);
}

TEST(TreeWalk, ALoopEnds) {
  Folders folders = {{"", {folder("a", "1")}},
                     {"a", {folder("up", "0"), folder("same", "1"), folder("b", "2")}},
                     {"a/b", {file("x")}}};
  const Walked walked = walk(folders, {.root_identity = "0"});
  EXPECT_THAT(walked.recorder.names(), ElementsAre("a/b/x"));
  ASSERT_THAT(walked.recorder.unread, SizeIs(2));
  EXPECT_EQ(walked.recorder.unread[0].second.kind, model::VerdictKind::excluded);
}

TEST(TreeWalk, DepthIsBounded) {
  Folders folders;
  std::string name;
  for (int i = 0; i < 10; ++i) {
    folders[name] = {folder("d"), file("f")};
    name += name.empty() ? "d" : "/d";
  }
  const Walked walked = walk(folders, {.max_depth = 3});
  EXPECT_THAT(walked.recorder.names(), ElementsAre("d/d/d/f", "d/d/f", "d/f", "f"));
  ASSERT_THAT(walked.recorder.unread, SizeIs(1));
  EXPECT_EQ(walked.recorder.unread[0],
            std::pair(std::string("d/d/d/d"), model::Verdict{model::VerdictKind::limit, "deeper than 3 directories"}));
}

TEST(TreeWalk, AFolderThatCannotBeListedIsSaidAndTheRestGoesOn) {
  const Folders folders = {{"", {folder("closed"), folder("left_out"), file("z")}}};
  const Walked walked = walk(folders, {}, NameSelection({}, {"left_out/"}));
  EXPECT_THAT(walked.recorder.names(), ElementsAre("z"));
  ASSERT_THAT(walked.recorder.unread, SizeIs(2));
  EXPECT_EQ(walked.recorder.unread[0].second.reason, "permission denied");
  EXPECT_EQ(walked.recorder.unread[1].second.kind, model::VerdictKind::excluded);
  EXPECT_EQ(walked.listings, 2U);
}

// Names in the order in which they are said, read or not.
class OrderRecorder final : public ObjectVisitor {
 public:
  void on_object(ObjectEntry&& entry) override { names.push_back(std::move(entry.name)); }
  void on_unread(std::string name, uint64_t, model::Verdict) override { names.push_back(std::move(name)); }
  std::vector<std::string> names;
};

TEST(TreeWalk, AFolderThatIsListedInPartIsSaidBehindWhatWasListed) {
  const Folders folders = {{"", {folder("a"), folder("b"), file("c")}},
                           {"a", {file("1"), file("2"), file("x/y"), file("3")}},
                           {"b", {file("1"), folder("2"), file("3")}},
                           {"b/2", {file("x")}}};
  const auto walk_from = [&](const std::string& resume_after, size_t most) {
    OrderRecorder recorder;
    walk_tree(
        [&](const std::string& name, const RemoteTree::Take& take) -> std::expected<void, Refusal> {
          for (RemoteEntry entry : folders.at(name))
            if (!take(std::move(entry))) break;
          if (!name.starts_with('b')) return {};
          return std::unexpected(Refusal{{model::VerdictKind::io_error, "permission denied"}});
        },
        {{}, {}}, {.resume_after = resume_after, .most_near_the_root = most}, recorder);
    return recorder.names;
  };
  const std::vector<std::string> whole = walk_from("", 1000);
  EXPECT_THAT(whole, ElementsAre("a/1", "a/2", "a/3", "a", "b/1", "b/2/x", "b/2", "b/3", "b", "c"));
  for (size_t i = 0; i < whole.size(); ++i)
    EXPECT_THAT(walk_from(whole[i], 1000), ElementsAreArray(whole.begin() + static_cast<ptrdiff_t>(i) + 1, whole.end()))
        << whole[i];
}

}  // namespace
}  // namespace assay::connect
