#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/scanning.h"
#include "tests/support/temporary_tree.h"

/// Input that somebody made to do harm, and what every scan of it must keep to.
namespace assay::tests {

/// Resident bytes that no process of a scan may pass, whatever it reads.
inline constexpr uint64_t most_resident_bytes = 300'000'000;

/// Scans the tree together with a harmless file that comes after everything else, and checks what holds for every
/// hostile input: that file is read, nothing crashed or reached for what it may not have, memory stayed within bounds,
/// and it took no longer than `bound`, or ten times that under a sanitizer.
ScanResult scan_hostile(const TemporaryTree& tree, std::chrono::seconds bound = std::chrono::seconds(20),
                        const std::function<void(scan::ScanOptions&)>& adjust = {});

std::string repeated(std::string_view text, size_t times);

/// `count` times this byte as one gzip member, or as a raw deflate stream, without ever being at hand in full.
std::string gzip_of_run(char byte, uint64_t count);
std::string deflated_run(char byte, uint64_t count);
std::string deflated(std::string_view content);
uint32_t crc_of_run(char byte, uint64_t count);
uint32_t crc_of(std::string_view content);

/// Writes ZIP files as no honest program does: every field can be set.
class ZipMaker {
 public:
  struct Entry {
    std::string name;
    std::string data;     ///< as it stands in the file
    uint16_t method = 0;  ///< 0 stored, 8 deflated
    uint64_t size = 0;    ///< that is claimed
    uint32_t crc = 0;
  };
  /// Adds the entry's local record and its line in the directory.
  void add(const Entry& entry);
  /// Adds only a line in the directory, for a local record that begins at `offset`.
  void list(const Entry& entry, uint64_t offset);
  uint64_t next_offset() const { return body_.size(); }
  std::string bytes() const;

 private:
  std::string body_, directory_;
  uint64_t entries_ = 0;
};

/// A 512-byte tar header with this size field (12 bytes, as they are).
std::string tar_header(std::string_view name, std::string_view size_field, char type = '0');

/// The header with its checksum set right again.
std::string with_checksum(std::string tar_header);

}  // namespace assay::tests
