#include "coordinate/service.h"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <set>
#include <thread>

#include "coordinate/fixture_test.h"
#include "coordinate/json_slices.h"
#include "sql/error.h"

namespace assay::coordinate {
namespace {

using testing::handler;
using ::testing::HasSubstr;
using testing::new_task;

/// Threads and the machine's own clock.
class ServiceTest : public testing::StoreTest {
 protected:
  ServiceTest() : StoreTest(false) {}
  Runtime real_runtime() { return {*store, core::system_clock(), metrics, core::Log()}; }
  EmbeddedOptions options(unsigned slots = 2) {
    EmbeddedOptions options;
    options.orchestrator.listens = false;
    options.worker.listens = false;
    options.worker.slots = slots;
    options.worker.drain_grace_ms = 5'000;
    return options;
  }
  std::optional<model::JobStatus> run(int64_t job_id, const Handlers& handlers, EmbeddedOptions with) {
    return run_embedded(real_runtime(), with, handlers, job_id, stop.get_token());
  }
  std::stop_source stop;
};

Handlers list_and_read(std::atomic<int>& read) {
  return {handler("list",
                  [](const TaskContext&) {
                    store::TaskCompletion done;
                    for (int i = 0; i < 10; ++i) {
                      model::TaskOutput output;
                      output.child_kind = "read";
                      output.items = 100;
                      output.payload = "[";
                      for (int j = 0; j < 100; ++j)
                        output.payload += (j > 0 ? "," : "") + std::string(R"({"bytes":1})");
                      output.payload += "]";
                      done.outputs.push_back(std::move(output));
                    }
                    done.progress.objects_discovered = 1'000;
                    return done;
                  }),
          handler("read", [&](const TaskContext& context) {
            store::TaskCompletion done;
            for_each_element(context.task.work_packet, [&](std::string_view) { ++done.progress.objects_done; });
            read += static_cast<int>(done.progress.objects_done);
            return done;
          })};
}

TEST_F(ServiceTest, RunsAJobToItsEndInOneProcess) {
  const int64_t job = submit({new_task("list"), new_task("list")});
  std::atomic<int> read{0};
  std::atomic<int> shown{0};
  EmbeddedOptions with = options();
  with.worker.on_recorded = [&](const store::TaskCompletion&) { ++shown; };
  with.orchestrator.packing["read"] = {.most_items = 50};
  EXPECT_EQ(run(job, list_and_read(read), with), model::JobStatus::completed);
  EXPECT_EQ(read, 2'000);
  EXPECT_EQ(progress(job).work.objects_done, 2'000U);
  EXPECT_EQ(shown, 42) << "each recorded task is shown before the job's end is told";
  EXPECT_THAT(real->list_workers(), ::testing::IsEmpty());
  EXPECT_THAT(real->list_orchestrators(), ::testing::IsEmpty());
}

TEST_F(ServiceTest, ASmallJobIsOverInNoTime) {
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 5; ++i) {
    const int64_t job = submit({new_task("list")});
    std::atomic<int> read{0};
    EXPECT_EQ(run(job, list_and_read(read), options()), model::JobStatus::completed);
  }
  // Waits of a loop that nobody wakes would be a second each.
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(3));
}

TEST_F(ServiceTest, StopsWhenAskedToAndTheJobGoesOnLater) {
  const int64_t job = submit(std::vector<model::NewTask>(50, new_task("read")));
  std::latch started(1);
  std::atomic<bool> first{true};
  const Handlers slow = {handler("read", [&](const TaskContext& context) -> store::TaskCompletion {
    if (first.exchange(false)) started.count_down();
    std::promise<void> stopped;
    const std::stop_callback callback(context.stop, [&] { stopped.set_value(); });
    stopped.get_future().wait();
    throw core::Error(core::ErrorKind::transient, "stopped");
  })};
  EmbeddedOptions with = options();
  with.worker.drain_grace_ms = 50;
  std::jthread stopper([&] {
    started.wait();
    stop.request_stop();
  });
  EXPECT_EQ(run(job, slow, with), std::nullopt);
  EXPECT_EQ(progress(job).ready, 50U) << "given back without charge";
  stopper.join();
  stop = std::stop_source();
  EXPECT_EQ(run(job, {handler("read", [](const TaskContext&) { return store::TaskCompletion(); })}, options()),
            model::JobStatus::completed);
}

TEST_F(ServiceTest, AHandlerThatIgnoresItsStopTokenCostsItsSlotOnly) {
  const int64_t job = submit({new_task("hang"), new_task("read"), new_task("read"), new_task("read")}, 1);
  auto release = std::make_shared<std::promise<void>>();
  auto released = std::make_shared<std::shared_future<void>>(release->get_future());
  const Handlers handlers = {handler("hang",
                                     [released](const TaskContext&) {
                                       released->wait();
                                       return store::TaskCompletion();
                                     }),
                             handler("read", [](const TaskContext&) { return store::TaskCompletion(); })};
  EmbeddedOptions with = options(1);
  with.worker.deadlines_ms["hang"] = 50;
  with.worker.stop_grace_ms = 50;
  EXPECT_EQ(run(job, handlers, with), model::JobStatus::failed);
  EXPECT_EQ(progress(job).completed, 3U) << "one slot, and it went on";
  EXPECT_EQ(progress(job).dead, 1U);
  EXPECT_THAT(metrics.render(), HasSubstr("assay_attempts_abandoned_total 1"));
  release->set_value();
}

TEST_F(ServiceTest, SurvivesAStoreThatDoesNotAnswerForAWhile) {
  const int64_t job = submit(std::vector<model::NewTask>(200, new_task("read")));
  std::atomic<bool> is_down{false};
  std::atomic<int> refused{0}, done{0};
  interference.on_before = [&](std::string_view) {
    if (!is_down) return;
    if (++refused > 60) is_down = false;
    throw sql::Error(core::ErrorKind::transient, sql::Trouble::connection_lost, "nobody is there");
  };
  EmbeddedOptions with = options();
  with.worker.claim_batch = 20;
  EXPECT_EQ(run(job,
                {handler("read",
                         [&](const TaskContext&) {
                           if (++done == 50) is_down = true;
                           return store::TaskCompletion();
                         })},
                with),
            model::JobStatus::completed);
  EXPECT_GT(refused, 60);
  EXPECT_EQ(progress(job).completed, 200U);
}

TEST_F(ServiceTest, SeveralOrchestratorsAndWorkersShareTheJobs) {
  std::vector<int64_t> jobs;
  std::atomic<int> read{0};
  const Handlers handlers = list_and_read(read);
  const auto resources = store_resources(*store);
  std::vector<std::unique_ptr<Embedded>> processes;
  EmbeddedOptions with = options();
  with.orchestrator.listens = true;
  with.worker.listens = true;
  for (int i = 0; i < 3; ++i) {
    processes.push_back(std::make_unique<Embedded>(real_runtime(), with, handlers, *resources));
    processes.back()->start();
  }
  for (int i = 0; i < 6; ++i) jobs.push_back(submit({new_task("list")}));
  for (const int64_t job : jobs) {
    EXPECT_EQ(processes[0]->wait_for_job(job, stop.get_token()), model::JobStatus::completed);
    EXPECT_EQ(progress(job).work.objects_done, 1'000U);
  }
  for (auto& process : processes) process->stop();
  EXPECT_EQ(read, 6'000);
}

TEST_F(ServiceTest, AJobThatIsNotKnownIsNotWaitedFor) { EXPECT_EQ(run(4711, {}, options()), std::nullopt); }

TEST_F(ServiceTest, StartAndStopMayBeSaidTwice) {
  const auto resources = memory_resources(core::system_clock());
  Embedded embedded(real_runtime(), options(), {}, *resources);
  embedded.start();
  embedded.start();
  embedded.stop();
  embedded.stop();
}

class LoopThreadTest : public testing::StoreTest {
 protected:
  struct Counting : Loop {
    std::string_view name() const override { return "counting"; }
    int64_t turn() override {
      const int count = ++turns;
      turns.notify_all();
      if (fails) throw core::Error(core::ErrorKind::transient, "the database is away");
      return count < 3 ? 0 : 3'600'000;
    }
    void on_poke() override { ++pokes; }
    void wait_for(int count) {
      for (int seen = turns; seen < count; seen = turns) turns.wait(seen);
    }
    std::atomic<int> turns{0}, pokes{0};
    std::atomic<bool> fails{false};
  };
};

TEST_F(LoopThreadTest, TurnsAtOnceWaitsAndIsWokenByAPoke) {
  Counting loop;
  LoopThread thread(loop, runtime(), 1);
  thread.start();
  loop.wait_for(3);
  thread.poke();
  loop.wait_for(4);
  EXPECT_EQ(loop.pokes, 1);
  thread.poke_quietly();
  loop.wait_for(5);
  EXPECT_EQ(loop.pokes, 1);
  thread.stop();
  EXPECT_EQ(loop.turns, 5);
}

TEST_F(LoopThreadTest, ErrorsAreWrittenRarelyAndEndNothing) {
  Counting loop;
  loop.fails = true;
  GuardedLoop guarded(loop, runtime(), 1);
  int64_t longest = 0;
  for (int i = 0; i < 100; ++i) {
    const int64_t wait_ms = guarded.turn();
    EXPECT_GE(wait_ms, 50);
    longest = std::max(longest, wait_ms);
  }
  EXPECT_GT(longest, 2'000);
  EXPECT_LE(longest, 5'050);
  const std::string text = log.str();
  size_t lines = 0;
  for (size_t at = text.find("turn failed"); at != std::string::npos; at = text.find("turn failed", at + 1)) ++lines;
  EXPECT_EQ(lines, 7U) << "the 1st, 2nd, 4th, ... 64th";
  EXPECT_THAT(text, HasSubstr("the database is away"));
  loop.fails = false;
  EXPECT_EQ(guarded.turn(), 3'600'000);
  EXPECT_THAT(log.str(), HasSubstr("goes on after failures"));
}

TEST_F(LoopThreadTest, AListenerTellsOfChanges) {
  std::promise<void> heard;
  std::atomic<bool> once{true};
  Runtime world{*real, core::system_clock(), metrics, {}};
  ChangeListener listener(world, "jobs/default", [&] {
    if (once.exchange(false)) heard.set_value();
  });
  listener.start();
  auto future = heard.get_future();
  while (future.wait_for(std::chrono::milliseconds(5)) != std::future_status::ready)
    real->announce_change("jobs/default");
  listener.stop();
}

}  // namespace
}  // namespace assay::coordinate
