#include "cli/catalog_views.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "catalog/diff.h"
#include "catalog/quality.h"
#include "cli/human.h"
#include "cli/text_table.h"
#include "core/printable.h"

namespace assay::cli {
namespace {

constexpr size_t most_text_bytes = 500;
constexpr size_t most_cell_bytes = 60;

std::string percent(double share) { return fmt::format("{:.0f} %", share * 100); }

std::string share_of_values(const model::ColumnFinding& f) {
  return f.values == 0 ? "-" : percent(static_cast<double>(f.agreeing) / static_cast<double>(f.values));
}

std::vector<std::string> column_cells(const model::CatalogColumn& column, const model::CatalogTable& table) {
  const model::ColumnDescription& d = column.description;
  const auto quality = catalog::quality_of(column, table);
  std::string type = d.native_type;
  if (type.empty() && column.profile) type = column.profile->type;
  const bool is_described = column.position != 0;
  const bool has_verdict = !column.verdicts.empty();
  return {
      core::printable(d.name, most_cell_bytes),
      core::printable(type, most_cell_bytes),
      d.key_position == 0 ? "" : std::to_string(d.key_position),
      is_described ? (d.is_nullable ? "yes" : "no") : "",
      has_verdict ? column.verdicts[0].entity : "",
      has_verdict ? fmt::format("{:.2f}", column.verdicts[0].confidence) : "",
      has_verdict ? share_of_values(column.verdicts[0]) : "",
      quality ? percent(quality->parts.completeness.value_or(0)) : "",
      column.profile ? human_count(static_cast<uint64_t>(std::llround(std::max(0.0, column.profile->distinct)))) : "",
      quality ? percent(quality->score) : "",
      core::printable(d.comment, most_cell_bytes)};
}

void add_line(std::string& text, const char* name, const std::string& value) {
  if (!value.empty()) text += fmt::format("{:<12} {}\n", name, value);
}

std::string seen_text(const model::CatalogTable& table) {
  std::string text = fmt::format("first {}, last {} by run {}", time_text(table.first_seen_at),
                                 time_text(table.last_seen_at), table.last_seen_run);
  if (table.vanished_at != 0) text += fmt::format("; vanished {}", time_text(table.vanished_at));
  return text;
}

std::string quality_text(const model::CatalogTable& table) {
  const auto quality = catalog::quality_of(table);
  if (!quality) return {};
  std::string parts;
  const auto add = [&parts](const char* name, const std::optional<double>& part) {
    if (part) parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", name, percent(*part));
  };
  add("completeness", quality->parts.completeness);
  add("uniqueness", quality->parts.uniqueness);
  add("conformity", quality->parts.conformity);
  add("validity", quality->parts.validity);
  add("freshness", quality->parts.freshness);
  return fmt::format("{} ({}), by {} {} at {}", percent(quality->score), parts,
                     human_count(table.profiled_rows.value_or(0)), table.is_sample ? "rows of a sample" : "rows",
                     time_text(table.profiled_at));
}

}  // namespace

std::string catalog_rows_text(const model::CatalogTable& table) {
  if (table.profiled_rows && !table.is_sample) return human_count(*table.profiled_rows);
  if (!table.description.estimated_rows) return "-";
  return "about " + human_count(*table.description.estimated_rows);
}

std::string catalog_table_text(const model::CatalogTable& table, const std::string& source) {
  std::string text;
  add_line(text, "table", core::printable(model::name_of(table), most_text_bytes));
  add_line(text, "kind", core::printable(table.description.kind, most_text_bytes));
  add_line(text, "source", core::printable(source, most_text_bytes));
  add_line(text, "object", core::printable(table.object, most_text_bytes));
  add_line(text, "comment", core::printable(table.description.comment, most_text_bytes));
  add_line(text, "rows", catalog_rows_text(table));
  if (table.description.bytes) add_line(text, "size", human_bytes(*table.description.bytes));
  add_line(text, "holds", fmt::format("{}", fmt::join(table.entities, ", ")));
  add_line(text, "quality", quality_text(table));
  if (const auto newest = catalog::newest_value_s(table)) add_line(text, "newest value", time_text(*newest * 1000));
  add_line(text, "seen", seen_text(table));
  TextTable columns({"COLUMN", "TYPE", ">KEY", "NULL", "HOLDS", ">CONFIDENCE", ">SHARE", ">FILLED", ">DISTINCT",
                     ">QUALITY", "COMMENT"});
  for (const model::CatalogColumn& column : table.columns) columns.add(column_cells(column, table));
  if (columns.size() > 0) text += "\n" + columns.text();
  if (table.column_count > table.columns.size())
    text += fmt::format("\n{} of {} columns are kept.\n", table.columns.size(), table.column_count);
  return text;
}

std::string discovery_runs_text(const std::vector<model::DiscoveryRun>& runs) {
  TextTable table(
      {">RUN", "STARTED", "FINISHED", "COMPLETE", ">OBJECTS", ">TABLES", ">APPEARED", ">CHANGED", ">VANISHED"});
  for (const model::DiscoveryRun& run : runs)
    table.add({std::to_string(run.run), time_text(run.started_at), time_text(run.finished_at),
               run.is_complete ? "yes" : "no", run.is_complete ? human_count(run.objects) : "-",
               run.is_complete ? human_count(run.tables) : "-", human_count(run.appeared), human_count(run.changed),
               human_count(run.vanished)});
  return table.text();
}

std::string catalog_changes_text(const std::vector<model::CatalogChange>& changes) {
  std::string text;
  for (const model::CatalogChange& change : changes) {
    const char* mark = change.what == model::ChangeKind::appeared   ? "+"
                       : change.what == model::ChangeKind::vanished ? "-"
                                                                    : "~";
    text += fmt::format("{} {}\n", mark, catalog::in_words(change));
  }
  return text;
}

}  // namespace assay::cli
