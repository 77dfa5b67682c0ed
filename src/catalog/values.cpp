#include "catalog/values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "catalog/quality.h"
#include "core/printable.h"
#include "store/profile_text.h"

namespace assay::catalog {
namespace {

namespace json = boost::json;

constexpr size_t most_text_bytes = 8192;

std::string shown(const std::string& text) { return core::printable(text, most_text_bytes); }

double rounded(double share) { return std::round(share * 1000) / 1000; }

std::string number_text(const std::optional<uint64_t>& number) { return number ? std::to_string(*number) : ""; }
std::string share_text(double share) { return fmt::format("{:.3f}", share); }

double agreeing_share(const model::ColumnFinding& f) {
  return f.values == 0 ? 0 : static_cast<double>(f.agreeing) / static_cast<double>(f.values);
}

json::object verdict_json(const model::ColumnFinding& f) {
  json::array reasons;
  for (const std::string& reason : f.reasons) reasons.emplace_back(shown(reason));
  return {{"entity", f.entity},
          {"rule", f.rule},
          {"category", f.category},
          {"sensitivity", model::to_string(f.sensitivity)},
          {"confidence", rounded(f.confidence)},
          {"values", f.values},
          {"agreeing", f.agreeing},
          {"share", rounded(agreeing_share(f))},
          {"reasons", std::move(reasons)}};
}

json::object quality_json(const profile::QualityScore& quality) {
  json::object out{{"score", rounded(quality.score)}};
  const auto add = [&out](const char* name, const std::optional<double>& part) {
    if (part) out[name] = rounded(*part);
  };
  add("completeness", quality.parts.completeness);
  add("uniqueness", quality.parts.uniqueness);
  add("conformity", quality.parts.conformity);
  add("validity", quality.parts.validity);
  add("freshness", quality.parts.freshness);
  return out;
}

json::object column_json(const model::CatalogColumn& column, const model::CatalogTable& table) {
  json::object out{{"name", shown(column.description.name)}, {"position", column.position}};
  if (column.position != 0) {
    out["type"] = shown(column.description.native_type);
    out["nullable"] = column.description.is_nullable;
    out["key_position"] = column.description.key_position;
    out["comment"] = shown(column.description.comment);
  }
  json::array verdicts;
  for (const model::ColumnFinding& f : column.verdicts) verdicts.push_back(verdict_json(f));
  out["verdicts"] = std::move(verdicts);
  if (!column.profile) return out;
  out["profile"] = json::parse(store::to_profile_text(*column.profile, false));
  if (const auto quality = quality_of(column, table)) out["quality"] = quality_json(*quality);
  return out;
}

}  // namespace

json::object to_json(const model::CatalogTable& table, const std::string& source) {
  json::object out{{"source", shown(source)},
                   {"name", shown(model::name_of(table))},
                   {"schema", shown(table.description.schema)},
                   {"table", shown(table.description.name)},
                   {"kind", shown(table.description.kind)},
                   {"object", shown(table.object)},
                   {"member", shown(table.member)},
                   {"comment", shown(table.description.comment)}};
  const auto add_number = [&out](const char* key, const std::optional<uint64_t>& number) {
    if (number) out[key] = *number;
  };
  add_number("estimated_rows", table.description.estimated_rows);
  add_number("bytes", table.description.bytes);
  add_number("examined_rows", table.profiled_rows);
  if (table.profiled_rows) out["is_sample"] = table.is_sample;
  out["column_count"] = table.column_count;
  out["entities"] = json::array(table.entities.begin(), table.entities.end());
  out["first_seen_at"] = table.first_seen_at;
  out["last_seen_at"] = table.last_seen_at;
  out["last_seen_run"] = table.last_seen_run;
  if (table.profiled_at != 0) out["profiled_at"] = table.profiled_at;
  if (table.vanished_at != 0) out["vanished_at"] = table.vanished_at;
  if (const auto quality = quality_of(table)) out["quality"] = quality_json(*quality);
  if (const auto newest = newest_value_s(table)) out["newest_value_s"] = *newest;
  if (table.columns.empty()) return out;
  json::array columns;
  for (const model::CatalogColumn& column : table.columns) columns.push_back(column_json(column, table));
  out["columns"] = std::move(columns);
  return out;
}

json::object to_json(const model::CatalogChange& change) {
  json::object out{
      {"run", change.run}, {"at", change.at}, {"what", model::to_string(change.what)}, {"table", shown(change.table)}};
  const auto add = [&out](const char* key, const std::string& text) {
    if (!text.empty()) out[key] = shown(text);
  };
  add("column", change.column);
  add("aspect", change.aspect);
  add("before", change.before);
  add("after", change.after);
  return out;
}

json::object to_json(const model::DiscoveryRun& run) {
  return {{"run", run.run},
          {"started_at", run.started_at},
          {"finished_at", run.finished_at},
          {"complete", run.is_complete},
          {"objects", run.objects},
          {"bytes", run.bytes},
          {"tables", run.tables},
          {"appeared", run.appeared},
          {"changed", run.changed},
          {"vanished", run.vanished}};
}

std::vector<std::string> table_heads() {
  return {"source", "schema",  "table",    "kind",          "object",       "member",     "estimated_rows",
          "bytes",  "columns", "entities", "first_seen_at", "last_seen_at", "vanished_at"};
}

std::vector<std::string> table_cells(const model::CatalogTable& table, const std::string& source) {
  return {shown(source),
          shown(table.description.schema),
          shown(table.description.name),
          shown(table.description.kind),
          shown(table.object),
          shown(table.member),
          number_text(table.description.estimated_rows),
          number_text(table.description.bytes),
          std::to_string(table.column_count),
          fmt::format("{}", fmt::join(table.entities, " ")),
          std::to_string(table.first_seen_at),
          std::to_string(table.last_seen_at),
          std::to_string(table.vanished_at)};
}

std::vector<std::string> column_heads() {
  return {"source",   "schema",  "table",        "kind",         "object",     "member", "column",
          "position", "type",    "nullable",     "key_position", "comment",    "entity", "confidence",
          "share",    "quality", "completeness", "distinct",     "vanished_at"};
}

std::vector<std::vector<std::string>> column_cells(const model::CatalogTable& table, const std::string& source) {
  const std::vector<std::string> place = {shown(source),
                                          shown(table.description.schema),
                                          shown(table.description.name),
                                          shown(table.description.kind),
                                          shown(table.object),
                                          shown(table.member)};
  std::vector<std::vector<std::string>> rows;
  for (const model::CatalogColumn& column : table.columns) {
    auto& row = rows.emplace_back(place);
    row.push_back(shown(column.description.name));
    row.push_back(std::to_string(column.position));
    row.push_back(shown(column.description.native_type));
    row.emplace_back(column.description.is_nullable ? "true" : "false");
    row.push_back(std::to_string(column.description.key_position));
    row.push_back(shown(column.description.comment));
    const bool has_verdict = !column.verdicts.empty();
    row.push_back(has_verdict ? column.verdicts[0].entity : "");
    row.push_back(has_verdict ? share_text(column.verdicts[0].confidence) : "");
    row.push_back(has_verdict ? share_text(agreeing_share(column.verdicts[0])) : "");
    const auto quality = quality_of(column, table);
    row.push_back(quality ? share_text(quality->score) : "");
    row.push_back(quality ? share_text(quality->parts.completeness.value_or(0)) : "");
    row.push_back(column.profile ? fmt::format("{:.0f}", column.profile->distinct) : "");
    row.push_back(std::to_string(table.vanished_at));
  }
  if (rows.empty()) {
    rows.push_back(place);
    rows[0].resize(column_heads().size() - 1);
    rows[0].push_back(std::to_string(table.vanished_at));
  }
  return rows;
}

}  // namespace assay::catalog
