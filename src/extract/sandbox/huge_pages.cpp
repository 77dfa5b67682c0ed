#include "extract/sandbox/huge_pages.h"

#include <sys/mman.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

namespace assay::sandbox {
namespace {

constexpr int collapse_advice = 25;  // MADV_COLLAPSE, which older headers do not name
constexpr uint64_t huge_page_bytes = 2 << 20;
// Longer ranges are addresses set aside and hardly used, such as a sanitizer's shadow of terabytes: asking for each of
// their pages takes seconds.
constexpr uint64_t most_range_bytes = uint64_t{64} << 30;

using Range = std::pair<uint64_t, uint64_t>;

// Anonymous memory: private and writable, with no file behind it.
std::vector<Range> anonymous_ranges() {
  std::vector<Range> ranges;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> maps(std::fopen("/proc/self/maps", "re"), std::fclose);
  std::array<char, 4096> line{};
  while (maps && std::fgets(line.data(), line.size(), maps.get()) != nullptr) {
    unsigned long begin = 0;
    unsigned long end = 0;
    unsigned long inode = 0;
    std::array<char, 5> rights{};
    if (std::sscanf(line.data(), "%lx-%lx %4s %*x %*x:%*x %lu", &begin, &end, rights.data(), &inode) != 4) continue;
    if (inode == 0 && rights[0] == 'r' && rights[1] == 'w' && rights[3] == 'p' && end - begin <= most_range_bytes)
      ranges.emplace_back(begin, end);
  }
  return ranges;
}

}  // namespace

void gather_into_huge_pages() {
  for (const auto& [begin, end] : anonymous_ranges()) {
    const uint64_t first = (begin + huge_page_bytes - 1) / huge_page_bytes * huge_page_bytes;
    for (uint64_t at = first; at + huge_page_bytes <= end; at += huge_page_bytes)
      // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel tells addresses as text
      ::madvise(reinterpret_cast<void*>(at), huge_page_bytes, collapse_advice);
  }
}

}  // namespace assay::sandbox
