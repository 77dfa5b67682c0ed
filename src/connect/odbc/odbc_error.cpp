#include "connect/odbc/odbc_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/printable.h"

namespace assay::connect::odbc {
namespace {

using enum core::ErrorKind;
using sql::Trouble;

constexpr size_t most_message_bytes = 500;

struct Meaning {
  std::string_view sqlstate;  ///< whole, or its beginning
  core::ErrorKind kind;
  Trouble trouble;
  bool quotes = false;  ///< its messages may quote values
};

/// The first that fits counts.
constexpr auto meanings = std::to_array<Meaning>({
    {"IM002", bad_input, Trouble::other},  // no such data source, and no driver is named
    {"IM003", bad_input, Trouble::other},  // the driver cannot be loaded
    {"IM012", bad_input, Trouble::other},
    {"01000", bad_input, Trouble::other},  // the driver manager's word for a driver's file that is not there
    {"28", denied, Trouble::other},
    {"08004", denied, Trouble::other},
    {"08", transient, Trouble::connection_lost},
    {"HYT0", transient, Trouble::cancelled},
    {"HY008", transient, Trouble::cancelled, true},
    {"57014", transient, Trouble::cancelled, true},
    {"40", transient, Trouble::conflict, true},
    {"42501", denied, Trouble::other},
    {"42S02", not_found, Trouble::other},
    {"42P01", not_found, Trouble::other},
    {"42S22", permanent, Trouble::other},
    {"25006", permanent, Trouble::read_only},
});

struct Native {
  int number;
  core::ErrorKind kind;
  Trouble trouble;
};

/// Of drivers that say HY000 or 42000 to all. MySQL's and SQL Server's numbers do not meet.
constexpr auto natives = std::to_array<Native>({
    {208, not_found, Trouble::other},  // SQL Server: invalid object name
    {229, denied, Trouble::other},     // permission denied on the object
    {230, denied, Trouble::other},     // and on the column
    {297, denied, Trouble::other},     // no permission for the action
    {916, denied, Trouble::other},     // no access to the database
    {1045, denied, Trouble::other},    // MySQL: wrong password
    {1142, denied, Trouble::other},
    {1143, denied, Trouble::other},
    {1146, not_found, Trouble::other},
    {1205, transient, Trouble::conflict},         // SQL Server: deadlock. MySQL: a lock
    {1222, transient, Trouble::busy},             // LOCK_TIMEOUT
    {1969, transient, Trouble::cancelled},        // MariaDB: max_statement_time
    {2006, transient, Trouble::connection_lost},  // MySQL: gone
    {2013, transient, Trouble::connection_lost},
    {3960, transient, Trouble::conflict},  // snapshots
    {3961, transient, Trouble::conflict},  // the table is younger than the snapshot
    {4060, denied, Trouble::other},        // cannot open the database
    {18456, denied, Trouble::other},       // login failed
});

}  // namespace

sql::Error odbc_error(std::string_view sqlstate, int native, std::string_view message) {
  const std::string shown = fmt::format("ODBC: {} ({}, {})", core::printable(message, most_message_bytes),
                                        core::printable(sqlstate, 5), native);
  const std::string hidden =
      fmt::format("ODBC: the server could not do it ({}, {})", core::printable(sqlstate, 5), native);
  const auto* const known = std::ranges::find(natives, native, &Native::number);
  const bool is_vague = sqlstate == "HY000" || sqlstate.starts_with("42") || sqlstate.starts_with("37");
  if (known != natives.end() && is_vague) return {known->kind, known->trouble, shown};
  const auto* const meaning =
      std::ranges::find_if(meanings, [&](const Meaning& one) { return sqlstate.starts_with(one.sqlstate); });
  if (meaning != meanings.end()) return {meaning->kind, meaning->trouble, meaning->quotes ? hidden : shown};
  return {permanent, Trouble::other, hidden};
}

}  // namespace assay::connect::odbc
