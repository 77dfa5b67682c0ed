#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "extract/input.h"

namespace assay::extract {

/// Registers what libgsf and GLib register once. Call before the sandbox closes.
void warm_up_ole();

/// One storage or stream of a compound file.
struct CompoundEntry {
  std::string path;  ///< names from the root joined by '/', as UTF-8 with their control characters
  bool is_storage = false;
  uint64_t size = 0;     ///< bytes of a stream
  std::string class_id;  ///< of a storage: 16 bytes as stored, or empty
};

/// An OLE2 compound file ([MS-CFB]) over an input that must outlive it. Every stream that open() returned must be
/// destroyed before the file. Not thread-safe.
class CompoundFile {
 public:
  /// Throws Failure(partial) when the header or the allocation tables cannot be used.
  explicit CompoundFile(Input& input);
  ~CompoundFile();
  CompoundFile(const CompoundFile&) = delete;
  CompoundFile& operator=(const CompoundFile&) = delete;

  /// All storages and streams, a storage before what it holds; the root is not listed. At most 100,000 entries in
  /// 64 levels: `truncated()` tells whether there were more.
  const std::vector<CompoundEntry>& entries() const noexcept { return entries_; }
  bool truncated() const noexcept { return truncated_; }

  /// 16 bytes as stored, or empty.
  const std::string& root_class_id() const noexcept { return root_class_id_; }

  /// The entry of that path, compared without regard to ASCII case as [MS-CFB] 2.6.4 has it; nullptr when none.
  const CompoundEntry* find(std::string_view path) const;

  /// The stream's bytes; nullptr when there is no such stream. A stream whose chain of sectors is damaged throws
  /// Failure(partial), here or when read to the damage.
  std::unique_ptr<Input> open(std::string_view path);

  /// The stream's first bytes, at most `max_bytes`, cut silently at damage; empty when there is no such stream.
  std::string read_prefix(std::string_view path, size_t max_bytes);

  /// The storage as a compound file of its own; nullopt when its streams hold more than `max_bytes` together.
  /// Streams that cannot be read are cut at the damage.
  std::optional<std::string> copy_storage(std::string_view path, uint64_t max_bytes);

 private:
  struct Library;
  void list(void* storage, const std::string& prefix, size_t depth);

  std::unique_ptr<Library> library_;
  std::vector<CompoundEntry> entries_;
  std::unordered_map<std::string, size_t> index_;  ///< by path in lower case
  std::string root_class_id_;
  bool truncated_ = false;
};

}  // namespace assay::extract
