#include "extract/archive/zip_fields.h"

#include <optional>

namespace assay::extract {

std::string read_bytes(Input& input, uint64_t at, size_t n) {
  std::string bytes(n, '\0');
  bytes.resize(input.read_at(at, std::span(bytes.data(), n)));
  return bytes;
}

void apply_zip64_extra(std::string_view extra, uint64_t& size, uint64_t& compressed_size, uint64_t* header_offset) {
  constexpr uint64_t escaped = 0xFFFFFFFF;
  while (extra.size() >= 4) {
    const uint16_t id = le16(extra, 0);
    std::string_view field = extra.substr(4, le16(extra, 2));
    extra.remove_prefix(4 + field.size());
    if (id != 1) continue;
    const auto take = [&field](uint64_t& value) {
      if (value != escaped || field.size() < 8) return;
      value = le64(field, 0);
      field.remove_prefix(8);
    };
    take(size);
    take(compressed_size);
    if (header_offset != nullptr) take(*header_offset);
    return;
  }
}

std::optional<LocalHeader> read_local_header(Input& input, uint64_t at) {
  const std::string fixed = read_bytes(input, at, local_header_bytes);
  if (fixed.size() < local_header_bytes || !fixed.starts_with("PK\3\4")) return std::nullopt;
  const size_t name_size = le16(fixed, 26), extra_size = le16(fixed, 28);
  const std::string rest = read_bytes(input, at + local_header_bytes, name_size + extra_size);
  LocalHeader header;
  ZipEntry& entry = header.entry;
  entry.header_offset = at;
  entry.flags = le16(fixed, 6);
  entry.method = le16(fixed, 8);
  entry.crc = le32(fixed, 14);
  entry.compressed_size = le32(fixed, 18);
  entry.size = le32(fixed, 22);
  entry.name = rest.substr(0, name_size);
  if (rest.size() > name_size)
    apply_zip64_extra(std::string_view(rest).substr(name_size), entry.size, entry.compressed_size, nullptr);
  constexpr uint16_t sizes_follow_data = 8;
  entry.size_unknown = (entry.flags & sizes_follow_data) != 0 && entry.compressed_size == 0;
  header.data_begin = at + local_header_bytes + name_size + extra_size;
  return header;
}

}  // namespace assay::extract
