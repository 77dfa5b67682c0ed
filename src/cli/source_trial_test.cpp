#include "cli/source_trial.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/error.h"

namespace assay::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class SourceTrial : public ::testing::Test {
 protected:
  SourceTrial() {
    std::filesystem::create_directories(root_ / "inside");
    for (const auto* name : {"a.txt", "b.log", "inside/c.txt"}) std::ofstream(root_ / name) << "12345";
  }
  ~SourceTrial() override { std::filesystem::remove_all(root_); }

  static model::Datasource source(const std::string& configuration) {
    return {.name = "s", .kind = "files", .configuration = configuration, .budget = {}};
  }

  const std::filesystem::path root_ =
      std::filesystem::temp_directory_path() / ("assay-trial-" + std::to_string(::getpid()));
};

TEST_F(SourceTrial, CountsWhatAScanWouldOpen) {
  const auto roots =
      test_files_source(source(fmt::format(R"({{"paths":["{}"],"exclude":["*.log"]}})", root_.string())));
  ASSERT_THAT(roots, SizeIs(1));
  EXPECT_TRUE(roots[0].can_be_opened);
  EXPECT_EQ(roots[0].files, 2U);
  EXPECT_EQ(roots[0].bytes, 10U);
  EXPECT_EQ(roots[0].left_out, 1U);
  EXPECT_EQ(describe(roots[0]), "2 files can be read (10 B), 1 left out");
}

TEST_F(SourceTrial, SaysWhichPathCannotBeOpened) {
  const auto roots =
      test_files_source(source(fmt::format(R"({{"paths":["{0}/nowhere","{0}/a.txt"]}})", root_.string())));
  ASSERT_THAT(roots, SizeIs(2));
  EXPECT_FALSE(roots[0].can_be_opened);
  ASSERT_THAT(roots[0].problems, SizeIs(1));
  EXPECT_THAT(roots[0].problems[0], HasSubstr("No such file"));
  EXPECT_EQ(describe(roots[0]), "cannot be opened");
  EXPECT_TRUE(roots[1].can_be_opened);
  EXPECT_EQ(describe(roots[1]), "1 file can be read (5 B)");
}

TEST_F(SourceTrial, EndsAfterItsBound) {
  const auto roots = test_files_source(source(fmt::format(R"({{"paths":["{}"]}})", root_.string())), 1);
  EXPECT_TRUE(roots[0].is_cut_short);
  EXPECT_EQ(roots[0].files, 1U);
  EXPECT_THAT(describe(roots[0]), HasSubstr("there is more"));
}

TEST_F(SourceTrial, RefusesAConfigurationThatIsNone) {
  for (const auto* text : {"", "[]", "{\"paths\":5}", "{\"paths\":[5]}", "{\"one_file_system\":3}"})
    EXPECT_THROW(test_files_source(source(text)), core::Error) << text;
}

}  // namespace
}  // namespace assay::cli
