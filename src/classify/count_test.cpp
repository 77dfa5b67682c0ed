#include "classify/count.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace assay::classify {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

TEST(PassOver, CountsWhatOneGoesPast) {
  std::mt19937 random(17);
  const std::string bytes = "ab,1 \n\xC3\xA4\xE2\x82\xAC";
  for (size_t round = 0; round < 4000; ++round) {
    std::string text;
    const size_t size = random() % (round % 64 == 0 ? 20'000 : round % 8 == 0 ? 700 : 48);
    const size_t kinds = round % 3 == 0 ? 5 : bytes.size();  // also texts without newlines
    while (text.size() < size) text += bytes[random() % kinds];
    const std::string padded = text + std::string(16, '\n');  // what lies behind does not count
    std::vector<Passage> passages{pass_over(std::string_view(padded).substr(0, size))};
    for (const InstructionSet with : instruction_sets()) passages.push_back(pass_over_long(text, with));
    const size_t behind = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
    for (const Passage& passage : passages) {
      EXPECT_EQ(passage.newlines, static_cast<size_t>(std::ranges::count(text, '\n')));
      EXPECT_EQ(passage.code_points, static_cast<size_t>(std::ranges::count_if(text, begins_character)));
      EXPECT_EQ(passage.code_points_behind,
                static_cast<size_t>(std::ranges::count_if(text.substr(behind), begins_character)));
    }
  }
}

}  // namespace
}  // namespace assay::classify
