#pragma once

#include <zlib.h>

#include <cstdint>
#include <span>
#include <string>

#include "extract/archive/zip_directory.h"
#include "extract/input.h"
#include "model/verdict.h"

namespace assay::extract {

/// True for a verdict that the entry itself has earned, not the input that it is read from or a budget.
inline bool is_fault_of_entry(model::VerdictKind kind) {
  return kind == model::VerdictKind::encrypted || kind == model::VerdictKind::unsupported ||
         kind == model::VerdictKind::partial;
}

/// The expanded bytes of one stored or deflated ZIP entry, from the front to the end. The input must outlive it.
class ZipEntryReader {
 public:
  /// Throws Failure(encrypted), Failure(unsupported) for other methods, Failure(partial) without a local header.
  ZipEntryReader(Input& input, const ZipEntry& entry);
  ~ZipEntryReader();
  ZipEntryReader(const ZipEntryReader&) = delete;
  ZipEntryReader& operator=(const ZipEntryReader&) = delete;

  static bool can_read(const ZipEntry& entry) { return entry.method == 0 || entry.method == Z_DEFLATED; }

  /// Bytes written to `out`, 0 at the end. What could be expanded before damage is given first, then the end.
  size_t read(std::span<char> out);

  /// Why the bytes given are not the whole entry; empty when they are, or when the end was not reached yet.
  const std::string& damage() const { return damage_; }

 private:
  size_t read_stored(std::span<char> out);
  size_t read_deflated(std::span<char> out);
  void finish();

  Input& input_;
  uint64_t at_ = 0;
  uint64_t left_ = 0;
  uint32_t expected_crc_;
  bool check_crc_;
  uint32_t crc_ = 0;
  bool deflated_;
  bool ended_ = false;
  z_stream stream_{};
  std::string buffer_;
  std::string damage_;
};

}  // namespace assay::extract
