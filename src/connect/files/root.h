#pragma once

#include <string>
#include <string_view>

#include "connect/files/walk.h"
#include "model/verdict.h"

namespace assay::connect::files {

/// The root of a tree, held open, to open again what a walk of it found before. The path is that given to walk(): a
/// directory, or a file that is a tree by itself. Thread-safe.
class Root {
 public:
  /// Never fails: a root that cannot be opened makes every open() fail with the reason.
  explicit Root(std::string path);

  /// Opens what the walk called `relative`: beneath the root, through no symbolic link, regular files only. False when
  /// it cannot be; `why` is then the object's verdict.
  bool open(const std::string& relative, FileEntry& file, model::Verdict& why) const;
  /// The same without a word on where it is: `file.path` and `file.relative` stay as they are.
  bool open_unnamed(const std::string& relative, FileEntry& file, model::Verdict& why) const;

  const std::string& path() const { return path_; }
  /// The path of an object as the walk gives it.
  std::string path_of(std::string_view relative) const;

 private:
  std::string path_;
  core::Fd fd_;  ///< of the directory; empty when the root is a file or could not be opened
  int error_ = 0;
};

}  // namespace assay::connect::files
