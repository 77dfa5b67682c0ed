#include "cli/report/json_values.h"

#include <cmath>

#include "core/printable.h"

namespace assay::cli {
namespace {

namespace json = boost::json;
using core::printable;

constexpr size_t max_path = 8192;

double rounded(double confidence) { return std::round(confidence * 1000) / 1000; }

/// Calls add(key, text or number) for what is known of the place.
template <typename Add>
void for_each_member(const model::Locator& locator, const Add& add) {
  const auto text = [&](const char* key, const std::string& value) {
    if (!value.empty()) add(key, printable(value, max_path));
  };
  const auto number = [&](const char* key, uint64_t value) {
    if (value != 0) add(key, value);
  };
  text("member", locator.member);
  text("part", locator.part);
  number("page", locator.page);
  text("table", locator.table);
  text("column", locator.column);
  number("row", locator.row);
  text("cell", locator.cell);
  number("line", locator.line);
  number("line_column", locator.line_column);
}

void add_locator(const model::Locator& locator, JsonObjectText& object) {
  JsonObjectText place = object.add_object("locator");
  for_each_member(locator, [&](const char* key, const auto& value) { place.add(key, value); });
  place.close();
}

json::object to_json(const model::Locator& locator) {
  json::object out;
  for_each_member(locator, [&](const char* key, const auto& value) { out[key] = value; });
  return out;
}

json::array to_array(const std::vector<std::string>& list) {
  json::array out;
  for (const auto& item : list) out.emplace_back(item);
  return out;
}

}  // namespace

void add_members(const model::Finding& f, bool reveal, JsonObjectText& object) {
  object.add("object", printable(f.object, max_path));
  add_locator(f.locator, object);
  object.add("entity", f.entity);
  object.add("rule", f.rule);
  object.add("category", f.category);
  object.add("sensitivity", model::to_string(f.sensitivity));
  object.add("confidence", rounded(f.confidence));
  object.add("reasons", f.reasons);
  object.add("start", f.start);
  object.add("end", f.end);
  object.add("start_code_point", f.start_code_point);
  object.add("end_code_point", f.end_code_point);
  object.add("masked", f.masked);
  object.add("fingerprint", f.fingerprint);
  if (reveal) object.add("value", printable(f.value.reveal(), max_path));
}

json::object to_json(const model::ColumnFinding& c) {
  return {{"type", "column"},
          {"object", printable(c.object, max_path)},
          {"locator", to_json(c.locator)},
          {"entity", c.entity},
          {"rule", c.rule},
          {"category", c.category},
          {"sensitivity", model::to_string(c.sensitivity)},
          {"confidence", rounded(c.confidence)},
          {"values", c.values},
          {"agreeing", c.agreeing},
          {"share", c.values == 0 ? 0.0 : rounded(static_cast<double>(c.agreeing) / static_cast<double>(c.values))},
          {"reasons", to_array(c.reasons)}};
}

json::object to_json(const model::ObjectRecord& r) {
  json::object out{{"type", "object"}, {"object", printable(r.object, max_path)}};
  if (!r.member.empty()) out["member"] = printable(r.member, max_path);
  if (!r.format.empty()) out["format"] = r.format;
  out["bytes"] = r.bytes;
  if (!r.owner.empty()) out["owner"] = printable(r.owner, max_path);
  out["findings"] = r.findings;
  out["verdict"] = model::to_string(r.verdict.kind);
  if (!r.verdict.reason.empty()) out["reason"] = printable(r.verdict.reason, max_path);
  return out;
}

json::object to_json(const scan::ScanSummary& s) {
  json::object verdicts;
  for (size_t i = 0; i < s.verdicts.size(); ++i)
    if (s.verdicts[i] != 0) verdicts[model::to_string(static_cast<model::VerdictKind>(i))] = s.verdicts[i];
  return {
      {"type", "summary"},        {"objects", s.objects},         {"members", s.members},      {"bytes", s.bytes},
      {"findings", s.findings},   {"suppressed", s.suppressed},   {"known", s.known},          {"verdicts", verdicts},
      {"complete", s.complete()}, {"interrupted", s.interrupted}, {"elapsed_ms", s.elapsed_ms}};
}

}  // namespace assay::cli
