#include "store/operation_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "core/error.h"

namespace assay::store {

OperationLog::OperationLog(const std::string& path) {
  if (path.empty()) return;
  file_ = core::Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (file_.get() < 0) throw core::error_from_errno("cannot open the operation log " + path, errno);
}

void OperationLog::write(std::string_view operation, std::string_view who, int64_t job_id, int64_t task_id,
                         int64_t fence, bool recorded) {
  if (!is_on()) return;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::string line =
      fmt::format(R"({{"at_ms":{},"pid":{},"operation":"{}","who":"{}")",
                  std::chrono::duration_cast<std::chrono::milliseconds>(now).count(), ::getpid(), operation, who);
  if (job_id != 0) line += fmt::format(R"(,"job":{})", job_id);
  if (task_id != 0) line += fmt::format(R"(,"task":{})", task_id);
  line += fmt::format(R"(,"fence":{},"recorded":{}}})", fence, recorded);
  line += '\n';
  // One write with O_APPEND is one line, whoever else writes. A full disk costs the line, not the work.
  const std::lock_guard lock(mutex_);
  [[maybe_unused]] const ssize_t written = ::write(file_.get(), line.data(), line.size());
}

}  // namespace assay::store
