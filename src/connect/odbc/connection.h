#pragma once

#include <sql.h>
#include <sqlext.h>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/sensitive.h"
#include "sql/error.h"

namespace assay::connect::odbc {

struct ResultColumn {
  std::string name, type;
  SQLSMALLINT type_code = 0;  ///< SQL_VARCHAR, ...
  SQLULEN size = 0;
  bool is_nullable = true;
};

/// The driver manager translates for drivers that take bytes only into what the process's locale says, which is ASCII
/// until somebody sets one: this makes it UTF-8. Not while other threads run.
void prepare_driver_manager();

/// A connection through a driver, with one statement at a time. Throws sql::Error: transient and cancelled once
/// stopped, as soon as the driver takes SQLCancel() from another thread.
class Connection {
 public:
  /// `attributes`: a connection string with its secrets.
  Connection(const core::Sensitive<std::string>& attributes, std::stop_token stop, int64_t statement_timeout_ms);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// "" when the driver does not say.
  std::string information(SQLUSMALLINT what) const;

  /// Runs a statement; its rows wait.
  void execute(const std::string& sql);
  /// Catalog functions of ODBC; their rows wait. Patterns are as the functions take them, nullopt: any. Not every
  /// driver has the last two: then there are no rows.
  void tables(const std::string& types);
  void columns(const std::optional<std::string>& catalog, const std::optional<std::string>& schema,
               const std::string& table);
  void primary_keys(const std::optional<std::string>& catalog, const std::optional<std::string>& schema,
                    const std::string& table);

  std::vector<ResultColumn> result_columns() const;
  /// False at the end, with which the statement is done.
  bool next();
  /// A cell of the row, once, columns from 0 in order; false for NULL. What is beyond `most` bytes is cut, but for a
  /// part of a character.
  bool text(size_t column, std::string& out, size_t most);
  bool bytes(size_t column, std::string& out, size_t most);
  /// Ends the statement, whatever is left of its rows.
  void close();

  bool is_usable() const noexcept { return !has_failed_ && !has_rows_; }

 private:
  struct FreeHandle {
    SQLSMALLINT type;
    void operator()(void* handle) const noexcept { SQLFreeHandle(type, handle); }
  };
  using Handle = std::unique_ptr<void, FreeHandle>;

  void check(SQLRETURN code, SQLSMALLINT type, SQLHANDLE handle);
  void check_statement(SQLRETURN code) { check(code, SQL_HANDLE_STMT, statement_.get()); }
  void begin();
  void take_catalog(SQLRETURN code);
  bool is_lacking() const;
  [[noreturn]] void fail(SQLSMALLINT type, SQLHANDLE handle);

  std::stop_token stop_;
  Handle environment_{nullptr, {SQL_HANDLE_ENV}}, connection_{nullptr, {SQL_HANDLE_DBC}},
      statement_{nullptr, {SQL_HANDLE_STMT}};
  bool is_connected_ = false;
  bool has_rows_ = false;
  bool has_failed_ = false;
  std::u16string wide_;
  std::optional<std::stop_callback<std::function<void()>>> canceller_;
};

}  // namespace assay::connect::odbc
