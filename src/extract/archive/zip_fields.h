#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "extract/archive/zip_directory.h"

namespace assay::extract {

inline constexpr size_t local_header_bytes = 30;

/// Little-endian numbers; the caller has checked that the bytes are there.
inline uint16_t le16(std::string_view bytes, size_t at) {
  return static_cast<uint16_t>(static_cast<uint8_t>(bytes[at]) | static_cast<uint8_t>(bytes[at + 1]) << 8);
}
inline uint32_t le32(std::string_view bytes, size_t at) {
  return le16(bytes, at) | static_cast<uint32_t>(le16(bytes, at + 2)) << 16;
}
inline uint64_t le64(std::string_view bytes, size_t at) {
  return le32(bytes, at) | static_cast<uint64_t>(le32(bytes, at + 4)) << 32;
}

/// Up to `n` bytes from `at`; fewer at the end of the input.
std::string read_bytes(Input& input, uint64_t at, size_t n);

/// Replaces the numbers that are all ones by those of the ZIP64 extra field (id 1), where it has them.
void apply_zip64_extra(std::string_view extra, uint64_t& size, uint64_t& compressed_size, uint64_t* header_offset);

struct LocalHeader {
  ZipEntry entry;           ///< header_offset is set
  uint64_t data_begin = 0;  ///< where the compressed bytes begin
};

/// Reads the local header at `at`; nullopt when there is none.
std::optional<LocalHeader> read_local_header(Input& input, uint64_t at);

}  // namespace assay::extract
