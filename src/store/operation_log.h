#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "core/fd.h"

namespace assay::store {

/// Who did which operation on what, and whether a fence refused it: JSON lines, for tests of faults and for support.
/// Off unless a path is given. A line is written after the transaction: a process that is killed between the two leaves
/// none. Thread-safe; several processes may append to one file.
class OperationLog {
 public:
  /// "" is off. Throws core::Error when the file cannot be opened.
  explicit OperationLog(const std::string& path);
  bool is_on() const { return file_.get() >= 0; }
  /// `fence` is the epoch of a task or the version of a job; ids of 0 are left out.
  void write(std::string_view operation, std::string_view who, int64_t job_id, int64_t task_id, int64_t fence,
             bool recorded);

 private:
  core::Fd file_;
  std::mutex mutex_;
};

}  // namespace assay::store
