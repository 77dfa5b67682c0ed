#pragma once

#include "connect/mongodb/library.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connect/mongodb/stream.h"
#include "core/error.h"
#include "core/sensitive.h"

namespace assay::connect::mongodb {

/// What MongoDB answers with in place of what was asked for.
class ServerError : public core::Error {
 public:
  ServerError(core::ErrorKind kind, const std::string& message, bool is_about_source, bool is_timeout)
      : Error(kind, message), is_about_source_(is_about_source), is_timeout_(is_timeout) {}
  /// The server is gone, or refuses us, or we are to end: not that one collection cannot be read.
  bool is_about_source() const noexcept { return is_about_source_; }
  bool is_timeout() const noexcept { return is_timeout_; }

 private:
  bool is_about_source_, is_timeout_;
};

struct Destroy {
  void operator()(mongoc_uri_t* one) const noexcept { MONGOC(uri_destroy)(one); }
  void operator()(mongoc_client_t* one) const noexcept { MONGOC(client_destroy)(one); }
  void operator()(mongoc_cursor_t* one) const noexcept { MONGOC(cursor_destroy)(one); }
  void operator()(mongoc_database_t* one) const noexcept { MONGOC(database_destroy)(one); }
  void operator()(mongoc_collection_t* one) const noexcept { MONGOC(collection_destroy)(one); }
  void operator()(mongoc_read_prefs_t* one) const noexcept { MONGOC(read_prefs_destroy)(one); }
};

/// Owns a document. No std::unique_ptr: a template's argument forgets how bson_t is aligned.
class Bson {
 public:
  Bson() = default;
  explicit Bson(bson_t* bson) : bson_(bson) {}
  Bson(Bson&& other) noexcept : bson_(std::exchange(other.bson_, nullptr)) {}
  Bson& operator=(Bson&& other) noexcept {
    std::swap(bson_, other.bson_);
    return *this;
  }
  ~Bson() { bson_destroy(bson_); }

  bson_t* get() const noexcept { return bson_; }
  const bson_t& operator*() const noexcept { return *bson_; }
  explicit operator bool() const noexcept { return bson_ != nullptr; }

 private:
  bson_t* bson_ = nullptr;
};

using Uri = std::unique_ptr<mongoc_uri_t, Destroy>;
using Cursor = std::unique_ptr<mongoc_cursor_t, Destroy>;

/// Of JSON that we wrote.
Bson bson_of(const std::string& json);

/// Takes a URL apart. Throws core::Error(bad_input) for what is none, for options that switch the verification of
/// certificates off and for secrets among them.
Uri parse_url(const std::string& url);

/// One client of a server or of a replica set. Lets go within a second of being asked to stop. Throws ServerError.
class Session {
 public:
  struct Options {
    std::string url, ca_file;
    core::Sensitive<std::string> password;
    bool has_password = false;
    std::string read_preference;  ///< "": as the URL says
  };
  Session(const Options& options, std::stop_token stop);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  mongoc_client_t* client() const noexcept { return client_.get(); }
  Bson command(const std::string& database, const bson_t& command);
  /// Of the databases that we may see, sorted.
  std::vector<std::string> database_names();
  /// The next document, which is valid until the next call; nullptr at the end.
  const bson_t* next(mongoc_cursor_t& cursor);
  /// Ends a cursor, and tells the server so, also after a stop.
  void close(Cursor cursor, const std::string& database, const std::string& collection) noexcept;
  /// Whether it works still.
  bool is_usable() const noexcept { return is_usable_; }

 private:
  [[noreturn]] void fail(const bson_error_t& error);

  std::unique_ptr<StreamContext> context_;
  std::unique_ptr<mongoc_client_t, Destroy> client_;
  bool is_usable_ = true;
};

}  // namespace assay::connect::mongodb
