#pragma once

#include <span>
#include <string_view>

namespace assay::extract {

/// What a virtual table keeps in ordinary ones, which are called as it is and a suffix.
struct VirtualTable {
  /// Of those whose binary values are an index of what others hold: of FTS3, FTS4, FTS5 and R*Tree. Of other modules
  /// nothing is known.
  std::span<const std::string_view> index_suffixes;
  bool keeps_no_content = false;  ///< declared with content='': nothing else holds it
};

/// Reads CREATE VIRTUAL TABLE, as sqlite_schema has it. Source: sqlite.org/fts5.html, fts3.html, rtree.html, on shadow
/// tables.
VirtualTable parse_virtual_table(std::string_view sql);

}  // namespace assay::extract
