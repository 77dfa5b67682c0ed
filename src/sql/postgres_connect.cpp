#include "sql/postgres_connect.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <new>
#include <string>
#include <vector>

#include "sql/postgres_error.h"

namespace assay::sql {
namespace {

using Clock = std::chrono::steady_clock;

/// libpq's connection parameters by name.
using Parameters = std::map<std::string, std::string>;

[[noreturn]] void throw_bad(const char* message) { throw Error(core::ErrorKind::bad_input, Trouble::other, message); }

Parameters parsed(const std::string& url) {
  struct FreeOptions {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
  };
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(url.c_str(), &message));
  PQfreemem(message);  // it may quote the URL, password and all
  if (!options)
    throw_bad(
        "the database's URL is not one that PostgreSQL takes: characters of the password such as @ / : % must be "
        "percent-encoded, and behind ? come names of connection parameters");
  Parameters parameters;
  for (const PQconninfoOption* option = options.get(); option->keyword; ++option)
    if (option->val) parameters[option->keyword] = option->val;
  const auto host = parameters.find("host");
  if (host != parameters.end() && host->second.find('@') != std::string::npos)
    throw_bad("the database's URL has two @; one that belongs to the password is written %40");
  return parameters;
}

/// A server that vanishes without a word is noticed within a minute.
void add_defaults(Parameters& parameters, const ConnectOptions& options) {
  const int64_t timeout_s = std::max<int64_t>((options.connect_timeout_ms + 999) / 1000, 2);
  parameters.emplace("connect_timeout", std::to_string(timeout_s));
  parameters.emplace("keepalives", "1");
  parameters.emplace("keepalives_idle", "30");
  parameters.emplace("keepalives_interval", "10");
  parameters.emplace("keepalives_count", "3");
  parameters.emplace("tcp_user_timeout", "60000");
  parameters["client_encoding"] = "UTF8";
  if (!options.application_name.empty()) parameters.emplace("application_name", options.application_name);
}

struct Arrays {
  std::vector<const char*> names;
  std::vector<const char*> values;
};

Arrays arrays_of(const Parameters& parameters) {
  Arrays arrays;
  for (const auto& [name, value] : parameters) {
    arrays.names.push_back(name.c_str());
    arrays.values.push_back(value.c_str());
  }
  arrays.names.push_back(nullptr);
  arrays.values.push_back(nullptr);
  return arrays;
}

void wait_until_ready(PGconn* connection, int64_t timeout_ms) {
  const auto last = Clock::now() + std::chrono::milliseconds(timeout_ms);
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) return;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(last - Clock::now()).count();
    pollfd socket{PQsocket(connection), static_cast<short>(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    if (left <= 0 || ::poll(&socket, 1, static_cast<int>(std::min<int64_t>(left, 60'000))) == 0) {
      if (Clock::now() < last) continue;
      throw Error(core::ErrorKind::transient, Trouble::connection_lost,
                  fmt::format("PostgreSQL: the server did not answer within {} ms", timeout_ms));
    }
    state = PQconnectPoll(connection);
  }
}

/// libpq goes on to the next host in time only when it does the waiting, and gives error codes only when we do.
PostgresHandle dial(const Parameters& parameters, const ConnectOptions& options) {
  const Arrays arrays = arrays_of(parameters);
  const auto host = parameters.find("host");
  const bool has_several_hosts = host != parameters.end() && host->second.find(',') != std::string::npos;
  if (has_several_hosts) return PostgresHandle(PQconnectdbParams(arrays.names.data(), arrays.values.data(), 0));
  PostgresHandle connection(PQconnectStartParams(arrays.names.data(), arrays.values.data(), 0));
  if (!connection) throw std::bad_alloc();
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  if (PQstatus(connection.get()) != CONNECTION_BAD) wait_until_ready(connection.get(), options.connect_timeout_ms);
  return connection;
}

std::string session_settings(const ConnectOptions& options) {
  std::string sql =
      "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex';"
      "SET extra_float_digits = 1; SET standard_conforming_strings = on;";
  if (options.statement_timeout_ms > 0) sql += fmt::format("SET statement_timeout = {};", options.statement_timeout_ms);
  if (options.idle_transaction_timeout_ms > 0)
    sql += fmt::format("SET idle_in_transaction_session_timeout = {};", options.idle_transaction_timeout_ms);
  if (options.read_only) sql += "SET default_transaction_read_only = on;";
  return sql;
}

}  // namespace

PostgresHandle open_postgres(const ConnectOptions& options) {
  Parameters parameters = parsed(options.url);
  add_defaults(parameters, options);
  PostgresHandle connection = dial(parameters, options);
  if (!connection) throw std::bad_alloc();
  if (PQstatus(connection.get()) != CONNECTION_OK)
    throw postgres_connect_error(connection.get(), parameters["password"]);
  PQsetErrorVerbosity(connection.get(), PQERRORS_DEFAULT);
  PQsetNoticeReceiver(connection.get(), [](void*, const PGresult*) {}, nullptr);

  const PostgresResult done(PQexec(connection.get(), session_settings(options).c_str()));
  if (PQresultStatus(done.get()) != PGRES_COMMAND_OK) throw postgres_error(connection.get(), done.get());
  return connection;
}

}  // namespace assay::sql
