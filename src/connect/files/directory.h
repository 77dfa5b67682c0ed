#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/fd.h"

namespace assay::connect::files {

/// Opens one name inside a directory for reading; never through a symbolic link unless `follow`, never through a magic
/// link of /proc, never waiting for a FIFO's other end, never as controlling terminal. Waits and tries again while this
/// process or machine is out of descriptors. On failure the Fd is empty and errno tells why.
core::Fd open_inside(int directory, const char* name, int more_flags, bool follow = false);

/// One entry of a directory; the name is in the batch.
struct ListedName {
  uint32_t offset = 0;
  uint32_t length = 0;
};

/// Some of the names of a directory, sorted by their bytes. Without "." and "..".
class NameBatch {
 public:
  size_t size() const noexcept { return entries_.size(); }
  std::string_view name(size_t i) const { return {bytes_.data() + entries_[i].offset, entries_[i].length}; }
  const char* c_name(size_t i) const { return bytes_.data() + entries_[i].offset; }

  /// Reads up to `most` names from `position` on (0: the beginning), and moves it behind them. Returns 0 or the errno;
  /// an empty batch is the end.
  int read(int directory, int64_t& position, size_t most);

 private:
  int take_buffer(const char* buffer, size_t size, int64_t& position, size_t most);

  std::string bytes_;  // each name ends with a NUL
  std::vector<ListedName> entries_;
};

}  // namespace assay::connect::files
