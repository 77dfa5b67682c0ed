#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bench.h"
#include "coordinate/service.h"
#include "coordinate/simulation/observed_store.h"
#include "core/clock.h"
#include "sql/connection.h"
#include "store/statements.h"
#include "store/store.h"
#include "tests/support/postgres_server.h"

// What the store costs: tasks claimed, fenced and completed a second, with findings on one in ten.
namespace assay::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr size_t workers = 2;
constexpr size_t batch = 400;
constexpr size_t idle_jobs = 10'000;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

store::NewMasterJob job_of(size_t tasks) {
  model::NewTask task;
  task.kind = "empty";
  task.datasource_id = 1;
  task.work_packet = "{}";
  store::NewMasterJob job;
  job.children.push_back({.node_group = "default", .configuration = "{}", .first_tasks = std::vector(tasks, task)});
  return job;
}

store::TaskCompletion completion_of(const model::ClaimedTask& task) {
  store::TaskCompletion done;
  done.task_id = task.id;
  done.job_id = task.job_id;
  done.epoch = task.epoch;
  done.datasource_id = 1;
  done.progress.objects_done = 1;
  if (task.id % 10 != 0) return done;
  model::Finding finding;
  finding.object = fmt::format("/data/{}.txt", task.id);
  finding.entity = "EMAIL_ADDRESS";
  finding.rule = "email";
  finding.masked = "a***@***.com";
  finding.fingerprint = "00112233445566778899aabbccddeeff";
  finding.confidence = 0.9;
  done.findings.push_back(finding);
  done.progress.findings = 1;
  return done;
}

/// A store of its own for each measurement.
class Database {
 public:
  explicit Database(test::PostgresServer* server) : server_(server) {
    if (server_) {
      name_ = server_->create_database();
      options_.url = server_->url(name_);
    } else {
      name_ = (fs::temp_directory_path() / fmt::format("assay-store-bench-{}", ::getpid())).string();
      fs::create_directories(name_);
      options_.url = "sqlite:" + name_ + "/store.db";
    }
    store_ = store::Store::open(options_, true);
  }
  ~Database() {
    store_.reset();
    if (server_) server_->drop_database(name_);
    else fs::remove_all(name_);
  }
  store::Store& store() { return *store_; }
  std::unique_ptr<sql::Connection> connect() const {
    sql::ConnectOptions options;
    options.url = options_.url;
    return sql::connect(options);
  }

  /// A RUNNING job with so many tasks to claim.
  int64_t add_job(size_t tasks) {
    const int64_t id = store_->submit_job(job_of(tasks)).job_ids.at(0);
    store_->claim_jobs("orchestrator", "default", 10, 3'600'000);
    return id;
  }
  /// The same, written by the database itself: millions take a minute, not an hour.
  int64_t add_huge_job(size_t tasks) {
    const int64_t id = add_job(1);
    const auto connection = connect();
    store::execute(
        *connection,
        "INSERT INTO tasks (job_id, parent_task_id, kind, datasource_id, work_packet, status, priority, items, "
        "bytes, created_at) SELECT $1, 0, 'empty', 1, '{}', 'READY', 0, 0, 0, 0 FROM generate_series(1, $2)",
        id, tasks - 1);
    store::execute(*connection, "UPDATE job_progress SET ready = ready + $2 WHERE job_id = $1", id, tasks - 1);
    connection->run_script("VACUUM ANALYZE tasks");
    connection->run_script("CHECKPOINT");
    return id;
  }

  /// Tasks a second over `tasks` tasks, by two workers.
  double rate(size_t tasks) {
    std::atomic<size_t> done{0};
    std::vector<std::thread> threads;
    const auto begin = Clock::now();
    for (size_t i = 0; i < workers; ++i)
      threads.emplace_back([&, i] {
        const std::string id = fmt::format("worker-{}", i);
        store_->register_worker({.id = id, .name = id, .node_group = "default", .host = "bench", .pid = 1}, 3'600'000);
        while (done < tasks) {
          const auto claimed =
              store_->claim_ready_tasks({.worker_id = id, .node_group = "default", .kinds = {"empty"}, .most = batch});
          if (claimed.empty()) break;
          std::vector<store::TaskCompletion> completions;
          for (const auto& task : claimed) completions.push_back(completion_of(task));
          done += store_->complete_tasks(id, completions).size();
        }
      });
    for (auto& thread : threads) thread.join();
    return static_cast<double>(done) / seconds_since(begin);
  }

 private:
  test::PostgresServer* server_;
  std::string name_;
  store::StoreOptions options_;
  std::unique_ptr<store::Store> store_;
};

double best_rate(Database& database, size_t tasks) {
  double best = 0;
  for (int round = 0; round < 3; ++round) {
    database.add_job(tasks);
    best = std::max(best, database.rate(tasks));
  }
  return best;
}

/// From the moment a task is READY until a worker that waits has it, one task at a time.
void bench_latency(std::string_view name, Database& database) {
  store::Store& store = database.store();
  const std::string id = "idle-worker";
  store.register_worker({.id = id, .name = id, .node_group = "default", .host = "bench", .pid = 1}, 3'600'000);
  std::atomic<int64_t> claimed_at{0};
  std::atomic<bool> stop{false};
  std::atomic<int64_t> claimed_job{0};
  const auto now_us = [] {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
  };
  std::thread worker([&] {
    while (!stop) {
      const auto tasks =
          store.claim_ready_tasks({.worker_id = id, .node_group = "default", .kinds = {"empty"}, .most = batch});
      if (tasks.empty()) {
        store.wait_for_change("tasks/default", 500);
        continue;
      }
      claimed_at = now_us();
      claimed_job = tasks[0].job_id;
      claimed_job.notify_all();
      store.complete_tasks(id, std::vector{completion_of(tasks[0])});
    }
  });
  std::vector<double> ms;
  for (int i = 0; i < 200; ++i) {
    const int64_t job = store.submit_job(job_of(1)).job_ids.at(0);
    const int64_t before = claimed_job;
    const int64_t begin = now_us();
    store.claim_jobs("orchestrator", "default", 10, 3'600'000);  // from here on it can be claimed
    claimed_job.wait(before);
    if (claimed_job == job) ms.push_back(static_cast<double>(claimed_at - begin) / 1000);
  }
  stop = true;
  store.announce_change("tasks/default");
  worker.join();
  std::ranges::sort(ms);
  if (ms.empty()) return;
  row(fmt::format("{}: READY to claimed, idle, p50", name), ms[ms.size() / 2], "ms", "the bound, ms", 50, 1.0, false);
  row(fmt::format("{}: READY to claimed, idle, p99", name), ms[ms.size() * 99 / 100], "ms", "the bound, ms", 50, 1.0,
      false);
}

/// Counts what a process asks of its store, by operation.
class OperationCounter final : public coordinate::simulation::StoreWatcher {
 public:
  using Counts = std::map<std::string, uint64_t, std::less<>>;

  void before(std::string_view operation) override {
    const std::lock_guard lock(mutex_);
    const auto known = counts_.find(operation);
    ++(known != counts_.end() ? known : counts_.emplace(operation, 0).first)->second;
  }
  void after(std::string_view) override {}
  void claimed_jobs(const std::vector<store::OwnedJob>&) override {}
  void wrote_job(std::string_view, int64_t, int64_t) override {}
  void claimed_tasks(std::string_view, const std::vector<model::ClaimedTask>&) override {}
  void recorded(std::string_view, std::span<const store::TaskCompletion>, const std::vector<int64_t>&) override {}

  Counts counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }

 private:
  mutable std::mutex mutex_;
  Counts counts_;
};

bool renews(std::string_view operation) { return operation == "renew_leases" || operation.starts_with("heartbeat_"); }

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/// Half of the jobs wait for a worker, and have a task that is to run last, as a scan has; half wait for a source that
/// one of them uses.
void submit_idle_jobs(store::Store& store, size_t jobs) {
  model::Datasource source;
  source.name = "in use";
  source.kind = "files";
  source.configuration = "{}";
  source.budget.concurrent_tasks = 1;
  const int64_t source_id = store.add_datasource(source);
  store::NewMasterJob waiting = job_of(2), bounded = job_of(1);
  waiting.children[0].first_tasks[1].priority = model::last_priority;
  waiting.children[0].first_tasks[1].needs_admission = true;
  bounded.children[0].first_tasks[0].datasource_id = source_id;
  bounded.children[0].first_tasks[0].needs_admission = true;
  for (store::NewMasterJob* master : {&waiting, &bounded}) {
    master->children.resize(jobs / 2, master->children.front());
    store.submit_job(*master);
  }
}

/// Until the process has asked its store for next to nothing for some seconds.
void wait_until_quiet(const OperationCounter& counter) {
  const auto total = [&] {
    uint64_t sum = 0;
    for (const auto& [operation, count] : counter.counts()) sum += count;
    return sum;
  };
  for (int i = 0; i < 12; ++i) {
    const uint64_t before = total();
    std::this_thread::sleep_for(std::chrono::seconds(5));
    if (total() - before < 15) return;
  }
}

/// One orchestrator that holds jobs of which none can go on, and what that costs when all are claimed and nothing
/// happens.
void bench_idle_jobs(std::string_view name, Database& database, size_t jobs) {
  constexpr auto measured = std::chrono::seconds(30);  // three renewals
  submit_idle_jobs(database.store(), jobs);
  OperationCounter counter;
  coordinate::simulation::ObservedStore observed(database.store(), counter);
  core::Metrics metrics;
  const coordinate::Runtime runtime{observed, core::system_clock(), metrics, core::Log()};
  const auto resources = coordinate::memory_resources(runtime.clock);
  coordinate::Orchestrator orchestrator(runtime, {}, *resources);
  orchestrator.start();
  while (orchestrator.jobs_held() < jobs) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  wait_until_quiet(counter);
  const OperationCounter::Counts before = counter.counts();
  const double cpu = cpu_seconds();
  const auto begin = Clock::now();
  std::this_thread::sleep_for(measured);
  const double seconds = seconds_since(begin);
  const double used = cpu_seconds() - cpu;
  double others = 0, renewals = 0;
  std::string operations;
  for (const auto& [operation, count] : counter.counts()) {
    const auto known = before.find(operation);
    const uint64_t fresh = count - (known == before.end() ? 0 : known->second);
    (renews(operation) ? renewals : others) += static_cast<double>(fresh);
    if (fresh > 0) operations += fmt::format(" {} {}", operation, fresh);
  }
  row(fmt::format("{}: {} idle jobs, operations beyond renewal", name, jobs), others / seconds, "a second",
      "the bound, a second", 1, 1.0, false);
  row(fmt::format("{}: {} idle jobs, renewals and heartbeats", name, jobs), renewals / seconds, "a second",
      "two each 10 s", 0.2, 1.1, false);
  row(fmt::format("{}: {} idle jobs, the orchestrator's processor", name, jobs), used / seconds * 100, "%",
      "of one processor, %", 5, 1.0, false);
  fmt::print("  in {:.0f} s:{}\n", seconds, operations);
  orchestrator.stop();
}

void bench_sqlite() {
  Database database(nullptr);
  row("SQLite: claimed, fenced and completed", best_rate(database, 100'000), "tasks/s", "the bound, tasks/s", 100'000,
      1.0, true);
  bench_latency("SQLite", database);
}

/// Two databases, measured in turn: one with few tasks, one with many.
void bench_depth(test::PostgresServer& server, size_t many) {
  constexpr size_t measured = 10'000;
  Database few(&server), deep(&server);
  deep.add_huge_job(many);
  // A measurement takes a tenth of a second, in which the machine may do anything: many, in turn, and their middle.
  constexpr size_t rounds = 15;
  std::vector<double> few_rates, deep_rates;
  for (size_t round = 0; round < rounds; ++round) {
    few.add_job(measured);
    few_rates.push_back(few.rate(measured));
    deep_rates.push_back(deep.rate(measured));
  }
  std::ranges::sort(few_rates);
  std::ranges::sort(deep_rates);
  row(fmt::format("PostgreSQL: with {} tasks in the table", many), deep_rates[rounds / 2], "tasks/s",
      "with 10000 tasks, tasks/s", few_rates[rounds / 2], 0.9, true);
}

/// Rounds with and without a transaction that is open for all of them, in turn, since the machine's speed moves.
void bench_open_transaction(test::PostgresServer& server, size_t tasks) {
  double without = 0, with = 0;
  for (int round = 0; round < 2; ++round)
    for (const bool is_open : {false, true}) {
      Database database(&server);
      database.add_huge_job(tasks);
      const auto holder = database.connect();
      if (is_open) holder->begin(sql::TransactionMode::snapshot);
      double& best = is_open ? with : without;
      best = std::max(best, database.rate(tasks));
      holder->rollback();
    }
  row(fmt::format("PostgreSQL: a transaction open for {} tasks", tasks), with, "tasks/s", "without one, tasks/s",
      without, 0.5, true);
}

test::PostgresServer::Options server_options() {
  test::PostgresServer::Options options;
  options.fsync = true;
  options.settings = {"shared_buffers=512MB", "max_wal_size=4GB"};
  return options;
}

void bench_postgresql(bool full) {
  test::PostgresServer server(server_options());
  {
    Database database(&server);
    row("PostgreSQL: claimed, fenced and completed", best_rate(database, 100'000), "tasks/s", "the bound, tasks/s",
        40'000, 1.0, true);
    bench_latency("PostgreSQL", database);
  }
  bench_depth(server, full ? 10'000'000 : 500'000);
  bench_open_transaction(server, full ? 2'000'000 : 300'000);
}

}  // namespace

void run_store_bench(bool full) {
  fmt::print("\nStore, {} workers, batches of {}, findings on one task in ten\n", workers, batch);
  bench_sqlite();
  bench_postgresql(full);
}

void run_idle_bench() {
  fmt::print("\nIdle, one orchestrator that holds {} jobs of which none has a worker\n", idle_jobs);
  {
    Database database(nullptr);
    bench_idle_jobs("SQLite", database, idle_jobs);
  }
  test::PostgresServer server(server_options());
  Database database(&server);
  bench_idle_jobs("PostgreSQL", database, idle_jobs);
}

}  // namespace assay::bench
