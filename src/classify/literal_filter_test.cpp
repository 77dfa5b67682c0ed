#include "classify/literal_filter.h"

#include <gtest/gtest.h>
#include <hs/hs.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "classify/compiled_rules.h"

namespace assay::classify {
namespace {

using Hits = std::vector<std::pair<uint32_t, size_t>>;

const std::vector<std::string> literals = {"pwd",
                                           "password",
                                           "passwd",
                                           "$2a$",
                                           "@[",
                                           "dl ",
                                           "#",
                                           "a/c n",
                                           "weg 1",
                                           "weg 2",
                                           ":::",
                                           "azdo",
                                           "stra\xC3\x9F"
                                           "e ",
                                           "\xE5\xAF\x86\xE7\xA0\x81",
                                           "sswo",
                                           "word"};

std::vector<LiteralFilter::With> ways() {
  std::vector<LiteralFilter::With> all{LiteralFilter::With::plain};
  if (LiteralFilter::is_fast()) all.push_back(LiteralFilter::With::avx512);
  return all;
}

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// By comparing each literal at each place.
Hits expected(std::string text, size_t from, size_t to) {
  std::ranges::transform(text, text.begin(), small);
  Hits hits;
  for (size_t at = from; at < to; ++at)
    for (uint32_t id = 0; id < literals.size(); ++id)
      if (text.compare(at, literals[id].size(), literals[id]) == 0) hits.emplace_back(id, at);
  std::ranges::sort(hits);
  return hits;
}

// Pieces of literals, whole ones in any case, and bytes that look like theirs in the lower bits.
std::string random_text(std::mt19937& random, size_t size) {
  std::string text;
  while (text.size() < size) {
    const std::string& literal = literals[random() % literals.size()];
    std::string piece = random() % 2 == 0 ? literal : literal.substr(random() % literal.size());
    for (char& c : piece) {
      if (c >= 'a' && c <= 'z' && random() % 4 == 0) c = static_cast<char>(c ^ 0x20);
      if (random() % 16 == 0) c = static_cast<char>(c ^ (1 << random() % 8));
    }
    text += random() % 3 == 0 ? std::string(random() % 70, "x 1"[random() % 3]) : piece;
  }
  text.resize(size);
  return text;
}

TEST(LiteralFilter, FindsWhatComparingEverywhereFinds) {
  LiteralFilter filter;
  for (uint32_t id = 0; id < literals.size(); ++id) filter.add(literals[id], id);
  filter.finish();
  std::mt19937 random(23);
  PlaceList places;
  size_t found = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string text = random_text(random, random() % (round % 50 == 0 ? 9000 : 300));
    const size_t from = random() % (text.size() + 1), to = from + random() % (text.size() - from + 1);
    // What lies behind the text goes on as literals do, and does not count.
    const std::string padded = text + random_text(random, survey_padding);
    const Hits all = expected(text, from, to);
    found += all.size();
    for (const auto with : ways()) {
      Hits hits;
      filter.find(
          std::string_view(padded).substr(0, text.size()), from, to, places,
          [&](uint32_t id, size_t at) { hits.emplace_back(id, at); }, with);
      std::ranges::sort(hits);
      EXPECT_EQ(hits, all) << "round " << round << ", from " << from << " to " << to << " of " << text.size();
    }
  }
  EXPECT_GT(found, 3000U);
}

TEST(LiteralFilter, WithoutLiteralsNothingIsFound) {
  LiteralFilter filter;
  filter.finish();
  PlaceList places;
  const std::string text(200, 'a');
  filter.find(std::string_view(text).substr(0, 100), 0, 100, places, [](uint32_t, size_t) { FAIL(); });
}

struct HsScratch {
  hs_scratch* scratch = nullptr;
  ~HsScratch() { hs_free_scratch(scratch); }
};

Hits hits_of(const GluedKeywords& glued, const std::string& padded, size_t size, size_t from, size_t to) {
  HsScratch hyperscan;
  if (glued.database() != nullptr) EXPECT_EQ(hs_alloc_scratch(glued.database(), &hyperscan.scratch), HS_SUCCESS);
  PlaceList places;
  Hits hits;
  glued.find(std::string_view(padded).substr(0, size), from, to, hyperscan.scratch, places,
             [&](const GluedKeywords::Keyword& keyword, size_t at) {
               for (const auto& use : keyword.uses) hits.emplace_back(use.pattern, at);
             });
  std::ranges::sort(hits);
  return hits;
}

TEST(GluedKeywords, AreFoundAlikeByFilterAndByVectorscan) {
  GluedKeywords fast, slow;
  for (uint32_t id = 0; id < literals.size(); ++id)
    for (GluedKeywords* glued : {&fast, &slow}) glued->add(literals[id], {.pattern = id, .gate = 0});
  fast.finish();
  slow.finish(GluedKeywords::By::vectorscan);
  ASSERT_NE(slow.database(), nullptr);
  std::mt19937 random(31);
  for (int round = 0; round < 300; ++round) {
    const std::string text = random_text(random, 1 + random() % 600), padded = text + std::string(survey_padding, '\0');
    const size_t from = random() % text.size(), to = from + random() % (text.size() - from + 1);
    const Hits all = expected(text, from, to);
    EXPECT_EQ(hits_of(fast, padded, text.size(), from, to), all) << "round " << round;
    EXPECT_EQ(hits_of(slow, padded, text.size(), from, to), all) << "round " << round;
  }
}

TEST(GluedKeywords, ManyAreFoundToo) {
  GluedKeywords glued;
  for (uint32_t id = 0; id < 2 * LiteralFilter::most_literals; ++id)
    glued.add("key" + std::to_string(1000 + id) + "x", {.pattern = id, .gate = 0});
  glued.finish();
  ASSERT_NE(glued.database(), nullptr) << "a filter of so many would let too much through";
  const std::string text = "a key1007X and key1300xkey1001x";
  EXPECT_EQ(hits_of(glued, text + std::string(survey_padding, '\0'), text.size(), 0, text.size()),
            (Hits{{1, 23}, {7, 2}, {300, 15}}));
}

}  // namespace
}  // namespace assay::classify
