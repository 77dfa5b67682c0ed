#include "coordinate/random.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <cerrno>

#include "core/error.h"

namespace assay::coordinate {
namespace {

template <typename T>
T random_bytes() {
  T bytes{};
  if (getrandom(&bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) {
    throw core::error_from_errno("cannot get random bytes from the kernel", errno);
  }
  return bytes;
}

}  // namespace

uint64_t random_seed() { return random_bytes<uint64_t>(); }

std::string random_uuid() {
  auto bytes = random_bytes<std::array<uint8_t, 16>>();
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0FU) | 0x40U);  // version 4
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3FU) | 0x80U);  // the variant of RFC 9562
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", bytes[i]);
  }
  return text;
}

}  // namespace assay::coordinate
