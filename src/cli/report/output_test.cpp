#include <sys/stat.h>
#include <unistd.h>

#include "cli/report/report_samples.h"
#include "core/error.h"

namespace assay::cli {
namespace {

using namespace testing;

size_t files_in(const std::string& directory) {
  return static_cast<size_t>(
      std::distance(std::filesystem::directory_iterator(directory), std::filesystem::directory_iterator()));
}

TEST(Output, FileIsThereWholeAfterCommit) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("report.json");
  Output output(path);
  output.write("one ");
  output.write("two");
  EXPECT_FALSE(std::filesystem::exists(path));
  output.commit();
  EXPECT_EQ(content_of(path), "one two");
  EXPECT_EQ(files_in(directory.path()), 1U);
}

TEST(Output, WithoutCommitTheOldFileStays) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("report.json");
  std::ofstream(path) << "old";
  {
    Output output(path);
    output.write("new");
  }
  EXPECT_EQ(content_of(path), "old");
  EXPECT_EQ(files_in(directory.path()), 1U);
}

TEST(Output, ReplacedFileKeepsItsPermissions) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("report.json");
  std::ofstream(path) << "old";
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  Output output(path);
  output.write("new");
  output.commit();
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
  EXPECT_EQ(content_of(path), "new");
}

TEST(Output, NewFileIsTheOwnersAlone) {
  const TemporaryDirectory directory;
  const std::string path = directory.file("report.json");
  Output output(path);
  output.commit();
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0077U, 0U);
}

void expect_refused(const std::string& path) {
  try {
    Output output(path);
    FAIL() << path;
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
    EXPECT_NE(std::string(error.what()).find(path), std::string::npos);
  }
}

TEST(Output, UnwritablePlacesAreRefusedAtOnce) {
  const TemporaryDirectory directory;
  expect_refused(directory.file("no/such/place.json"));
  expect_refused(directory.path());
}

TEST(Output, FullDeviceIsAnError) {
  Output output("/dev/full");
  EXPECT_THROW(
      {
        output.write(std::string(1 << 20, 'x'));
        output.commit();
      },
      core::Error);
}

TEST(Output, DeviceIsWrittenAsItIs) {
  Output output("/dev/null");
  output.write("x");
  output.commit();
  struct stat status{};
  ASSERT_EQ(::stat("/dev/null", &status), 0);
  EXPECT_TRUE(S_ISCHR(status.st_mode));
}

}  // namespace
}  // namespace assay::cli
