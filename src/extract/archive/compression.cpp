#include "extract/archive/compression.h"

#include <archive.h>
#include <fmt/format.h>

#include <string_view>

#include "extract/archive/zip_fields.h"

namespace assay::extract {
namespace {

using namespace std::string_view_literals;

constexpr size_t head_bytes = 64;
// The most that libarchive lets it take, whatever memory there is.
constexpr uint64_t most_for_zstd = uint64_t{128} << 20;

uint8_t byte(std::string_view bytes, size_t at) { return at < bytes.size() ? static_cast<uint8_t>(bytes[at]) : 0; }

// Of the first frame: 3.1.1.1.2.
uint64_t zstd_window(std::string_view head) {
  constexpr uint8_t single_segment = 0x20;
  if ((byte(head, 4) & single_segment) != 0) return 0;  // as large as the content
  const uint64_t base = uint64_t{1} << (10 + (byte(head, 5) >> 3));
  return base + base / 8 * (byte(head, 5) & 7);
}

// A number of xz: seven bits a byte, low ones first.
uint64_t take_number(std::string_view bytes, size_t& at) {
  uint64_t number = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    const uint8_t b = byte(bytes, at++);
    number |= uint64_t{b & 0x7FU} << shift;
    if (b < 0x80) break;
  }
  return number;
}

// The dictionary of the LZMA2 filter in the first block's header (3.1, 5.3.1).
uint64_t xz_window(std::string_view head) {
  constexpr uint64_t lzma2 = 0x21;
  constexpr uint8_t most = 40;
  constexpr size_t stream_header = 12;
  const uint8_t flags = byte(head, stream_header + 1);
  size_t at = stream_header + 2;
  if ((flags & 0x40) != 0) take_number(head, at);
  if ((flags & 0x80) != 0) take_number(head, at);
  for (int filter = 0; filter <= (flags & 3); ++filter) {
    const uint64_t id = take_number(head, at), size = take_number(head, at);
    const uint8_t bits = byte(head, at);
    if (id == lzma2) return bits >= most ? UINT32_MAX : uint64_t{2U | (bits & 1U)} << (bits / 2 + 11);
    if (size > head_bytes) break;
    at += size;
  }
  return 0;
}

uint64_t lzip_window(std::string_view head) {
  const uint64_t base = uint64_t{1} << (byte(head, 5) & 0x1F);
  return base - base / 16 * (byte(head, 5) >> 5);
}

}  // namespace

Compression compression_of(Input& input) {
  const std::string head = read_bytes(input, 0, head_bytes);
  if (head.starts_with("\x1f\x8b")) return {.filter = ARCHIVE_FILTER_GZIP};
  if (head.starts_with("BZh")) return {.filter = ARCHIVE_FILTER_BZIP2};
  if (head.starts_with("\xfd"
                       "7zXZ\0"sv))
    return {.filter = ARCHIVE_FILTER_XZ, .window = xz_window(head)};
  if (head.starts_with("LZIP")) return {.filter = ARCHIVE_FILTER_LZIP, .window = lzip_window(head)};
  if (head.starts_with("\x28\xb5\x2f\xfd")) return {.filter = ARCHIVE_FILTER_ZSTD, .window = zstd_window(head)};
  if (head.starts_with("\x04\x22\x4d\x18")) return {.filter = ARCHIVE_FILTER_LZ4};
  if (head.size() >= 5 && head[0] == ']') return {.filter = std::nullopt, .window = le32(head, 1)};
  return {};
}

std::string memory_reason(const Compression& compression) {
  const uint64_t window = compression.window;
  if (window == 0) return "its window or dictionary needs more than --max-worker-memory";
  const std::string size = fmt::format("its window of {} MiB", window >> 20);
  if (compression.filter == ARCHIVE_FILTER_ZSTD && window > most_for_zstd)
    return size + " is larger than the 128 MiB that can be read of zstd";
  return size + " needs more than --max-worker-memory";
}

}  // namespace assay::extract
