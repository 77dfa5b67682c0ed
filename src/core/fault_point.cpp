#include "core/fault_point.h"

#ifdef ASSAY_FAULT_POINTS

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

namespace assay::core {
namespace {

enum class Action : uint8_t { kill, stop, throw_fault, hold };

struct Fault {
  std::string name;
  Action action = Action::kill;
  long at = 0;  ///< the visit that it happens at; 0: every one
  long visits = 0;
};

// The file is there as long as the thread waits: whoever made the fault sees that it was reached, and ends it.
void hold(std::string name) {
  std::ranges::replace(name, '/', '_');
  const char* folder = std::getenv("ASSAY_FAULT_HOLD");  // NOLINT(concurrency-mt-unsafe)
  const std::string path = std::string(folder == nullptr ? "." : folder) + "/" + name;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0) ::close(file);
  while (::access(path.c_str(), F_OK) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

struct Faults {
  std::mutex mutex;
  std::vector<Fault> list;
  std::atomic<bool> any{false};

  Faults() {
    // The variable is read before any thread could change it: at the first fault point that is reached.
    if (const char* text = std::getenv("ASSAY_FAULT_POINTS")) set(text);  // NOLINT(concurrency-mt-unsafe)
  }

  static Fault parse(std::string_view item) {
    Fault fault;
    const size_t equals = item.find('=');
    fault.name = item.substr(0, equals);
    std::string_view action = equals == std::string_view::npos ? "" : item.substr(equals + 1);
    if (const size_t colon = action.find(':'); colon != std::string_view::npos) {
      const std::string count(action.substr(colon + 1));
      const char* const end = count.data() + count.size();
      const auto parsed = std::from_chars(count.data(), end, fault.at);
      if (parsed.ec != std::errc{} || parsed.ptr != end || fault.at < 1) refuse(item);
      action = action.substr(0, colon);
    }
    if (action == "kill") fault.action = Action::kill;
    else if (action == "stop") fault.action = Action::stop;
    else if (action == "throw") fault.action = Action::throw_fault;
    else if (action == "hold") fault.action = Action::hold;
    else refuse(item);
    return fault;
  }

  [[noreturn]] static void refuse(std::string_view item) {
    const std::string name(item);
    std::fprintf(stderr, "ASSAY_FAULT_POINTS: '%s' is not NAME=kill|stop|throw|hold[:COUNT]\n", name.c_str());
    std::_Exit(2);
  }

  void set(std::string_view specification) {
    const std::lock_guard lock(mutex);
    list.clear();
    while (!specification.empty()) {
      const size_t comma = specification.find(',');
      list.push_back(parse(specification.substr(0, comma)));
      specification = comma == std::string_view::npos ? "" : specification.substr(comma + 1);
    }
    any = !list.empty();
  }

  void visit(std::string_view operation, std::string_view moment) {
    const std::string name = std::string(operation) + "." + std::string(moment);
    std::unique_lock lock(mutex);
    for (Fault& fault : list) {
      if (fault.name != name || (++fault.visits != fault.at && fault.at != 0)) continue;
      const Action action = fault.action;
      lock.unlock();
      if (action == Action::throw_fault) throw InjectedFault(name);
      if (action == Action::hold) return hold(name);
      std::raise(action == Action::kill ? SIGKILL : SIGSTOP);
      return;
    }
  }
};

Faults& faults() {
  static Faults instance;
  return instance;
}

}  // namespace

void fault_point(std::string_view operation, std::string_view moment) {
  Faults& all = faults();
  if (all.any.load(std::memory_order_relaxed)) all.visit(operation, moment);
}

void set_fault_points(std::string_view specification) { faults().set(specification); }

}  // namespace assay::core

#endif
