#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

/// Benchmarks print ratios of two things measured in the same run, because the machine is shared and its speed moves.
namespace assay::bench {

/// Best of `rounds`, in seconds: what the code costs when nothing disturbs it.
inline double best_seconds(int rounds, const std::function<void()>& work) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

/// One line of the table: what was measured, against what, the ratio, and whether the ratio meets its bound.
void row(std::string_view what, double value, std::string_view unit, std::string_view against, double reference,
         double bound, bool higher_is_better);

/// Texts of about `bytes` bytes, the same on every run.
std::string ordinary_text(size_t bytes);  ///< the licences that Debian ships: English prose, few matches
std::string source_code(size_t bytes);    ///< generated functions, comments and literals, few matches
std::string log_lines(size_t bytes);      ///< time stamps, addresses and numbers in every line
std::string sensitive_csv(size_t bytes);  ///< every field is sensitive

void run_classifier_bench();
void run_rule_cost_bench();
void run_scan_bench();
void run_range_bench();           ///< needs 2 GiB of disk
void run_store_bench(bool full);  ///< `full`: with ten million tasks
void run_idle_bench();            ///< what ten thousand jobs cost that wait for workers

}  // namespace assay::bench
