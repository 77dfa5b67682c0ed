#include "classify/cell_shape.h"

#include <cstring>

namespace assay::classify {
namespace {

constexpr uint64_t every_byte = 0x0101010101010101;

// The bytes with '0' for each digit. Bytes are judged by their low seven bits, so that no sum carries over; none is
// beyond ASCII.
uint64_t without_digits(uint64_t eight) {
  const uint64_t digits =
      (eight + (0x80 - '0') * every_byte) & ~(eight + (0x80 - '9' - 1) * every_byte) & (0x80 * every_byte);
  return eight & ~((digits >> 7) * 0x0F);
}

}  // namespace

bool CellShape::read(std::string_view cell) {
  if (cell.empty() || cell.size() > max_bytes) return false;
  bytes_ = cell.size();
  uint64_t all = 0;
  const size_t words = (bytes_ + 7) / 8;
  for (size_t i = 0; i < words; ++i) {
    uint64_t eight = 0;
    std::memcpy(&eight, cell.data() + 8 * i, sizeof eight);
    if (i + 1 == words) eight &= ~uint64_t{0} >> (8 * (8 * words - bytes_));
    all |= eight;
    words_[i] = without_digits(eight & (0x7F * every_byte));
  }
  return (all & (0x80 * every_byte)) == 0;
}

uint64_t CellShape::hash() const {
  uint64_t hash = bytes_ * 0x9E3779B97F4A7C15ULL;
  for (size_t i = 0; i < (bytes_ + 7) / 8; ++i) {
    hash = (hash ^ words_[i]) * 0xD6E8FEB86659FD93ULL;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace assay::classify
