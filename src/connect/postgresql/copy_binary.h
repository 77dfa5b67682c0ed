#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connect/tables/table_database.h"

namespace assay::connect::postgresql {

/// The rows of COPY's binary format (manual of PostgreSQL, COPY, "Binary Format"), which comes with a header in front
/// and an end behind, and each row in a message of its own (manual, "COPY Operations"). For texts it costs the server
/// less than the text format, and nobody has to look for escapes in it.
class CopyBinary {
 public:
  /// Whether all columns are of types whose binary form is understood here and costs no more than their text.
  static bool can_read(std::span<const ColumnPlan> plans);

  /// Another table. `has_bound`: the first field of each row is the most bytes that a cell of it may have.
  void begin(std::span<const ColumnPlan> plans, bool has_bound);
  /// Appends the row in a message, each cell cut at its bound; false when the message is the end and holds none.
  /// Throws core::Error(bug) where a message cannot be what was asked for; `out` is as it was then.
  bool append_row(std::string_view message, std::string& out);

 private:
  std::string_view without_header(std::string_view message);

  size_t take_bound(std::string_view& bytes) const;

  struct Column {
    model::CellKind kind;
    bool is_integer;
  };
  std::vector<Column> columns_;
  bool has_bound_ = false, is_header_read_ = false;
};

}  // namespace assay::connect::postgresql
