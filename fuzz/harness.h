#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "extract/extractor.h"

/// What the fuzz targets share.
namespace assay::fuzz {

/// Ends the process with a message when a property does not hold: that is what libFuzzer looks for.
void require(bool holds, const char* property);

inline std::string_view as_text(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Takes choices from the end of an input, so that the bytes before it remain a file as others write it.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : rest_(bytes) {}
  /// 0 to `bound` - 1; 0 when no bytes are left.
  uint32_t below(uint32_t bound);
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// A format and the function that reads it.
struct Reader {
  extract::Format format;
  extract::ExtractFunction extract;
};

/// Extracts the bytes into a CheckingSink: from memory, from a spool or from a file, depending on their size. A
/// Failure is an answer; any other exception is a fault, and so is what CheckingSink finds wrong.
void extract_bytes(Reader reader, std::string_view name, std::string_view bytes);

/// The same by the reader that the sniffer chooses, else by the one that the size of the input chooses.
void extract_sniffed(std::span<const Reader> readers, std::string_view name, std::string_view bytes);

/// A file in memory, as a path that may be opened.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  int descriptor() const { return fd_; }
  std::string path() const;

 private:
  int fd_;
};

}  // namespace assay::fuzz
