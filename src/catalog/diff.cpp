#include "catalog/diff.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/printable.h"

namespace assay::catalog {
namespace {

using model::CatalogChange;
using model::ChangeKind;

constexpr size_t most_name_bytes = 500;
constexpr size_t most_text_bytes = 200;

std::string shown(const std::string& text) {
  return text.empty() ? "none" : fmt::format("'{}'", core::printable(text, most_text_bytes));
}

}  // namespace

void Diff::Fold::add(const CatalogChange& change) {
  if (change.what == ChangeKind::changed) {
    if (change.aspect == "type" || change.aspect == "kind") {
      if (!before) before = change.before;
      after = change.after;
    }
    const auto [place, is_new] = aspects.emplace(change.aspect, change);
    if (is_new) return;
    const std::string first_before = place->second.before;
    place->second = change;
    place->second.before = first_before;
    return;
  }
  if (!first) first = change.what;
  if (change.what == ChangeKind::vanished && !before) before = change.before;
  if (change.what == ChangeKind::appeared) after = change.after;
  last = change;
}

bool Diff::Fold::is_new() const { return first == ChangeKind::appeared && last.what == ChangeKind::appeared; }

bool Diff::Fold::is_gone() const { return first == ChangeKind::vanished && last.what == ChangeKind::vanished; }

void Diff::Fold::append_to(std::vector<CatalogChange>& out) const {
  if (is_new() || is_gone()) {
    CatalogChange change = last;
    change.before = is_gone() ? *before : "";
    change.after = is_new() ? after : "";
    out.push_back(std::move(change));
    return;
  }
  if (first == ChangeKind::appeared) return;  // and gone again
  if (first == ChangeKind::vanished && !after.empty() && *before != after) {
    CatalogChange change = last;  // gone, and back as another
    change.what = ChangeKind::changed;
    change.aspect = change.column.empty() ? "kind" : "type";
    change.before = *before;
    change.after = after;
    out.push_back(std::move(change));
  }
  for (const auto& [aspect, change] : aspects) {
    const bool is_told = first.has_value() && (aspect == "type" || aspect == "kind");
    if (!is_told && change.before != change.after) out.push_back(change);
  }
}

void Diff::add(const CatalogChange& change) {
  if (++changes_ > most_changes)
    throw core::Error(core::ErrorKind::bad_input,
                      fmt::format("between these runs lie more than {} changes; runs that are nearer to each other "
                                  "have fewer",
                                  most_changes));
  TableFold& table = tables_[change.table];
  if (change.column.empty()) table.table.add(change);
  else table.columns[change.column].add(change);
}

std::vector<CatalogChange> Diff::take() const {
  std::vector<CatalogChange> out;
  for (const auto& [name, table] : tables_) {
    table.table.append_to(out);
    const bool was_there = table.table.first != ChangeKind::appeared;
    if (!was_there || table.table.is_gone()) continue;
    for (const auto& [column, fold] : table.columns) fold.append_to(out);
  }
  return out;
}

std::string in_words(const CatalogChange& change) {
  std::string name = core::printable(change.table, most_name_bytes);
  if (!change.column.empty()) name += fmt::format(", column {}", core::printable(change.column, most_name_bytes));
  const auto kind_of = [](const std::string& text) {
    return text.empty() ? "" : fmt::format(" ({})", core::printable(text, most_text_bytes));
  };
  switch (change.what) {
    case ChangeKind::appeared: return fmt::format("{} appeared{}", name, kind_of(change.after));
    case ChangeKind::vanished: return fmt::format("{} vanished{}", name, kind_of(change.before));
    case ChangeKind::changed: break;
  }
  return fmt::format("{}: {} was {}, is {}", name, core::printable(change.aspect, most_name_bytes),
                     shown(change.before), shown(change.after));
}

}  // namespace assay::catalog
