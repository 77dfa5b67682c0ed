#include "connect/mongodb/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/printable.h"

namespace assay::connect::mongodb {
namespace {

using core::ErrorKind;

constexpr size_t most_shown = 300;
constexpr int32_t connect_timeout_ms = 10'000;
constexpr int32_t answer_timeout_ms = 10 * 60'000;  // of one batch; statement_timeout_s ends it on the server
constexpr auto grace = std::chrono::milliseconds(400);

// MongoDB, src/mongo/base/error_codes.yml.
constexpr uint32_t host_unreachable = 6, host_not_found = 7, unauthorized = 13, authentication_failed = 18,
                   namespace_not_found = 26, max_time_expired = 50, network_timeout = 89, shutdown = 91,
                   primary_stepped_down = 189, socket_exception = 9001, not_primary = 10107,
                   interrupted_at_shutdown = 11600, interrupted_by_change = 11602, not_primary_no_secondary = 13435,
                   not_primary_or_secondary = 13436;
constexpr std::array server_is_away = {host_unreachable,
                                       host_not_found,
                                       network_timeout,
                                       shutdown,
                                       primary_stepped_down,
                                       socket_exception,
                                       not_primary,
                                       interrupted_at_shutdown,
                                       interrupted_by_change,
                                       not_primary_no_secondary,
                                       not_primary_or_secondary};

void initialise_library() {
  static const bool is_done = [] {
    MONGOC(init)();
    MONGOC(log_set_handler)(nullptr, nullptr);  // what matters comes as errors
    return true;
  }();
  static_cast<void>(is_done);
}

ServerError error_of(const bson_error_t& error, const StreamContext& context) {
  const std::string what = "MongoDB: " + core::printable(error.message, most_shown);
  if (context.stop.stop_requested()) return {ErrorKind::transient, "MongoDB: reading was told to end", true, false};
  if (context.has_failed_tls)
    return {ErrorKind::permanent, what + "; if its certificate is from an authority of your own, name it with ca_file",
            true, false};
  switch (error.domain) {
    case MONGOC_ERROR_SASL:
    case MONGOC_ERROR_SCRAM: return {ErrorKind::denied, what, true, false};
    case MONGOC_ERROR_STREAM:
    case MONGOC_ERROR_SERVER_SELECTION: return {ErrorKind::transient, what, true, false};
    case MONGOC_ERROR_PROTOCOL:
      if (error.code == MONGOC_ERROR_PROTOCOL_BAD_WIRE_VERSION) return {ErrorKind::permanent, what, true, false};
      return {ErrorKind::transient, what, true, false};
    case MONGOC_ERROR_CLIENT:
      return {error.code == MONGOC_ERROR_CLIENT_AUTHENTICATE ? ErrorKind::denied : ErrorKind::permanent, what, true,
              false};
    default: break;
  }
  if (error.code == authentication_failed) return {ErrorKind::denied, what, true, false};
  if (error.code == unauthorized) return {ErrorKind::denied, what, false, false};
  if (error.code == namespace_not_found) return {ErrorKind::not_found, what, false, false};
  if (error.code == max_time_expired) return {ErrorKind::permanent, what, false, true};
  if (std::ranges::find(server_is_away, error.code) != server_is_away.end())
    return {ErrorKind::transient, what, true, false};
  return {ErrorKind::permanent, what, false, false};
}

[[noreturn]] void refuse(const std::string& why) { throw core::Error(ErrorKind::bad_input, why); }

}  // namespace

Bson bson_of(const std::string& json) {
  bson_error_t error;
  Bson parsed(
      bson_new_from_json(reinterpret_cast<const uint8_t*>(json.data()), static_cast<ssize_t>(json.size()), &error));
  if (!parsed) throw core::Error(ErrorKind::bug, std::string("a question to MongoDB is no JSON: ") + error.message);
  return parsed;
}

Uri parse_url(const std::string& url) {
  initialise_library();
  bson_error_t error;
  Uri uri(MONGOC(uri_new_with_error)(url.c_str(), &error));
  if (!uri) refuse(fmt::format("no URL of MongoDB: {}", core::printable(error.message, most_shown)));
  for (const char* option :
       {MONGOC_URI_TLSINSECURE, MONGOC_URI_TLSALLOWINVALIDCERTIFICATES, MONGOC_URI_TLSALLOWINVALIDHOSTNAMES})
    if (MONGOC(uri_get_option_as_bool)(uri.get(), option, false))
      refuse(fmt::format("{} is not to be had: certificates are always verified; ca_file names your own authority",
                         option));
  if (MONGOC(uri_has_option)(uri.get(), MONGOC_URI_TLSCERTIFICATEKEYFILEPASSWORD))
    refuse("a URL must not hold a password, which would be seen in lists and reports");
  return uri;
}

Session::Session(const Options& options, std::stop_token stop) : context_(std::make_unique<StreamContext>()) {
  const Uri uri = parse_url(options.url);
  context_->stop = std::move(stop);
  context_->connect_timeout = std::chrono::milliseconds(
      std::max(1, MONGOC(uri_get_option_as_int32)(uri.get(), MONGOC_URI_CONNECTTIMEOUTMS, connect_timeout_ms)));
  context_->ca_file =
      options.ca_file.empty() ? MONGOC(uri_get_option_as_utf8)(uri.get(), MONGOC_URI_TLSCAFILE, "") : options.ca_file;
  context_->certificate_file = MONGOC(uri_get_option_as_utf8)(uri.get(), MONGOC_URI_TLSCERTIFICATEKEYFILE, "");
  if (options.has_password) MONGOC(uri_set_password)(uri.get(), options.password.reveal().c_str());
  MONGOC(uri_set_appname)(uri.get(), "assay");
  MONGOC(uri_set_compressors)(uri.get(), "");  // what is compressed cannot be checked
  MONGOC(uri_set_option_as_bool)(uri.get(), MONGOC_URI_RETRYREADS, false);
  MONGOC(uri_set_option_as_int32)(uri.get(), MONGOC_URI_SOCKETTIMEOUTMS, answer_timeout_ms);
  if (!MONGOC(uri_has_option)(uri.get(), MONGOC_URI_SERVERSELECTIONTIMEOUTMS))
    MONGOC(uri_set_option_as_int32)(uri.get(), MONGOC_URI_SERVERSELECTIONTIMEOUTMS, connect_timeout_ms);
  bson_error_t error;
  client_.reset(MONGOC(client_new_from_uri_with_error)(uri.get(), &error));
  if (!client_) throw error_of(error, *context_);
  MONGOC(client_set_error_api)(client_.get(), MONGOC_ERROR_API_VERSION_2);
  MONGOC(client_set_stream_initiator)(client_.get(), open_stream, context_.get());
  if (options.read_preference.empty()) return;
  constexpr std::array modes = {
      std::pair{"primary", MONGOC_READ_PRIMARY}, std::pair{"primaryPreferred", MONGOC_READ_PRIMARY_PREFERRED},
      std::pair{"secondary", MONGOC_READ_SECONDARY}, std::pair{"secondaryPreferred", MONGOC_READ_SECONDARY_PREFERRED},
      std::pair{"nearest", MONGOC_READ_NEAREST}};
  for (const auto& [name, mode] : modes) {
    if (name != options.read_preference) continue;
    const std::unique_ptr<mongoc_read_prefs_t, Destroy> preference(MONGOC(read_prefs_new)(mode));
    MONGOC(client_set_read_prefs)(client_.get(), preference.get());
  }
}

void Session::fail(const bson_error_t& error) {
  ServerError failure = error_of(error, *context_);
  is_usable_ = is_usable_ && !failure.is_about_source();
  throw failure;
}

Bson Session::command(const std::string& database, const bson_t& command) {
  bson_t reply;
  bson_error_t error;
  const bool is_ok = MONGOC(client_read_command_with_opts)(client_.get(), database.c_str(), &command, nullptr, nullptr,
                                                           &reply, &error);
  Bson copy(bson_copy(&reply));
  bson_destroy(&reply);
  if (!is_ok) fail(error);
  return copy;
}

std::vector<std::string> Session::database_names() {
  const Bson reply =
      command("admin", *bson_of(R"({"listDatabases": 1, "nameOnly": true, "authorizedDatabases": true})"));
  std::set<std::string> names;
  bson_iter_t list, item;
  if (bson_iter_init_find(&list, reply.get(), "databases") && bson_iter_recurse(&list, &item))
    while (bson_iter_next(&item)) {
      bson_iter_t name;
      if (bson_iter_recurse(&item, &name) && bson_iter_find(&name, "name") && BSON_ITER_HOLDS_UTF8(&name))
        names.emplace(bson_iter_utf8(&name, nullptr));
    }
  return {names.begin(), names.end()};
}

const bson_t* Session::next(mongoc_cursor_t& cursor) {
  const bson_t* document = nullptr;
  if (MONGOC(cursor_next)(&cursor, &document)) return document;
  bson_error_t error;
  if (MONGOC(cursor_error)(&cursor, &error)) fail(error);
  return nullptr;
}

void Session::close(Cursor cursor, const std::string& database, const std::string& collection) noexcept {
  const int64_t id = MONGOC(cursor_get_id)(cursor.get());
  const uint32_t server = MONGOC(cursor_get_hint)(cursor.get());
  const bool is_stopped = context_->stop.stop_requested();
  context_->grace_ends = std::chrono::steady_clock::now() + grace;
  bson_error_t error;
  const bool has_failed = MONGOC(cursor_error)(cursor.get(), &error);
  cursor.reset();  // tells the server, while its connection works
  // After a stop it does not: what it was answering is still on it. Another one is made for this.
  if (id == 0 || !has_failed || !is_stopped) return;
  const Bson kill(BCON_NEW("killCursors", BCON_UTF8(collection.c_str()), "cursors", "[", BCON_INT64(id), "]"));
  MONGOC(client_command_simple_with_server_id)(client_.get(), database.c_str(), kill.get(), nullptr, server, nullptr,
                                               &error);
}

}  // namespace assay::connect::mongodb
