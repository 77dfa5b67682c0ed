#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "coordinate/claimer.h"
#include "coordinate/handler.h"
#include "coordinate/heart.h"
#include "coordinate/loop.h"
#include "coordinate/recorder.h"
#include "coordinate/runner.h"
#include "coordinate/watchdog.h"
#include "coordinate/workbench.h"
#include "coordinate/worker_options.h"

namespace assay::coordinate {

/// The parts of a worker, without threads: what Worker runs in threads, and a simulator in an order of its own.
struct WorkerParts {
  WorkerParts(const Runtime& world, WorkerOptions wishes, const Handlers& handlers);

  Runtime runtime;
  const WorkerOptions options;
  std::shared_ptr<Workbench> bench;
  std::shared_ptr<SourceWatch> sources;
  std::shared_ptr<Runner> runner;
  Claimer claimer;
  Recorder recorder;
  Heart heart;
  Watchdog watchdog;
};

/// Claims READY tasks of its node group and runs their handlers, `slots` at a time, from start() to stop(). Stateless:
/// whatever it has in hand is given back or taken over by others when it ends. Survives a store that does not answer.
class Worker {
 public:
  Worker(const Runtime& runtime, WorkerOptions options, const Handlers& handlers);
  ~Worker() { stop(); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Throws core::Error when it cannot register.
  void start();
  /// Gives back what was not begun, lets what runs end within the drain grace, then asks it to stop, records everything
  /// and unregisters. Handlers that ignore that are left behind in their threads. May be called twice.
  void stop();
  /// There may be tasks.
  void poke() { claimer_.poke(); }
  /// False: too many handlers hang; the process should be replaced.
  bool is_healthy() const { return parts_.bench->abandoned() <= parts_.options.most_abandoned; }

 private:
  struct Slot {
    std::jthread thread;
    std::shared_ptr<std::atomic<bool>> is_over;
  };
  void add_slot();
  void end_slots();

  WorkerParts parts_;
  LoopThread claimer_, recorder_, heart_, watchdog_;
  std::unique_ptr<ChangeListener> listener_;
  std::mutex slots_mutex_;
  std::list<Slot> slots_;
  bool is_ending_ = false;
  bool is_running_ = false;
};

}  // namespace assay::coordinate
