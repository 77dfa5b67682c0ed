#include "fuzz/harness.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "extract/failure.h"
#include "fuzz/checking_sink.h"

extern "C" {
const char* __asan_default_options();
const char* __ubsan_default_options();

// A library that asks for very much gets nothing, as in a worker, whose memory is bounded.
const char* __asan_default_options() { return "allocator_may_return_null=1:max_allocation_size_mb=512"; }
const char* __ubsan_default_options() { return "print_stacktrace=1"; }
}

namespace assay::fuzz {
namespace {

constexpr uint64_t max_scratch_bytes = uint64_t{32} << 20;
constexpr size_t pulled_at_once = 4096;

// One for the process: inputs and sinks leave it empty.
extract::Scratch& scratch() {
  static extract::Scratch shared(::memfd_create("scratch", MFD_CLOEXEC), max_scratch_bytes);
  return shared;
}

void extract_from(Reader reader, std::string_view name, extract::Input& input) {
  const model::Limits limits;
  const extract::Context context{
      .limits = limits, .scratch = scratch(), .ocr = false, .binaries = true, .name = name, .format = reader.format};
  CheckingSink sink;
  try {
    reader.extract(input, context, sink);
    sink.require_closed();
  } catch (const extract::Failure&) {  // an answer like others
  }
}

}  // namespace

void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

uint32_t Choices::below(uint32_t bound) {
  uint32_t value = 0;
  for (uint32_t reach = 1; reach < bound && !rest_.empty(); reach <<= 8) {
    value = value << 8 | static_cast<uint8_t>(rest_.back());
    rest_.remove_suffix(1);
    if (reach >= uint32_t{1} << 24) break;
  }
  return value % bound;
}

void extract_bytes(Reader reader, std::string_view name, std::string_view bytes) {
  switch (bytes.size() % 3) {
    case 0: {
      extract::MemoryInput input(bytes);
      return extract_from(reader, name, input);
    }
    case 1: {
      std::string_view rest = bytes;
      extract::SpooledInput input(
          [&rest](std::span<char> out) {
            const size_t n = std::min({out.size(), rest.size(), pulled_at_once});
            std::memcpy(out.data(), rest.data(), n);
            rest.remove_prefix(n);
            return n;
          },
          scratch(), max_scratch_bytes);
      return extract_from(reader, name, input);
    }
    default: {
      const MemoryFile file(bytes);
      extract::FileInput input(file.descriptor());
      return extract_from(reader, name, input);
    }
  }
}

void extract_sniffed(std::span<const Reader> readers, std::string_view name, std::string_view bytes) {
  extract::MemoryInput input(bytes);
  extract::Format format = extract::Format::unknown;
  try {
    format = extract::sniff(input, name);
  } catch (const extract::Failure&) {
    return;
  }
  const auto sniffed = std::ranges::find(readers, format, &Reader::format);
  extract_bytes(sniffed != readers.end() ? *sniffed : readers[bytes.size() % readers.size()], name, bytes);
}

MemoryFile::MemoryFile(std::string_view content) : fd_(::memfd_create("input", MFD_CLOEXEC)) {
  require(fd_ >= 0, "the kernel gives a file in memory");
  for (std::string_view rest = content; !rest.empty();) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    require(written > 0, "a file in memory can be written");
    rest.remove_prefix(static_cast<size_t>(written));
  }
}

MemoryFile::~MemoryFile() { ::close(fd_); }

std::string MemoryFile::path() const { return "/proc/self/fd/" + std::to_string(fd_); }

}  // namespace assay::fuzz
