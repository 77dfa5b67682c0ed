#include "connect/mysql/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace assay::connect::mysql {
namespace {

using Row = std::map<std::string, Client::Cell, std::less<>>;

/// "" for NULL, and for a column that is not there.
std::string_view text_in(const Row& row, std::string_view name) {
  const auto found = row.find(name);
  if (found == row.end()) return {};
  const Client::Cell& cell = found->second;
  return cell ? std::string_view(*cell) : std::string_view();
}

/// 0 also for what is no number.
uint64_t number_in(const Row& row, std::string_view name) {
  const std::string_view text = text_in(row, name);
  uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
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
