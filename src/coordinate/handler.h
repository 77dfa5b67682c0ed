#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "model/work.h"
#include "store/store.h"

/// What runs: jobs of tasks around one store. Knows neither documents nor rules: what a task does is its handler's.
namespace assay::coordinate {

/// What a handler is given with a task.
struct TaskContext {
  const model::ClaimedTask& task;
  const std::string& configuration;  ///< of the job; JSON; kept by the worker for the jobs used last
  std::stop_token stop;  ///< asked when the task was lost, its deadline passed, its job is cancelled, or the
                         ///< worker's grace period is over: return or throw soon
};

/// What a task leaves behind, with nothing in it yet.
inline store::TaskCompletion completion_of(const model::ClaimedTask& task) {
  store::TaskCompletion completion;
  completion.task_id = task.id;
  completion.job_id = task.job_id;
  completion.epoch = task.epoch;
  completion.datasource_id = task.datasource_id;
  return completion;
}

/// Does the work of one kind of task. Called from several threads at a time. May run twice for one task: what it
/// returns is recorded once.
class TaskHandler {
 public:
  virtual ~TaskHandler() = default;
  virtual std::string_view kind() const = 0;
  /// Throws core::Error: transient counts against the datasource's circuit breaker and is tried again after a while;
  /// every other kind makes the task DEAD at once. The message holds no value of the data.
  virtual store::TaskCompletion run(const TaskContext& context) = 0;
};

/// The handlers of a process, by kind.
using Handlers = std::vector<std::shared_ptr<TaskHandler>>;

/// How the pipeliner packs items of outputs into tasks, by the child's kind.
struct Packing {
  uint64_t most_items = 256;
  uint64_t most_bytes = 64ULL << 20;  ///< an item larger than this gets a task of its own
  /// Only when nothing else of its source is unfinished in the job. When dead tasks of the source are tried again
  /// after it ran, it runs once more behind them, as a new task without a packet.
  bool runs_last = false;
};

}  // namespace assay::coordinate
