#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assay::model {

/// A column as its database describes it.
struct ColumnDescription {
  std::string name;
  std::string native_type;  ///< as the database writes it: "character varying(40)"
  std::string comment;
  bool is_nullable = true;
  uint32_t key_position = 0;  ///< 1-based place in the primary key; 0 when it is not part of it
};

/// A table, view or collection as its database describes it.
struct TableDescription {
  std::string schema;  ///< "" where there are none
  std::string name;
  std::string kind = "table";  ///< "table", "view", "materialized view", "partitioned table", "collection", ...
  std::string comment;
  std::vector<ColumnDescription> columns;
  std::optional<uint64_t> estimated_rows;
  std::optional<uint64_t> bytes;  ///< on disk
};

}  // namespace assay::model
