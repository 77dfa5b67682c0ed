#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/glob.h"

namespace assay::connect {

/// Which columns of tables are read. A glob without a slash is of a column's name in any table; one with a slash is of
/// "SCHEMA/TABLE/COLUMN", its parts written as table_object_name() writes them. Of each list the last that matches
/// decides.
class ColumnSelection {
 public:
  ColumnSelection() = default;
  /// Lists as in a setting: globs separated by commas; `\,` is a comma of a glob. Throws core::Error(bad_input).
  ColumnSelection(std::string_view include, std::string_view exclude);

  /// `table` as table_object_name() gives it.
  bool takes(std::string_view table, std::string_view column) const;
  bool takes_all() const noexcept { return include_.empty() && exclude_.empty(); }

 private:
  struct Entry {
    core::Glob glob;
    bool is_of_path;
  };
  static std::vector<Entry> parsed(std::string_view list);
  static bool decides(const std::vector<Entry>& entries, std::string_view path, std::string_view column);

  std::vector<Entry> include_, exclude_;
};

}  // namespace assay::connect
