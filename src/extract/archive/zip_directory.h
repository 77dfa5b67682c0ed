#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "extract/input.h"

namespace assay::extract {

/// One file of a ZIP archive, as its directory (or, for files that no directory lists, its local header) says.
/// Format: PKWARE APPNOTE.TXT 6.3.10.
struct ZipEntry {
  std::string name;              ///< any bytes
  uint64_t header_offset = 0;    ///< of the local header, from the start of the input
  uint64_t compressed_size = 0;  ///< bytes; an upper bound when `size_unknown`
  uint64_t size = 0;             ///< bytes after expansion
  uint32_t crc = 0;
  uint16_t method = 0;
  uint16_t flags = 0;
  uint16_t unix_mode = 0;     ///< 0 where the archive was not made on Unix
  bool size_unknown = false;  ///< local header only, sizes follow the data

  bool is_directory() const { return !name.empty() && (name.back() == '/' || (name.back() == '\\' && size == 0)); }
  bool is_encrypted() const { return (flags & 1) != 0; }
  bool is_special_file() const;
};

/// Called now and then in loops over much data; may throw.
using Tick = std::function<void()>;

struct ZipDirectory {
  std::vector<ZipEntry> entries;  ///< in the order of the directory
  uint64_t directory_offset = 0;  ///< where the central directory begins; the input's size when there is none
  bool has_directory = false;
  std::string comments;            ///< of the archive and of its entries, each on lines of its own; any bytes
  bool has_more_comments = false;  ///< than max_comments_bytes
  std::string problem;             ///< what is missing, empty when the directory was read whole
};

inline constexpr size_t max_comments_bytes = size_t{1} << 20;

/// Reads the central directory (ZIP64 too, data before the archive tolerated). At most `max_entries` + 1 entries and
/// 48 MiB of directory are kept. Without a directory `entries` is empty.
ZipDirectory read_zip_directory(Input& input, uint64_t max_entries, const Tick& tick);

/// Local headers in places that no listed entry covers: all of them when the archive lost its directory.
std::vector<ZipEntry> find_unlisted_zip_entries(Input& input, const ZipDirectory& directory, uint64_t max_entries,
                                                const Tick& tick);

/// True when the compressed data of two entries share bytes, which no writer does: the construction of the
/// non-recursive ZIP bomb (D. Fifield, "A better zip bomb", WOOT 2019).
bool has_overlapping_entries(const ZipDirectory& directory);

}  // namespace assay::extract
