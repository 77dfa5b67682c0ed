#include "scan/examine/names.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "classify/mask.h"

namespace assay::scan {
namespace {

constexpr std::string_view not_shown = "(a name that is not shown)";

class Gatherer final : public classify::TableSink {
 public:
  void on_cell_match(const classify::Match& match, uint64_t, uint32_t column, size_t begin, size_t code_point,
                     std::string_view value) override {
    matches.push_back(
        {.name = column, .match = match, .begin = begin, .code_point = code_point, .value = std::string(value)});
  }
  void on_column(const classify::ColumnVerdict&) override {}

  std::vector<NameMatch> matches;
};

}  // namespace

std::vector<NameMatch> matches_in_names(const classify::Classifier& classifier, classify::Scratch& scratch,
                                        float min_confidence, std::span<const std::string_view> names) {
  Gatherer gatherer;
  auto* const trace = std::exchange(scratch.trace, nullptr);  // what is explained are values
  classify::TableScanner scanner(classifier, scratch, min_confidence, gatherer);
  scanner.begin({});
  scanner.row(1, names);
  scanner.finish();
  scratch.trace = trace;
  std::ranges::sort(gatherer.matches, {}, [](const NameMatch& m) { return std::pair(m.name, m.begin); });
  return std::move(gatherer.matches);
}

std::string masked_name(const classify::CompiledRules& rules, std::string_view name,
                        std::span<const NameMatch> matches) {
  std::string shown;
  size_t done = 0;
  for (const NameMatch& match : matches) {
    const model::Rule& rule = *rules.rules[match.match.rule].source;
    shown.append(name.substr(done, match.begin - done));
    shown += classify::mask(match.value, rule.entity, rule.category == "secret");
    done = match.begin + match.value.size();
  }
  return shown.append(name.substr(done));
}

void HiddenNames::hide(extract::TableInfo& table, const classify::CompiledRules& rules,
                       std::span<const NameMatch> matches) {
  while (!matches.empty()) {
    const uint32_t which = matches.front().name;
    const auto next = std::ranges::find_if(matches, [which](const NameMatch& match) { return match.name != which; });
    const auto of_name = matches.first(static_cast<size_t>(next - matches.begin()));
    hide(which == 0 ? table.name : table.columns[which - 1], rules, of_name);
    matches = matches.subspan(of_name.size());
  }
}

void HiddenNames::hide(std::string& name, const classify::CompiledRules& rules, std::span<const NameMatch> matches) {
  std::string shown = masked_name(rules, name, matches);
  std::swap(name, shown);
  too_many_ = too_many_ || hidden_.size() == max_hidden;
  if (too_many_) return;
  const auto shorter = std::ranges::find_if(hidden_, [&](const Hidden& h) { return h.name.size() < shown.size(); });
  hidden_.insert(shorter, {.name = std::move(shown), .shown = name});
}

std::string HiddenNames::hide(std::string_view text) const {
  if (too_many_) return std::string(not_shown);
  std::string out(text);
  for (const Hidden& hidden : hidden_) {
    size_t at = out.find(hidden.name), done = 0;
    if (at == std::string::npos) continue;
    std::string next;
    for (; at != std::string::npos; at = out.find(hidden.name, done)) {
      next.append(out, done, at - done).append(hidden.shown);
      done = at + hidden.name.size();
    }
    out = next.append(out, done);
  }
  return out;
}

bool KnownNames::takes() {
  if (matches.empty()) return false;
  size_t all = std::hash<std::string>()(table);
  for (const std::string& column : columns) all = all * 31 + std::hash<std::string>()(column);
  return reported.size() >= max_reported || reported.insert(all).second;
}

}  // namespace assay::scan
