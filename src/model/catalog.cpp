#include "model/catalog.h"

#include <array>
#include <map>
#include <span>
#include <utility>

namespace assay::model {
namespace {

constexpr std::array<std::string_view, 3> kind_names = {"appeared", "changed", "vanished"};

using Columns = std::map<std::pair<std::string_view, uint32_t>, const ColumnDescription*>;

// By name, and by which of those with the name it is.
Columns by_name(std::span<const ColumnDescription> columns) {
  std::map<std::string_view, uint32_t> met;
  Columns named;
  for (const ColumnDescription& column : columns)
    named.emplace(std::pair<std::string_view, uint32_t>(column.name, met[column.name]++), &column);
  return named;
}

std::string key_in_words(uint32_t position) {
  return position == 0 ? "not in the key" : "in the key at " + std::to_string(position);
}

/// Gathers the changes of one table.
class Comparison {
 public:
  explicit Comparison(const std::string& table) : table_(table) {}

  void add(ChangeKind what, const std::string& column, std::string aspect, std::string before, std::string after) {
    CatalogChange& change = changes_.emplace_back();
    change.what = what;
    change.table = table_;
    change.column = column;
    change.aspect = std::move(aspect);
    change.before = std::move(before);
    change.after = std::move(after);
  }
  void compare(const std::string& column, const char* aspect, const std::string& before, const std::string& after) {
    if (before != after) add(ChangeKind::changed, column, aspect, before, after);
  }
  void compare(const ColumnDescription& before, const ColumnDescription& after) {
    compare(after.name, "type", before.native_type, after.native_type);
    compare(after.name, "nullable", before.is_nullable ? "yes" : "no", after.is_nullable ? "yes" : "no");
    compare(after.name, "key", key_in_words(before.key_position), key_in_words(after.key_position));
    compare(after.name, "comment", before.comment, after.comment);
  }
  std::vector<CatalogChange> take() { return std::move(changes_); }

 private:
  const std::string& table_;
  std::vector<CatalogChange> changes_;
};

}  // namespace

std::string name_of(const CatalogTable& table) {
  if (table.description.kind != file_table_kind)
    return table.description.schema.empty() ? table.description.name
                                            : table.description.schema + "." + table.description.name;
  Locator inside;
  inside.member = table.member;
  inside.table = table.table_in_file;
  const std::string place = describe(inside);
  return place.empty() ? table.object : table.object + " " + place;
}

std::string_view to_string(ChangeKind kind) noexcept { return kind_names[static_cast<size_t>(kind)]; }

std::optional<ChangeKind> change_kind_from_string(std::string_view name) noexcept {
  for (size_t i = 0; i < kind_names.size(); ++i)
    if (kind_names[i] == name) return static_cast<ChangeKind>(i);
  return std::nullopt;
}

std::vector<CatalogChange> changes_between(const std::string& table, const TableDescription& before,
                                           const TableDescription& after) {
  Comparison changes(table);
  changes.compare("", "kind", before.kind, after.kind);
  changes.compare("", "comment", before.comment, after.comment);
  const Columns old_columns = by_name(before.columns), new_columns = by_name(after.columns);
  std::map<std::string_view, uint32_t> met;
  for (const ColumnDescription& column : after.columns) {
    const auto old = old_columns.find({column.name, met[column.name]++});
    if (old == old_columns.end()) changes.add(ChangeKind::appeared, column.name, "", "", column.native_type);
    else changes.compare(*old->second, column);
  }
  met.clear();
  for (const ColumnDescription& column : before.columns)
    if (!new_columns.contains({column.name, met[column.name]++}))
      changes.add(ChangeKind::vanished, column.name, "", column.native_type, "");
  return changes.take();
}

}  // namespace assay::model
