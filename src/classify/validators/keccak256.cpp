#include "classify/validators/keccak256.h"

#include <bit>
#include <cstddef>

namespace assay::classify {
namespace {

using State = std::array<uint64_t, 25>;

/// The round constants come from the linear feedback shift register x^8 + x^6 + x^5 + x^4 + 1 (Keccak reference 1.2).
constexpr std::array<uint64_t, 24> round_constants = [] {
  std::array<uint64_t, 24> constants{};
  unsigned lfsr = 1;
  for (auto& constant : constants) {
    for (unsigned j = 0; j < 7; ++j) {
      if ((lfsr & 1U) != 0) constant |= uint64_t{1} << ((1U << j) - 1);
      lfsr = (lfsr & 0x80U) != 0 ? ((lfsr << 1U) ^ 0x171U) : (lfsr << 1U);
    }
  }
  return constants;
}();

void theta(State& a) noexcept {
  std::array<uint64_t, 5> column{};
  for (size_t x = 0; x < 5; ++x) column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
  for (size_t x = 0; x < 5; ++x) {
    const uint64_t d = column[(x + 4) % 5] ^ std::rotl(column[(x + 1) % 5], 1);
    for (size_t y = 0; y < 25; y += 5) a[y + x] ^= d;
  }
}

/// Walks the lanes in the order of pi; the t-th lane is turned by the t-th triangular number.
void rho_and_pi(State& a) noexcept {
  size_t x = 1;
  size_t y = 0;
  uint64_t carried = a[1];
  for (int t = 1; t <= 24; ++t) {
    const size_t next_y = (2 * x + 3 * y) % 5;
    x = y;
    y = next_y;
    const uint64_t kept = a[x + 5 * y];
    a[x + 5 * y] = std::rotl(carried, t * (t + 1) / 2 % 64);
    carried = kept;
  }
}

void chi(State& a) noexcept {
  for (size_t y = 0; y < 25; y += 5) {
    std::array<uint64_t, 5> row{};
    for (size_t x = 0; x < 5; ++x) row[x] = a[y + x];
    for (size_t x = 0; x < 5; ++x) a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
  }
}

}  // namespace

std::array<uint8_t, 32> keccak256_of_one_block(std::string_view message) noexcept {
  constexpr size_t rate = 136;
  message = message.substr(0, rate - 1);
  State state{};
  const auto absorb = [&](size_t at, uint8_t byte) { state[at / 8] ^= uint64_t{byte} << (8 * (at % 8)); };
  for (size_t i = 0; i < message.size(); ++i) absorb(i, static_cast<uint8_t>(message[i]));
  absorb(message.size(), 0x01);
  absorb(rate - 1, 0x80);
  for (const uint64_t constant : round_constants) {
    theta(state);
    rho_and_pi(state);
    chi(state);
    state[0] ^= constant;
  }
  std::array<uint8_t, 32> digest{};
  for (size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<uint8_t>(state[i / 8] >> (8 * (i % 8)));
  return digest;
}

}  // namespace assay::classify
