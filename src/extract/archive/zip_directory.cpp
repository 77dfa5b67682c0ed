#include "extract/archive/zip_directory.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "extract/archive/zip_fields.h"

namespace assay::extract {
namespace {

constexpr size_t end_record_bytes = 22;
constexpr size_t zip64_locator_bytes = 20;
constexpr size_t zip64_end_record_bytes = 56;
constexpr size_t central_header_bytes = 46;
constexpr size_t max_comment_bytes = 65535;
constexpr uint64_t max_directory_bytes = uint64_t{48} << 20;

struct EndRecord {
  uint64_t position = 0;  // where what follows the directory begins
  uint64_t directory_size = 0;
  uint64_t directory_offset = 0;  // as written: counted from the archive's first byte
  std::string comment = {};
};

std::optional<uint64_t> find_end_record(Input& input, uint64_t size) {
  const uint64_t window = std::min<uint64_t>(size, end_record_bytes + max_comment_bytes);
  const std::string tail = read_bytes(input, size - window, window);
  if (tail.size() < end_record_bytes) return std::nullopt;
  std::optional<uint64_t> loose;
  for (size_t at = tail.size() - end_record_bytes + 1; at-- > 0;) {
    if (tail.compare(at, 4, "PK\5\6") != 0) continue;
    const uint64_t after = at + end_record_bytes + le16(tail, at + 20);
    if (after == tail.size()) return size - window + at;
    // A cut comment or bytes behind the archive: good enough unless a record that fits to the byte turns up.
    if (!loose) loose = size - window + at;
  }
  return loose;
}

void apply_zip64(Input& input, uint64_t end_position, EndRecord& record) {
  if (end_position < zip64_locator_bytes) return;
  const std::string locator = read_bytes(input, end_position - zip64_locator_bytes, zip64_locator_bytes);
  if (locator.size() < zip64_locator_bytes || !locator.starts_with("PK\6\7")) return;
  uint64_t at = le64(locator, 8);
  std::string end = read_bytes(input, at, zip64_end_record_bytes);
  if (!end.starts_with("PK\6\6")) {
    if (end_position < zip64_locator_bytes + zip64_end_record_bytes) return;
    at = end_position - zip64_locator_bytes - zip64_end_record_bytes;
    end = read_bytes(input, at, zip64_end_record_bytes);
  }
  if (end.size() < zip64_end_record_bytes || !end.starts_with("PK\6\6")) return;
  record = {at, le64(end, 40), le64(end, 48)};
}

std::optional<EndRecord> read_end_record(Input& input, uint64_t size) {
  const auto position = find_end_record(input, size);
  if (!position) return std::nullopt;
  const std::string bytes = read_bytes(input, *position, end_record_bytes);
  if (bytes.size() < end_record_bytes) return std::nullopt;
  EndRecord record{*position, le32(bytes, 12), le32(bytes, 16)};
  apply_zip64(input, *position, record);
  record.comment = read_bytes(input, *position + end_record_bytes, le16(bytes, 20));
  return record;
}

bool has_signature(Input& input, uint64_t at, std::string_view signature) {
  return read_bytes(input, at, signature.size()) == signature;
}

/// Where the directory really is: bytes may stand before the archive (self-extractors) or inside its tail.
std::optional<uint64_t> locate_directory(Input& input, const EndRecord& record) {
  if (record.directory_size <= record.position) {
    const uint64_t counted_back = record.position - record.directory_size;
    if (has_signature(input, counted_back, "PK\1\2")) return counted_back;
  }
  if (has_signature(input, record.directory_offset, "PK\1\2")) return record.directory_offset;
  return std::nullopt;
}

ZipEntry parse_central_header(std::string_view header, std::string_view name, std::string_view extra) {
  ZipEntry entry;
  entry.name = name;
  entry.flags = le16(header, 8);
  entry.method = le16(header, 10);
  entry.crc = le32(header, 16);
  entry.compressed_size = le32(header, 20);
  entry.size = le32(header, 24);
  entry.header_offset = le32(header, 42);
  if (header[5] == 3 || header[5] == 19) entry.unix_mode = le16(header, 40);
  apply_zip64_extra(extra, entry.size, entry.compressed_size, &entry.header_offset);
  return entry;
}

void add_comment(ZipDirectory& directory, std::string_view comment) {
  if (comment.empty()) return;
  directory.has_more_comments |= directory.comments.size() + comment.size() >= max_comments_bytes;
  if (!directory.has_more_comments) directory.comments.append(comment) += '\n';
}

/// Reads forward through the directory in large pieces.
class DirectoryReader {
 public:
  DirectoryReader(Input& input, uint64_t begin, uint64_t end, const Tick& tick)
      : input_(input), at_(begin), end_(end), tick_(tick) {}

  /// A view of the next `n` bytes, valid until the next call; nullopt when there are fewer.
  std::optional<std::string_view> take(size_t n) {
    if (buffer_.size() - used_ < n) {
      buffer_.erase(0, used_);
      used_ = 0;
      const size_t want = std::max<size_t>(n, size_t{64} << 10);
      const std::string more = read_bytes(input_, at_, std::min<uint64_t>(want, end_ - at_));
      at_ += more.size();
      buffer_ += more;
      tick_();
      if (buffer_.size() < n) return std::nullopt;
    }
    used_ += n;
    return std::string_view(buffer_).substr(used_ - n, n);
  }

 private:
  Input& input_;
  uint64_t at_;
  uint64_t end_;
  const Tick& tick_;
  std::string buffer_;
  size_t used_ = 0;
};

}  // namespace

bool ZipEntry::is_special_file() const {
  constexpr uint16_t type_mask = 0170000;
  constexpr uint16_t regular = 0100000;
  constexpr uint16_t directory = 0040000;
  const uint16_t type = unix_mode & type_mask;
  return type != 0 && type != regular && type != directory;
}

ZipDirectory read_zip_directory(Input& input, uint64_t max_entries, const Tick& tick) {
  ZipDirectory directory;
  const uint64_t size = input.size();
  directory.directory_offset = size;
  const auto record = read_end_record(input, size);
  if (!record) {
    directory.problem = "zip archive without its directory";
    return directory;
  }
  add_comment(directory, record->comment);
  const auto begin = locate_directory(input, *record);
  if (!begin) {
    directory.directory_offset = record->position;
    // An archive of nothing is whole; one whose end record names bytes that are not a directory is not.
    directory.has_directory = record->directory_size == 0;
    if (record->directory_size != 0) directory.problem = "damaged zip directory";
    return directory;
  }
  directory.has_directory = true;
  directory.directory_offset = *begin;
  const uint64_t shift = *begin - record->directory_offset;  // modulo 2^64: may be "negative"
  DirectoryReader reader(input, *begin, std::max(record->position, *begin), tick);
  uint64_t bytes = 0;
  while (directory.entries.size() <= max_entries) {
    const auto header = reader.take(central_header_bytes);
    if (!header || !header->starts_with("PK\1\2")) {
      if (bytes < record->directory_size) directory.problem = "damaged zip directory";
      break;
    }
    const std::string fixed(*header);
    const size_t name_size = le16(fixed, 28), extra_size = le16(fixed, 30), comment_size = le16(fixed, 32);
    const auto rest = reader.take(name_size + extra_size + comment_size);
    bytes += central_header_bytes + name_size + extra_size + comment_size;
    if (!rest || bytes > max_directory_bytes) {
      directory.problem = rest ? "zip directory larger than 48 MiB" : "damaged zip directory";
      break;
    }
    ZipEntry entry = parse_central_header(fixed, rest->substr(0, name_size), rest->substr(name_size, extra_size));
    if (shift != 0 && (entry.header_offset + shift < size) &&
        has_signature(input, entry.header_offset + shift, "PK\3\4"))
      entry.header_offset += shift;
    directory.entries.push_back(std::move(entry));
    add_comment(directory, rest->substr(name_size + extra_size));
    if (bytes == record->directory_size) break;
  }
  return directory;
}

bool has_overlapping_entries(const ZipDirectory& directory) {
  std::vector<std::pair<uint64_t, uint64_t>> spans;
  spans.reserve(directory.entries.size());
  for (const ZipEntry& entry : directory.entries) {
    if (entry.compressed_size == 0) continue;  // directories and empty files may share a place
    spans.emplace_back(entry.header_offset, entry.header_offset + local_header_bytes + entry.compressed_size);
  }
  std::ranges::sort(spans);
  for (size_t i = 1; i < spans.size(); ++i)
    if (spans[i].first < spans[i - 1].second) return true;
  return false;
}

}  // namespace assay::extract
