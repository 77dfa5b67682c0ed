#include "connect/files/files_connector.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "connect/files/describe.h"
#include "connect/files/root.h"
#include "connect/files/walk.h"
#include "connect/setting_reader.h"
#include "connect/trial.h"
#include "core/error.h"
#include "core/glob.h"
#include "core/printable.h"

namespace assay::connect::files {
namespace {

constexpr SettingKey setting_keys[] = {
    {.name = "one_file_system", .help = "true (the default): do not enter other file systems mounted below a root"},
};

/// What the walk of one root says, in names below it.
class NameVisitor final : public TreeVisitor {
 public:
  NameVisitor(const std::string& root, ObjectVisitor& visitor)
      : root_bytes_(root.size() + (root.ends_with('/') ? 0 : 1)), visitor_(visitor) {}

  void on_file(FileEntry&& file) override {
    visitor_.on_object({.name = std::move(file.relative),
                        .size = file.size,
                        .mtime_ns = file.mtime_ns,
                        .change_id = change_id_of(file)});
  }
  void on_unread(std::string path, uint64_t size, model::Verdict verdict) override {
    visitor_.on_unread(path.size() > root_bytes_ ? path.substr(root_bytes_) : std::string(), size, std::move(verdict));
  }
  bool stop_requested() override { return visitor_.stop_requested(); }

 private:
  size_t root_bytes_;
  ObjectVisitor& visitor_;
};

class FileCheck final : public ChangeCheck {
 public:
  explicit FileCheck(FileEntry entry) : entry_(std::move(entry)) {}
  bool has_changed(int fd) const override { return changed_since(entry_, fd); }

 private:
  FileEntry entry_;  // without its descriptor and its names
};

// A share that is not mounted at this moment looks like this. One that may not be read is there: the walk says so.
void check_reachable(const std::string& root) {
  struct stat info{};
  if (::stat(root.c_str(), &info) == 0 || errno == EACCES) return;
  throw core::Error(core::ErrorKind::transient,
                    core::error_from_errno("cannot read " + core::printable(root, 4096), errno).what());
}

class FilesConnector final : public Connector {
 public:
  FilesConnector(const SourceAddress& address, std::vector<FileIdentity> own_files) : paths_(address.roots) {
    options_.own_files = std::move(own_files);
    options_.include = address.include;
    options_.exclude = address.exclude;
    options_.open_files = false;
    const core::GlobSet include(address.include), exclude(address.exclude);  // refuse what is no glob
    options_.one_file_system = SettingReader(address).flag("one_file_system", options_.one_file_system);
    for (const std::string& path : paths_) roots_.emplace_back(path);
  }

  const std::vector<std::string>& roots() const override { return paths_; }

  Trial test(uint64_t most_objects) override {
    return try_by_enumerating(*this, most_objects, [](size_t, const TrialCounter& counter) {
      return fmt::format("{} files can be read ({} bytes)", counter.objects, counter.bytes);
    });
  }

  void enumerate(size_t root, const std::string& resume_after, ObjectVisitor& visitor) override {
    if (paths_.at(root) == standard_input) return visitor.on_object({.name = std::string(standard_input)});
    check_reachable(paths_[root]);
    WalkOptions options = options_;
    options.resume_after = resume_after;
    NameVisitor names(paths_[root], visitor);
    walk(paths_[root], options, names);
  }

  std::expected<OpenedObject, model::Verdict> open(size_t root, const std::string& name) override {
    if (paths_.at(root) == standard_input) return open_standard_input();
    FileEntry file;
    model::Verdict why;
    if (!roots_[root].open_unnamed(name, file, why)) return std::unexpected(std::move(why));
    OpenedObject opened;
    opened.entry = {.name = name, .size = file.size, .mtime_ns = file.mtime_ns, .change_id = change_id_of(file)};
    opened.fd = std::move(file.fd);
    opened.check = std::make_shared<FileCheck>(std::move(file));
    return opened;
  }

  std::string path_of(size_t root, std::string_view name) const override {
    if (paths_.at(root) == standard_input) return paths_[root];
    return roots_[root].path_of(name);
  }

 private:
  static std::expected<OpenedObject, model::Verdict> open_standard_input() {
    OpenedObject opened;
    opened.entry.name = standard_input;
    opened.fd = core::Fd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
    if (!opened.fd) return std::unexpected(model::Verdict{model::VerdictKind::io_error, "standard input is closed"});
    struct stat status{};
    opened.is_stream = ::fstat(STDIN_FILENO, &status) != 0 || !S_ISREG(status.st_mode);
    if (!opened.is_stream) opened.entry.size = static_cast<uint64_t>(status.st_size);
    return opened;
  }

  std::vector<std::string> paths_;
  WalkOptions options_;
  std::vector<Root> roots_;
};

std::unique_ptr<Connector> make_files(const SourceAddress& address, ConnectorContext context) {
  return std::make_unique<FilesConnector>(address, std::move(context.own_files));
}

}  // namespace

const ConnectorKind& files_kind() {
  static constexpr ConnectorKind kind{
      .name = "files", .schemes = {}, .settings = setting_keys, .has_tables = false, .make = make_files};
  return kind;
}

}  // namespace assay::connect::files
