#include "cli/report/report.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "cli/report/formats.h"
#include "core/error.h"

namespace assay::cli {

namespace {

constexpr size_t file_buffer_bytes = size_t{64} << 10;

}  // namespace

// Devices and pipes are written to as they are; only a regular file can be moved into place.
Output::Output(const std::string& path) : path_(path) {
  struct stat status{};
  const bool exists = !path.empty() && ::stat(path.c_str(), &status) == 0;
  if (path.empty()) {
    file_ = stdout;
  } else if (exists && !S_ISREG(status.st_mode)) {
    if (S_ISDIR(status.st_mode))
      throw core::Error(core::ErrorKind::bad_input, fmt::format("cannot write {}: it is a directory", path));
    file_ = std::fopen(path.c_str(), "we");
  } else {
    temporary_ = fmt::format("{}.{}.tmp", path, ::getpid());
    const int fd =
        ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, exists ? status.st_mode & 07777 : 0600);
    if (fd >= 0) file_ = ::fdopen(fd, "w");
  }
  if (file_ == nullptr) {
    const auto error = core::error_from_errno("cannot write " + path, errno);
    throw core::Error(core::ErrorKind::bad_input, error.what());
  }
  // Standard output keeps what it has: somebody may read along.
  if (file_ != stdout) std::setvbuf(file_, nullptr, _IOFBF, file_buffer_bytes);
}

Output::~Output() {
  if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void Output::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size())
    throw core::error_from_errno("cannot write " + (path_.empty() ? std::string("standard output") : path_), errno);
}

void Output::commit() {
  const std::string shown = path_.empty() ? "standard output" : path_;
  if (std::fflush(file_) != 0) throw core::error_from_errno("cannot write " + shown, errno);
  if (file_ == stdout) return;
  std::FILE* file = std::exchange(file_, nullptr);
  if (std::fclose(file) != 0) throw core::error_from_errno("cannot write " + shown, errno);
  if (temporary_.empty()) return;
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) throw core::error_from_errno("cannot write " + shown, errno);
  temporary_.clear();
}

bool Output::is_terminal() const { return file_ == stdout && ::isatty(STDOUT_FILENO) != 0; }

const std::vector<std::string>& report_formats() {
  static const std::vector<std::string> formats = {"table", "json", "jsonl", "csv", "sarif", "html"};
  return formats;
}

std::unique_ptr<Report> make_report(const ReportOptions& options, const std::vector<model::Rule>& rules,
                                    Output& output) {
  if (options.format == "table") return make_table_report(options, output);
  if (options.format == "json") return make_json_report(options, output);
  if (options.format == "jsonl") return make_jsonl_report(options, output);
  if (options.format == "csv") return make_csv_report(options, output);
  if (options.format == "sarif") return make_sarif_report(options, rules, output);
  if (options.format == "html") return make_html_report(options, rules, output);
  throw core::Error(core::ErrorKind::bad_input,
                    fmt::format("unknown format '{}'; known: {}", options.format, fmt::join(report_formats(), ", ")));
}

}  // namespace assay::cli
