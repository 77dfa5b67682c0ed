#include "cli/report/profile_values.h"

#include <cmath>

#include "core/printable.h"
#include "profile/quality_score.h"

namespace assay::cli {
namespace {

namespace json = boost::json;

constexpr size_t max_path = 8192;
constexpr const char* quantile_names[] = {"p1", "p5", "p25", "p50", "p75", "p95", "p99"};

double rounded(double share) { return std::round(share * 1000) / 1000; }

void add_score(const std::optional<profile::QualityScore>& score, json::object& out) {
  if (!score) return;
  json::object parts;
  const auto add = [&parts](const char* name, const std::optional<double>& part) {
    if (part) parts[name] = rounded(*part);
  };
  add("completeness", score->parts.completeness);
  add("uniqueness", score->parts.uniqueness);
  add("conformity", score->parts.conformity);
  add("validity", score->parts.validity);
  add("freshness", score->parts.freshness);
  out["score"] = rounded(score->score);
  out["parts"] = std::move(parts);
}

json::array to_json(const std::vector<model::ValueCount>& counts, const char* name) {
  json::array out;
  for (const auto& one : counts) out.push_back(json::object{{name, one.text}, {"count", one.count}});
  return out;
}

json::object to_json(const model::ColumnProfile& c, std::string_view table, int64_t now_s) {
  json::object out{{"column", c.name}};
  const auto add_text = [&out](const char* key, const std::string& text) {
    if (!text.empty()) out[key] = text;
  };
  add_text("native_type", c.native_type);
  add_text("comment", c.comment);
  out["values"] = profile::values_of(c);
  out["nulls"] = c.nulls;
  out["empty"] = c.empty;
  out["null_tokens"] = c.null_tokens;
  out["distinct"] = static_cast<uint64_t>(std::llround(std::min(c.distinct, 1e18)));
  out["distinct_is_exact"] = c.distinct_is_exact;
  add_text("read_as", c.type);
  out["conforming"] = c.conforming;
  if (!c.entity.empty()) {
    out["entity"] = c.entity;
    out["confidence"] = rounded(c.confidence);
    out["valid"] = c.valid;
  }
  const auto add_number = [&out](const char* key, const std::optional<double>& number) {
    if (number) out[key] = *number;
  };
  add_number("minimum", c.minimum);
  add_number("maximum", c.maximum);
  add_number("mean", c.mean);
  add_number("deviation", c.deviation);
  if (c.quantiles.size() == std::size(quantile_names)) {
    json::object quantiles;
    for (size_t i = 0; i < c.quantiles.size(); ++i) quantiles[quantile_names[i]] = c.quantiles[i];
    out["quantiles"] = std::move(quantiles);
  }
  out["outliers"] = c.outliers;
  if (c.longest != 0)
    out["length"] = json::object{{"shortest", c.shortest}, {"longest", c.longest}, {"mean", rounded(c.mean_length)}};
  if (!c.top_values.empty()) out["top_values"] = to_json(c.top_values, "value");
  if (!c.patterns.empty()) out["patterns"] = to_json(c.patterns, "pattern");
  if (c.newest_s) out["newest_s"] = *c.newest_s;
  add_score(profile::score_of(c, table, now_s), out);
  return out;
}

}  // namespace

json::object to_json(const model::TableProfile& profile, int64_t now_s) {
  json::object locator;
  if (!profile.locator.member.empty()) locator["member"] = core::printable(profile.locator.member, max_path);
  if (!profile.locator.table.empty()) locator["table"] = core::printable(profile.locator.table, max_path);
  json::object out{{"type", "profile"},
                   {"object", core::printable(profile.object, max_path)},
                   {"locator", std::move(locator)},
                   {"rows", profile.rows},
                   {"is_sample", profile.is_sample}};
  add_score(profile::score_of(profile, now_s), out);
  json::array columns;
  for (const auto& column : profile.columns) columns.push_back(to_json(column, profile.locator.table, now_s));
  out["columns"] = std::move(columns);
  return out;
}

}  // namespace assay::cli
