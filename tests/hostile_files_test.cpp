// Trees of files that were laid out as a trap, and files that change while they are read.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "core/fd.h"
#include "tests/support/hostile.h"
#include "tests/support/samples.h"

namespace assay::tests {
namespace {

namespace fs = std::filesystem;
using model::VerdictKind;
using std::chrono::seconds;
using ::testing::AnyOf;
using ::testing::Eq;

constexpr const char* card_text = "Card 5555 5555 5555 4444 exp 12/27\n";

TEST(HostileFiles, FifosSocketsAndDevicesAreNeverOpened) {
  const TemporaryTree tree;
  ASSERT_EQ(::mkfifo(tree.path("fifo.txt").c_str(), 0666), 0);
  const core::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string place = tree.path("socket");
  ASSERT_LT(place.size(), sizeof(address.sun_path));
  place.copy(address.sun_path, place.size());
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  const bool has_device = ::mknod(tree.path("zero").c_str(), S_IFCHR | 0666, makedev(1, 5)) == 0;  // needs root
  const ScanResult result = scan_hostile(tree);
  EXPECT_EQ(result.verdict("fifo.txt"), "SPECIAL_FILE FIFO");
  EXPECT_EQ(result.verdict("socket"), "SPECIAL_FILE socket");
  if (has_device) EXPECT_EQ(result.verdict("/zero"), "SPECIAL_FILE character device");
  EXPECT_TRUE(result.summary.complete());
}

TEST(HostileFiles, LinksAreNotFollowed) {
  const TemporaryTree outside, tree;
  outside.write("secret.txt", card_text);
  fs::create_directory(tree.path("a"));
  fs::create_directory_symlink("..", tree.path("a/up"));
  fs::create_symlink("loop", tree.path("loop"));
  fs::create_symlink("two", tree.path("one"));
  fs::create_symlink("one", tree.path("two"));
  fs::create_symlink(outside.root(), tree.path("outside"));
  fs::create_symlink(outside.path("secret.txt"), tree.path("secret"));
  fs::create_symlink("/proc/self/fd/0", tree.path("magic"));
  fs::create_symlink("/nowhere", tree.path("dangling"));
  const ScanResult result = scan_hostile(tree);
  for (const auto* name : {"a/up", "/loop", "/one", "/two", "/outside", "/secret", "/magic", "/dangling"})
    EXPECT_EQ(result.verdict(name), "EXCLUDED symbolic link") << name;
  EXPECT_EQ(result.summary.findings, 1U);
}

TEST(HostileFiles, NamesOfAnyBytes) {
  const TemporaryTree tree;
  for (const auto* name :
       {"new\nline", "escape\x1b[2Jhere", "not\xff\xfeutf8", " leading", "-rf", "'; rm -rf", "%s%n", "*",
        "\xe2\x80\xae"
        "txt.exe",
        "\x01\x02"})
    tree.write(name, card_text);
  tree.write(std::string(255, 'n'), card_text);
  const ScanResult result = scan_hostile(tree);
  EXPECT_EQ(result.summary.objects, 12U);
  EXPECT_EQ(result.summary.findings, 12U);
  EXPECT_EQ(result.in("new\nline").size(), 1U) << "the path is passed on as it is";
}

// procfs says of all its files that they hold nothing, sysfs that they hold a page.
TEST(HostileFiles, FilesThatSayAWrongSizeAreReadToTheirEnd) {
  char before[16] = {};
  ASSERT_EQ(::prctl(PR_GET_NAME, before), 0);
  ASSERT_EQ(::prctl(PR_SET_NAME, "a4711-heron"), 0);
  const std::string page = "/sys/kernel/mm/transparent_hugepage/enabled";
  auto options = scan_options({"/proc/self/comm", "/proc/cpuinfo"});
  if (fs::exists(page)) options.source.roots.push_back(page);
  options.rules = literal_rules({{"a4711-heron", "NAME_OF_PROCESS"}});
  const ScanResult whole = run(options);
  options.limits.max_object_bytes = 4;
  options.source.roots.resize(1);
  const ScanResult cut = run(options);
  ASSERT_EQ(::prctl(PR_SET_NAME, before), 0);
  EXPECT_EQ(whole.only("comm", "NAME_OF_PROCESS").start, 0U);
  EXPECT_EQ(whole.record("comm").bytes, 12U);
  EXPECT_EQ(whole.verdict("comm"), "OK");
  EXPECT_GT(whole.record("cpuinfo").bytes, 0U);
  EXPECT_EQ(whole.verdict("cpuinfo"), "OK");
  if (fs::exists(page)) EXPECT_LT(whole.record("enabled").bytes, 4096U);
  EXPECT_EQ(cut.verdict("comm"), "LIMIT max_object_bytes");
}

TEST(HostileFiles, ADeepTree) {
  const TemporaryTree tree;
  fs::path deep = tree.root();
  const fs::path here = fs::current_path();
  fs::current_path(tree.root());
  for (int i = 0; i < 2000; ++i) {
    fs::create_directory("d");
    fs::current_path("d");
    if (i % 100 == 0) fs::copy_file("/proc/self/cmdline", "file.txt");
  }
  fs::current_path(here);
  const ScanResult result = scan_hostile(tree);
  EXPECT_EQ(result.count(VerdictKind::limit), 1U);
}

TEST(HostileFiles, FilesThatChangeWhileTheyAreRead) {
  const TemporaryTree tree;
  const std::string large = repeated("a line of the file, and nothing in it\n", 400'000);
  const std::string grows = tree.write("grows.txt", large), shrinks = tree.write("shrinks.txt", large),
                    rewritten = tree.write("rewritten.txt", large);
  for (int i = 0; i < 200; ++i) tree.write(fmt::format("vanish/{:03}.txt", i), card_text);
  for (int i = 0; i < 20; ++i)
    tree.write(fmt::format("busy/{:03}.zip", i), zip_of({{"a.txt", large.substr(0, 1'000'000)}}));
  const std::jthread meddler([&](const std::stop_token& end) {
    const core::Fd growing(::open(grows.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)),
        shrinking(::open(shrinks.c_str(), O_WRONLY | O_CLOEXEC)),
        rewriting(::open(rewritten.c_str(), O_WRONLY | O_CLOEXEC));
    for (int round = 0; !end.stop_requested(); ++round) {
      if (::write(growing.get(), "more\n", 5) != 5) return;
      if (::ftruncate(shrinking.get(), static_cast<off_t>(large.size() - static_cast<size_t>(round % 1000) * 10'000)) !=
          0)
        return;
      if (::pwrite(rewriting.get(), "other", 5, round % 1000) != 5) return;
      std::error_code ignored;
      fs::remove(tree.path(fmt::format("vanish/{:03}.txt", round * 7 % 200)), ignored);
      const core::Fd zip(::open(tree.path(fmt::format("busy/{:03}.zip", round % 20)).c_str(), O_WRONLY | O_CLOEXEC));
      if (zip && ::ftruncate(zip.get(), round % 3 * 400) != 0) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  const ScanResult result = scan_hostile(tree, seconds(60));
  for (const auto* name : {"grows.txt", "shrinks.txt", "rewritten.txt"})
    EXPECT_EQ(result.verdict(name), "CHANGED it changed while it was read") << name;
  for (const auto& record : result.records)
    EXPECT_THAT(record.verdict.kind, AnyOf(Eq(VerdictKind::ok), Eq(VerdictKind::changed), Eq(VerdictKind::io_error),
                                           Eq(VerdictKind::partial), Eq(VerdictKind::unsupported)))
        << record.object << " " << to_text(record.verdict);
}

}  // namespace
}  // namespace assay::tests
