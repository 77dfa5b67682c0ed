#include "connect/tables/column_selection.h"

#include "connect/tables/table_name.h"

namespace assay::connect {

ColumnSelection::ColumnSelection(std::string_view include, std::string_view exclude)
    : include_(parsed(include)), exclude_(parsed(exclude)) {}

std::vector<ColumnSelection::Entry> ColumnSelection::parsed(std::string_view list) {
  std::vector<Entry> entries;
  std::string glob;
  const auto add = [&] {
    if (glob.empty()) return;
    entries.push_back({core::Glob(glob), glob.find('/') != std::string::npos});
    glob.clear();
  };
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i] == ',') {
      add();
      continue;
    }
    glob += list[i];
    if (list[i] == '\\' && i + 1 < list.size()) glob += list[++i];
  }
  add();
  return entries;
}

bool ColumnSelection::decides(const std::vector<Entry>& entries, std::string_view path, std::string_view column) {
  bool decision = false;
  for (const Entry& entry : entries)
    if (entry.glob.matches(entry.is_of_path ? path : column, false)) decision = !entry.glob.is_negated();
  return decision;
}

bool ColumnSelection::takes(std::string_view table, std::string_view column) const {
  if (takes_all()) return true;
  const std::string name = table_object_name({}, column);  // a slash in it is no folder
  const std::string path = std::string(table) + "/" + name;
  return (include_.empty() || decides(include_, path, name)) && !decides(exclude_, path, name);
}

}  // namespace assay::connect
