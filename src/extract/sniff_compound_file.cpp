#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "extract/sniff_binary.h"

namespace assay::extract {
namespace {

constexpr size_t header_bytes = 512;
constexpr size_t entry_bytes = 128;
constexpr size_t header_difat_entries = 109;
constexpr size_t max_directory_bytes = size_t{1} << 20;
constexpr uint32_t max_regular_sector = 0xFFFFFFFA;
constexpr uint32_t no_entry = 0xFFFFFFFF;

uint32_t le32(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 4; i-- > 0;) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

/// The sectors of a compound file, read one at a time ([MS-CFB] 2.2 to 2.5).
class Sectors {
 public:
  Sectors(Input& input, std::string_view head) : input_(input), head_(head) { shift_ = head[30] == 12 ? 12 : 9; }
  size_t sector_bytes() const { return size_t{1} << shift_; }

  std::string read(uint32_t sector) {
    std::string bytes(sector_bytes(), '\0');
    bytes.resize(input_.read_at((uint64_t{sector} + 1) << shift_, bytes));
    return bytes;
  }

  /// The sector that follows in the chain; anything from max_regular_sector on ends it.
  uint32_t next(uint32_t sector) {
    const size_t per_sector = sector_bytes() / 4;
    const size_t table_index = sector / per_sector;
    // The directory of a real document starts within the part of the table that the header lists (7 MiB and more);
    // where it does not, what was read of it decides.
    if (table_index >= header_difat_entries) return max_regular_sector;
    const uint32_t table_sector = le32(head_, 76 + table_index * 4);
    if (table_sector >= max_regular_sector) return max_regular_sector;
    if (table_sector != cached_sector_) {
      cached_ = read(table_sector);
      cached_sector_ = table_sector;
    }
    const size_t at = sector % per_sector * 4;
    return at + 4 <= cached_.size() ? le32(cached_, at) : max_regular_sector;
  }

 private:
  Input& input_;
  std::string_view head_;
  int shift_ = 9;
  uint32_t cached_sector_ = no_entry;
  std::string cached_;
};

std::string read_directory(Sectors& sectors, uint32_t first) {
  std::string directory;
  for (uint32_t sector = first; sector < max_regular_sector && directory.size() < max_directory_bytes;
       sector = sectors.next(sector)) {
    const std::string bytes = sectors.read(sector);
    directory += bytes;
    if (bytes.size() < sectors.sector_bytes()) break;
  }
  return directory;
}

std::string entry_name(std::string_view entry) {
  std::string name;
  for (size_t at = 0; at < 64; at += 2) {
    if (entry[at] == 0 && entry[at + 1] == 0) break;
    name.push_back(entry[at + 1] == 0 ? entry[at] : '?');
  }
  return name;
}

struct StreamEvidence {
  bool encrypted = false, word = false, workbook = false, slides = false, message = false;

  void note(std::string_view name) {
    encrypted |= name == "EncryptedPackage";
    word |= name == "WordDocument";
    workbook |= name == "Workbook" || name == "Book" || name == "WORKBOOK" || name == "BOOK";
    slides |= name == "PowerPoint Document";
    message |= name == "__properties_version1.0" || name.starts_with("__substg1.0_");
  }
  Format format() const {
    if (encrypted) return Format::ole;  // [MS-OFFCRYPTO]: whatever stands beside it is a decoy for old programs
    if (message) return Format::msg;
    if (word) return Format::doc;
    if (slides) return Format::ppt;
    return workbook ? Format::xls : Format::ole;
  }
};

/// Children of the root only: an embedded object may hold streams of another format.
StreamEvidence evidence_in_root(std::string_view directory) {
  StreamEvidence evidence;
  const size_t entries = directory.size() / entry_bytes;
  if (entries == 0) return evidence;
  std::vector<bool> seen(entries, false);
  std::vector<uint32_t> to_visit{le32(directory, 76)};
  while (!to_visit.empty()) {
    const uint32_t index = to_visit.back();
    to_visit.pop_back();
    if (index >= entries || seen[index]) continue;
    seen[index] = true;
    const std::string_view entry = directory.substr(index * entry_bytes, entry_bytes);
    evidence.note(entry_name(entry));
    to_visit.push_back(le32(entry, 68));
    to_visit.push_back(le32(entry, 72));
  }
  return evidence;
}

StreamEvidence evidence_anywhere(std::string_view directory) {
  StreamEvidence evidence;
  for (size_t at = 0; at + entry_bytes <= directory.size(); at += entry_bytes)
    evidence.note(entry_name(directory.substr(at, entry_bytes)));
  return evidence;
}

}  // namespace

Format sniff_compound_file(Input& input, std::string_view head) {
  if (head.size() < header_bytes) return Format::ole;
  Sectors sectors(input, head);
  const std::string directory = read_directory(sectors, le32(head, 48));
  const StreamEvidence in_root = evidence_in_root(directory);
  if (in_root.encrypted || in_root.format() != Format::ole) return in_root.format();
  return evidence_anywhere(directory).format();
}

}  // namespace assay::extract
