#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "extract/input.h"

namespace assay::extract {

/// What the first bytes say of compressed data.
struct Compression {
  /// libarchive's number of the one compression that is to be undone; nullopt when that takes a closer look, which
  /// libarchive takes itself (lzma, which has no signature; compress; frames that are to be skipped).
  std::optional<int> filter;
  /// What is to be kept in memory to undo it, in bytes; 0 when the first bytes do not tell.
  uint64_t window = 0;
};

/// Formats: RFC 1952 (gzip), RFC 8878 (zstd), the .xz file format 1.1.0, the lzip manual's "File format",
/// lzma-file-format of XZ Utils, the LZ4 frame format 1.6.2.
Compression compression_of(Input& input);

/// Why undoing it found no memory, for the ledger.
std::string memory_reason(const Compression& compression);

}  // namespace assay::extract
