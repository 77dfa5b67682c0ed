#include "classify/fingerprint.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace assay::classify {
namespace {

const std::string key(32, 'k');

TEST(Fingerprint, SpellingsOfOneValueAgree) {
  const Fingerprinter print(key);
  EXPECT_EQ(print("US_SSN", "123-45-6789", false), print("US_SSN", "123 45 6789", false));
  EXPECT_EQ(print("EMAIL_ADDRESS", "Jane@Example.org", false), print("EMAIL_ADDRESS", "jane@example.org", false));
}

TEST(Fingerprint, DifferentThingsDiffer) {
  const Fingerprinter print(key);
  EXPECT_NE(print("US_SSN", "123-45-6789", false), print("US_SSN", "123-45-6788", false));
  EXPECT_NE(print("US_SSN", "123-45-6789", false), print("PHONE", "123-45-6789", false));
  EXPECT_NE(print("PASSWORD", "Secret-1", true), print("PASSWORD", "secret1", true)) << "secrets are taken as they are";
  EXPECT_NE(print("US_SSN", "1", false), Fingerprinter(std::string(32, 'j'))("US_SSN", "1", false));
}

TEST(Fingerprint, KeysHave32Bytes) { EXPECT_THROW(Fingerprinter("short"), core::Error); }

TEST(Fingerprint, HexIsLowerCase) { EXPECT_EQ(to_hex(std::string_view("\x00\xAF\x10", 3)), "00af10"); }

}  // namespace
}  // namespace assay::classify
