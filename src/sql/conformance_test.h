#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "sql/connection.h"

namespace assay::sql {

/// Each test gets a database of its own; the tests of this suite say what holds for all.
class Conformance : public testing::TestWithParam<Dialect> {
 protected:
  Conformance();
  ~Conformance() override;

  /// One more connection to the same database.
  std::unique_ptr<Connection> connect_again() const { return connect(options_); }
  bool is_sqlite() const { return GetParam() == Dialect::sqlite; }
  const char* blob_type() const { return is_sqlite() ? "blob" : "bytea"; }
  /// The one cell of the one row.
  std::string cell(std::string_view sql, std::span<const Value> parameters = {});
  int64_t number(std::string_view sql, std::span<const Value> parameters = {});

  ConnectOptions options_;
  std::string place_;  // SQLite: a folder; PostgreSQL: a database's name
  std::unique_ptr<Connection> connection_;
};

/// What `work` throws; a test failure when it does not.
template <typename Work>
Error error_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {core::ErrorKind::bug, Trouble::other, ""};
}

#define ASSAY_FOR_ALL_DIALECTS(suite)                                                              \
  INSTANTIATE_TEST_SUITE_P(Dialects, suite, testing::Values(Dialect::sqlite, Dialect::postgresql), \
                           [](const auto& test) { return std::string(to_string(test.param)); })

/// A transaction in which `sql` fails, and why.
Error failure_in_transaction(Connection& connection, std::string_view sql, std::span<const Value> parameters = {});

}  // namespace assay::sql
