// The profiles of a table: lines are rows, tabs divide cells. What is counted adds up, and memory stays within its
// bound.
#include <cmath>
#include <string>
#include <vector>

#include "fuzz/harness.h"
#include "profile/quality_score.h"
#include "profile/table_profiler.h"

namespace {

using namespace assay;

void check(const model::ColumnProfile& c) {
  const uint64_t values = profile::values_of(c);
  fuzz::require(c.nulls + c.empty + c.null_tokens + values == c.rows, "each row has a value or has none");
  fuzz::require(c.conforming <= values, "no more values conform than there are");
  fuzz::require(c.distinct >= 0 && c.distinct <= static_cast<double>(values), "no more values differ than there are");
  fuzz::require(c.shortest <= c.longest, "the shortest is not longer than the longest");
  for (const auto& number : {c.minimum, c.maximum, c.mean, c.deviation})
    fuzz::require(!number || std::isfinite(*number), "numbers are finite");
  for (const double q : c.quantiles)
    fuzz::require(c.minimum && q >= *c.minimum && q <= *c.maximum, "quantiles lie between the least and the greatest");
  for (const auto* list : {&c.top_values, &c.patterns})
    for (const auto& one : *list) fuzz::require(one.count <= values, "nothing occurs more often than there are values");
  if (const auto score = profile::score_of(c, "t", 0))
    fuzz::require(score->score >= 0 && score->score <= 1, "a score is a share");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Choices choices(fuzz::as_text(data, size));
  const uint32_t repeat = 1 + choices.below(64);
  const std::string_view text = choices.rest();
  profile::TableProfiler profiler(1'700'000'000);
  uint64_t number = 0;
  for (uint32_t i = 0; i < repeat; ++i) {
    std::vector<std::string_view> cells(1);
    size_t begin = 0;
    for (size_t at = 0; at <= text.size(); ++at) {
      if (at < text.size() && text[at] != '\t' && text[at] != '\n') continue;
      cells.back() = text.substr(begin, at - begin);
      begin = at + 1;
      if (at < text.size() && text[at] == '\t') {
        cells.emplace_back();
        continue;
      }
      profiler.row(++number, cells);
      cells.assign(1, {});
    }
  }
  fuzz::require(profiler.memory_bytes() <= size_t{64} << 20, "memory is bounded");
  for (const auto& column : profiler.finish(1)) check(column.profile);
  return 0;
}
