#include "connect/files/root.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "connect/files/describe.h"

namespace assay::connect::files {
namespace {

namespace fs = std::filesystem;
using model::VerdictKind;

class Names final : public TreeVisitor {
 public:
  void on_file(FileEntry&& file) override {
    EXPECT_FALSE(file.fd);
    all.push_back(file.relative);
  }
  void on_unread(std::string path, uint64_t, model::Verdict) override { unread.push_back(std::move(path)); }
  std::vector<std::string> all, unread;
};

class RootTest : public ::testing::Test {
 protected:
  RootTest() {
    std::string name = fs::temp_directory_path() / "assay-root-XXXXXX";
    root_ = ::mkdtemp(name.data());
  }
  ~RootTest() override { fs::remove_all(root_); }

  void write(const std::string& relative) const {
    fs::create_directories(fs::path(root_ + "/" + relative).parent_path());
    std::ofstream(root_ + "/" + relative) << relative;
  }
  std::vector<std::string> names_after(const std::string& path) const {
    Names names;
    walk(root_, {.open_files = false, .resume_after = path}, names);
    return names.all;
  }

  std::string root_;
};

TEST_F(RootTest, OpensWhatTheWalkFound) {
  write("a.txt");
  write("deep/er/b.txt");
  Names names;
  walk(root_, {.open_files = false}, names);
  EXPECT_EQ(names.all, (std::vector<std::string>{"a.txt", "deep/er/b.txt"}));
  const Root root(root_);
  for (const std::string& name : names.all) {
    FileEntry file;
    model::Verdict why;
    ASSERT_TRUE(root.open(name, file, why)) << why.reason;
    EXPECT_EQ(file.path, root_ + "/" + name);
    EXPECT_EQ(file.size, name.size());
    EXPECT_NE(file.ctime_ns, 0);
  }
}

TEST_F(RootTest, AFileIsATreeByItself) {
  write("only.txt");
  const std::string path = root_ + "/only.txt";
  Names names;
  walk(path, {.open_files = false}, names);
  ASSERT_EQ(names.all, std::vector<std::string>{"only.txt"});
  FileEntry file;
  model::Verdict why;
  ASSERT_TRUE(Root(path).open("only.txt", file, why));
  EXPECT_EQ(file.path, path);
}

TEST_F(RootTest, NothingLeadsOutOfTheRoot) {
  write("inside/a.txt");
  fs::create_symlink("/etc", root_ + "/link");
  fs::create_symlink("/etc/passwd", root_ + "/file");
  ASSERT_EQ(::mkfifo((root_ + "/fifo").c_str(), 0600), 0);
  const Root root(root_);
  FileEntry file;
  model::Verdict why;
  for (const char* name : {"link/passwd", "file", "../x", "inside/../../x"}) {
    EXPECT_FALSE(root.open(name, file, why)) << name;
    EXPECT_FALSE(file.fd);
  }
  EXPECT_FALSE(root.open("fifo", file, why));
  EXPECT_EQ(why.kind, VerdictKind::special_file);
  EXPECT_FALSE(root.open("gone.txt", file, why));
  EXPECT_EQ(why.kind, VerdictKind::io_error);
  EXPECT_FALSE(Root(root_ + "/absent").open("a.txt", file, why));
  EXPECT_EQ(why.kind, VerdictKind::io_error);
}

TEST_F(RootTest, AWalkGoesOnBehindAnyPathOfAnother) {
  for (const char* name : {"a", "b/a", "b/b/c", "b/b/d", "b/c", "c.txt", "c/x", "d"}) write(name);
  const std::vector<std::string> all = names_after("");
  ASSERT_EQ(all.size(), 8U);
  for (size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(names_after(all[i]), std::vector<std::string>(all.begin() + static_cast<ptrdiff_t>(i) + 1, all.end()))
        << "behind " << all[i];
  EXPECT_EQ(names_after("b/b/cc"), std::vector<std::string>(all.begin() + 3, all.end())) << "a path that has vanished";
  EXPECT_EQ(names_after("zz"), std::vector<std::string>());
}

TEST_F(RootTest, AHugeDirectoryIsVisitedAgainFromItsBeginning) {
  for (int i = 0; i < 17'000; ++i) write(fmt::format("m/{}", i));
  write("a");
  write("z");
  const std::vector<std::string> rest = names_after("m/9999");
  const std::set<std::string> distinct(rest.begin(), rest.end());
  EXPECT_EQ(rest.size(), 17'001U);
  EXPECT_FALSE(distinct.contains("a"));
  EXPECT_TRUE(distinct.contains("z"));
}

TEST(ChangeId, IsDeviceInodeAndChangeTimeInHexadecimal) {
  FileEntry file;
  file.device = 0x801;
  file.inode = 0xabcdef0123456789;
  file.ctime_ns = 255;
  EXPECT_EQ(change_id_of(file), "801:abcdef0123456789:ff");
  file.ctime_ns = -1;  // before 1970
  EXPECT_EQ(change_id_of(file), "801:abcdef0123456789:-1");
}

}  // namespace
}  // namespace assay::connect::files
