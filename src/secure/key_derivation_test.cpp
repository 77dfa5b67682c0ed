#include "secure/key_derivation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::secure {
namespace {

using core::ErrorKind;

std::string hex_of(const LockedBytes& bytes) {
  std::string hex;
  for (const char c : bytes.reveal()) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

template <typename Work>
ErrorKind kind_of(const Work& work) {
  try {
    work();
  } catch (const core::Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorKind::bug;
}

// RFC 7914, section 11.
TEST(KeyDerivation, Pbkdf2IsThatOfTheStandard) {
  LockedBytes key(64);
  pbkdf2_hmac_sha256("passwd", "salt", 1, key);
  EXPECT_EQ(hex_of(key),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
            "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
  pbkdf2_hmac_sha256("Password", "NaCl", 80'000, key);
  EXPECT_EQ(hex_of(key),
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
            "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d");
}

// The expected key is that of argon2-cffi 25, which has the reference implementation: t=2, m=65536, p=1.
TEST(KeyDerivation, Argon2idIsThatOfTheReferenceImplementation) {
  const auto derivation = known_derivation("argon2id", 2, 64 << 20, "salt of 16 bytes");
  EXPECT_EQ(hex_of(derive_key(LockedBytes::copy_of("correct horse battery"), derivation)),
            "38107f76f9c3d50ef90b931965a92dff216f859eb2b8823fd366896bb27932d2");
}

TEST(KeyDerivation, EachHasASaltOfItsOwn) {
  const auto password = LockedBytes::copy_of("correct horse battery");
  const auto one = new_derivation("argon2id-interactive"), other = new_derivation("argon2id-interactive");
  EXPECT_EQ(one.salt.size(), 16U);
  EXPECT_NE(one.salt, other.salt);
  EXPECT_FALSE(derive_key(password, one).equals(derive_key(password, other)));
  EXPECT_TRUE(derive_key(password, one).equals(derive_key(password, one)));
}

TEST(KeyDerivation, NamesMeanWhatTheDocumentSays) {
  const auto usual = new_derivation("argon2id");
  EXPECT_EQ(usual.rounds, 3U);
  EXPECT_EQ(usual.memory_bytes, 256U << 20);
  const auto fips = new_derivation("pbkdf2-hmac-sha256");
  EXPECT_EQ(fips.rounds, 600'000U);
  EXPECT_EQ(fips.memory_bytes, 0U);
  const auto password = LockedBytes::copy_of("correct horse battery");
  EXPECT_TRUE(derive_key(password, fips)
                  .equals(derive_key(password, known_derivation("pbkdf2-hmac-sha256", 600'000, 0, fips.salt))));
  EXPECT_EQ(kind_of([] { new_derivation("md5"); }), ErrorKind::bad_input);
}

TEST(KeyDerivation, WhatADatabaseSaysIsWithinBounds) {
  const std::string salt(16, 's');
  EXPECT_EQ(kind_of([&] { known_derivation("argon2id", 1, 256 << 20, salt); }), ErrorKind::permanent);
  EXPECT_EQ(kind_of([&] { known_derivation("argon2id", 3, 1 << 20, salt); }), ErrorKind::permanent);
  EXPECT_EQ(kind_of([&] { known_derivation("argon2id", 3, 1LL << 50, salt); }), ErrorKind::permanent);
  EXPECT_EQ(kind_of([&] { known_derivation("argon2id", -1, -1, salt); }), ErrorKind::permanent);
  EXPECT_EQ(kind_of([&] { known_derivation("pbkdf2-hmac-sha256", 1000, 0, salt); }), ErrorKind::permanent);
  EXPECT_EQ(kind_of([&] { known_derivation("pbkdf2-hmac-sha256", 1LL << 40, 0, salt); }), ErrorKind::permanent);
  EXPECT_EQ(kind_of([&] { known_derivation("scrypt", 3, 256 << 20, salt); }), ErrorKind::permanent);
  EXPECT_EQ(kind_of([&] { known_derivation("argon2id", 3, 256 << 20, "short"); }), ErrorKind::permanent);
}

}  // namespace
}  // namespace assay::secure
