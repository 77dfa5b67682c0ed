#include "classify/candidate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>
#include <vector>

namespace assay::classify {
namespace {

auto rank(const Candidate& c) { return std::tuple(c.begin, c.end, c.pattern); }

// As detectors give them: each its own run, a run nearly in order.
TEST(SortCandidates, MergesTheRunsOfDetectors) {
  std::mt19937 random(23);
  for (int round = 0; round < 500; ++round) {
    std::vector<Candidate> candidates;
    for (size_t runs = random() % 12; runs > 0; --runs) {
      uint64_t at = random() % 50;
      for (size_t n = random() % 60; n > 0; --n) {
        at += random() % 3;
        candidates.push_back({at, at + 1 + random() % 4, static_cast<uint32_t>(random() % 3), Check::plausible});
      }
    }
    std::vector<Candidate> expected = candidates;
    std::ranges::sort(expected, {}, rank);
    const auto same = [](const Candidate& a, const Candidate& b) { return rank(a) == rank(b); };
    expected.erase(std::unique(expected.begin(), expected.end(), same), expected.end());
    sort_candidates(candidates);
    EXPECT_TRUE(std::ranges::equal(candidates, expected, same));
  }
}

}  // namespace
}  // namespace assay::classify
