// assay-bench: prints what `make bench` shows. Arguments choose sections: classifier, rules, scan, ranges, shares,
// sources, store, idle; of sources, only buckets, postgresql, mariadb or sqlite.
// --full: the store with ten million tasks, which takes minutes and gigabytes.
#include <fmt/format.h>

#include <cstdio>
#include <string_view>

#include "bench.h"

namespace assay::bench {

void row(std::string_view what, double value, std::string_view unit, std::string_view against, double reference,
         double bound, bool higher_is_better) {
  const double ratio = value / reference;
  const bool met = higher_is_better ? ratio >= bound : ratio <= bound;
  fmt::print("{:<46} {:>10.3g} {:<9} {:<34} {:>10.3g}  ratio {:>6.2f}  {} {:.2f}  {}\n", what, value, unit, against,
             reference, ratio, higher_is_better ? "at least" : "at most ", bound, met ? "met" : "MISSED");
  std::fflush(stdout);
}

}  // namespace assay::bench

int main(int argc, char** argv) {
  bool full = false, chosen = false;
  for (int i = 1; i < argc; ++i) (std::string_view(argv[i]) == "--full" ? full : chosen) = true;
  auto wanted = [&](std::string_view section) {
    for (int i = 1; i < argc; ++i)
      if (argv[i] == section) return true;
    return !chosen;
  };
  if (wanted("classifier")) assay::bench::run_classifier_bench();
  if (wanted("scan")) assay::bench::run_scan_bench();
  if (wanted("ranges")) assay::bench::run_range_bench();
  if (wanted("shares")) assay::bench::run_shares_bench();
  if (wanted("sources")) assay::bench::run_sources_bench({});
  for (const std::string_view kind : {"buckets", "postgresql", "mariadb", "sqlite"})
    if (chosen && wanted(kind)) assay::bench::run_sources_bench(kind);
  if (wanted("store")) assay::bench::run_store_bench(full);
  if (wanted("idle")) assay::bench::run_idle_bench();
  if (wanted("rules")) assay::bench::run_rule_cost_bench();
}
