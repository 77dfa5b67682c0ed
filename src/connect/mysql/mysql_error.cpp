#include "connect/mysql/mysql_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/printable.h"

namespace assay::connect::mysql {
namespace {

using enum core::ErrorKind;
using sql::Trouble;

constexpr size_t most_message_bytes = 500;

struct Meaning {
  unsigned number;
  core::ErrorKind kind;
  Trouble trouble;
};

/// Errors whose messages hold names of objects and users, and no values.
constexpr auto meanings = std::to_array<Meaning>({
    {1040, transient, Trouble::connection_lost},  // too many connections
    {1044, denied, Trouble::other},               // no access to the database
    {1045, denied, Trouble::other},               // wrong password
    {1049, not_found, Trouble::other},            // no such database
    {1053, transient, Trouble::connection_lost},  // the server shuts down
    {1054, permanent, Trouble::other},            // no such column
    {1129, denied, Trouble::other},               // the host is blocked
    {1130, denied, Trouble::other},               // the host may not connect
    {1142, denied, Trouble::other},               // no privilege on the table
    {1143, denied, Trouble::other},               // no privilege on a column
    {1146, not_found, Trouble::other},            // no such table
    {1152, transient, Trouble::connection_lost},
    {1194, permanent, Trouble::other},  // the table is marked as crashed
    {1195, permanent, Trouble::other},
    {1203, transient, Trouble::connection_lost},  // too many connections of the user
    {1205, transient, Trouble::busy},             // waited too long for a lock
    {1213, transient, Trouble::conflict},         // deadlock
    {1226, transient, Trouble::connection_lost},  // a resource of the user is used up
    {1227, denied, Trouble::other},
    {1317, transient, Trouble::cancelled},  // the statement was killed
    {1356, permanent, Trouble::other},      // a view of what is not there
    {1370, denied, Trouble::other},
    {1412, transient, Trouble::conflict},  // the table is younger than the snapshot
    {1698, denied, Trouble::other},
    {1792, permanent, Trouble::read_only},
    {1820, denied, Trouble::other},               // the password must be changed first
    {1862, denied, Trouble::other},               // the password expired
    {1927, transient, Trouble::connection_lost},  // the connection was killed
    {1932, not_found, Trouble::other},            // the table's files are gone
    {1969, transient, Trouble::cancelled},        // max_statement_time
    {2059, denied, Trouble::other},               // a way to log in that is not taken, or that the client has not
    {2061, denied, Trouble::other},               // it failed
    {3024, transient, Trouble::cancelled},        // max_execution_time
    {3159, denied, Trouble::other},               // only encrypted connections are taken
    {4031, transient, Trouble::connection_lost},  // idle for too long
});

}  // namespace

sql::Error server_error(unsigned number, std::string_view sqlstate, std::string_view message) {
  const auto shown = [&](std::string_view text) {
    return fmt::format("MySQL: {} ({})", core::printable(text, most_message_bytes), number);
  };
  const auto* const meaning = std::ranges::find(meanings, number, &Meaning::number);
  if (meaning != meanings.end()) return {meaning->kind, meaning->trouble, shown(message)};
  if (number >= 2000 && number < 3000) return {transient, Trouble::connection_lost, shown(message)};
  if (number == 1064)
    return {permanent, Trouble::other,
            shown("the server does not understand the statement; look at the setting where")};
  return {permanent, Trouble::other,
          fmt::format("MySQL: the server could not do it ({}, {})", number, core::printable(sqlstate, 5))};
}

}  // namespace assay::connect::mysql
