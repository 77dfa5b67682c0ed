#include "sql/postgres_connection.h"

namespace assay::sql {
namespace {

// What is sent before answers are read: much, so that waiting is rare; bounded, so that memory is.
constexpr size_t max_rows_on_the_way = 1'000;
constexpr size_t max_bytes_on_the_way = 1 << 20;

uint64_t changed_rows(PGresult* result) { return std::strtoull(PQcmdTuples(result), nullptr, 10); }

}  // namespace

uint64_t PostgresConnection::run_many(std::string_view sql, size_t width, std::span<const Value> parameters) {
  ParameterTypes types = parameter_types(parameters.first(width));
  for (auto rest = parameters.subspan(width); !rest.empty(); rest = rest.subspan(width))
    types = merged(types, parameter_types(rest.first(width)));
  const Statement& statement = prepared(sql, types);

  if (PQenterPipelineMode(connection_.get()) == 0) fail(nullptr);
  uint64_t changed = 0;
  PostgresResult failure;
  while (!parameters.empty() && !failure) {
    const Sent sent = send_some(statement, width, parameters);
    parameters = parameters.subspan(sent.rows * width);
    changed += receive_some(sent.rows, failure);
  }
  if (PQexitPipelineMode(connection_.get()) == 0) give_up();
  if (failure) fail(failure.get());
  return changed;
}

/// libpq reads what comes while it waits to send, so that both sides never wait for each other.
PostgresConnection::Sent PostgresConnection::send_some(const Statement& statement, size_t width,
                                                       std::span<const Value> parameters) {
  Sent sent;
  while (!parameters.empty() && sent.rows < max_rows_on_the_way && sent.bytes < max_bytes_on_the_way) {
    parameters_.set(parameters.first(width));
    if (!send(statement)) fail(nullptr);
    parameters = parameters.subspan(width);
    ++sent.rows;
    sent.bytes += parameters_.bytes();
  }
  if (PQpipelineSync(connection_.get()) == 0) fail(nullptr);
  return sent;
}

/// The answers to so many rows and to the synchronisation behind them; the first that is an error goes to `failure`.
uint64_t PostgresConnection::receive_some(size_t rows, PostgresResult& failure) {
  uint64_t changed = 0;
  for (size_t i = 0; i < rows; ++i) {
    while (PostgresResult result{PQgetResult(connection_.get())}) {
      const ExecStatusType status = PQresultStatus(result.get());
      if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) changed += changed_rows(result.get());
      else if (status == PGRES_FATAL_ERROR && !failure) failure = std::move(result);
    }
    if (PQstatus(connection_.get()) == CONNECTION_BAD) fail(failure.get());
  }
  const PostgresResult sync(PQgetResult(connection_.get()));
  if (PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) {
    give_up();
    if (!failure) fail(sync.get());
  }
  return changed;
}

}  // namespace assay::sql
