#pragma once

#include <mysql.h>

#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "connect/tables/server_url.h"
#include "core/sensitive.h"
#include "sql/error.h"

namespace assay::connect::mysql {

enum class TlsMode : uint8_t {
  off,
  preferred,  ///< where the server has it; whoever stands between may say that it has not
  required,   ///< whoever answers
  verified,   ///< the certificate is of a trusted authority and of the host
};

/// A session that only reads, in one snapshot if it is not told otherwise, and lets go of the server within a second of
/// being asked to stop. Throws sql::Error: transient and cancelled once stopped.
class Client {
 public:
  struct Options {
    ServerUrl url;
    core::Sensitive<std::string> password;
    std::string socket;  ///< path of a Unix socket; "" TCP
    TlsMode tls = TlsMode::preferred;
    std::string tls_authorities;  ///< file, PEM; "" those of the system
    int64_t statement_timeout_ms = 0;
    bool in_snapshot = true;       ///< false: each statement sees the server as it is
    bool may_stand_still = false;  ///< rows may not be fetched for as long as a task may take
  };
  Client(Options options, std::stop_token stop);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  using Cell = std::optional<std::string>;
  /// The rows of a statement, all of them: for catalogs.
  std::vector<std::vector<Cell>> query(const std::string& sql);
  /// The same, each cell with its column's name: for statements whose columns depend on the version.
  std::vector<std::map<std::string, Cell, std::less<>>> named_query(const std::string& sql);
  /// Begins to read rows as they come.
  void begin(const std::string& sql);
  /// The cells of the next row, valid until the next call; nullopt is NULL. False at the end.
  bool next(std::vector<std::optional<std::string_view>>& cells);

  /// Lets go of the tables that were read, whose owners would wait to change them for as long as the transaction lasts,
  /// and others behind them; the snapshot stays.
  void release_tables() noexcept;

  /// A text as it is written in a statement.
  std::string literal(std::string_view text);
  bool is_mariadb() const { return is_mariadb_; }
  /// 80036 of 8.0.36.
  unsigned long version_number() const { return mysql_get_server_version(handle_.get()); }
  /// "MariaDB 10.11.6".
  std::string version() const;
  bool is_usable() const noexcept { return handle_ != nullptr && result_ == nullptr && !has_failed_; }

 private:
  struct CloseHandle {
    void operator()(MYSQL* handle) const noexcept;
  };
  using Handle = std::unique_ptr<MYSQL, CloseHandle>;

  static Handle connected(const Options& options, TlsMode tls);
  void connect();
  void set_up();
  void run(const std::string& sql);
  [[noreturn]] void fail();
  void cancel() noexcept;

  Options options_;
  std::stop_token stop_;
  Handle handle_;
  MYSQL_RES* result_ = nullptr;
  bool is_mariadb_ = false;
  bool has_failed_ = false;
  bool is_left_running_ = false;  ///< a statement was given up before the server had rows
  bool is_encrypted_ = false;
};

}  // namespace assay::connect::mysql
