#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "bench.h"
#include "classify/classifier.h"
#include "classify/rule_loader.h"
#include "classify/text_scanner.h"

namespace assay::bench {
namespace {

constexpr size_t text_bytes = size_t{4} << 20;

class Ignore final : public classify::MatchSink {
  void on_match(const classify::Match&, const classify::Place&) override {}
};

double seconds_of(const classify::Classifier& classifier, const std::string& text) {
  classify::Scratch scratch(classifier.rules());
  Ignore sink;
  return best_seconds(3, [&] {
    classify::TextScanner scanner(classifier, scratch, 0.5F, sink);
    scanner.feed(text);
    scanner.finish();
  });
}

}  // namespace

/// Each rule alone over the same mixed text, less what a classifier without rules costs.
void run_rule_cost_bench() {
  const std::string text = ordinary_text(text_bytes / 4) + source_code(text_bytes / 4) + log_lines(text_bytes / 4) +
                           sensitive_csv(text_bytes / 4);
  const auto rules = classify::load_rules(classify::builtin_rule_sources());
  const double empty = seconds_of(classify::Classifier({}), text);
  const double all = seconds_of(classify::Classifier(rules), text);
  std::vector<std::pair<double, const model::Rule*>> costs;
  double sum = 0;
  for (const auto& rule : rules) {
    const double cost = std::max(0.0, seconds_of(classify::Classifier({rule}), text) - empty);
    costs.emplace_back(cost, &rule);
    sum += cost;
  }
  std::ranges::sort(costs, std::greater<>(), [](const auto& c) { return c.first; });
  const double mb = static_cast<double>(text.size()) / 1e6;
  fmt::print(
      "\nEach rule's own cost over mixed text, in microseconds a megabyte (no rule: {:.0f}, all together: {:.0f}, sum "
      "of each alone: {:.0f})\n",
      empty * 1e6 / mb, all * 1e6 / mb, sum * 1e6 / mb);
  for (const auto& [cost, rule] : costs)
    fmt::print("  {:>8.1f}  {:>5.1f} %  {}\n", cost * 1e6 / mb, cost / all * 100, rule->name);
}

}  // namespace assay::bench
