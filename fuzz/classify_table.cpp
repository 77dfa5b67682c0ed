// The table scanner with all built-in rules: lines are rows, tabs divide cells, the first row names the columns.
#include <optional>
#include <string>
#include <vector>

#include "classify/classifier.h"
#include "classify/rule_loader.h"
#include "classify/table_scanner.h"
#include "fuzz/harness.h"

namespace {

using namespace assay;

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> pieces;
  for (size_t end; (end = text.find(at)) != std::string_view::npos; text.remove_prefix(end + 1))
    pieces.push_back(text.substr(0, end));
  pieces.push_back(text);
  return pieces;
}

class CheckingTableSink final : public classify::TableSink {
 public:
  explicit CheckingTableSink(const std::vector<std::string_view>& lines) : lines_(lines) {}

  void on_cell_match(const classify::Match&, uint64_t row, uint32_t column, size_t begin, size_t code_point,
                     std::string_view value) override {
    fuzz::require(row < lines_.size(), "a match is in a row that was given");
    const auto cells = split(lines_[row], '\t');
    fuzz::require(column < cells.size(), "a match is in a cell that was given");
    fuzz::require(cells[column].substr(std::min(begin, cells[column].size())).starts_with(value),
                  "a match is what stands there");
    fuzz::require(code_point <= begin, "there are no more code points than bytes");
  }
  void on_column(const classify::ColumnVerdict& verdict) override {
    fuzz::require(verdict.agreeing <= verdict.values, "no more values agree than there are");
    fuzz::require(verdict.values < lines_.size(), "no more values than rows");
  }

 private:
  const std::vector<std::string_view>& lines_;
};

struct Engine {
  classify::Classifier classifier{classify::load_rules(classify::builtin_rule_sources())};
  classify::Scratch scratch{classifier.rules()};
};
std::optional<Engine> engine;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  engine.emplace();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr float everything = 0.05F;
  const auto lines = split(fuzz::as_text(data, size), '\n');
  const auto names = split(lines[0], '\t');
  CheckingTableSink sink(lines);
  classify::TableScanner scanner(engine->classifier, engine->scratch, everything, sink);
  scanner.begin(std::vector<std::string>(names.begin(), names.end()));
  for (size_t row = 1; row < lines.size(); ++row) scanner.row(row, split(lines[row], '\t'));
  scanner.finish();
  return 0;
}
