#include "classify/classifier.h"

#include "classify/text_scanner.h"

namespace assay::classify {
namespace {

class NullSink final : public MatchSink {
  void on_match(const Match&, const Place&) override {}
};

}  // namespace

Classifier::Classifier(std::vector<model::Rule> rules) : rules_(std::move(rules)) {
  detectors_.push_back(std::make_unique<TokenDetector>(rules_));
  detectors_.push_back(std::make_unique<KeywordDetector>(rules_));
  detectors_.push_back(std::make_unique<LineDetector>(rules_));
}

void Classifier::warm_up(Scratch& scratch) const {
  NullSink sink;
  TextScanner scanner(*this, scratch, 0.0F, sink);
  for (const auto& rule : rules_.sources())
    for (const auto* list : {&rule.examples, &rule.counter_examples})
      for (const auto& example : *list) {
        scanner.feed(example.text);
        scanner.feed("\n");
      }
  scanner.finish();
  scratch.pcre.gave_up.clear();
}

}  // namespace assay::classify
