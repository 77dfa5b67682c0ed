#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "connect/connector_kind.h"
#include "core/fd.h"
#include "model/verdict.h"

/// Reading a tree of files that somebody else may be changing at this moment, or may have laid out as a trap.
namespace assay::connect::files {

/// A regular file, open for reading. Sizes and times are those of the open descriptor, or, when the walk was asked not
/// to open files, of the name.
struct FileEntry {
  std::string path;      ///< the root argument, "/", and `relative`: raw bytes, any but NUL
  std::string relative;  ///< below the root; its last name when the root itself is the file
  core::Fd fd;
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t ctime_ns = 0;
};

/// Takes what a walk finds, in order, from the thread that walks. An exception ends the walk.
class TreeVisitor {
 public:
  virtual ~TreeVisitor() = default;
  virtual void on_file(FileEntry&& file) = 0;
  /// Something that is there and is not given to on_file: SPECIAL_FILE, IO_ERROR with the reason, EXCLUDED (by the
  /// user, a symbolic link, another file system, a loop), LIMIT (too deep). A directory stands for all inside it.
  virtual void on_unread(std::string path, uint64_t size, model::Verdict verdict) = 0;
  /// Asked often; true ends the walk early.
  virtual bool stop_requested() { return false; }
};

struct WalkOptions {
  std::vector<std::string> include{};  ///< globs (core::Glob); when there are any, other files are EXCLUDED
  std::vector<std::string> exclude{};  ///< globs; `!` takes back what an earlier one, or an ignore file, left out
  bool one_file_system = true;
  bool open_files = true;      ///< false: entries come without a descriptor, for Root to open later
  std::string resume_after{};  ///< path below the root that an earlier walk reported last: go on behind it. Objects in
                               ///< directories of more entries than one batch may be reported again
  bool follow_symlinks = false;           ///< every directory is then entered once at most
  uint32_t max_depth = 256;               ///< directories inside directories
  std::vector<FileIdentity> own_files{};  ///< EXCLUDED below the root: what the scan itself writes or keeps
  std::vector<std::string> ignore_file_names = {".assayignore"};  ///< read in every directory, as git reads .gitignore
};

/// Visits `root`, a file or a directory (it may be a symbolic link to one), and everything below it. In a directory
/// the order is that of the names' bytes (in one of more than 16384 entries: of each batch that size). What cannot be
/// read, the root included, is reported and the walk goes on. Memory and descriptors are bounded, whatever the tree.
///
/// Everything below the root is opened relative to its directory's descriptor, with openat2 and no symbolic links
/// where the kernel has it, so a tree that changes under the walk cannot lead it astray. FIFOs, devices and sockets
/// are never opened. Throws core::Error(bad_input) for a bad glob, and what the visitor throws.
void walk(const std::string& root, const WalkOptions& options, TreeVisitor& visitor);

/// Whether the file behind `fd` is not as it was when the walk opened it: size, modification time or identity differ,
/// or it can no longer be asked.
bool changed_since(const FileEntry& file, int fd);

}  // namespace assay::connect::files
