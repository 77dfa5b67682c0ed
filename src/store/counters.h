#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "model/transitions.h"
#include "model/work.h"
#include "store/statements.h"

namespace assay::store {

/// How the counters of one job and datasource change.
struct CounterChange {
  int64_t pending = 0, ready = 0, isolated = 0, running = 0, completed = 0, failed = 0, dead = 0;
  int64_t outputs_waiting = 0, retries = 0, rescues = 0;
  model::ProgressDelta work;
};

/// What a transaction changes in job_progress. `isolated` counts the READY tasks that are isolated; they are among
/// `ready` too.
class Counters {
 public:
  CounterChange& of(int64_t job_id, int64_t datasource_id) { return changes_[{job_id, datasource_id}]; }
  void born(int64_t job_id, int64_t datasource_id, model::TaskStatus status);
  void move(int64_t job_id, int64_t datasource_id, model::TaskStatus from, model::TaskStatus to, int64_t tasks = 1);
  void move(int64_t job_id, int64_t datasource_id, model::TaskEvent event, int64_t tasks = 1) {
    move(job_id, datasource_id, source_of(event), target_of(event), tasks);
  }
  void add(int64_t job_id, int64_t datasource_id, const model::ProgressDelta& work);
  /// To be called last in a transaction, so that the rows are locked for the time of the commit only; in the order of
  /// their keys, so that no two transactions wait for each other in a circle.
  void write(sql::Connection& connection) const;
  bool empty() const { return changes_.empty(); }

 private:
  std::map<std::pair<int64_t, int64_t>, CounterChange> changes_;
};

}  // namespace assay::store
