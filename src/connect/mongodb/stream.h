#pragma once

#include "connect/mongodb/library.h"

#include <chrono>
#include <stop_token>
#include <string>

namespace assay::connect::mongodb {

/// What the connections of one client have in common: when they are to end, and how they prove themselves. libmongoc's
/// own streams wait for minutes whatever happens.
struct StreamContext {
  std::stop_token stop;
  /// Until when they work on after a stop, to tell the server that nobody reads on.
  std::chrono::steady_clock::time_point grace_ends{};
  std::chrono::milliseconds connect_timeout{10'000};
  std::string ca_file, certificate_file;  ///< "": the system's authorities; none
  bool has_failed_tls = false;            ///< a server's certificate was not to be trusted

  bool is_to_end() const { return stop.stop_requested() && std::chrono::steady_clock::now() >= grace_ends; }
};

/// Opens a connection for libmongoc (a mongoc_stream_initiator_t); `context` is a StreamContext. It, all that is done
/// on it, and the making of it end within a quarter of a second when is_to_end().
mongoc_stream_t* open_stream(const mongoc_uri_t* uri, const mongoc_host_list_t* host, void* context,
                             bson_error_t* error);

}  // namespace assay::connect::mongodb
