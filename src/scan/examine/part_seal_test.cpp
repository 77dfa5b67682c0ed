#include "scan/examine/part_seal.h"

#include <gtest/gtest.h>

namespace assay::scan {
namespace {

const std::string key(32, 'k');

TEST(PartSeal, OpensWhereItWasSealed) {
  const PartSeal seal(key);
  for (const std::string& plain : {std::string(), std::string("a value"), std::string(100'000, 'x')}) {
    const std::string sealed = seal.seal("table", plain);
    EXPECT_EQ(seal.unseal("table", sealed), plain);
    EXPECT_EQ(PartSeal(key).unseal("table", sealed), plain);
    if (!plain.empty()) EXPECT_EQ(sealed.find(plain.substr(0, 7)), std::string::npos);
  }
}

TEST(PartSeal, OpensNowhereElse) {
  const PartSeal seal(key);
  std::string sealed = seal.seal("table", "a value");
  EXPECT_FALSE(seal.unseal("another", sealed));
  EXPECT_FALSE(PartSeal(std::string(32, 'l')).unseal("table", sealed));
  EXPECT_FALSE(seal.unseal("table", sealed.substr(1)));
  EXPECT_FALSE(seal.unseal("table", ""));
  for (char& byte : sealed) {
    byte ^= 1;
    EXPECT_FALSE(seal.unseal("table", sealed));
    byte ^= 1;
  }
  EXPECT_NE(seal.seal("table", "a value").substr(0, 24), seal.seal("table", "b value").substr(0, 24));
  EXPECT_NE(seal.seal("table", "a value").substr(0, 24), seal.seal("other", "a value").substr(0, 24));
}

}  // namespace
}  // namespace assay::scan
