// The life of the pool itself: starting, stopping, a helper that dies, what is left behind, speed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <atomic>
#include <set>

#include "extract/sandbox/testing/harness.h"
#include "extract/sandbox/wire.h"

namespace assay::sandbox::testing {
namespace {

using model::VerdictKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Clock = std::chrono::steady_clock;

core::Error error_of_start(PoolOptions options) {
  Recorder recorder;
  try {
    Pool(std::move(options), recorder);
  } catch (const core::Error& error) {
    return error;
  }
  return core::Error(core::ErrorKind::bug, "it started");
}

// Whatever sockets have unasked on this machine.
TEST(Wire, SocketsHaveRoomForMoreThanAMessage) {
  const SocketPair pair = make_socket_pair();
  for (const int end : {pair.ours.get(), pair.theirs.get()}) {
    int bytes = 0;
    socklen_t size = sizeof(bytes);
    ASSERT_EQ(::getsockopt(end, SOL_SOCKET, SO_SNDBUF, &bytes, &size), 0);
    EXPECT_GT(static_cast<size_t>(bytes), 2 * max_message_bytes);
  }
}

TEST(PoolTest, MissingHelperIsNamed) {
  PoolOptions options = test_options();
  options.helper_path = "/nowhere/assay-examiner";
  const core::Error error = error_of_start(options);
  EXPECT_EQ(error.kind(), core::ErrorKind::not_found);
  EXPECT_THAT(error.what(), HasSubstr("/nowhere/assay-examiner"));
}

TEST(PoolTest, HelperThatCannotBeRunIsNamed) {
  PoolOptions options = test_options();
  options.helper_path = "/etc/passwd";
  const core::Error error = error_of_start(options);
  EXPECT_EQ(error.kind(), core::ErrorKind::denied);
  EXPECT_THAT(error.what(), HasSubstr("/etc/passwd"));
}

TEST(PoolTest, SetupThatThrowsIsTold) {
  PoolOptions options = test_options();
  options.setup = "throw";
  const core::Error error = error_of_start(options);
  EXPECT_EQ(error.kind(), core::ErrorKind::bad_input);
  EXPECT_STREQ(error.what(), "rule 7 has no pattern");
}

TEST(PoolTest, SetupThatDiesIsTold) {
  PoolOptions options = test_options();
  options.setup = "die";
  const core::Error error = error_of_start(options);
  EXPECT_EQ(error.kind(), core::ErrorKind::permanent);
  EXPECT_THAT(error.what(), HasSubstr("while it was being set up"));
}

TEST(PoolTest, ProgramThatIsNoHelperIsTold) {
  PoolOptions options = test_options();
  options.helper_path = "/bin/true";
  EXPECT_EQ(error_of_start(options).kind(), core::ErrorKind::permanent);
}

TEST(PoolTest, SetupMayBeLarge) {
  PoolOptions options = test_options(1);
  options.setup = std::string(8 << 20, 's');
  Recorder recorder;
  Pool pool(options, recorder);
  pool.submit(1, "nothing", {});
  pool.drain();
  EXPECT_EQ(recorder.done_count(), 1);
}

TEST(PoolTest, HelperAloneSaysWhatItIs) {
  const std::string command = test_options().helper_path + " 3<&- 2>/dev/null";
  EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 64);
}

TEST(PoolTest, HelperThatIsKilledIsStartedAgain) {
  Recorder recorder;
  Pool pool(test_options(), recorder);
  int kills = 0;
  for (uint64_t i = 0; i < 3000; ++i) {
    pool.submit(i, fmt::format("echo {}", i), object_of("x"));
    if (i % 1000 != 500) continue;
    for (const Process& process : own_examiners())
      if (process.parent == ::getpid() && ::kill(process.pid, SIGKILL) == 0) ++kills;
  }
  pool.drain();
  EXPECT_GE(kills, 3);
  for (uint64_t i = 0; i < 3000; ++i) {
    const auto answer = recorder.answer(i);
    ASSERT_EQ(answer.done, 1) << i;
    ASSERT_EQ(answer.outcome.verdict, model::Verdict{}) << i << answer.outcome.verdict.reason;
    ASSERT_THAT(answer.frames, SizeIs(1));
  }
}

TEST(PoolTest, HelperThatKeepsDyingEndsThePool) {
  PoolOptions options = test_options();
  options.max_restarts = 2;
  Recorder recorder;
  Pool pool(options, recorder);
  EXPECT_THROW(
      {
        for (uint64_t i = 0;; ++i) {
          pool.submit(i, "sleep 20", {});
          for (const Process& process : own_examiners())
            if (process.parent == ::getpid()) ::kill(process.pid, SIGKILL);
        }
      },
      core::Error);
}

// A slot that has an answer in hand while the pool is stopped finds its worker dead behind it.
TEST(PoolTest, WhatAStopKillsIsChargedToNoObject) {
  class Waiting : public Recorder {
   public:
    void on_frame(uint64_t id, std::string_view payload) override {
      Recorder::on_frame(id, payload);
      if (!began_.exchange(true)) {
        began_.notify_all();
        EXPECT_TRUE(eventually([] { return own_examiners().empty(); }));
      }
    }
    void wait_until_begun() { began_.wait(false); }

   private:
    std::atomic<bool> began_ = false;
  } recorder;
  Pool pool(test_options(1), recorder);
  pool.submit(1, "many 5000", {});
  recorder.wait_until_begun();
  pool.stop();
  EXPECT_EQ(recorder.done_count(), 0);
}

TEST(PoolTest, WorkerThatIsStoppedFromOutsideIsReplaced) {
  PoolOptions options = test_options(1);
  options.limits.no_progress_ms = 200;
  Recorder recorder;
  Pool pool(options, recorder);
  pool.submit(0, "nothing", {});
  pool.drain();
  for (const Process& process : own_examiners())
    if (process.parent != ::getpid()) ::kill(process.pid, SIGSTOP);
  for (uint64_t i = 1; i < 50; ++i) pool.submit(i, "echo", object_of("x"));
  pool.drain();
  for (uint64_t i = 1; i < 50; ++i) ASSERT_EQ(recorder.answer(i).outcome.verdict, model::Verdict{}) << i;
}

TEST(PoolTest, WorkerThatIsKilledWhileIdleIsReplaced) {
  Recorder recorder;
  Pool pool(test_options(1), recorder);
  pool.submit(0, "nothing", {});
  pool.drain();
  std::set<pid_t> killed;
  for (const Process& process : own_examiners())
    if (process.parent != ::getpid() && ::kill(process.pid, SIGKILL) == 0) killed.insert(process.pid);
  EXPECT_EQ(killed.size(), 1U);
  EXPECT_TRUE(eventually(
      [&] { return std::ranges::none_of(own_examiners(), [&](const Process& p) { return killed.contains(p.pid); }); }));
  pool.submit(1, "echo", object_of("x"));
  pool.drain();
  EXPECT_EQ(recorder.answer(1).outcome.verdict, model::Verdict{});
}

TEST(PoolTest, StopEndsHangingWorkersWithinASecondAndLeavesNothing) {
  const size_t before = open_descriptors();
  {
    Recorder recorder;
    Pool pool(test_options(), recorder);
    pool.submit(1, "spin", object_of("x"));
    pool.submit(2, "close-and-spin", object_of("x"));
    for (uint64_t i = 3; i < 20; ++i) pool.submit(i, "spin", object_of("x"));
    EXPECT_TRUE(eventually([] { return own_examiners().size() == 3; })) << "a zygote and two workers";
    const auto start = Clock::now();
    pool.stop();
    EXPECT_LT(Clock::now() - start, std::chrono::seconds(1));
    EXPECT_THROW(pool.drain(), core::Error);
    EXPECT_THROW(pool.submit(99, "echo", object_of("x")), core::Error);
    EXPECT_THAT(own_examiners(), IsEmpty());
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was left";
}

TEST(PoolTest, ThousandsOfDeathsLeakNothing) {
  const size_t before = open_descriptors();
  {
    Recorder recorder;
    Pool pool(test_options(), recorder);
    pool.submit(0, "nothing", {});
    pool.drain();
    const size_t running = open_descriptors();
    for (uint64_t i = 1; i < 300; ++i) pool.submit(i, i % 3 == 0 ? "segv" : "echo", object_of("x"));
    pool.drain();
    EXPECT_EQ(recorder.done_count(), 300);
    // Each slot may hold a worker or none: a channel, a report, a pidfd.
    EXPECT_LE(open_descriptors(), running + 6);
    EXPECT_TRUE(eventually([] { return own_examiners().size() <= 3; })) << "zombies or strays";
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST(PoolTest, WorkersEndWithTheParent) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    Recorder recorder;
    Pool pool(test_options(), recorder);
    pool.submit(1, "spin", {});
    pool.submit(2, "spin", {});
    eventually([] { return own_examiners().size() == 3; });
    const std::vector<Process> own = own_examiners();
    std::string pids;
    for (const Process& process : own) pids += fmt::format("{} ", process.pid);
    if (::write(ends[1], pids.data(), pids.size()) < 0) ::_exit(1);
    ::raise(SIGKILL);
  }
  ASSERT_GT(child, 0);
  ::waitpid(child, nullptr, 0);
  std::array<char, 256> text{};
  ASSERT_GT(::read(ends[0], text.data(), text.size() - 1), 0);
  ::close(ends[0]);
  ::close(ends[1]);
  const std::string pids(text.data());
  EXPECT_EQ(std::count(pids.begin(), pids.end(), ' '), 3) << pids;
  EXPECT_TRUE(eventually([&] {
    for (const Process& process : examiners())
      if (process.state != 'Z' && (" " + pids).find(fmt::format(" {} ", process.pid)) != std::string::npos)
        return false;
    return true;
  }));
}

TEST(PoolTest, HelperIsNotInTheTerminalsForegroundGroup) {
  Recorder recorder;
  const Pool pool(test_options(1), recorder);
  for (const Process& process : own_examiners()) EXPECT_NE(::getpgid(process.pid), ::getpgrp());
}

TEST(PoolTest, HandlerThatThrowsEndsThePool) {
  class Thrower : public FrameHandler {
    void on_frame(uint64_t, std::string_view) override {}
    void on_done(uint64_t, const Outcome&) override { throw std::runtime_error("store is full"); }
  } thrower;
  Pool pool(test_options(1), thrower);
  pool.submit(1, "nothing", {});
  EXPECT_THROW(pool.drain(), core::Error);
}

class Counter : public FrameHandler {
 public:
  void on_frame(uint64_t, std::string_view) override { ++frames; }
  void on_done(uint64_t, const Outcome& outcome) override { failures += outcome.verdict.kind != VerdictKind::ok; }
  std::atomic<uint64_t> frames = 0;
  std::atomic<uint64_t> failures = 0;
};

double objects_per_second(uint32_t objects_per_worker, const std::string& setup, uint64_t count) {
  PoolOptions options = test_options(2);
  options.limits.objects_per_worker = objects_per_worker;
  options.setup = setup;
  Counter counter;
  Pool pool(options, counter);
  const core::Fd object = object_of("a small object");
  pool.submit(0, "echo", core::Fd(::fcntl(object.get(), F_DUPFD_CLOEXEC, 0)));
  pool.drain();
  const auto start = Clock::now();
  for (uint64_t i = 1; i < count; ++i) pool.submit(i, "echo", core::Fd(::fcntl(object.get(), F_DUPFD_CLOEXEC, 0)));
  pool.drain();
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  EXPECT_EQ(counter.frames, count);
  EXPECT_EQ(counter.failures, 0);
  return static_cast<double>(count) / seconds;
}

TEST(PoolTest, Throughput) {
#ifdef ASSAY_SANITIZED
  GTEST_SKIP() << "says nothing under a sanitizer";
#endif
  fmt::print("trivial objects/s, 2 workers, never replaced:                    {:8.0f}\n",
             objects_per_second(0, "", 100'000));
  for (const uint32_t share : {100U, 1000U})
    for (const char* setup : {"", "ballast 100", "ballast 400"})
      fmt::print("trivial objects/s, 2 workers, replaced after {:4}, zygote + {:11}: {:8.0f}\n", share, setup,
                 objects_per_second(share, setup, 40'000));
}

TEST(PoolTest, Latency) {
  Recorder recorder;
  Pool pool(test_options(1), recorder);
  std::vector<double> us;
  for (uint64_t i = 0; i < 90; ++i) {
    const auto start = Clock::now();
    pool.submit(i, "nothing", {});
    pool.drain();
    us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  std::sort(us.begin(), us.end());
  fmt::print("one object alone: median {:.0f} us, slowest {:.0f} us\n", us[us.size() / 2], us.back());
  EXPECT_LT(us[us.size() / 2], 5000);
}

}  // namespace
}  // namespace assay::sandbox::testing
