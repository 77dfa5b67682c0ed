#include "cli/report/html_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/printable.h"

namespace assay::cli::html {
namespace {

bool is_more_important(const Row& a, const Row& b) {
  return std::tuple(static_cast<int>(a.sensitivity), a.confidence, b.order) >
         std::tuple(static_cast<int>(b.sensitivity), b.confidence, a.order);
}

Row row_of(const model::Finding& f, uint64_t order, bool reveal) {
  return {.sensitivity = f.sensitivity,
          .confidence = f.confidence,
          .order = order,
          .object = core::printable(f.object, 4096),
          .where = core::printable(model::describe(f.locator), 2048),
          .entity = core::printable(f.entity, 256),
          .rule = core::printable(f.rule, 256),
          .shown = core::printable(reveal ? f.value.reveal() : f.masked, 256),
          .reasons = core::printable(fmt::format("{}", fmt::join(f.reasons, "; ")), 1024)};
}

}  // namespace

Facts::Facts(const ReportOptions& options, const std::vector<model::Rule>& rules)
    : options_(options), totals_(options.roots) {
  for (const auto& rule : rules) {
    regulations_of_rule_[rule.name] = rule.regulations;
    if (!rule.title.empty()) title_of_entity_.try_emplace(rule.entity, rule.title);
  }
}

void Facts::add(const model::Finding& finding) {
  totals_.add(finding);
  ++findings_;
  ++by_sensitivity_.at(static_cast<size_t>(finding.sensitivity));
  if (objects_.size() < max_objects_counted) objects_.insert(std::hash<std::string>()(finding.object));
  if (const auto found = regulations_of_rule_.find(finding.rule); found != regulations_of_rule_.end())
    for (const auto& name : found->second) {
      Regulation& regulation = regulations_[name];
      ++regulation.findings;
      regulation.entities.insert(finding.entity);
    }
  if (rows_.size() == max_rows) {
    const Row& least = rows_.front();
    if (std::tuple(static_cast<int>(finding.sensitivity), finding.confidence) <=
        std::tuple(static_cast<int>(least.sensitivity), least.confidence))
      return;
    std::ranges::pop_heap(rows_, is_more_important);
    rows_.pop_back();
  }
  rows_.push_back(row_of(finding, findings_, options_.reveal));
  std::ranges::push_heap(rows_, is_more_important);
}

std::vector<std::pair<std::string, Facts::Regulation>> Facts::regulations() const {
  std::vector<std::pair<std::string, Regulation>> list(regulations_.begin(), regulations_.end());
  std::ranges::sort(list, [](const auto& a, const auto& b) {
    return a.second.findings != b.second.findings ? a.second.findings > b.second.findings : a.first < b.first;
  });
  return list;
}

std::string Facts::title_of(const std::string& entity) const {
  const auto found = title_of_entity_.find(entity);
  return found == title_of_entity_.end() ? entity : found->second;
}

std::vector<Row> Facts::take_rows() {
  std::ranges::sort(rows_, is_more_important);
  return std::move(rows_);
}

}  // namespace assay::cli::html
