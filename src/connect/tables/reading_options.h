#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "connect/connector_kind.h"
#include "connect/setting_reader.h"
#include "connect/tables/column_selection.h"
#include "connect/tables/server_load.h"
#include "connect/tables/table_database.h"

namespace assay::connect {

/// The settings that all kinds with SQL tables have.
inline constexpr std::array reading_setting_keys{
    SettingKey{.name = "views",
               .help = "true: read views too, whose rows lie in tables that are read anyway; default false"},
    SettingKey{.name = "columns",
               .help = "globs of columns to read, separated by commas: COLUMN or SCHEMA/TABLE/COLUMN"},
    SettingKey{.name = "exclude_columns", .help = "globs of columns to leave out, separated by commas"},
    SettingKey{.name = "where", .help = "condition in the server's SQL that rows must meet to be read"},
    SettingKey{.name = "max_rows", .help = "rows read of each table; default 0: all"},
    SettingKey{.name = "max_bytes", .help = "bytes of values read of each table; default 0: all"},
    SettingKey{.name = "max_seconds", .help = "seconds that the reading of a table may take; default 0: any"},
    SettingKey{.name = "sample_percent", .help = "percentage of each table to read, chosen at random; default 100"},
    SettingKey{.name = "sample",
               .help = "what is chosen: blocks, which spares the server, or rows, default blocks where it can; or "
                       "adaptive: as many rows as settle every column's verdict"},
    SettingKey{.name = "certainty",
               .help = "percentage of certainty at which a sample that is adaptive is enough; default 99.9"},
    SettingKey{.name = "statement_timeout_s",
               .help = "seconds after which the server ends the reading of one table; default 0: never"},
    SettingKey{.name = "bytes_per_s", .help = "bytes of values a second that one table is read with; default 0: any"},
    SettingKey{.name = "max_replication_lag_s",
               .help = "seconds of replication lag beyond which reading stands still; default 0: not looked at"},
    SettingKey{.name = "max_running",
               .help = "statements besides Assay's that run on the server beyond which reading stands still; default "
                       "0: not looked at"},
};

/// An engine's own settings, and those of all.
template <size_t n>
consteval auto with_reading_settings(const SettingKey (&own)[n]) {
  std::array<SettingKey, n + reading_setting_keys.size()> all{};
  size_t i = 0;
  for (const SettingKey& key : own) all[i++] = key;
  for (const SettingKey& key : reading_setting_keys) all[i++] = key;
  return all;
}

struct ReadingOptions {
  bool views = false, foreign_tables = false;
  ColumnSelection columns;
  std::string column_lists;  ///< as they were set
  std::string where;
  uint64_t max_rows = 0, max_bytes = 0, max_seconds = 0;
  RowChoice::Sample sample = RowChoice::Sample::none;
  double sample_percent = 100;
  double certainty = 0;  ///< percent, of a sample that is adaptive; 0: it is not
  uint64_t statement_timeout_s = 0;
  uint64_t bytes_per_s = 0;
  LoadBounds load;

  /// What the server is told: a little more than max_seconds at most, so that it does not go on for nobody. 0: none.
  int64_t statement_timeout_ms() const;
  /// Which part of each table these settings choose, in words: "a sample of 10 % of the blocks; where ...". "" all.
  std::string part_in_words() const;
  /// Another one for settings by which other values are read; "" when all are.
  std::string mark() const;
};

/// Throws core::Error(bad_input).
ReadingOptions reading_options(const SourceAddress& address, bool can_sample_blocks);

/// A condition stands in parentheses of a statement that Assay writes. It must not end them, nor the statement:
/// balanced parentheses, brackets and quotes, no semicolon outside of quotes, no comment, no line break, and nothing
/// that only some servers take for quotes or comments: `$a$`, `q'`, three quotes, braces, more than a name between
/// brackets or backticks. Throws core::Error(bad_input).
void check_condition(const std::string& where);

}  // namespace assay::connect
