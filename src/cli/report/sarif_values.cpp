#include "cli/report/sarif_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/printable.h"

namespace assay::cli::sarif {
namespace {

namespace json = boost::json;
using core::printable;
using model::Sensitivity;
using model::VerdictKind;

constexpr size_t max_text = 8192;

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

double rounded(double confidence) { return std::round(confidence * 1000) / 1000; }

json::array to_array(const std::vector<std::string>& list) {
  json::array out;
  for (const auto& item : list) out.emplace_back(printable(item, max_text));
  return out;
}

// Lines are the object's own only outside of members, parts, sheets and pages.
bool has_region(const model::Locator& l) {
  return l.line != 0 && l.member.empty() && l.part.empty() && l.table.empty() && l.page == 0;
}

json::object region(const model::Finding& f) {
  json::object out{{"startLine", f.locator.line}};
  if (f.locator.line_column != 0) out["startColumn"] = f.locator.line_column;
  return out;
}

json::object physical_location(std::string_view object) {
  return {{"artifactLocation", json::object{{"uri", uri_of(object)}}}};
}

json::array logical_locations(const model::Locator& l) {
  json::array out;
  auto add = [&out](std::string_view kind, std::string name) {
    if (!name.empty()) out.push_back(json::object{{"kind", kind}, {"name", std::move(name)}});
  };
  auto number = [](uint64_t n) { return n == 0 ? std::string() : std::to_string(n); };
  add("member", printable(l.member, max_text));
  add("part", printable(l.part, max_text));
  add("page", number(l.page));
  add("table", printable(l.table, max_text));
  add("column", printable(l.column, max_text));
  add("row", number(l.row));
  add("cell", printable(l.cell, max_text));
  if (!has_region(l)) add("line", number(l.line));
  if (!out.empty()) out.back().as_object()["fullyQualifiedName"] = printable(model::describe(l), max_text);
  return out;
}

json::object location(std::string_view object, const model::Locator& locator) {
  json::object out{{"physicalLocation", physical_location(object)}};
  if (auto logical = logical_locations(locator); !logical.empty()) out["logicalLocations"] = std::move(logical);
  return out;
}

void set_rule(json::object& result, const std::string& rule, int rule_index, Sensitivity sensitivity) {
  result["ruleId"] = printable(rule, max_text);
  if (rule_index >= 0) result["ruleIndex"] = rule_index;
  result["level"] = level_of(sensitivity);
}

std::string_view level_of(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::crash:
    case VerdictKind::violation:
    case VerdictKind::io_error: return "error";
    default: return "warning";
  }
}

}  // namespace

std::string uri_of(std::string_view path) {
  std::string out;
  if (path.starts_with('/')) out = "file://";
  while (path.starts_with("./") && path.size() > 2) path.remove_prefix(2);
  for (const char c : path) {
    if (is_unreserved(c) || c == '/') out += c;
    else out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string_view level_of(Sensitivity sensitivity) noexcept {
  switch (sensitivity) {
    case Sensitivity::critical:
    case Sensitivity::high: return "error";
    case Sensitivity::medium: return "warning";
    case Sensitivity::low: return "note";
  }
  return "warning";
}

json::object descriptor(const model::Rule& rule) {
  json::array tags{"sensitive-data"};
  auto tag = [&tags](const std::string& text) {
    if (std::ranges::find(tags, json::value(text)) == tags.end())
      tags.emplace_back(text);  // the schema wants them unique
  };
  tag(rule.entity);
  tag(rule.category);
  std::ranges::for_each(rule.regulations, tag);
  return {{"id", rule.name},
          {"name", rule.entity},
          {"shortDescription", json::object{{"text", rule.title.empty() ? rule.entity : rule.title}}},
          {"defaultConfiguration", json::object{{"level", level_of(rule.sensitivity)}}},
          {"properties", json::object{{"tags", std::move(tags)},
                                      {"entity", rule.entity},
                                      {"category", rule.category},
                                      {"sensitivity", model::to_string(rule.sensitivity)}}}};
}

json::object result(const model::Finding& f, int rule_index, bool reveal) {
  json::object out;
  set_rule(out, f.rule, rule_index, f.sensitivity);
  out["rank"] = rounded(f.confidence) * 100;
  out["message"] = json::object{
      {"text", fmt::format("{} was found with confidence {:.2f}.", printable(f.entity, max_text), f.confidence)}};
  json::object place = location(f.object, f.locator);
  if (has_region(f.locator)) place["physicalLocation"].as_object()["region"] = region(f);
  out["locations"] = json::array{std::move(place)};
  if (!f.fingerprint.empty())
    out["partialFingerprints"] = json::object{{"assay/v1", printable(f.fingerprint, max_text)}};
  json::object properties{
      {"entity", printable(f.entity, max_text)},        {"category", printable(f.category, max_text)},
      {"sensitivity", model::to_string(f.sensitivity)}, {"confidence", rounded(f.confidence)},
      {"masked", printable(f.masked, max_text)},        {"reasons", to_array(f.reasons)}};
  if (reveal) properties["value"] = printable(f.value.reveal(), max_text);
  out["properties"] = std::move(properties);
  return out;
}

json::object result(const model::ColumnFinding& c, int rule_index) {
  json::object out;
  set_rule(out, c.rule, rule_index, c.sensitivity);
  out["rank"] = rounded(c.confidence) * 100;
  out["message"] =
      json::object{{"text", fmt::format("A column of {}: {} of {} values agree, confidence {:.2f}.",
                                        printable(c.entity, max_text), c.agreeing, c.values, c.confidence)}};
  out["locations"] = json::array{location(c.object, c.locator)};
  out["properties"] = json::object{{"entity", printable(c.entity, max_text)},
                                   {"category", printable(c.category, max_text)},
                                   {"sensitivity", model::to_string(c.sensitivity)},
                                   {"confidence", rounded(c.confidence)},
                                   {"values", c.values},
                                   {"agreeing", c.agreeing},
                                   {"reasons", to_array(c.reasons)}};
  return out;
}

json::object notification(const model::ObjectRecord& r) {
  const model::Locator locator{.member = r.member, .part = {}, .table = {}, .column = {}, .cell = {}};
  const std::string reason = printable(r.verdict.reason, max_text);
  return {{"descriptor", json::object{{"id", model::to_string(r.verdict.kind)}}},
          {"level", level_of(r.verdict.kind)},
          {"message", json::object{{"text", fmt::format("Not read in full ({}){}{}", model::to_string(r.verdict.kind),
                                                        reason.empty() ? "." : ": ", reason)}}},
          {"locations", json::array{location(r.object, locator)}}};
}

json::object notification(std::string_view id, const std::string& message) {
  return {{"descriptor", json::object{{"id", id}}}, {"level", "warning"}, {"message", json::object{{"text", message}}}};
}

}  // namespace assay::cli::sarif
