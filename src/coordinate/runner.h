#pragma once

#include <map>
#include <mutex>

#include "coordinate/breaker.h"
#include "coordinate/configuration_cache.h"
#include "coordinate/handler.h"
#include "coordinate/runtime.h"
#include "coordinate/workbench.h"

namespace assay::coordinate {

/// Runs one attempt: looks up its handler and its job's configuration, and turns whatever happens into an outcome.
/// Thread-safe; must be kept (by a shared pointer) for as long as an abandoned handler may come back.
class Runner {
 public:
  Runner(const Runtime& runtime, const WorkerOptions& options, Handlers handlers, std::shared_ptr<Workbench> bench,
         std::shared_ptr<SourceWatch> sources);

  void run(const std::shared_ptr<Attempt>& attempt);
  std::vector<std::string> kinds() const;

 private:
  Outcome outcome_of(Attempt& attempt);
  Outcome failed(const Attempt& attempt, model::FailureKind kind, std::string error);
  void tell(const Attempt& attempt, const std::string& kind, std::string_view how, const std::string& error);

  Runtime runtime_;
  BackoffPolicy retry_;
  Handlers handlers_;
  std::shared_ptr<Workbench> bench_;
  std::shared_ptr<SourceWatch> sources_;
  ConfigurationCache configurations_;
  std::mutex random_mutex_;
  Random random_;
};

}  // namespace assay::coordinate
