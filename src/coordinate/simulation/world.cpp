#include "coordinate/simulation/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "coordinate/simulation/processes.h"
#include "model/transitions.h"
#include "sql/error.h"

namespace assay::coordinate::simulation {
namespace {

constexpr unsigned most_depth = 3;  // of turns within turns
constexpr uint64_t most_turns = 200'000;
constexpr int64_t most_ms = 24LL * 3'600'000;

/// Where a fault is worth most: around what moves jobs and tasks, which is rare among all the looking.
bool changes_much(std::string_view operation) {
  constexpr std::array operations = {"claim_jobs",      "claim_ready_tasks",  "complete_tasks",
                                     "fail_tasks",      "give_back_tasks",    "replace_outputs",
                                     "admit_tasks",     "finish_job_if_done", "execute_pending_command",
                                     "register_worker", "unregister_worker",  "transition_job_from_pausing_to_paused",
                                     "waiting_outputs", "pending_tasks",      "finish_cancelling_job"};
  return std::ranges::find(operations, operation) != operations.end();
}

}  // namespace

World::World(uint64_t seed, std::string* log) : scenario(seed), random(seed), log_(log), faults_left_(scenario.faults) {
  store::StoreOptions options;
  options.url = "sqlite::memory:";
  options.connections = 1;
  options.durable = false;
  options.now_ms = [this] { return clock.now_ms(); };
  store = store::Store::open(options, true);
  submit();
  for (unsigned i = 0; i < scenario.orchestrators; ++i) {
    processes_.push_back(std::make_unique<OrchestratorProcess>(*this, fmt::format("orchestrator-{}", i)));
  }
  for (unsigned i = 0; i < scenario.workers; ++i) {
    processes_.push_back(std::make_unique<WorkerProcess>(*this, fmt::format("worker-{}", i)));
  }
}

World::~World() {
  for (const auto& process : processes_) {
    if (process->is_running) process->tear_down();
  }
}

void World::write(const std::string& line) {
  if (log_ != nullptr)
    *log_ += fmt::format("{:>9} {}{}\n", clock.monotonic_ms() - begun_ms_, std::string(size_t{2} * depth_, ' '), line);
}

void World::submit() {
  model::Datasource source;
  source.name = "simulated";
  source.kind = "files";
  source.configuration = "{}";
  source.budget.concurrent_tasks = scenario.concurrent_tasks;
  datasource_id = store->add_datasource(source);
  store::NewChildJob child;
  child.node_group = "default";
  child.configuration = R"({"correlation_id":"simulated"})";
  for (uint64_t i = 0; i < scenario.list_tasks; ++i) {
    const uint64_t from = scenario.items * i / scenario.list_tasks;
    const uint64_t to = scenario.items * (i + 1) / scenario.list_tasks;
    child.first_tasks.push_back({.kind = "list",
                                 .datasource_id = datasource_id,
                                 .work_packet = fmt::format(R"({{"from":{},"to":{}}})", from, to),
                                 .items = to - from,
                                 .needs_admission = scenario.concurrent_tasks > 0});
  }
  store::NewMasterJob job;
  job.children.push_back(std::move(child));
  job_id_ = store->submit_job(job).job_ids.at(0);
  begun_ms_ = clock.monotonic_ms();
}

void World::crash(Process& process) {
  process.is_doomed = true;
  ++report_.crashes;
  write(process.name() + " dies");
  throw Crash{};
}

void World::others_go_on(Process& process, int64_t ms, bool is_frozen) {
  if (depth_ >= most_depth) return;
  ++depth_;
  const bool was_frozen = std::exchange(process.is_frozen, process.is_frozen || is_frozen);
  const int64_t until = clock.monotonic_ms() + ms;
  // A process that stands still must see others take over what it held, which takes them many turns.
  for (int turns = 0; turns < (is_frozen ? 5'000 : 400) && clock.monotonic_ms() < until; ++turns) {
    if (!step(is_frozen ? &process : nullptr)) break;
  }
  if (clock.monotonic_ms() < until) clock.advance(until - clock.monotonic_ms());
  process.is_frozen = was_frozen;
  --depth_;
}

void World::boundary(Process& process, std::string_view operation, bool is_over) {
  ++report_.operations;
  write(fmt::format("{} {} {}", process.name(), is_over ? "did" : "does", operation));
  if (process.is_doomed) throw Crash{};
  if (faults_left_ > 0 && random.one_in(changes_much(operation) ? 15 : 600)) {
    --faults_left_;
    switch (random.below(4)) {
      case 0: crash(process);
      case 1:
        ++report_.lost_answers;
        write(process.name() + (is_over ? " gets no answer" : " gets no connection"));
        throw sql::Error(core::ErrorKind::transient, sql::Trouble::connection_lost, "the connection broke", is_over);
      case 2:  // past every lease, and back as if nothing had been
        ++report_.pauses;
        write(process.name() + " stands still");
        others_go_on(process, random.between(1'000, 90'000), true);
        break;
      default:  // one thread of it is slow
        others_go_on(process, random.between(0, 40'000), false);
        break;
    }
  } else if (random.one_in(20)) {
    others_go_on(process, random.between(0, 50), false);
  }
  if (process.is_doomed) throw Crash{};
}

void World::restart_the_dead() {
  for (const auto& process : processes_) {
    if (process->is_doomed && process->on_stack == 0) {
      process->tear_down();
      process->is_doomed = false;
      process->is_running = false;
      process->restart_ms = clock.monotonic_ms() + random.between(0, 60'000);
    }
    if (!process->is_running && !process->is_doomed && clock.monotonic_ms() >= process->restart_ms) {
      process->start();
      process->is_running = true;
    }
  }
}

void World::user_acts() {
  while (commands_given_ < scenario.commands.size()) {
    const Scenario::Command& command = scenario.commands[commands_given_];
    if (clock.monotonic_ms() - begun_ms_ < command.at_ms) return;
    try {
      store->request_command(job_id_, command.command);
      write(fmt::format("the user says {}", model::to_string(command.command)));
    } catch (const core::Error&) {
      const auto row = store->find_job(job_id_);
      const bool is_over = !row || model::is_over(row->status);
      // Whoever paused a job comes back to resume it; whoever could not pause it does not.
      if (command.command == model::JobCommand::resume && !is_over && is_paused_by_user_) return;
      if (command.command == model::JobCommand::cancel && !is_over) return;
      ++commands_given_;
      continue;
    }
    is_paused_by_user_ = command.command == model::JobCommand::pause;
    ++commands_given_;
  }
}

bool World::step(Process* not_this) {
  if (!witness.trouble().empty() || report_.turns >= most_turns) return false;
  restart_the_dead();
  user_acts();
  const int64_t now = clock.monotonic_ms();
  std::vector<std::pair<Process*, Process::Actor*>> due;
  int64_t next = now + 1'000;
  for (const auto& process : processes_) {
    if (!process->is_running || process->is_doomed || process->is_frozen || process.get() == not_this) continue;
    for (Process::Actor& actor : process->actors()) {
      if (actor.is_on_stack) continue;
      if (actor.next_ms <= now) due.emplace_back(process.get(), &actor);
      else next = std::min(next, actor.next_ms);
    }
  }
  if (due.empty()) {
    clock.advance(std::max<int64_t>(1, next - now));
    return true;
  }
  const auto [process, actor] = due[random.below(due.size())];
  take_turn(*process, *actor);
  return true;
}

void World::take_turn(Process& process, Process::Actor& actor) {
  ++report_.turns;
  actor.is_on_stack = true;
  ++process.on_stack;
  try {
    actor.next_ms = clock.monotonic_ms() + std::max<int64_t>(0, actor.turn());
  } catch (const Crash&) {
    process.is_doomed = true;
  }
  --process.on_stack;
  actor.is_on_stack = false;
}

Report World::run() {
  const auto is_over = [&] {
    const auto row = store->find_job(job_id_);
    return row && model::is_over(row->status) && commands_given_ == scenario.commands.size();
  };
  while (!is_over() && report_.turns < most_turns && clock.monotonic_ms() - begun_ms_ < most_ms) {
    for (int i = 0; i < 20; ++i) {
      if (!step(nullptr)) break;
    }
    if (!witness.trouble().empty()) break;
    if (report_.trouble.empty()) report_.trouble = check_counters();
    if (!report_.trouble.empty()) break;
  }
  report_.simulated_ms = clock.monotonic_ms() - begun_ms_;
  check_end(report_);
  return report_;
}

std::string World::check_counters() {
  std::map<model::TaskStatus, uint64_t> counted;
  for (int64_t after = 0;;) {
    const auto page = store->list_tasks(job_id_, std::nullopt, after, 1000);
    if (page.empty()) break;
    for (const store::TaskRow& task : page) ++counted[task.status];
    after = page.back().id;
  }
  store::ProgressRow kept;
  for (const store::ProgressRow& row : store->progress(job_id_)) {
    kept.pending += row.pending;
    kept.ready += row.ready;
    kept.running += row.running;
    kept.completed += row.completed;
    kept.failed += row.failed;
    kept.dead += row.dead;
  }
  using model::TaskStatus;
  const bool agree = kept.pending == counted[TaskStatus::pending] && kept.ready == counted[TaskStatus::ready] &&
                     kept.running == counted[TaskStatus::running] && kept.completed == counted[TaskStatus::completed] &&
                     kept.failed == counted[TaskStatus::failed] && kept.dead == counted[TaskStatus::dead];
  return agree ? "" : "the counters of the job do not equal a full count of its tasks";
}

std::string World::describe_tasks() {
  std::string out;
  for (const store::TaskRow& task : store->list_tasks(job_id_, std::nullopt, 0, 1'000)) {
    if (!model::is_over(task.status)) {
      out += fmt::format("; task {} {} {} attempt {} of '{}'", task.id, task.kind, model::to_string(task.status),
                         task.attempt, task.worker_id);
    }
  }
  for (const auto& breaker : store->breakers()) {
    out += fmt::format("; breaker of {} is {} after {} failures until {}", breaker.datasource_id,
                       static_cast<int>(breaker.state), breaker.failures, breaker.open_until - store->now_ms());
  }
  return out;
}

void World::check_end(Report& report) {
  const auto fail = [&](const std::string& what) {
    if (report.trouble.empty()) report.trouble = what;
  };
  if (!witness.trouble().empty()) return fail(witness.trouble());
  const auto row = store->find_job(job_id_);
  report.end = row ? model::to_string(row->status) : "";
  if (!row || !model::is_over(row->status)) return fail("the job did not end; it is " + report.end + describe_tasks());
  if (const std::string counters = check_counters(); !counters.empty()) return fail(counters);

  uint64_t done = 0, dead = 0;
  for (const store::ProgressRow& progress : store->progress(job_id_)) {
    done += progress.work.objects_done;
    dead += progress.dead;
    if (progress.running > 0) fail("the job is over, and a task runs");
  }
  std::multiset<std::string> paths;
  store->for_each_object(job_id_, [&](const model::ObjectRecord& object) { paths.insert(object.object); });
  if (paths.size() != done) fail(fmt::format("{} objects were counted, and {} are recorded", done, paths.size()));
  if (report.end == "CANCELLED") {
    if (!scenario.is_cancelled()) fail("the job is cancelled, and nobody said so");
    return;
  }
  if ((report.end == "FAILED") != (dead > 0)) fail(fmt::format("the job is {} with {} dead tasks", report.end, dead));
  check_items(paths, fail);
}

void World::check_items(const std::multiset<std::string>& paths, const std::function<void(const std::string&)>& fail) {
  const auto is_bad = [&](uint64_t item) {
    return scenario.poison.contains(item) || scenario.permanent.contains(item);
  };
  std::set<uint64_t> in_dead_tasks;
  for (const store::TaskRow& task : store->list_tasks(job_id_, model::TaskStatus::dead, 0, 100'000)) {
    const std::vector<uint64_t> items = items_of_task[task.id];
    if (std::none_of(items.begin(), items.end(), is_bad))
      fail(fmt::format("task {} is dead, and nothing in it was bad", task.id));
    in_dead_tasks.insert(items.begin(), items.end());
  }
  for (uint64_t item = 0; item < scenario.items; ++item) {
    const size_t count = paths.count(fmt::format("item-{}", item));
    const size_t expected = in_dead_tasks.contains(item) ? 0 : 1;
    if (count != expected) fail(fmt::format("item {} was recorded {} times instead of {}", item, count, expected));
    if (is_bad(item) && expected == 1) fail(fmt::format("item {} cannot be read, and is recorded", item));
  }
}

Report simulate(uint64_t seed, std::string* log) { return World(seed, log).run(); }

}  // namespace assay::coordinate::simulation
