#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "model/table.h"
#include "model/table_profile.h"

/// What the catalog keeps of sources: tables, their columns, and how both changed from one run to the next. A run is a
/// job that looked at a source, and has that job's number. Times are milliseconds since 1970; 0 is never.
namespace assay::model {

/// The kind of a table that lies in a file, as a sheet or a CSV file: nothing but its content describes it.
inline constexpr std::string_view file_table_kind = "file table";

struct CatalogColumn {
  ColumnDescription description;
  uint32_t position = 0;  ///< 1-based; 0 when only a verdict tells that the column is there
  std::optional<ColumnProfile> profile;
  std::vector<ColumnFinding> verdicts;  ///< the surest first
};

struct CatalogTable {
  int64_t id = 0;
  int64_t datasource_id = 0;
  std::string object;            ///< its path in the ledger
  std::string member;            ///< in an archive
  std::string table_in_file;     ///< its name within the file; "" of a CSV file, and of tables of databases
  TableDescription description;  ///< without its columns
  uint32_t column_count = 0;     ///< also of columns beyond those that are kept
  int64_t first_seen_at = 0, last_seen_at = 0;
  int64_t vanished_at = 0;  ///< 0: it is there
  int64_t last_seen_run = 0;
  std::string description_hash;  ///< of all but rows and bytes; "" when nothing describes it
  int64_t profiled_at = 0;
  std::optional<uint64_t> profiled_rows;
  bool is_sample = false;              ///< the profile is of some of its rows
  std::vector<std::string> entities;   ///< that its columns hold, each once, in order
  std::vector<CatalogColumn> columns;  ///< where they were asked for
};

/// As a person names it: "public.people", "/data/in.zip book.xlsx Clients".
std::string name_of(const CatalogTable& table);

enum class ChangeKind : uint8_t { appeared, changed, vanished };
std::string_view to_string(ChangeKind kind) noexcept;
std::optional<ChangeKind> change_kind_from_string(std::string_view name) noexcept;

struct CatalogChange {
  int64_t id = 0, run = 0, at = 0;
  ChangeKind what = ChangeKind::changed;
  std::string table;          ///< name_of()
  std::string column;         ///< "": the table itself
  std::string aspect;         ///< of what changed: "type", "nullable", "key", "comment", "kind"; "" of the other two
  std::string before, after;  ///< in words: of what appeared `after` is its type or kind, of what vanished `before`
};

/// What became of a table between two descriptions: its columns are told apart by their names, so a renamed one
/// vanished and another appeared. Where columns of one name follow each other, the first is the first. Estimates of
/// rows and bytes are no change, nor is the order of columns. `table` and `what` apart, numbers and times are 0.
std::vector<CatalogChange> changes_between(const std::string& table, const TableDescription& before,
                                           const TableDescription& after);

/// A look at a source.
struct DiscoveryRun {
  int64_t run = 0;  ///< the job
  int64_t datasource_id = 0;
  int64_t started_at = 0;
  int64_t finished_at = 0;   ///< 0: it goes on
  bool is_complete = false;  ///< all of the source was enumerated, so that what it did not see vanished
  uint64_t objects = 0, bytes = 0, tables = 0;
  uint64_t appeared = 0, changed = 0, vanished = 0;  ///< changes that are kept
};

}  // namespace assay::model
