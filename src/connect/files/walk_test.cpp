#include "connect/files/walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "core/error.h"

namespace assay::connect::files {
namespace {

namespace fs = std::filesystem;
using model::Verdict;
using model::VerdictKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class Recorder : public TreeVisitor {
 public:
  void on_file(FileEntry&& file) override {
    std::string content(std::min<uint64_t>(file.size, 100), '\0');
    EXPECT_EQ(::pread(file.fd.get(), content.data(), content.size(), 0), static_cast<ssize_t>(content.size()));
    files.push_back(file.relative);
    contents[file.relative] = content;
    paths.push_back(file.path);
  }
  void on_unread(std::string path, uint64_t, Verdict verdict) override { unread[path] = verdict; }

  Verdict verdict_of(const std::string& path) const {
    const auto found = unread.find(path);
    return found == unread.end() ? Verdict{VerdictKind::ok, "not reported"} : found->second;
  }

  std::vector<std::string> files;
  std::vector<std::string> paths;
  std::map<std::string, std::string> contents;
  std::map<std::string, Verdict> unread;
};

class WalkTest : public ::testing::Test {
 protected:
  WalkTest() {
    std::string name = fs::temp_directory_path() / "assay-walk-XXXXXX";
    root = ::mkdtemp(name.data());
    ::chmod(root.c_str(), 0755);
  }
  ~WalkTest() override {
    const std::string command = "chmod -R u+rwx " + root + "; rm -rf " + root;
    EXPECT_EQ(std::system(command.c_str()), 0);
  }

  void write(const std::string& relative, const std::string& content = "x") const {
    fs::create_directories(fs::path(root + "/" + relative).parent_path());
    std::ofstream(root + "/" + relative) << content;
  }

  Recorder walk_all(WalkOptions options = {}) const {
    Recorder recorder;
    walk(root, options, recorder);
    return recorder;
  }
  Verdict verdict(const Recorder& recorder, const std::string& relative) const {
    return recorder.verdict_of(root + "/" + relative);
  }

  std::string root;
};

size_t open_descriptors() {
  const fs::directory_iterator all("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

TEST_F(WalkTest, FindsFilesInOrderWithPathsAsGiven) {
  write("b.txt", "bee");
  write("a/z.txt", "zed");
  write("a/b/c", "sea");
  write("a.txt", "");
  const size_t before = open_descriptors();
  Recorder recorder;
  walk(root + "/", {}, recorder);
  EXPECT_THAT(recorder.files, ElementsAre("a/b/c", "a/z.txt", "a.txt", "b.txt"));
  EXPECT_EQ(recorder.paths.at(0), root + "/a/b/c");
  EXPECT_EQ(recorder.contents["a/z.txt"], "zed");
  EXPECT_THAT(recorder.unread, IsEmpty());
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(WalkTest, EntryTellsTheOpenFile) {
  class One : public TreeVisitor {
   public:
    void on_file(FileEntry&& file) override { entry = std::move(file); }
    void on_unread(std::string, uint64_t, Verdict) override {}
    FileEntry entry;
  } one;
  write("file", "12345");
  walk(root, {}, one);
  struct stat info{};
  ASSERT_EQ(::stat((root + "/file").c_str(), &info), 0);
  EXPECT_EQ(one.entry.size, 5);
  EXPECT_EQ(one.entry.inode, info.st_ino);
  EXPECT_EQ(one.entry.device, info.st_dev);
  EXPECT_EQ(one.entry.mtime_ns, info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec);
  EXPECT_EQ(::fcntl(one.entry.fd.get(), F_GETFL) & O_ACCMODE, O_RDONLY);
  EXPECT_NE(::fcntl(one.entry.fd.get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_FALSE(changed_since(one.entry, one.entry.fd.get()));
  std::ofstream(root + "/file", std::ios::app) << "6";
  EXPECT_TRUE(changed_since(one.entry, one.entry.fd.get()));
  EXPECT_TRUE(changed_since(one.entry, -1));
}

TEST_F(WalkTest, RootMayBeOneFileOrALinkToADirectory) {
  write("dir/file", "content");
  Recorder single;
  walk(root + "/dir/file", {}, single);
  EXPECT_THAT(single.paths, ElementsAre(root + "/dir/file"));
  EXPECT_THAT(single.files, ElementsAre("file"));
  ASSERT_EQ(::symlink("dir", (root + "/link").c_str()), 0);
  Recorder linked;
  walk(root + "/link", {}, linked);
  EXPECT_THAT(linked.paths, ElementsAre(root + "/link/file"));
}

TEST_F(WalkTest, RootThatCannotBeReadIsReported) {
  Recorder recorder;
  walk(root + "/nowhere", {}, recorder);
  EXPECT_EQ(recorder.verdict_of(root + "/nowhere").kind, VerdictKind::io_error);
  EXPECT_THAT(recorder.verdict_of(root + "/nowhere").reason, HasSubstr("No such file"));
  ASSERT_EQ(::mkfifo((root + "/fifo").c_str(), 0600), 0);
  walk(root + "/fifo", {}, recorder);
  EXPECT_EQ(recorder.verdict_of(root + "/fifo").kind, VerdictKind::special_file);
}

TEST_F(WalkTest, SpecialFilesAreNeverOpened) {
  write("file");
  ASSERT_EQ(::mkfifo((root + "/fifo").c_str(), 0600), 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  fmt::format_to_n(address.sun_path, sizeof(address.sun_path) - 1, "{}/socket", root);
  ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  const bool has_device = ::mknod((root + "/device").c_str(), S_IFCHR | 0600, makedev(1, 5)) == 0;
  const auto recorder = walk_all();
  ::close(socket);
  EXPECT_THAT(recorder.files, ElementsAre("file"));
  EXPECT_EQ(verdict(recorder, "fifo"), (Verdict{VerdictKind::special_file, "FIFO"}));
  EXPECT_EQ(verdict(recorder, "socket"), (Verdict{VerdictKind::special_file, "socket"}));
  if (has_device) EXPECT_EQ(verdict(recorder, "device"), (Verdict{VerdictKind::special_file, "character device"}));
}

TEST_F(WalkTest, SymbolicLinksAreReportedAndNotFollowed) {
  write("dir/file");
  ASSERT_EQ(::symlink("dir", (root + "/to-dir").c_str()), 0);
  ASSERT_EQ(::symlink("/etc/passwd", (root + "/to-file").c_str()), 0);
  ASSERT_EQ(::symlink("..", (root + "/dir/loop").c_str()), 0);
  ASSERT_EQ(::symlink("self", (root + "/self").c_str()), 0);
  const auto recorder = walk_all();
  EXPECT_THAT(recorder.files, ElementsAre("dir/file"));
  for (const char* name : {"to-dir", "to-file", "dir/loop", "self"})
    EXPECT_EQ(verdict(recorder, name), (Verdict{VerdictKind::excluded, "symbolic link"})) << name;
}

TEST_F(WalkTest, FollowedLinksEnterEachDirectoryOnce) {
  write("tree/dir/file");
  write("outside/other");
  ASSERT_EQ(::symlink("..", (root + "/tree/dir/up").c_str()), 0);
  ASSERT_EQ(::symlink("../outside", (root + "/tree/out").c_str()), 0);
  ASSERT_EQ(::symlink("../outside", (root + "/tree/out-again").c_str()), 0);
  ASSERT_EQ(::symlink("nowhere", (root + "/tree/dangling").c_str()), 0);
  WalkOptions options;
  options.follow_symlinks = true;
  Recorder recorder;
  walk(root + "/tree", options, recorder);
  EXPECT_THAT(recorder.files, ElementsAre("dir/file", "out/other"));
  EXPECT_EQ(recorder.verdict_of(root + "/tree/dir/up").kind, VerdictKind::excluded);
  EXPECT_EQ(recorder.verdict_of(root + "/tree/out-again").kind, VerdictKind::excluded);
  EXPECT_EQ(recorder.verdict_of(root + "/tree/dangling").kind, VerdictKind::io_error);
}

TEST_F(WalkTest, NamesMayHoldAnyByte) {
  const std::vector<std::string> names = {"\x1b[31mred", " leading", "new\nline", "not utf-8 \xff\xfe", "quote'\"\\"};
  for (const std::string& name : names) write(name);
  EXPECT_THAT(walk_all().files, ::testing::UnorderedElementsAreArray(names));
}

TEST_F(WalkTest, SparseFileOfATebibyteIsJustAFile) {
  write("sparse");
  if (::truncate((root + "/sparse").c_str(), int64_t{1} << 40) != 0) GTEST_SKIP() << "the file system is too small";
  EXPECT_THAT(walk_all().files, ElementsAre("sparse"));
}

TEST_F(WalkTest, PatternsChooseFiles) {
  write("a.csv");
  write("b.txt");
  write("data/c.txt");
  write("data/deep/d.txt");
  write("build/e.csv");
  WalkOptions options;
  options.include = {"*.csv", "data/"};
  options.exclude = {"/build/", "d.*"};
  const auto recorder = walk_all(options);
  EXPECT_THAT(recorder.files, ElementsAre("a.csv", "data/c.txt"));
  EXPECT_EQ(verdict(recorder, "b.txt"), (Verdict{VerdictKind::excluded, "by no include pattern"}));
  EXPECT_EQ(verdict(recorder, "build"), (Verdict{VerdictKind::excluded, "by an exclude pattern"}));
  EXPECT_EQ(verdict(recorder, "data/deep/d.txt"), (Verdict{VerdictKind::excluded, "by an exclude pattern"}));
  EXPECT_EQ(recorder.unread.size(), 3);
  options.exclude = {"[a"};
  EXPECT_THROW(walk_all(options), core::Error);
}

TEST_F(WalkTest, LeavesOutWhatTheScanItselfKeeps) {
  write("a.csv");
  write("kept/b.csv");
  write("report");
  WalkOptions options;
  for (const auto* name : {"kept", "report"}) {
    struct stat info{};
    ASSERT_EQ(::stat((root + "/" + name).c_str(), &info), 0);
    options.own_files.push_back({info.st_dev, info.st_ino});
  }
  const auto recorder = walk_all(options);
  EXPECT_THAT(recorder.files, ElementsAre("a.csv"));
  for (const auto* name : {"kept", "report"})
    EXPECT_EQ(verdict(recorder, name), (Verdict{VerdictKind::excluded, "a file of this scan"})) << name;
}

TEST_F(WalkTest, IgnoreFilesWorkAsGitsDo) {
  write(".assayignore", "\xef\xbb\xbf# a comment\n*.log  \r\n!keep.log\n/top\ncache/\n[broken\n\n\\#odd\n");
  write("a.log");
  write("keep.log");
  write("top");
  write("#odd");
  write("sub/top");
  write("sub/cache/x");
  write("sub/.assayignore", "!b.log\n/only\nkeep.log\n");
  write("sub/b.log");
  write("sub/c.log");
  write("sub/keep.log");
  write("sub/only");
  write("sub/deep/only");
  write("other/b.log");
  const auto recorder = walk_all();
  EXPECT_THAT(recorder.files, UnorderedElementsAre(".assayignore", "keep.log", "sub/.assayignore", "sub/b.log",
                                                   "sub/deep/only", "sub/top"));
  EXPECT_EQ(verdict(recorder, "sub/cache"), (Verdict{VerdictKind::excluded, "by an ignore file"}));
  EXPECT_EQ(recorder.unread.size(), 8);
  WalkOptions options;
  options.exclude = {"!a.log"};
  EXPECT_THAT(walk_all(options).files, ::testing::Contains("a.log"));
  options.ignore_file_names = {};
  EXPECT_THAT(walk_all(options).unread, IsEmpty());
}

TEST_F(WalkTest, IgnoreFileThatIsALinkOrAFifoIsNotRead) {
  write("rules", "*.log\n");
  write("a.log");
  ASSERT_EQ(::symlink("rules", (root + "/.assayignore").c_str()), 0);
  EXPECT_THAT(walk_all().files, ElementsAre("a.log", "rules"));
  ASSERT_EQ(::unlink((root + "/.assayignore").c_str()), 0);
  ASSERT_EQ(::mkfifo((root + "/.assayignore").c_str(), 0600), 0);
  EXPECT_THAT(walk_all().files, ElementsAre("a.log", "rules"));
}

TEST_F(WalkTest, DepthIsBounded) {
  write("1/2/3/file");
  WalkOptions options;
  options.max_depth = 2;
  const auto recorder = walk_all(options);
  EXPECT_THAT(recorder.files, IsEmpty());
  EXPECT_EQ(verdict(recorder, "1/2/3").kind, VerdictKind::limit);
}

TEST_F(WalkTest, TreeOfDepth4000NeedsFewDescriptors) {
  constexpr int depth = 4000;
  core::Fd directory(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int i = 0; i < depth; ++i) {
    ASSERT_EQ(::mkdirat(directory.get(), "d", 0755), 0);
    if (i % 1000 == 0) core::Fd(::openat(directory.get(), "z", O_CREAT | O_WRONLY | O_CLOEXEC, 0644)).reset();
    directory = core::Fd(::openat(directory.get(), "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  core::Fd(::openat(directory.get(), "leaf", O_CREAT | O_WRONLY | O_CLOEXEC, 0644)).reset();
  class Deep : public Recorder {
   public:
    void on_file(FileEntry&& file) override {
      most_open = std::max(most_open, open_descriptors());
      Recorder::on_file(std::move(file));
    }
    size_t most_open = 0;
  } recorder;
  WalkOptions options;
  options.max_depth = 5000;
  const size_t before = open_descriptors();
  walk(root, options, recorder);
  // The leaf first, then the files on the way back up, which need directories that were closed on the way down.
  ASSERT_EQ(recorder.files.size(), 5);
  EXPECT_TRUE(recorder.files[0].ends_with("/d/leaf"));
  EXPECT_EQ(recorder.files[4], "z");
  EXPECT_THAT(recorder.unread, IsEmpty());
  EXPECT_LT(recorder.most_open, before + 80);
}

TEST_F(WalkTest, UnreadableDirectoriesAndFilesAreReported) {
  write("open/file");
  write("closed-dir/file");
  write("listable-dir/file");
  write("closed-file");
  ASSERT_EQ(::chmod((root + "/closed-dir").c_str(), 0), 0);
  ASSERT_EQ(::chmod((root + "/listable-dir").c_str(), 0444), 0);
  ASSERT_EQ(::chmod((root + "/closed-file").c_str(), 0), 0);
  // Root may read everything, so an ordinary user looks.
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(99);
    const auto recorder = walk_all();
    const bool as_expected = recorder.files == std::vector<std::string>{"open/file"} &&
                             verdict(recorder, "closed-dir") == Verdict{VerdictKind::io_error, "Permission denied"} &&
                             verdict(recorder, "closed-file") == Verdict{VerdictKind::io_error, "Permission denied"} &&
                             verdict(recorder, "listable-dir/file").kind == VerdictKind::io_error;
    ::_exit(as_expected ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(WalkTest, OtherFileSystemsAndLoopsOfMountsAreLeftOut) {
  write("a/file");
  fs::create_directories(root + "/mounted");
  fs::create_directories(root + "/a/loop");
  if (::mount("none", (root + "/mounted").c_str(), "tmpfs", 0, "") != 0) GTEST_SKIP() << "mounting is not permitted";
  write("mounted/inside");
  ASSERT_EQ(::mount(root.c_str(), (root + "/a/loop").c_str(), nullptr, MS_BIND, nullptr), 0);
  const auto staying = walk_all();
  WalkOptions options;
  options.one_file_system = false;
  const auto crossing = walk_all(options);
  ::umount2((root + "/a/loop").c_str(), MNT_DETACH);
  ::umount2((root + "/mounted").c_str(), MNT_DETACH);
  EXPECT_THAT(staying.files, ElementsAre("a/file"));
  EXPECT_EQ(verdict(staying, "mounted"), (Verdict{VerdictKind::excluded, "another file system"}));
  EXPECT_THAT(verdict(staying, "a/loop").reason, HasSubstr("loop"));
  EXPECT_THAT(crossing.files, ElementsAre("a/file", "mounted/inside"));
}

// Does something to the tree when a certain file is seen.
class Meddler : public Recorder {
 public:
  Meddler(std::string when, std::function<void()> what) : when_(std::move(when)), what_(std::move(what)) {}
  void on_file(FileEntry&& file) override {
    const bool now = file.relative == when_;
    Recorder::on_file(std::move(file));
    if (now) what_();
  }

 private:
  std::string when_;
  std::function<void()> what_;
};

TEST_F(WalkTest, WhatVanishesAfterItWasListedIsReported) {
  write("a");
  write("b");
  write("c/file");
  write("d");
  Meddler meddler("a", [&] {
    ::unlink((root + "/b").c_str());
    fs::remove_all(root + "/c");
  });
  walk(root, {}, meddler);
  EXPECT_THAT(meddler.files, ElementsAre("a", "d"));
  EXPECT_EQ(verdict(meddler, "b"), (Verdict{VerdictKind::io_error, "it vanished before it was opened"}));
  EXPECT_EQ(verdict(meddler, "c").kind, VerdictKind::io_error);
}

TEST_F(WalkTest, DirectoryThatIsMovedAwayMeanwhileDoesNotMisleadTheWalk) {
  const std::string deep = [] {
    std::string path;
    for (int i = 0; i < 70; ++i) path += "d/";  // deeper than directories are kept open
    return path;
  }();
  write(deep + "leaf");
  write("z-after");
  write("d/z-lost");
  Meddler meddler(deep + "leaf", [&] { fs::rename(root + "/d/d", root + "/zz-moved"); });
  walk(root, {}, meddler);
  // From the moved part the way back leads elsewhere: the walk notices, and finds the way from the root.
  EXPECT_THAT(meddler.files, ::testing::IsSupersetOf({deep + "leaf", std::string("d/z-lost"), std::string("z-after")}));
  for (const std::string& file : meddler.files) EXPECT_FALSE(file.starts_with("..")) << file;
}

TEST_F(WalkTest, SwappingADirectoryForALinkNeverLeadsOut) {
  write("secret/file", "secret");
  write("tree/a", "a");
  for (int i = 0; i < 50; ++i) write(fmt::format("tree/dir/{}", i), "inside");
  ASSERT_EQ(::symlink("../secret", (root + "/tree-link").c_str()), 0);
  ASSERT_EQ(::symlink("../../secret/file", (root + "/file-link").c_str()), 0);
  write("file-real", "inside");
  std::atomic<bool> stop = false;
  const auto swap = [](const std::string& a, const std::string& b) {
    ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE);
  };
  ASSERT_EQ(::rename((root + "/file-real").c_str(), (root + "/tree/dir/swapped").c_str()), 0);
  std::thread attacker([&] {
    while (!stop) {
      swap(root + "/tree/dir", root + "/tree-link");
      swap(root + "/tree/dir", root + "/tree-link");
      swap(root + "/tree/dir/swapped", root + "/file-link");
      swap(root + "/tree/dir/swapped", root + "/file-link");
    }
  });
  size_t seen_inside = 0;
  size_t seen_link = 0;
  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [begin] { return std::chrono::steady_clock::now() - begin; };
  const auto saw_enough = [&] {
    return seen_inside > 0 && seen_link > 0 && elapsed() > std::chrono::milliseconds(500);
  };
  while (!saw_enough() && elapsed() < std::chrono::seconds(20)) {
    Recorder recorder;
    walk(root + "/tree", {}, recorder);
    for (const auto& [name, content] : recorder.contents) ASSERT_NE(content, "secret") << name;
    seen_inside += recorder.contents.size() > 1 ? 1 : 0;
    seen_link += recorder.unread.empty() ? 0 : 1;
  }
  stop = true;
  attacker.join();
  fmt::print("walks that saw the directory: {}, that met a link: {}\n", seen_inside, seen_link);
  EXPECT_GT(seen_inside, 0);
  EXPECT_GT(seen_link, 0);
}

TEST_F(WalkTest, WaitsForDescriptorsToComeBack) {
  for (int i = 0; i < 200; ++i) write(fmt::format("{:03}", i));
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit few{open_descriptors() + 20, before.rlim_max};
  // Keeps every descriptor, as a pool does, until there are none left for the walk.
  class Holder : public TreeVisitor {
   public:
    Holder() { held.reserve(100); }
    void on_file(FileEntry&& file) override {
      held.push_back(std::move(file.fd));
      count = held.size();
    }
    void on_unread(std::string path, uint64_t, Verdict verdict) override {
      ADD_FAILURE() << path << ": " << verdict.reason;
    }
    bool stop_requested() override { return count >= 25; }
    std::vector<core::Fd> held;
    std::atomic<size_t> count = 0;
  } holder;
  std::thread releaser([&holder] {
    // When not even this thread can have one, the walk has to wait for its next.
    while (holder.count < 15 || core::Fd(::dup(STDIN_FILENO))) std::this_thread::yield();
    for (size_t i = 0; i < 15; ++i) holder.held[i].reset();
  });
  ::setrlimit(RLIMIT_NOFILE, &few);
  walk(root, {}, holder);
  ::setrlimit(RLIMIT_NOFILE, &before);
  releaser.join();
  EXPECT_EQ(holder.count, 25);
}

TEST_F(WalkTest, StopsWhenAsked) {
  for (int i = 0; i < 10; ++i) write(std::to_string(i));
  class Stopper : public Recorder {
   public:
    bool stop_requested() override { return files.size() >= 3; }
  } stopper;
  walk(root, {}, stopper);
  EXPECT_EQ(stopper.files.size(), 3);
}

TEST_F(WalkTest, HugeDirectoryIsReadInBatches) {
  constexpr int count = 40'000;
  const core::Fd directory(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int i = 0; i < count; ++i)
    core::Fd(::openat(directory.get(), fmt::format("{}", i).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644)).reset();
  const auto recorder = walk_all();
  EXPECT_EQ(recorder.files.size(), count);
  EXPECT_EQ(recorder.contents.size(), count) << "a name came twice";
}

TEST_F(WalkTest, HundredThousandFilesAtSpeed) {
  constexpr int directories = 1000;
  constexpr int files_each = 100;
  for (int d = 0; d < directories; ++d) {
    const std::string name = fmt::format("{}/{}", root, d);
    ASSERT_EQ(::mkdir(name.c_str(), 0755), 0);
    const core::Fd directory(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (int f = 0; f < files_each; ++f)
      core::Fd(::openat(directory.get(), fmt::format("{}.txt", f).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644))
          .reset();
  }
  class Counter : public TreeVisitor {
   public:
    void on_file(FileEntry&&) override { ++count; }
    void on_unread(std::string, uint64_t, Verdict) override {}
    size_t count = 0;
  };
  double best = 0;
  for (int round = 0; round < 3; ++round) {
    Counter counter;
    const auto start = std::chrono::steady_clock::now();
    walk(root, {}, counter);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    EXPECT_EQ(counter.count, directories * files_each);
    best = std::max(best, static_cast<double>(counter.count) / seconds);
  }
  fmt::print("files opened per second, warm: {:.0f}\n", best);
}

}  // namespace
}  // namespace assay::connect::files
