#include "classify/rule_examples.h"

#include <fmt/format.h>

#include <algorithm>

#include "classify/classifier.h"
#include "classify/given_up.h"
#include "classify/reasons.h"
#include "classify/text_scanner.h"

namespace assay::classify {
namespace {

class Found final : public MatchSink {
 public:
  explicit Found(const CompiledRules& rules) : rules_(rules) {}
  void on_match(const Match& match, const Place& place) override {
    values.emplace_back(place.value());
    why = fmt::format("{}", fmt::join(reasons(rules_, match), "; "));
  }
  std::vector<std::string> values;
  std::string why;

 private:
  const CompiledRules& rules_;
};

// What became of the candidates, for the author of a rule that does not find its example.
std::string explain(const std::vector<TraceEntry>& trace, const CompiledRules& rules) {
  std::string out;
  for (const auto& entry : trace)
    out += fmt::format("\n    bytes {}-{}: {} ({:.2f}; {})", entry.match.begin, entry.match.end, to_string(entry.drop),
                       entry.match.confidence, fmt::join(reasons(rules, entry.match), "; "));
  return out.empty() ? "no pattern matched" : out;
}

void run_rule(const model::Rule& rule, double min_confidence, ExampleReport& report) {
  const Classifier classifier({rule});
  Scratch scratch(classifier.rules());
  std::vector<TraceEntry> trace;
  scratch.trace = &trace;
  auto scan = [&](const std::string& text) {
    trace.clear();
    Found found(classifier.rules());
    TextScanner scanner(classifier, scratch, static_cast<float>(min_confidence), found);
    scanner.feed(text);
    scanner.finish();
    return found;
  };
  auto fail = [&](std::string problem) {
    report.failures.push_back({rule.name, rule.file, rule.line, std::move(problem)});
  };
  if (rule.is_presidios) ++report.without_examples;
  else if (rule.examples.empty()) fail("it has no examples");
  for (const auto& example : rule.examples) {
    ++report.examples;
    const Found found = scan(example.text);
    if (found.values.empty()) {
      fail(fmt::format("the example '{}' is not found: {}", example.text, explain(trace, classifier.rules())));
    } else if (!example.match.empty() && std::ranges::find(found.values, example.match) == found.values.end()) {
      fail(fmt::format("in the example '{}' the value '{}' was found instead of '{}'", example.text,
                       found.values.front(), example.match));
    }
  }
  for (const auto& example : rule.counter_examples) {
    ++report.counter_examples;
    const Found found = scan(example.text);
    if (!found.values.empty()) fail(fmt::format("the counter-example '{}' is found: {}", example.text, found.why));
  }
  for (const CompiledPattern& pattern : classifier.rules().patterns)
    if (const auto text = strain(pattern, rule, scratch.pcre))
      report.warnings.push_back({rule.name, rule.file, rule.line,
                                 fmt::format("pattern '{}' takes too many steps to match on {}: what such texts hold "
                                             "may be missed, and their objects become PARTIAL",
                                             pattern.source->name, *text)});
}

}  // namespace

ExampleReport run_rule_examples(const std::vector<model::Rule>& rules, double min_confidence) {
  ExampleReport report;
  for (const auto& rule : rules) {
    ++report.rules;
    run_rule(rule, min_confidence, report);
  }
  return report;
}

}  // namespace assay::classify
