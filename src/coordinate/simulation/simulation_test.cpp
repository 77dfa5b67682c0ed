#include "coordinate/simulation/simulation.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>

namespace assay::coordinate::simulation {
namespace {

uint64_t from_environment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr && *text != '\0' ? std::strtoull(text, nullptr, 10) : otherwise;
}

#ifdef ASSAY_SANITIZED
constexpr uint64_t usual_seeds = 150;  // each takes several times as long
#else
constexpr uint64_t usual_seeds = 1'000;
#endif

/// ASSAY_SIMULATION_SEEDS: how many, instead of the usual. ASSAY_SIMULATION_FIRST: from which. ASSAY_SIMULATION_SEED:
/// that one only, with every operation written to ASSAY_SIMULATION_LOG.
TEST(Simulation, EveryItemIsRecordedOnceWhateverHappens) {
  if (const uint64_t seed = from_environment("ASSAY_SIMULATION_SEED", 0); seed != 0) {
    std::string log;
    const Report report = simulate(seed, &log);
    if (const char* path = std::getenv("ASSAY_SIMULATION_LOG")) std::ofstream(path) << log;
    EXPECT_EQ(report.trouble, "") << "seed " << seed;
    return;
  }
  const uint64_t first = from_environment("ASSAY_SIMULATION_FIRST", 1);
  const uint64_t seeds = from_environment("ASSAY_SIMULATION_SEEDS", usual_seeds);
  Report total;
  unsigned completed = 0, failed = 0, cancelled = 0, broken = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (uint64_t seed = first; seed < first + seeds && broken < 10; ++seed) {
    const Report report = simulate(seed);
    EXPECT_EQ(report.trouble, "") << "seed " << seed;
    if (!report.trouble.empty()) ++broken;
    total.turns += report.turns;
    total.operations += report.operations;
    total.crashes += report.crashes;
    total.lost_answers += report.lost_answers;
    total.pauses += report.pauses;
    total.simulated_ms += report.simulated_ms;
    completed += report.end == "COMPLETED" ? 1 : 0;
    failed += report.end == "FAILED" ? 1 : 0;
    cancelled += report.end == "CANCELLED" ? 1 : 0;
  }
  const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  std::printf(
      "%llu seeds in %.1f s: %u completed, %u failed for bad items, %u cancelled; %u crashes, %u lost answers, %u "
      "pauses; "
      "%llu turns, %llu boundaries, %.0f hours simulated\n",
      static_cast<unsigned long long>(seeds), took, completed, failed, cancelled, total.crashes, total.lost_answers,
      total.pauses, static_cast<unsigned long long>(total.turns), static_cast<unsigned long long>(total.operations),
      static_cast<double>(total.simulated_ms) / 3.6e6);
  // What is simulated must be worth it: a run without faults would hold everything.
  EXPECT_TRUE(seeds < 100 || (total.crashes > seeds / 10 && total.pauses > seeds / 20 && failed > 0 && cancelled > 0));
}

TEST(Simulation, TheSameSeedGivesTheSameRun) {
  std::string one, other;
  simulate(17, &one);
  simulate(17, &other);
  EXPECT_EQ(one, other);
  EXPECT_FALSE(one.empty());
}

}  // namespace
}  // namespace assay::coordinate::simulation
