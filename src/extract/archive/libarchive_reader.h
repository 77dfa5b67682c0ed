#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "extract/extractor.h"
#include "extract/input.h"

namespace assay::extract {

/// libarchive reading from an Input. What the input throws inside libarchive's callbacks is kept and thrown again
/// outside of its C frames. Only formats and filters that neither run programs nor open files are on.
class LibarchiveReader {
 public:
  enum class Contents { archive, zip, compressed };

  /// With `filter` (ARCHIVE_FILTER_...), just this compression is undone, and what has no first byte fails without a
  /// reason; else whatever is recognised, one below the other.
  LibarchiveReader(Input& input, Contents contents, std::optional<int> filter = std::nullopt);

  /// ARCHIVE_OK, ARCHIVE_WARN, ARCHIVE_EOF, ARCHIVE_FAILED or ARCHIVE_FATAL; throws what the input threw.
  int next(archive_entry*& entry);

  /// Bytes read from the current entry, 0 at its end, negative (one of the codes above) on damage.
  la_ssize_t read(std::span<char> out);
  /// The current entry was read to its end and something was wrong with it: mostly its checksum.
  bool warned() const { return warned_; }

  /// True when the archive says so, false when it does not or cannot know.
  bool has_encrypted_entries() const { return archive_read_has_encrypted_entries(handle_.get()) > 0; }
  std::string format_name() const;
  int filter_count() const { return archive_filter_count(handle_.get()); }
  /// Bytes of the input that what was recognised has taken.
  uint64_t consumed() const { return static_cast<uint64_t>(archive_filter_bytes(handle_.get(), -1)); }
  std::string error() const;
  /// The last call failed since no memory was to be had.
  bool lacked_memory() const;

  /// True when every filter that is on is built into the library, so none would run a program.
  static bool filters_are_built_in();

 private:
  struct Free {
    void operator()(archive* handle) const noexcept { archive_read_free(handle); }
  };
  static la_ssize_t read_callback(archive*, void* self, const void** buffer);
  static la_int64_t skip_callback(archive*, void* self, la_int64_t request);
  static la_int64_t seek_callback(archive*, void* self, la_int64_t offset, int whence);
  void rethrow();

  Input& input_;
  uint64_t at_ = 0;
  std::string buffer_;
  std::exception_ptr failure_;
  std::span<const char> block_;  // of the current entry, not yet given
  uint64_t hole_bytes_ = 0;      // of a sparse file, before the block
  uint64_t position_ = 0;
  bool warned_ = false;
  std::unique_ptr<archive, Free> handle_;  // last: closing it may call back
  int open_result_ = ARCHIVE_OK;
};

}  // namespace assay::extract
