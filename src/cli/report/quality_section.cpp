#include "cli/report/quality_section.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/human.h"
#include "core/printable.h"
#include "profile/quality_score.h"

namespace assay::cli {
namespace {

constexpr size_t max_tables = 25, max_columns = 8;
constexpr double noteworthy = 0.99;  // a part below it is told

void tell(std::string& out, const char* name, const std::optional<double>& part, double below) {
  if (!part || *part >= below) return;
  if (!out.empty()) out += ", ";
  out += fmt::format("{} {:.2f}", name, *part);
}

std::string tell_all(const profile::QualityParts& parts, double below) {
  std::string out;
  tell(out, "completeness", parts.completeness, below);
  tell(out, "uniqueness", parts.uniqueness, below);
  tell(out, "conformity", parts.conformity, below);
  tell(out, "validity", parts.validity, below);
  tell(out, "freshness", parts.freshness, below);
  return out;
}

std::string line_of(const model::ColumnProfile& column, const profile::QualityScore& score) {
  std::string what = tell_all(score.parts, noteworthy);
  if (column.outliers != 0)
    what += fmt::format("{}{} outliers", what.empty() ? "" : ", ", human_count(column.outliers));
  if (what.empty()) return {};
  return fmt::format("    {:.2f}  {:<24} {:<10} {}", score.score, core::printable(column.name, 200), column.type, what);
}

}  // namespace

void QualitySection::add(const model::TableProfile& profile) {
  ++tables_;
  const auto score = profile::score_of(profile, now_s_);
  if (!score || (worst_.size() == max_tables && worst_.back().score <= score->score)) return;
  Table table{.score = score->score, .line = {}, .columns = {}};
  std::string name = core::printable(profile.object, 4096);
  if (const std::string inside = model::describe(profile.locator); !inside.empty()) name += " " + inside;
  table.line = fmt::format("  {:.2f}  {}  {} rows{}, {} columns: {}", score->score, name, human_count(profile.rows),
                           profile.is_sample ? " (not all)" : "", profile.columns.size(), tell_all(score->parts, 2));
  std::vector<std::pair<double, std::string>> columns;
  for (const auto& column : profile.columns)
    if (const auto one = profile::score_of(column, profile.locator.table, now_s_))
      if (std::string line = line_of(column, *one); !line.empty()) columns.emplace_back(one->score, std::move(line));
  std::ranges::sort(columns);
  for (size_t i = 0; i < std::min(columns.size(), max_columns); ++i) table.columns.push_back(columns[i].second);
  if (columns.size() > max_columns)
    table.columns.push_back(fmt::format("    ... and {} more", columns.size() - max_columns));
  worst_.insert(std::ranges::upper_bound(worst_, table.score, {}, &Table::score), std::move(table));
  if (worst_.size() > max_tables) worst_.pop_back();
}

std::vector<std::string> QualitySection::lines() const {
  std::vector<std::string> out;
  for (const Table& table : worst_) {
    out.push_back(table.line);
    out.insert(out.end(), table.columns.begin(), table.columns.end());
  }
  if (tables_ > worst_.size())
    out.push_back(
        fmt::format("  ... and {} more tables; --format jsonl lists all", human_count(tables_ - worst_.size())));
  return out;
}

}  // namespace assay::cli
