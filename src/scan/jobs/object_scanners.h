#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "scan/jobs/job_configuration.h"
#include "scan/object_scanner.h"
#include "scan/scan.h"

namespace assay::scan {

/// What of a process's own configuration its examiners need.
struct ExaminerSettings {
  unsigned threads = 0;  ///< examiner processes; 0: one a processor
  bool reveal = false;   ///< findings carry their values: never where they are stored
  bool strict_sandbox = false;
  std::string fingerprint_key;  ///< 32 bytes; a secret, so it is not in the job's configuration
  std::string helper_path;
};

/// The examiners of a process: one set for each way of examining that jobs ask for. Thread-safe.
class ObjectScanners {
 public:
  /// `find_rules` gives the definition of a rule set by its hash; it may throw.
  ObjectScanners(ExaminerSettings settings, std::function<std::string(const std::string& hash)> find_rules);

  /// Starts the examiners when there are none for this way of examining. At most two sets are kept; one that tasks
  /// still use lives until they let go of it. Throws core::Error when they cannot start.
  std::shared_ptr<ObjectScanner> get(const JobConfiguration& configuration);

  /// Ends all examiners at once; tasks that use them are told.
  void stop();

 private:
  struct Kept {
    std::string key;
    std::shared_ptr<ObjectScanner> scanner;
  };
  const ExaminerSettings settings_;
  const std::function<std::string(const std::string&)> find_rules_;
  std::mutex mutex_;
  std::list<Kept> kept_;  // the one used last is first
  std::vector<std::weak_ptr<ObjectScanner>> given_out_;
  bool stopped_ = false;
};

}  // namespace assay::scan
