#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "connect/connector_kind.h"
#include "core/fd.h"

namespace assay::scan {

/// The directory in which one scan keeps its job, so that it can be taken up again: a store, and a lock that says
/// whether a scan runs there. Nobody else's, and written by nobody else.
class DataDirectory {
 public:
  enum class Absent : uint8_t { make, refuse };
  /// Makes the directory when it is not there and `absent` says so, for its owner only, and locks it for as long as
  /// this object lives.
  /// Throws core::Error(bad_input) when it or its store belongs to another user, others may write to it, or another
  /// scan runs in it; what the system says when it cannot be made or read.
  DataDirectory(std::string path, Absent absent);

  const std::string& path() const { return path_; }
  std::string store_path() const { return path_ + "/scan.db"; }
  bool has_store() const;
  /// Removes the store's files. Nobody may have it open.
  void remove_store() const;
  /// The files in it that are the scan's own, as they are now: a scan does not read what it is writing.
  std::vector<connect::FileIdentity> own_files() const;

 private:
  const std::string path_;
  core::Fd lock_;
};

}  // namespace assay::scan
