#pragma once

#include "coordinate/breaker.h"
#include "coordinate/loop.h"
#include "coordinate/workbench.h"

namespace assay::coordinate {

/// Records what became of tasks, in batches: up to a count, a weight or a few milliseconds, whatever comes first, and
/// at once when nothing else is in work. A batch is kept until the store has answered, or the worker's fence has
/// passed. An outcome that the store refuses for good costs only its own task.
class Recorder : public Loop {
 public:
  Recorder(const Runtime& runtime, const WorkerOptions& options, Workbench& bench, SourceWatch& sources);
  std::string_view name() const override { return "recorder"; }
  int64_t turn() override;
  /// Records what there is without waiting for company, and throws when the store does not answer.
  void flush();

 private:
  int64_t record(bool at_once);
  void write_completions();
  void write_one_by_one();
  void write_failures();
  void settle(const std::vector<store::TaskCompletion>& tried, const std::vector<int64_t>& recorded);
  void announce();

  Runtime runtime_;
  const WorkerOptions& options_;
  Workbench& bench_;
  SourceWatch& sources_;
  core::Counter &completed_, &failed_, &given_back_, &lost_, &objects_, &bytes_, &findings_;
  core::Histogram& record_s_;
  OutcomeBatch batch_;     // what is not settled of the batch in work
  std::string worker_id_;  // of its incarnation
  bool has_news_ = false;  // for orchestrators
  bool was_busy_ = false;  // since they were told last
  int64_t next_announcement_ms_ = 0;
};

}  // namespace assay::coordinate
