// The text scanner with all built-in rules: what it finds is the same whether the text comes whole or in pieces, and
// whether or not a whole window of empty lines stands before it.
#include <optional>
#include <vector>

#include "classify/classifier.h"
#include "classify/rule_loader.h"
#include "classify/text_scanner.h"
#include "fuzz/harness.h"

namespace {

using namespace assay;
using classify::TextScanner;

struct Found {
  uint64_t begin, end;
  uint32_t rule, pattern;
  float confidence;
  uint64_t line, column, code_point;
  bool operator==(const Found&) const = default;
};

class Collector final : public classify::MatchSink {
 public:
  /// `lines` empty lines before the text are taken off the places.
  explicit Collector(uint64_t lines) : lines_(lines) {}
  void on_match(const classify::Match& match, const classify::Place& place) override {
    fuzz::require(place.begin <= place.end && place.end <= place.window.size(), "a match lies in its window");
    fuzz::require(match.end - match.begin == place.end - place.begin, "a match is as long in its window");
    fuzz::require(match.begin >= lines_, "nothing is found in empty lines");
    found.push_back({match.begin - lines_, match.end - lines_, match.rule, match.pattern, match.confidence,
                     place.line - lines_, place.line_column, place.code_point - lines_});
  }
  std::vector<Found> found;

 private:
  uint64_t lines_;
};

struct Engine {
  classify::Classifier classifier{classify::load_rules(classify::builtin_rule_sources())};
  classify::Scratch scratch{classifier.rules()};
};
std::optional<Engine> engine;

std::vector<Found> scan(std::string_view text, uint64_t lines, std::string_view cuts) {
  constexpr float everything = 0.05F;
  Collector collector(lines);
  TextScanner scanner(engine->classifier, engine->scratch, everything, collector);
  if (lines != 0) scanner.feed(std::string(lines, '\n'));
  while (!text.empty()) {
    const size_t n = cuts.empty() ? text.size() : std::min<size_t>(text.size(), static_cast<uint8_t>(cuts.front()));
    if (!cuts.empty()) cuts.remove_prefix(1);
    scanner.feed(text.substr(0, n));
    text.remove_prefix(n);
  }
  scanner.finish();
  return std::move(collector.found);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  engine.emplace();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::Choices choices(fuzz::as_text(data, size));
  const bool far_on = choices.below(16) == 0;
  const uint32_t into_window = choices.below(8192);
  const std::string_view text = choices.rest();
  const auto whole = scan(text, 0, {});
  // The text's own bytes say where it is cut.
  fuzz::require(scan(text, 0, text) == whole, "cuts change nothing");
  if (far_on && !text.empty())
    fuzz::require(scan(text, TextScanner::window_bytes - into_window, text) == whole,
                  "the place in the text changes nothing");
  return 0;
}
