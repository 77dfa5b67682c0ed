#include "connect/tree/tree_conformance_test.h"

#include <filesystem>
#include <fstream>

#include "core/error.h"

namespace assay::connect {
namespace {

// More than is under way when the server ends.
constexpr size_t long_lines = 5'000'000;

TEST_P(TreeConformance, AFileThatChangesWhileItIsReadHasChanged) {
  const std::string content = lines_of(long_lines);
  const std::filesystem::path path = place_->folder().put("long", content);
  const std::pair<const char*, std::function<void()>> changes[] = {
      {"cut", [&] { std::filesystem::resize_file(path, 1000); }},
      {"grown", [&] { std::ofstream(path, std::ios::app) << "more"; }},
      {"written again", [&] { place_->folder().put("long", content); }},
  };
  for (const auto& [what, change] : changes) {
    place_->folder().put("long", content);
    try {
      read_long(change);
      ADD_FAILURE() << "nothing was thrown: " << what;
    } catch (const ReadFailure& failure) {
      EXPECT_EQ(failure.verdict().kind, model::VerdictKind::changed) << what << ": " << failure.verdict().reason;
    }
  }
}

TEST_P(TreeConformance, AReadGoesOnAtTheSameByteWhenTheServerComesBack) {
  const std::string content = lines_of(long_lines);
  place_->folder().put("long", content);
  int restarts = 0;
  EXPECT_TRUE(read_long([&] {
                place_->process().stop();
                place_->process().start();
                ++restarts;
              }) == content);
  EXPECT_EQ(restarts, 1);
}

TEST_P(TreeConformance, AServerThatIsGoneIsWorthARetry) {
  place_->folder().put("long", lines_of(long_lines));
  try {
    read_long([&] { place_->process().stop(); });
    ADD_FAILURE() << "nothing was thrown";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::transient) << error.what();
  }
}

}  // namespace
}  // namespace assay::connect
