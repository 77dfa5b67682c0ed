#include "profile/quality_score.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace assay::profile {
namespace {

constexpr double completeness_weight = 0.30, uniqueness_weight = 0.15, conformity_weight = 0.25, validity_weight = 0.20,
                 freshness_weight = 0.10;
constexpr double half_life_s = 90 * 86'400.0;
constexpr double key_share = 0.95;
// Three standard errors of the estimate of different values: what is nearer to all than this may be all.
constexpr double estimate_error = 0.05;

double share(double part, double whole) { return whole <= 0 ? 0 : std::clamp(part / whole, 0.0, 1.0); }
double share(uint64_t part, uint64_t whole) { return share(static_cast<double>(part), static_cast<double>(whole)); }

// In lower case, without what stands between words.
std::string plain_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    else if (c != '_' && c != '-' && c != ' ' && c != '.') out += c;
  }
  return out;
}

double uniqueness_of(const model::ColumnProfile& column) {
  const double unique = share(column.distinct, static_cast<double>(values_of(column)));
  return !column.distinct_is_exact && unique >= 1 - estimate_error ? 1 : unique;
}

QualityScore weighted(const QualityParts& parts) {
  double sum = 0, weights = 0;
  const auto add = [&](const std::optional<double>& part, double weight) {
    if (!part) return;
    sum += *part * weight;
    weights += weight;
  };
  add(parts.completeness, completeness_weight);
  add(parts.uniqueness, uniqueness_weight);
  add(parts.conformity, conformity_weight);
  add(parts.validity, validity_weight);
  add(parts.freshness, freshness_weight);
  return {.score = weights == 0 ? 0 : sum / weights, .parts = parts};
}

/// The mean of what some columns have.
class Mean {
 public:
  void add(const std::optional<double>& part) {
    if (!part) return;
    sum_ += *part;
    ++count_;
  }
  std::optional<double> value() const {
    return count_ == 0 ? std::nullopt : std::optional(sum_ / static_cast<double>(count_));
  }

 private:
  double sum_ = 0;
  uint64_t count_ = 0;
};

}  // namespace

uint64_t values_of(const model::ColumnProfile& column) {
  uint64_t left = column.rows;
  for (const uint64_t without : {column.nulls, column.empty, column.null_tokens}) left -= std::min(left, without);
  return left;
}

bool expects_key(const model::ColumnProfile& column, std::string_view table) {
  constexpr std::array<std::string_view, 5> words = {"id", "uuid", "guid", "key", "pk"};
  // Of "public.order", what stands behind the schema.
  const std::string name = plain_name(column.name), of_table = plain_name(table.substr(table.rfind('.') + 1));
  for (const std::string_view word : words) {
    if (name == word || (!of_table.empty() && name == of_table + std::string(word))) return true;
    if (name.ends_with(word) && uniqueness_of(column) >= key_share) return true;
  }
  return false;
}

std::optional<QualityScore> score_of(const model::ColumnProfile& column, std::string_view table, int64_t now_s) {
  if (column.rows == 0) return std::nullopt;
  QualityParts parts;
  const uint64_t values = values_of(column);
  parts.completeness = share(values, column.rows);
  if (values != 0) {
    parts.conformity = share(column.conforming, values);
    if (!column.entity.empty()) parts.validity = share(column.valid, values);
    if (expects_key(column, table)) parts.uniqueness = uniqueness_of(column);
  }
  if (column.newest_s) {
    const double age = std::max(0.0, static_cast<double>(now_s) - static_cast<double>(*column.newest_s));
    parts.freshness = std::exp2(-age / half_life_s);
  }
  return weighted(parts);
}

std::optional<QualityScore> score_of(const model::TableProfile& table, int64_t now_s) {
  Mean completeness, uniqueness, conformity, validity;
  QualityParts parts;
  bool any = false;
  for (const model::ColumnProfile& column : table.columns) {
    const auto score = score_of(column, table.locator.table, now_s);
    if (!score) continue;
    any = true;
    completeness.add(score->parts.completeness);
    uniqueness.add(score->parts.uniqueness);
    conformity.add(score->parts.conformity);
    validity.add(score->parts.validity);
    if (score->parts.freshness) parts.freshness = std::max(parts.freshness.value_or(0), *score->parts.freshness);
  }
  if (!any) return std::nullopt;
  parts.completeness = completeness.value();
  parts.uniqueness = uniqueness.value();
  parts.conformity = conformity.value();
  parts.validity = validity.value();
  return weighted(parts);
}

}  // namespace assay::profile
