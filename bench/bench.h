#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

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

struct Times {
  double best_s = 0, median_s = 0;
};

/// Runs each of `works`, one after the other, and all of them `rounds` times, so that what disturbs the machine for a
/// while disturbs all alike. As many times as works.
inline std::vector<Times> take_turns(int rounds, const std::vector<std::function<void()>>& works) {
  std::vector<std::vector<double>> seconds(works.size());
  for (int round = 0; round < rounds; ++round)
    for (size_t i = 0; i < works.size(); ++i) seconds[i].push_back(best_seconds(1, works[i]));
  std::vector<Times> times;
  for (auto& of_one : seconds) {
    std::ranges::sort(of_one);
    times.push_back({of_one.front(), of_one[of_one.size() / 2]});
  }
  return times;
}

/// One line of the table: what was measured, against what, the ratio, and whether the ratio meets its bound.
void row(std::string_view what, double value, std::string_view unit, std::string_view against, double reference,
         double bound, bool higher_is_better);

/// Texts of about `bytes` bytes, the same on every run.
std::string ordinary_text(size_t bytes);  ///< the licences that Debian ships: English prose, few matches
std::string source_code(size_t bytes);    ///< generated functions, comments and literals, few matches
std::string log_lines(size_t bytes);      ///< time stamps, addresses and numbers in every line
std::string sensitive_csv(size_t bytes);  ///< every field is sensitive

/// The n-th row of a table of orders, the same on every run: names, cities, numbers and prose, and in each
/// `every`-th row where the customer lives and how to reach them, an account or a card, and a time. No cell holds a
/// tab, a line end or a backslash; "" stands for none.
using MixedRow = std::array<std::string, 10>;
inline constexpr std::array<std::string_view, 10> mixed_columns = {
    "reference", "customer", "contact", "street", "city", "account", "disputed_at", "amount", "goods", "note"};
MixedRow mixed_row(uint64_t n, uint64_t every);

void run_classifier_bench();
void run_rule_cost_bench();
void run_scan_bench();
void run_range_bench();   ///< needs 2 GiB of disk
void run_shares_bench();  ///< needs OpenSSH, Samba, curl and 2 GiB of memory
/// Needs PostgreSQL, MariaDB, curl, versitygw and 4 GiB of memory. `only`: one kind of sources; "" all.
void run_sources_bench(std::string_view only);
void run_store_bench(bool full);  ///< `full`: with ten million tasks
void run_idle_bench();            ///< what ten thousand jobs cost that wait for workers

}  // namespace assay::bench
