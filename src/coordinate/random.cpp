#include "coordinate/random.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <cerrno>

#include "core/error.h"

namespace assay::coordinate {

uint64_t random_seed() {
  uint64_t seed = 0;
  if (getrandom(&seed, sizeof seed, 0) != static_cast<ssize_t>(sizeof seed)) {
    throw core::error_from_errno("cannot get random bytes from the kernel", errno);
  }
  return seed;
}

std::string random_uuid(Random& random) {
  const uint64_t high = (random.next() & ~0xF000ULL) | 0x4000ULL;       // version 4
  const uint64_t low = (random.next() & ~(3ULL << 62)) | (2ULL << 62);  // the variant of RFC 9562
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF, low >> 48,
                     low & 0xFFFF'FFFF'FFFF);
}

}  // namespace assay::coordinate
