#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "extract/sandbox/pool.h"

namespace assay::sandbox::testing {

/// Remembers every answer, and complains of one that must not come.
class Recorder : public FrameHandler {
 public:
  struct Answer {
    std::vector<std::string> frames;
    uint64_t frame_count = 0;
    Outcome outcome;
    int done = 0;
  };

  void on_frame(uint64_t id, std::string_view payload) override {
    const std::lock_guard lock(mutex_);
    Answer& answer = answers_[id];
    EXPECT_EQ(answer.done, 0) << "a frame after the end of " << id;
    ++answer.frame_count;
    if (answer.frames.size() < 10) answer.frames.emplace_back(payload);
  }
  void on_done(uint64_t id, const Outcome& outcome) override {
    const std::lock_guard lock(mutex_);
    Answer& answer = answers_[id];
    ++answer.done;
    answer.outcome = outcome;
  }

  Answer answer(uint64_t id) {
    const std::lock_guard lock(mutex_);
    return answers_[id];
  }
  size_t done_count() {
    const std::lock_guard lock(mutex_);
    size_t count = 0;
    for (const auto& [id, answer] : answers_) count += static_cast<size_t>(answer.done);
    return count;
  }

 private:
  std::mutex mutex_;
  std::map<uint64_t, Answer> answers_;
};

inline PoolOptions test_options(unsigned workers = 2) {
  PoolOptions options;
  options.helper_path = ASSAY_BUILD_DIR "/src/sandbox_test_examiner";
  options.setup = "hello";
  options.workers = workers;
  return options;
}

inline core::Fd object_of(std::string_view content) {
  core::Fd file(::memfd_create("object", MFD_CLOEXEC));
  EXPECT_EQ(::write(file.get(), content.data(), content.size()), static_cast<ssize_t>(content.size()));
  return file;
}

inline size_t open_descriptors() {
  size_t count = 0;
  DIR* directory = ::opendir("/proc/self/fd");
  while (::readdir(directory) != nullptr) ++count;
  ::closedir(directory);
  return count;
}

struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = '?';
};

/// Every process on this machine that runs the test examiner, zombies included.
inline std::vector<Process> examiners() {
  std::vector<Process> found;
  DIR* directory = ::opendir("/proc");
  while (const dirent* entry = ::readdir(directory)) {
    std::ifstream stat(fmt::format("/proc/{}/stat", entry->d_name));
    Process process;
    std::string name;
    if (stat >> process.pid >> name >> process.state >> process.parent && name == "(sandbox_test_ex)")
      found.push_back(process);
  }
  ::closedir(directory);
  return found;
}

/// Descendants of this test only, so that tests that run side by side do not see each other.
inline std::vector<Process> own_examiners() {
  std::vector<Process> own;
  const std::vector<Process> all = examiners();
  for (const Process& process : all) {
    bool is_own = process.parent == ::getpid();
    for (const Process& parent : all) is_own |= parent.pid == process.parent && parent.parent == ::getpid();
    if (is_own) own.push_back(process);
  }
  return own;
}

template <typename Condition>
bool eventually(Condition condition, std::chrono::milliseconds within = std::chrono::seconds(30)) {
  const auto end = std::chrono::steady_clock::now() + within;
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return condition();
}

}  // namespace assay::sandbox::testing
