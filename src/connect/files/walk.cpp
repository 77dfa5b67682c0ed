#include "connect/files/walk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>
#include <utility>

#include "connect/files/describe.h"
#include "connect/files/directory.h"
#include "connect/files/selection.h"

namespace assay::connect::files {
namespace {

using model::Verdict;
using model::VerdictKind;

constexpr size_t max_open_directories = 64;
constexpr size_t batch_near_the_root = 16'384;
constexpr size_t batch_deep_down = 1024;  // so that a deep tree of huge directories stays in bounds
constexpr size_t depth_near_the_root = 8;

FileIdentity identity_of(const struct stat& info) { return {info.st_dev, info.st_ino}; }

/// A directory on the way from the root to where the walk is.
struct Level {
  core::Fd fd;  ///< empty while too many are open
  FileIdentity identity;
  size_t relative_bytes = 0;  ///< of the path below the root, with its last slash
  NameBatch batch;
  size_t next = 0;           ///< in the batch
  int64_t position = 0;      ///< in the directory, behind the batch
  bool is_included = false;  ///< an include pattern names it or a directory above it
  bool is_resumed = false;   ///< the walk before this one ended in it or below it
  bool has_ignores = false;
};

class Walker {
 public:
  Walker(const std::string& root, const WalkOptions& options, TreeVisitor& visitor)
      : root_(root), options_(options), visitor_(visitor), selection_(options) {}

  void run() {
    struct stat info{};
    if (::stat(root_.c_str(), &info) != 0) {
      const int error = errno;
      return visitor_.on_unread(root_, 0, {VerdictKind::io_error, std::generic_category().message(error)});
    }
    if (S_ISDIR(info.st_mode)) return walk_root();
    if (S_ISREG(info.st_mode)) return visit_single_file(info);
    visitor_.on_unread(root_, 0, {VerdictKind::special_file, name_of_special(info.st_mode)});
  }

 private:
  void visit_single_file(const struct stat& info) {
    relative_ = root_.substr(root_.rfind('/') + 1);
    if (!options_.open_files) return show(root_, info);
    core::Fd fd = open_inside(AT_FDCWD, root_.c_str(), 0, true);
    if (!fd) return visitor_.on_unread(root_, static_cast<uint64_t>(info.st_size), io_error(errno));
    hand_over(root_, std::move(fd));
  }

  void walk_root() {
    core::Fd fd = open_inside(AT_FDCWD, root_.c_str(), O_DIRECTORY, true);
    if (!fd) return visitor_.on_unread(root_, 0, io_error(errno));
    struct stat info{};
    if (::fstat(fd.get(), &info) != 0) return visitor_.on_unread(root_, 0, io_error(errno));
    prefix_ = root_.ends_with('/') ? root_ : root_ + "/";
    root_device_ = info.st_dev;
    seen_.insert(identity_of(info));
    resumes_below_ = !options_.resume_after.empty();
    descend(std::move(fd), identity_of(info), false);
    while (!levels_.empty() && !visitor_.stop_requested()) advance();
  }

  // One entry of the innermost directory, or the next batch of names, or the end of the directory.
  void advance() {
    Level& level = levels_.back();
    if (level.next == level.batch.size() && !refill(level)) return ascend();
    const size_t i = level.next++;
    if (level.is_resumed && was_visited(level, level.batch.name(i))) return;
    relative_.resize(level.relative_bytes);
    relative_ += level.batch.name(i);
    visit(level, level.batch.c_name(i));
    resumes_below_ = false;  // should it not have been entered
  }

  // Whether the walk before this one had come past the name. Its order is that of the names as long as they fit one
  // batch; where they did not, the directory is visited from its beginning.
  bool was_visited(Level& level, std::string_view name) {
    const std::string_view rest = std::string_view(options_.resume_after).substr(level.relative_bytes);
    const std::string_view last_name = rest.substr(0, rest.find('/'));
    if (name < last_name && level.batch.size() < batch_size()) return true;
    const bool ended_below = name == last_name && rest.size() > last_name.size();
    level.is_resumed = false;
    resumes_below_ = ended_below;
    return name == last_name && !ended_below;
  }

  bool refill(Level& level) {
    level.next = 0;
    const int error = level.batch.read(level.fd.get(), level.position, batch_size());
    if (error != 0) report_directory(io_error(error));
    return error == 0 && level.batch.size() != 0;
  }

  size_t batch_size() const { return levels_.size() <= depth_near_the_root ? batch_near_the_root : batch_deep_down; }

  // The directory the walk is in, or could not get back to, cannot be read (any further).
  void report_directory(Verdict verdict) {
    const size_t bytes = levels_.back().relative_bytes;
    visitor_.on_unread(bytes == 0 ? root_ : prefix_ + relative_.substr(0, bytes - 1), 0, std::move(verdict));
  }

  void visit(const Level& level, const char* name) {
    struct stat info{};
    if (::fstatat(level.fd.get(), name, &info, AT_SYMLINK_NOFOLLOW) != 0) return report(0, io_error(errno));
    bool through_link = false;
    if (S_ISLNK(info.st_mode)) {
      if (!options_.follow_symlinks) return report(0, {VerdictKind::excluded, "symbolic link"});
      if (::fstatat(level.fd.get(), name, &info, 0) != 0) return report(0, io_error(errno));
      through_link = true;
    }
    const auto size = static_cast<uint64_t>(info.st_size);
    const bool is_directory = S_ISDIR(info.st_mode);
    if (const char* why = selection_.exclusion(relative_, is_directory, level.is_included, ignores_))
      return report(is_directory ? 0 : size, {VerdictKind::excluded, why});
    if (std::ranges::find(options_.own_files, identity_of(info)) != options_.own_files.end())
      return report(is_directory ? 0 : size, {VerdictKind::excluded, "a file of this scan"});
    if (is_directory) return enter(level, name, info, through_link);
    if (!S_ISREG(info.st_mode)) return report(0, {VerdictKind::special_file, name_of_special(info.st_mode)});
    if (!options_.open_files) return show(prefix_ + relative_, info);
    core::Fd fd = open_inside(level.fd.get(), name, 0, through_link);
    if (!fd) return report(size, open_error(errno));
    hand_over(prefix_ + relative_, std::move(fd));
  }

  void show(std::string path, const struct stat& info) {
    FileEntry file;
    file.path = std::move(path);
    file.relative = relative_;
    describe(info, file);
    visitor_.on_file(std::move(file));
  }

  // Between the look and the opening the name may have become something else; the descriptor tells.
  void hand_over(std::string path, core::Fd fd) {
    struct stat info{};
    if (::fstat(fd.get(), &info) != 0) return visitor_.on_unread(std::move(path), 0, io_error(errno));
    if (!S_ISREG(info.st_mode))
      return visitor_.on_unread(std::move(path), 0, {VerdictKind::special_file, name_of_special(info.st_mode)});
    FileEntry file;
    file.path = std::move(path);
    file.relative = relative_;
    file.fd = std::move(fd);
    describe(info, file);
    visitor_.on_file(std::move(file));
  }

  void enter(const Level& level, const char* name, const struct stat& seen, bool through_link) {
    if (levels_.size() > options_.max_depth)
      return report(0, {VerdictKind::limit, fmt::format("deeper than {} directories", options_.max_depth)});
    if (options_.one_file_system && seen.st_dev != root_device_)
      return report(0, {VerdictKind::excluded, "another file system"});
    core::Fd fd = open_inside(level.fd.get(), name, O_DIRECTORY, through_link);
    struct stat info{};
    if (!fd || ::fstat(fd.get(), &info) != 0) return report(0, open_error(errno));
    if (options_.one_file_system && info.st_dev != root_device_)
      return report(0, {VerdictKind::excluded, "another file system"});
    for (const Level& above : levels_)
      if (above.identity == identity_of(info)) return report(0, {VerdictKind::excluded, "a loop: it is above itself"});
    if (options_.follow_symlinks && !seen_.insert(identity_of(info)).second)
      return report(0, {VerdictKind::excluded, "reached by another path before"});
    const bool is_included = level.is_included || is_named_by_include();
    relative_ += '/';
    descend(std::move(fd), identity_of(info), is_included);
  }

  bool is_named_by_include() const { return !options_.include.empty() && selection_.includes(relative_, true); }

  static Verdict open_error(int error) {
    if (error == ELOOP) return {VerdictKind::excluded, "symbolic link"};
    return io_error(error);
  }

  void descend(core::Fd fd, FileIdentity identity, bool is_included) {
    Level level;
    level.fd = std::move(fd);
    level.identity = identity;
    level.relative_bytes = relative_.size();
    level.is_included = is_included;
    level.is_resumed = std::exchange(resumes_below_, false);
    if (auto rules = read_ignore_files(level.fd.get(), level.relative_bytes, options_.ignore_file_names)) {
      ignores_.push_back(std::move(*rules));
      level.has_ignores = true;
    }
    levels_.push_back(std::move(level));
    if (levels_.size() > max_open_directories) levels_[levels_.size() - 1 - max_open_directories].fd.reset();
  }

  // Leaves the innermost directory. The one above may have been closed: it is found again through "..", and it must
  // be the same one.
  void ascend() {
    const core::Fd below = std::move(levels_.back().fd);
    pop();
    while (!levels_.empty() && !levels_.back().fd) {
      levels_.back().fd = reopen(below.get(), levels_.back());
      if (levels_.back().fd) return;
      report_directory({VerdictKind::io_error, "it was moved while it was read"});
      pop();
    }
  }

  void pop() {
    if (levels_.back().has_ignores) ignores_.pop_back();
    levels_.pop_back();
  }

  core::Fd reopen(int below, const Level& level) const {
    const auto is_it = [&](const core::Fd& fd) {
      struct stat info{};
      return fd && ::fstat(fd.get(), &info) == 0 && identity_of(info) == level.identity;
    };
    // ".." is never a symbolic link, but openat2 counts it as a way out of the directory below.
    core::Fd fd(::openat(below, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
    if (is_it(fd)) return fd;
    fd = open_inside(AT_FDCWD, root_.c_str(), O_DIRECTORY, true);
    for (size_t at = 0; fd && at < level.relative_bytes;) {
      const size_t slash = relative_.find('/', at);
      fd = open_inside(fd.get(), relative_.substr(at, slash - at).c_str(), O_DIRECTORY, options_.follow_symlinks);
      at = slash + 1;
    }
    return is_it(fd) ? std::move(fd) : core::Fd();
  }

  void report(uint64_t size, Verdict verdict) { visitor_.on_unread(prefix_ + relative_, size, std::move(verdict)); }

  const std::string& root_;
  const WalkOptions& options_;
  TreeVisitor& visitor_;
  const Selection selection_;
  std::string prefix_;
  std::string relative_;  ///< of the entry in hand; begins with the path of the innermost directory
  uint64_t root_device_ = 0;
  bool resumes_below_ = false;  ///< the directory entered next is the one in which the walk before this one ended
  std::vector<Level> levels_;
  std::vector<IgnoreRules> ignores_;  ///< of the directories above that have any
  std::set<FileIdentity> seen_;       ///< directories, where links are followed
};

}  // namespace

void walk(const std::string& root, const WalkOptions& options, TreeVisitor& visitor) {
  Walker(root, options, visitor).run();
}

bool changed_since(const FileEntry& file, int fd) {
  struct stat info{};
  if (::fstat(fd, &info) != 0) return true;
  FileEntry now;
  describe(info, now);
  return now.size != file.size || now.mtime_ns != file.mtime_ns || now.device != file.device || now.inode != file.inode;
}

}  // namespace assay::connect::files
