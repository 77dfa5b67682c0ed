#pragma once

#include <random>
#include <stop_token>
#include <string>
#include <vector>

#include "connect/odbc/connection.h"
#include "connect/odbc/dialect.h"
#include "connect/tables/table_database.h"

namespace assay::connect::odbc {

/// Tables of a database behind any driver, found by ODBC's catalog functions.
class OdbcSession : public TableSession {
 public:
  struct Options {
    core::Sensitive<std::string> attributes;  ///< a connection string
    int64_t statement_timeout_ms = 0;
  };
  OdbcSession(const Options& options, std::stop_token stop);

  std::vector<ListedTable> list(const std::string& schema, const std::string& name) override;
  DescribedTable describe(const std::string& schema, const std::string& name) override;
  void begin(const DescribedTable& table, const RowChoice& choice) override;
  bool append_row(std::string& out) override;
  bool limits_rows() const noexcept override { return dialect_ != Dialect::standard; }
  std::string server_version() override;
  bool is_usable() const noexcept override { return connection_.is_usable(); }

 protected:
  Connection& connection() { return connection_; }
  /// A table's name in a statement.
  std::string from(const std::string& schema, const std::string& name) const;
  /// Columns as the server describes the result of a statement that reads them all and gives no row.
  DescribedTable shape_of(const std::string& schema, const std::string& name);

 private:
  bool is_own(const std::string& schema) const;
  void add_comments(DescribedTable& table);
  void add_key(DescribedTable& table);
  std::optional<std::string> catalog_of(const std::string& schema) const;
  std::optional<std::string> schema_of(const std::string& schema) const;

  Connection connection_;
  const Dialect dialect_;
  const std::string quote_;
  const bool has_schemas_;  ///< else catalogs stand for them, as in MySQL
  std::vector<model::CellKind> kinds_;
  std::string cell_;
  double sample_percent_ = 100;  ///< of what comes, to be chosen here
  std::minstd_rand random_;
};

/// Puts a value of a connection string between braces, inner ones doubled (ODBC Programmer's Reference,
/// SQLDriverConnect).
std::string braced(std::string_view value);

}  // namespace assay::connect::odbc
