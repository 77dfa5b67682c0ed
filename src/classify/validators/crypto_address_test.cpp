#include <gtest/gtest.h>

#include <string>

#include "classify/validators/bech32.h"
#include "classify/validators/check_expectations.h"
#include "classify/validators/keccak256.h"

namespace assay::classify {
namespace {

std::string hex(const std::array<uint8_t, 32>& digest) {
  std::string text;
  for (const uint8_t byte : digest) {
    text += "0123456789abcdef"[byte >> 4U];
    text += "0123456789abcdef"[byte & 15U];
  }
  return text;
}

TEST(Keccak256, GivesThePublishedDigests) {
  EXPECT_EQ(hex(keccak256_of_one_block("")), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(hex(keccak256_of_one_block("abc")), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

TEST(CryptoAddress, AcceptsBase58CheckOfKnownChains) {
  for (const auto* address :
       {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "1111111111111111111114oLvT2", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"})
    EXPECT_EQ(check_of("crypto_address", address), Check::valid) << address;
}

TEST(CryptoAddress, AcceptsTheSegwitAddressesOfBip173AndBip350) {
  for (const auto* address :
       {"BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y", "BC1SW50QGDZ25J",
        "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"})
    EXPECT_EQ(check_of("crypto_address", address), Check::valid) << address;
}

TEST(CryptoAddress, RejectsTheInvalidAddressesOfBip350) {
  for (const auto* address :
       {"tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
        "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf",
        "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
        "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47",
        "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", "bc1pw5dgrnzv",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
        "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j", "bc1gmk9yu"})
    EXPECT_EQ(check_of("crypto_address", address), Check::invalid) << address;
}

TEST(Bech32, TellsTheTwoChecksumsApart) {
  EXPECT_EQ(bech32_checksum("A12UEL5L"), Bech32::bech32);
  EXPECT_EQ(bech32_checksum("A1LQFN3A"), Bech32::bech32m);
  EXPECT_EQ(bech32_checksum("a12UEL5L"), Bech32::broken);
  EXPECT_EQ(bech32_checksum("pzry9x0s0muk"), Bech32::broken);
  EXPECT_EQ(bech32_checksum("1pzry9x0s0muk"), Bech32::broken);
  EXPECT_EQ(bech32_checksum("de1lg7wt\xff"), Bech32::broken);
}

TEST(CryptoAddress, AcceptsTheExamplesOfEip55) {
  for (const auto* address :
       {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"})
    EXPECT_EQ(check_of("crypto_address", address), Check::valid) << address;
  EXPECT_EQ(check_of("crypto_address", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"), Check::plausible);
  EXPECT_EQ(check_of("crypto_address", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"), Check::invalid);
  EXPECT_EQ(check_of("crypto_address", "0x0000000000000000000000000000000000000000"), Check::invalid);
}

TEST(CryptoAddress, RejectsEveryChangedDigit) {
  expect_digit_changes_refused("crypto_address", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa");
  expect_digit_changes_refused("crypto_address", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy");
  expect_digit_changes_refused("crypto_address", "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs");
}

TEST(CryptoAddress, RejectsOtherText) {
  for (const auto* text : {"", "1", "0x", "bc1", "addr1", "r", "t1", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN",
                           "111111111111111111111111111111111111111111"})
    EXPECT_EQ(check_of("crypto_address", text), Check::invalid) << text;
}

}  // namespace
}  // namespace assay::classify
