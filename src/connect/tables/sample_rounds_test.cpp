#include "connect/tables/sample_rounds.h"

#include <gtest/gtest.h>

#include <vector>

namespace assay::connect {
namespace {

using Sample = RowChoice::Sample;

TEST(SampleRounds, EachIsTwiceTheOneBefore) {
  SampleRounds rounds(99.9, 100'000'000, true);
  EXPECT_TRUE(rounds.is_random());
  EXPECT_FALSE(rounds.reads_all());
  std::vector<uint64_t> rows;
  RowChoice choice;
  choice.sample = Sample::blocks;
  while (rounds.next(choice)) {
    EXPECT_EQ(choice.sample, Sample::blocks);
    EXPECT_DOUBLE_EQ(choice.sample_percent, static_cast<double>(choice.sample_rows) / 1'000'000);
    rows.push_back(choice.sample_rows);
  }
  EXPECT_EQ(rows, (std::vector<uint64_t>{8192, 16'384, 32'768, 65'536, 131'072, 262'144, 524'288}));
}

TEST(SampleRounds, TakeAQuarterOfTheTableAtMost) {
  SampleRounds rounds(99.9, SampleRounds::least_sampled_rows, true);
  uint64_t rows = 0;
  for (RowChoice choice; rounds.next(choice);) rows += choice.sample_rows;
  EXPECT_EQ(rows, 24'576U);
  EXPECT_TRUE(SampleRounds(99.9, SampleRounds::least_sampled_rows - 1, true).reads_all());
}

TEST(SampleRounds, GoThroughTheTableWhereNothingIsChosenAtRandom) {
  for (SampleRounds rounds : {SampleRounds(99.9, 1'000'000, false), SampleRounds(99.9, {}, true)}) {
    EXPECT_FALSE(rounds.is_random());
    EXPECT_FALSE(rounds.reads_all());
    RowChoice choice;
    EXPECT_TRUE(rounds.next(choice));
    EXPECT_EQ(choice.sample, Sample::none);
    SampleRounds small = rounds;
    EXPECT_FALSE(small.next(choice)) << "once, also when it has less rows than a round";
    std::vector<uint64_t> ends;
    for (uint64_t row = 1; row < 60'000; ++row)
      if (rounds.ends_behind(row)) ends.push_back(row);
    EXPECT_EQ(ends, (std::vector<uint64_t>{8192, 24'576, 57'344}));
    EXPECT_FALSE(rounds.next(choice));
  }
}

}  // namespace
}  // namespace assay::connect
