#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "scan/scan.h"

namespace assay::cli {

/// One line on standard error, redrawn four times a second while it lives: objects, bytes, MB/s, findings, ETA. Does
/// nothing when not enabled. Erases its line at the end.
class ProgressDisplay {
 public:
  ProgressDisplay(const scan::Progress& progress, bool enabled);
  ~ProgressDisplay();

 private:
  void run();
  std::string line(double elapsed_s) const;

  const scan::Progress& progress_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread thread_;
};

}  // namespace assay::cli
