#include "connect/mysql/client.h"

#include <errmsg.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <new>

#include "connect/mysql/mysql_error.h"
#include "core/no_pipe_signal.h"
#include "core/printable.h"

namespace assay::connect::mysql {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int look_every_ms = 200;
constexpr unsigned connect_timeout_s = 10;
constexpr unsigned silence_timeout_s = 24 * 3600;  // of a statement that works; the settings say how long it may
constexpr auto cancel_timeout = std::chrono::milliseconds(500);
// A client that froze does not hold back the server's clean-up for ever.
constexpr int idle_timeout_s = 600;
constexpr int longest_standstill_s = 24 * 3600;
// Neither sends a password that somebody in between could use.
constexpr const char* safe_authentication =
    "mysql_native_password,client_ed25519,caching_sha2_password,sha256_password,auth_gssapi_client,parsec";

// The library waits through a function without a parameter of ours.
thread_local const std::stop_token* waits_until_stop = nullptr;
thread_local std::optional<Clock::time_point> waits_until;

/// For the calls of one scope.
class Waiting {
 public:
  explicit Waiting(const std::stop_token* stop, std::optional<Clock::time_point> deadline = std::nullopt) {
    waits_until_stop = stop;
    waits_until = deadline;
  }
  ~Waiting() {
    waits_until_stop = nullptr;
    waits_until.reset();
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
};

bool is_over() {
  return (waits_until_stop != nullptr && waits_until_stop->stop_requested()) ||
         (waits_until && Clock::now() >= *waits_until);
}

int wait_for_socket(my_socket socket, my_bool is_read, int timeout_ms) {
  pollfd event{socket, static_cast<short>(is_read != 0 ? POLLIN : POLLOUT), 0};
  const auto end = Clock::now() + std::chrono::milliseconds(timeout_ms);
  for (;;) {
    if (is_over()) {
      errno = ETIMEDOUT;
      return -1;
    }
    int wait_ms = look_every_ms;
    if (timeout_ms >= 0) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
      wait_ms = static_cast<int>(std::clamp<int64_t>(left, 0, look_every_ms));
    }
    const int ready = ::poll(&event, 1, wait_ms);
    if (ready > 0) return 1;
    if (ready < 0 && errno != EINTR) return -1;
    if (timeout_ms >= 0 && Clock::now() >= end) return 0;
  }
}

/// What a server gets that asks for a file of this machine.
int no_file(void** state, const char*, void*) {
  *state = nullptr;
  return 1;
}
int no_bytes(void*, char*, unsigned) { return -1; }
void no_end(void*) {}
int no_reason(void*, char* message, unsigned size) {
  if (size != 0) *message = '\0';
  return CR_UNKNOWN_ERROR;
}

void set_up_tls(MYSQL* handle, TlsMode tls, const std::string& authorities) {
  // Debian's library takes no authorities of its own accord.
  const char* file = authorities.empty() ? "/etc/ssl/certs/ca-certificates.crt" : authorities.c_str();
  const my_bool yes = 1, no = 0;
  if (tls == TlsMode::off) return;
  mysql_optionsv(handle, MYSQL_OPT_SSL_ENFORCE, &yes);
  mysql_optionsv(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, tls == TlsMode::verified ? &yes : &no);
  if (tls == TlsMode::verified) mysql_optionsv(handle, MYSQL_OPT_SSL_CA, file);
}

/// On a socket that blocks, OpenSSL itself would wait for the server, and nobody would ask wait_for_socket().
void wait_outside_tls(MYSQL* mysql) {
  const my_socket socket = mysql_get_socket(mysql);
  const int flags = ::fcntl(socket, F_GETFL);
  if (flags < 0 || ::fcntl(socket, F_SETFL, flags | O_NONBLOCK) != 0)
    throw core::error_from_errno("cannot set up a connection to MySQL", errno);
}

/// A server that has no TLS, or none that is trusted, is as little of use the next time; one that ended the connection
/// may be.
sql::Error error_of_connecting(MYSQL* mysql) {
  const std::string_view message = ::mysql_error(mysql);
  sql::Error error = server_error(mysql_errno(mysql), mysql_sqlstate(mysql), message);
  const bool was_cut = message.contains("eof") || message.contains("reset") || message.contains("Unknown SSL error");
  if (mysql_errno(mysql) != CR_SSL_CONNECTION_ERROR || was_cut) return error;
  return {core::ErrorKind::denied, sql::Trouble::other, error.what()};
}

}  // namespace

void Client::CloseHandle::operator()(MYSQL* handle) const noexcept {
  const core::NoPipeSignal no_pipe_signal;
  mysql_close(handle);
}

Client::Handle Client::connected(const Options& options, TlsMode tls) {
  static const int library = mysql_server_init(0, nullptr, nullptr);  // once, whoever else is about to
  Handle handle(library == 0 ? mysql_init(nullptr) : nullptr);
  if (!handle) throw std::bad_alloc();
  MYSQL* const mysql = handle.get();
  const unsigned off = 0, protocol = options.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
  mysql_optionsv(mysql, MYSQL_OPT_LOCAL_INFILE, &off);
  mysql_set_local_infile_handler(mysql, no_file, no_bytes, no_end, no_reason, nullptr);
  mysql_optionsv(mysql, MARIADB_OPT_IO_WAIT, wait_for_socket);
  mysql_optionsv(mysql, MYSQL_OPT_PROTOCOL, &protocol);
  mysql_optionsv(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_timeout_s);
  mysql_optionsv(mysql, MYSQL_OPT_READ_TIMEOUT, &silence_timeout_s);
  mysql_optionsv(mysql, MYSQL_OPT_WRITE_TIMEOUT, &silence_timeout_s);
  mysql_optionsv(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_optionsv(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "assay");
  // A server that pretends asks for the password in the clear.
  if (tls != TlsMode::verified && options.socket.empty())
    mysql_optionsv(mysql, MARIADB_OPT_RESTRICTED_AUTH, safe_authentication);
  set_up_tls(mysql, tls, options.tls_authorities);
  const ServerUrl& url = options.url;
  const std::string& password = options.password.reveal();
  const MYSQL* const done = mysql_real_connect(
      mysql, options.socket.empty() ? url.host.c_str() : nullptr, url.user.empty() ? nullptr : url.user.c_str(),
      password.empty() ? nullptr : password.c_str(), url.database.empty() ? nullptr : url.database.c_str(), url.port,
      options.socket.empty() ? nullptr : options.socket.c_str(), 0);
  if (done == nullptr) throw error_of_connecting(mysql);
  if (mysql_get_ssl_cipher(mysql) != nullptr) wait_outside_tls(mysql);
  return handle;
}

Client::Client(Options options, std::stop_token stop) : options_(std::move(options)), stop_(std::move(stop)) {
  connect();
  set_up();
}

void Client::connect() {
  const core::NoPipeSignal no_pipe_signal;
  const Waiting waiting(&stop_);
  const bool may_do_without = options_.tls == TlsMode::preferred;
  try {
    handle_ = connected(options_, may_do_without ? TlsMode::required : options_.tls);
  } catch (const sql::Error& error) {
    // The library's number is in the message; what else fails then fails again.
    const bool has_no_tls = std::string_view(error.what()).ends_with(fmt::format("({})", CR_SSL_CONNECTION_ERROR));
    if (stop_.stop_requested())
      throw sql::Error(core::ErrorKind::transient, sql::Trouble::cancelled, "MySQL: reading was told to end");
    if (!may_do_without || !has_no_tls) throw;
    handle_ = connected(options_, TlsMode::off);
  }
  is_encrypted_ = mysql_get_ssl_cipher(handle_.get()) != nullptr;
  is_mariadb_ = mariadb_connection(handle_.get()) != 0;
}

void Client::set_up() {
  const int64_t timeout_ms = options_.statement_timeout_ms;
  run(fmt::format("SET SESSION time_zone = '+00:00', wait_timeout = {}, net_write_timeout = {}, lock_wait_timeout = 10",
                  idle_timeout_s, options_.may_stand_still ? longest_standstill_s : idle_timeout_s));
  // MySQL would tell of changes as much as a day late.
  if (!is_mariadb_) {
    try {
      run("SET SESSION information_schema_stats_expiry = 0");
    } catch (const sql::Error& error) {
      if (error.trouble() == sql::Trouble::connection_lost || stop_.stop_requested()) throw;
      has_failed_ = false;  // MySQL 5.7 keeps no such statistics
    }
  }
  if (timeout_ms > 0)
    run(is_mariadb_ ? fmt::format("SET SESSION max_statement_time = {}.{:03}", timeout_ms / 1000, timeout_ms % 1000)
                    : fmt::format("SET SESSION max_execution_time = {}", timeout_ms));
  run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  if (!options_.in_snapshot) return;
  run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
  run("SAVEPOINT no_table");
}

void Client::release_tables() noexcept {
  try {
    run("ROLLBACK TO SAVEPOINT no_table");
  } catch (const std::exception&) {
    return;  // the connection is of no more use, as is_usable() says
  }
}

Client::~Client() {
  if (handle_ == nullptr) return;
  const core::NoPipeSignal no_pipe_signal;
  if (result_ != nullptr || is_left_running_) {
    cancel();
    // A server that waits for room for its rows, as behind a slow reader, learns of an end only when it is told at
    // once, and keeps the table's lock until then.
    constexpr linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(mysql_get_socket(handle_.get()), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    // The library would read the rest of the rows first.
    ::shutdown(mysql_get_socket(handle_.get()), SHUT_RDWR);
    mysql_free_result(result_);
  }
  const Waiting waiting(nullptr, Clock::now() + cancel_timeout);
  handle_.reset();
}

// A server notices that nobody listens when it has something to say, which may take long.
void Client::cancel() noexcept {
  if (has_failed_ && !stop_.stop_requested()) return;
  const Waiting waiting(nullptr, Clock::now() + cancel_timeout);
  try {
    const Handle other = connected(options_, is_encrypted_ ? TlsMode::required : TlsMode::off);
    mysql_query(other.get(), fmt::format("KILL QUERY {}", mysql_thread_id(handle_.get())).c_str());
  } catch (const std::exception&) {
    return;  // it notices later
  }
}

void Client::fail() {
  has_failed_ = true;
  if (stop_.stop_requested())
    throw sql::Error(core::ErrorKind::transient, sql::Trouble::cancelled, "MySQL: reading was told to end");
  throw server_error(mysql_errno(handle_.get()), mysql_sqlstate(handle_.get()), ::mysql_error(handle_.get()));
}

void Client::run(const std::string& sql) {
  const core::NoPipeSignal no_pipe_signal;
  const Waiting waiting(&stop_);
  if (stop_.stop_requested()) fail();
  if (mysql_real_query(handle_.get(), sql.data(), sql.size()) == 0) return;
  is_left_running_ = stop_.stop_requested();
  fail();
}

std::vector<std::vector<Client::Cell>> Client::query(const std::string& sql) {
  begin(sql);
  std::vector<std::vector<Cell>> rows;
  std::vector<std::optional<std::string_view>> cells;
  while (next(cells)) {
    auto& row = rows.emplace_back();
    row.reserve(cells.size());
    for (const auto& cell : cells) row.push_back(cell ? Cell(std::string(*cell)) : std::nullopt);
  }
  return rows;
}

std::vector<std::map<std::string, Client::Cell, std::less<>>> Client::named_query(const std::string& sql) {
  begin(sql);
  std::vector<std::string> names;
  const unsigned count = mysql_num_fields(result_);
  const MYSQL_FIELD* fields = mysql_fetch_fields(result_);
  names.reserve(count);
  for (unsigned i = 0; i < count; ++i) names.emplace_back(fields[i].name, fields[i].name_length);
  std::vector<std::map<std::string, Cell, std::less<>>> rows;
  std::vector<std::optional<std::string_view>> cells;
  while (next(cells)) {
    auto& row = rows.emplace_back();
    for (size_t i = 0; i < cells.size(); ++i) {
      const auto& cell = cells[i];
      row[names[i]] = cell ? Cell(std::string(*cell)) : std::nullopt;
    }
  }
  return rows;
}

void Client::begin(const std::string& sql) {
  run(sql);
  result_ = mysql_use_result(handle_.get());
  if (result_ == nullptr) fail();
}

bool Client::next(std::vector<std::optional<std::string_view>>& cells) {
  std::optional<core::NoPipeSignal> no_pipe_signal;
  if (is_encrypted_) no_pipe_signal.emplace();
  const Waiting waiting(&stop_);
  // Rows that came already are not waited for.
  if (stop_.stop_requested()) fail();
  MYSQL_ROW row = mysql_fetch_row(result_);
  if (row == nullptr) {
    if (mysql_errno(handle_.get()) != 0) fail();
    mysql_free_result(result_);
    result_ = nullptr;
    return false;
  }
  const unsigned long* sizes = mysql_fetch_lengths(result_);
  cells.resize(mysql_num_fields(result_));
  for (size_t i = 0; i < cells.size(); ++i)
    cells[i] = row[i] == nullptr ? std::nullopt : std::optional(std::string_view(row[i], sizes[i]));
  return true;
}

std::string Client::literal(std::string_view text) {
  std::string escaped(2 * text.size() + 1, '\0');
  escaped.resize(mysql_real_escape_string(handle_.get(), escaped.data(), text.data(), text.size()));
  return "'" + escaped + "'";
}

std::string Client::version() const {
  const std::string_view text = mysql_get_server_info(handle_.get());
  return (is_mariadb_ ? "MariaDB " : "MySQL ") + core::printable(text.substr(0, text.find('-')), 100);
}

}  // namespace assay::connect::mysql
