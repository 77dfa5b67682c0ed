#include "classify/key_words.h"

#include <gtest/gtest.h>

namespace assay::classify {
namespace {

TEST(KeyWords, OccurAnywhereInWhateverCase) {
  KeyWords words;
  EXPECT_FALSE(words.occur_in("password"));
  for (const char* word : {"PassWord", "api_key", "pw", "pass"}) words.add(word);
  for (const char* name : {"password", "Db_Password", "userPASSWORD2", "x-api_key", "passport"})
    EXPECT_TRUE(words.occur_in(name)) << name;
  for (const char* name : {"", "pw", "pa", "api key", "pas", "sword", "apikey"})
    EXPECT_FALSE(words.occur_in(name)) << name;
}

TEST(KeyWords, OfLongNamesTheBeginningCounts) {
  KeyWords words;
  words.add("token");
  EXPECT_TRUE(words.occur_in(std::string(59, 'x') + "token"));
  EXPECT_FALSE(words.occur_in(std::string(60, 'x') + "token"));
}

}  // namespace
}  // namespace assay::classify
