#include "connect/mysql/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace assay::connect::mysql {
namespace {

using Row = std::map<std::string, Client::Cell, std::less<>>;

/// 0 for NULL, for what is no number, and for a column that is not there.
uint64_t number_in(const Row& row, std::string_view name) {
  const auto cell = row.find(name);
  uint64_t number = 0;
  if (cell != row.end() && cell->second)
    std::from_chars(cell->second->data(), cell->second->data() + cell->second->size(), number);
  return number;
}

std::string_view text_in(const Row& row, std::string_view name) {
  const auto cell = row.find(name);
  return cell == row.end() || !cell->second ? std::string_view() : std::string_view(*cell->second);
}

// MySQL calls a replica so since 8.0.22, and all of its channels come at once; MariaDB tells of the one connection
// without a name unless it is asked for all.
const char* replica_status(const Client& client) {
  constexpr unsigned long renamed = 80'022;
  if (client.is_mariadb()) return "SHOW ALL SLAVES STATUS";
  return client.version_number() >= renamed ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
}

/// A replica whose replication was stopped has a lag of NULL, and is none for the time being.
double replication_lag_s(Client& client) {
  uint64_t lag_s = 0;
  try {
    for (const Row& row : client.named_query(replica_status(client)))
      lag_s = std::max({lag_s, number_in(row, "Seconds_Behind_Source"), number_in(row, "Seconds_Behind_Master")});
  } catch (const sql::Error& error) {
    if (error.kind() != core::ErrorKind::denied) throw;
    throw sql::Error(
        core::ErrorKind::denied, sql::Trouble::other,
        fmt::format("{}: the setting max_replication_lag_s needs the privilege {}",
                    client.is_mariadb() ? "MariaDB" : "MySQL",
                    client.is_mariadb() ? "SLAVE MONITOR (before 10.5: REPLICATION CLIENT)" : "REPLICATION CLIENT"));
  }
  return static_cast<double>(lag_s);
}

/// Threads_running counts whoever has a statement, this look among them, and needs no privilege; those of one's own
/// user are shown without one, too.
uint64_t running(Client& client) {
  const auto status = client.query("SHOW GLOBAL STATUS LIKE 'Threads_running'");
  const std::string user = client.query("SELECT SUBSTRING_INDEX(USER(), '@', 1)").at(0).at(0).value_or("");
  const uint64_t all = status.empty() ? 0 : number_in({{"n", status.at(0).at(1)}}, "n");
  uint64_t own = 0;
  for (const Row& thread : client.named_query("SHOW PROCESSLIST")) {
    const std::string_view command = text_in(thread, "Command");
    if (text_in(thread, "User") == user && command != "Sleep" && command != "Daemon") ++own;
  }
  return all - std::min(all, own);
}

}  // namespace

ServerLoad server_load(Client& client, const LoadBounds& bounds) {
  ServerLoad load;
  if (bounds.max_replication_lag_s != 0) load.replication_lag_s = replication_lag_s(client);
  if (bounds.max_running != 0) load.running = running(client);
  return load;
}

}  // namespace assay::connect::mysql
