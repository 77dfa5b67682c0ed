#include <algorithm>
#include <optional>

#include "extract/archive/zip_directory.h"
#include "extract/archive/zip_fields.h"

namespace assay::extract {
namespace {

constexpr size_t search_bytes = size_t{64} << 10;

/// The first of the two signatures in [begin, end), or `end`.
uint64_t find_signature(Input& input, uint64_t begin, uint64_t end, std::string_view first, std::string_view second,
                        const Tick& tick) {
  while (begin + first.size() <= end) {
    const std::string window = read_bytes(input, begin, std::min<uint64_t>(search_bytes, end - begin));
    tick();
    const size_t hit = std::min(window.find(first), window.find(second));
    if (hit != std::string::npos) return begin + hit;
    if (window.size() < search_bytes) break;
    begin += window.size() - (first.size() - 1);
  }
  return end;
}

/// The signature alone is four bytes that occur by chance; a header that makes sense does not.
bool makes_sense(const LocalHeader& header, uint64_t end) {
  constexpr uint16_t highest_method = 99;
  const ZipEntry& entry = header.entry;
  return header.data_begin <= end && entry.method <= highest_method && !entry.name.empty() &&
         entry.name.find('\0') == std::string::npos;
}

/// Appends what local headers in [begin, end) announce.
void search_gap(Input& input, uint64_t begin, uint64_t end, uint64_t max_entries, const Tick& tick,
                std::vector<ZipEntry>& found) {
  while (begin < end && found.size() <= max_entries) {
    const uint64_t at = find_signature(input, begin, end, "PK\3\4", "PK\3\4", tick);
    if (at >= end) return;
    auto header = read_local_header(input, at);
    if (!header || !makes_sense(*header, end)) {
      begin = at + 4;
      continue;
    }
    ZipEntry& entry = header->entry;
    if (entry.size_unknown)
      entry.compressed_size =
          find_signature(input, header->data_begin, end, "PK\3\4", "PK\1\2", tick) - header->data_begin;
    begin = header->data_begin + std::min(entry.compressed_size, end - header->data_begin);
    found.push_back(std::move(entry));
  }
}

}  // namespace

std::vector<ZipEntry> find_unlisted_zip_entries(Input& input, const ZipDirectory& directory, uint64_t max_entries,
                                                const Tick& tick) {
  std::vector<const ZipEntry*> listed;
  listed.reserve(directory.entries.size());
  for (const ZipEntry& entry : directory.entries) listed.push_back(&entry);
  std::ranges::sort(listed, {}, &ZipEntry::header_offset);

  std::vector<ZipEntry> found;
  uint64_t covered = 0;
  for (const ZipEntry* entry : listed) {
    if (entry->header_offset > covered + local_header_bytes)
      search_gap(input, covered, std::min(entry->header_offset, directory.directory_offset), max_entries, tick, found);
    // The local header's own extra field is not in the directory: gaps smaller than a header are never searched.
    const uint64_t end = entry->header_offset + local_header_bytes + entry->name.size() + entry->compressed_size;
    covered = std::max(covered, end);
  }
  if (covered < directory.directory_offset)
    search_gap(input, covered, directory.directory_offset, max_entries, tick, found);
  return found;
}

}  // namespace assay::extract
