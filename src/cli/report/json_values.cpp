#include "cli/report/json_values.h"

#include <cmath>

#include "core/printable.h"

namespace assay::cli {
namespace {

namespace json = boost::json;
using core::printable;

constexpr size_t max_path = 8192;

double rounded(double confidence) { return std::round(confidence * 1000) / 1000; }

json::object to_json(const model::Locator& locator) {
  json::object out;
  auto add = [&out](const char* key, const std::string& value) {
    if (!value.empty()) out[key] = printable(value, max_path);
  };
  auto add_number = [&out](const char* key, uint64_t value) {
    if (value != 0) out[key] = value;
  };
  add("member", locator.member);
  add("part", locator.part);
  add_number("page", locator.page);
  add("table", locator.table);
  add("column", locator.column);
  add_number("row", locator.row);
  add("cell", locator.cell);
  add_number("line", locator.line);
  add_number("line_column", locator.line_column);
  return out;
}

json::array to_array(const std::vector<std::string>& list) {
  json::array out;
  for (const auto& item : list) out.emplace_back(item);
  return out;
}

}  // namespace

json::object to_json(const model::Finding& f, bool reveal) {
  json::object out{{"type", "finding"},
                   {"object", printable(f.object, max_path)},
                   {"locator", to_json(f.locator)},
                   {"entity", f.entity},
                   {"rule", f.rule},
                   {"category", f.category},
                   {"sensitivity", model::to_string(f.sensitivity)},
                   {"confidence", rounded(f.confidence)},
                   {"reasons", to_array(f.reasons)},
                   {"start", f.start},
                   {"end", f.end},
                   {"start_code_point", f.start_code_point},
                   {"end_code_point", f.end_code_point},
                   {"masked", f.masked},
                   {"fingerprint", f.fingerprint}};
  if (reveal) out["value"] = printable(f.value.reveal(), max_path);
  return out;
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
