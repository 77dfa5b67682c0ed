#include "classify/validators/secret_words.h"

#include <gtest/gtest.h>

#include "classify/validators/secret_samples.h"

namespace assay::classify {
namespace {

TEST(SecretWords, SplitsAsNamesAreWritten) {
  const auto shape = word_shape("newPassword_for-admin.user");
  EXPECT_EQ(shape.words, 5);
  EXPECT_TRUE(shape.only_letters);
  EXPECT_TRUE(shape.names_a_role);
  EXPECT_EQ(shape.role_letters, 17U) << "password, admin and user; \"for\" and \"new\" are too short to count";
  const auto plain = word_shape("velvet-harbour9");
  EXPECT_EQ(plain.words, 2);
  EXPECT_FALSE(plain.only_letters);
  EXPECT_FALSE(plain.names_a_role);
  EXPECT_EQ(word_shape("").words, 0);
}

TEST(SecretWords, RandomTextLooksRandom) {
  int seen = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    seen += looks_random(drawn(base62_alphabet, 32, seed)) ? 1 : 0;
    EXPECT_TRUE(looks_random(drawn(hex_alphabet, 32, seed))) << seed;
  }
  EXPECT_GE(seen, 195);
}

TEST(SecretWords, NamesDoNotLookRandom) {
  for (const auto* text : {"getUserPasswordFromDatabase", "authentication_token_provider", "internationalisation",
                           "com.example.service.SecretManager", "aaaaaaaaaaaaaaaaaaaa", "short1A", "",
                           "ThisIsAVeryLongClassNameInJava", "kubernetes-service-account-2"})
    EXPECT_FALSE(looks_random(text)) << text;
}

TEST(SecretWords, KnowsThePasswordsThatPeopleChooseMost) {
  for (const auto* text : {"letmein", "QWERTY", "Dragon"}) EXPECT_TRUE(is_common_password(text)) << text;
  for (const auto* text : {"", "velvetharbour", "letmein1"}) EXPECT_FALSE(is_common_password(text)) << text;
}

}  // namespace
}  // namespace assay::classify
