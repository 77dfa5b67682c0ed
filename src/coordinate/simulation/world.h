#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "coordinate/random.h"
#include "coordinate/resources/resources.h"
#include "coordinate/service.h"
#include "coordinate/simulation/observed_store.h"
#include "coordinate/simulation/scenario.h"
#include "coordinate/simulation/simulation.h"
#include "coordinate/simulation/witness.h"
#include "coordinate/worker.h"
#include "core/clock.h"

namespace assay::coordinate::simulation {

/// What ends a process between two operations. No std::exception, so that nothing but the simulation catches it.
struct Crash {};

class World;

/// One process: its parts, and the loops that take turns. After a crash it is another with the same name.
class Process : public StoreWatcher {
 public:
  Process(World& world, std::string name) : world_(world), name_(std::move(name)) {}

  struct Actor {
    std::string name;
    std::function<int64_t()> turn;
    int64_t next_ms = 0;
    bool is_on_stack = false;
  };
  std::vector<Actor>& actors() { return actors_; }
  const std::string& name() const { return name_; }
  virtual void start() = 0;
  virtual void tear_down() = 0;

  void before(std::string_view operation) override;
  void after(std::string_view operation) override;
  void claimed_jobs(const std::vector<store::OwnedJob>& jobs) override;
  void wrote_job(std::string_view operation, int64_t job_id, int64_t version) override;
  void claimed_tasks(std::string_view worker_id, const std::vector<model::ClaimedTask>& tasks) override;
  void recorded(std::string_view worker_id, std::span<const store::TaskCompletion> tasks,
                const std::vector<int64_t>& ids) override;

  bool is_doomed = false;  ///< crashed, but some of its turns are still on the stack
  bool is_running = false;
  bool is_frozen = false;  ///< stopped as by SIGSTOP
  int64_t restart_ms = 0;  ///< when the next incarnation starts
  unsigned on_stack = 0;

 protected:
  void add(std::string name, std::function<int64_t()> turn);
  World& world_;
  std::string name_;
  std::vector<Actor> actors_;
};

/// Everything that one run has, and the one thread that runs it.
class World {
 public:
  World(uint64_t seed, std::string* log);
  ~World();
  Report run();

  /// A place where something may happen to a process: it may crash, lose an answer, or stand still while others go on.
  void boundary(Process& process, std::string_view operation, bool is_over);
  /// The process dies here and now.
  [[noreturn]] void crash(Process& process);
  /// Others go on for about that long, within a turn of `process`.
  void others_go_on(Process& process, int64_t ms, bool is_frozen);

  const Scenario scenario;
  core::ManualClock clock;
  std::unique_ptr<store::Store> store;
  core::Metrics metrics;
  Witness witness;
  Random random;
  int64_t datasource_id = 0;
  std::map<int64_t, std::vector<uint64_t>> items_of_task;  ///< as handlers saw them

 private:
  bool step(Process* not_this);
  void take_turn(Process& process, Process::Actor& actor);
  void restart_the_dead();
  void user_acts();
  void submit();
  void check_end(Report& report);
  void check_items(const std::multiset<std::string>& paths, const std::function<void(const std::string&)>& fail);
  std::string check_counters();
  std::string describe_tasks();
  void write(const std::string& line);

  std::string* log_;
  Report report_;
  std::vector<std::unique_ptr<Process>> processes_;
  int64_t job_id_ = 0;
  int64_t begun_ms_ = 0;
  size_t commands_given_ = 0;
  bool is_paused_by_user_ = false;
  unsigned faults_left_ = 0;
  unsigned depth_ = 0;
};

}  // namespace assay::coordinate::simulation
