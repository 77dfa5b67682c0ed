// Rule files of users, ours and those written for Presidio: refused with a place and a reason, or loaded into rules
// that can be compiled and run.
#include "classify/classifier.h"
#include "classify/rule_loader.h"
#include "classify/text_scanner.h"
#include "core/error.h"
#include "fuzz/harness.h"

namespace {

using namespace assay;

// A user's own regexes may take the compiler long, which is the user's to bear and no fault.
constexpr size_t most_compiled_bytes = 2048;

class NullSink final : public classify::MatchSink {
  void on_match(const classify::Match&, const classify::Place& place) override {
    fuzz::require(place.begin <= place.end && place.end <= place.window.size(), "a match lies in its window");
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    std::vector<model::Rule> rules =
        classify::load_rules(classify::RuleSource{"a.yaml", std::string(fuzz::as_text(data, size))});
    if (size > most_compiled_bytes) return 0;
    const classify::Classifier classifier(std::move(rules));
    classify::Scratch scratch(classifier.rules());
    classifier.warm_up(scratch);
    NullSink sink;
    classify::TextScanner scanner(classifier, scratch, 0.0F, sink);
    scanner.feed(fuzz::as_text(data, size));
    scanner.finish();
  } catch (const core::Error& error) {
    fuzz::require(error.kind() == core::ErrorKind::bad_input, "a bad rule file is the user's error");
  }
  return 0;
}
