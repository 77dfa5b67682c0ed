#include "tests/support/memory_watch.h"

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/support/program.h"

namespace assay::tests {

uint64_t peak_resident(pid_t pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtoull(line.c_str() + 6, nullptr, 10) * 1024;
  return 0;
}

MemoryWatch::MemoryWatch() {
  ::malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";  // proc(5): begins a new peak
  thread_ = std::thread([this] { watch(); });
}

MemoryWatch::~MemoryWatch() {
  end_ = true;
  thread_.join();
}

uint64_t MemoryWatch::peak_of_self() const { return peak_resident(::getpid()); }

void MemoryWatch::watch() {
  while (!end_) {
    for (const pid_t pid : descendants_named("assay-examiner"))
      examiners_ = std::max<uint64_t>(examiners_, peak_resident(pid));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace assay::tests
