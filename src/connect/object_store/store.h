#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connect/connector_kind.h"
#include "http/client.h"
#include "model/verdict.h"

namespace assay::connect {

/// One object of a page of a listing.
struct ListedObject {
  std::string key;
  uint64_t size = 0;
  int64_t mtime_ns = 0;
  std::string change_id;
  std::string unreadable;  ///< why it cannot be read as it is, such as that it lies in an archive; "" when it can
};

struct Page {
  std::vector<ListedObject> objects;  ///< in the store's order
  std::string next;                   ///< what asks for the page behind this one; "" when it was the last
};

/// What to list.
struct ListQuestion {
  std::string bucket, prefix;
  std::string start_after;  ///< a key; only without `next`, and only for stores that can
  std::string next;         ///< Page::next
  int most = 1000;          ///< objects
};

/// What differs between kinds of object stores. Used by one thread, but for get(), which readers call from theirs.
class Store {
 public:
  virtual ~Store() = default;
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Whether a listing can begin behind a key.
  virtual bool starts_after() const { return true; }
  /// Throws core::Error as Connector says.
  virtual Page list(const ListQuestion& question) = 0;
  /// The object from `offset` on; with `version` only while that is its version. The answer may have any status.
  virtual std::unique_ptr<http::Body> get(const std::string& bucket, const std::string& key, uint64_t offset,
                                          const std::string& version) = 0;
  /// What of an answer to get() tells one content from another; "" when nothing does.
  virtual std::string version_of(const http::Headers& headers) const;
  /// What an answer to get() that is no success means for the object. Throws core::Error when it is about the source.
  virtual model::Verdict judge(const http::Response& answer) const = 0;
  /// From the headers of an answer to get() without an offset: size, mtime and the same change_id as list() gives.
  virtual ListedObject describe(const std::string& key, const http::Headers& headers) const = 0;
};

/// What is common to all of them in `settings`.
http::ClientOptions client_options(const SourceAddress& address);

/// "SCHEME://BUCKET/PREFIX" taken apart.
struct BucketUrl {
  std::string bucket, prefix;  ///< the prefix without a slash at its end
  bool may_be_object = false;  ///< it names what could be one object
};
/// Throws core::Error(bad_input) for what is no such URL.
BucketUrl parse_bucket_url(const std::string& url, std::string_view scheme);

/// An endpoint such as "https://host:9000/base".
struct Endpoint {
  std::string scheme, authority, base_path;  ///< the authority without a default port; the path without a last slash
};
/// Throws core::Error(bad_input), naming the setting.
Endpoint parse_endpoint(const std::string& url, std::string_view setting);

/// "2009-10-12T17:50:30.000Z" in nanoseconds since 1970, cut to seconds as in Last-Modified; 0 for what is no such
/// time.
int64_t parse_iso_time(const std::string& text);
/// Of the header Last-Modified.
int64_t last_modified_ns(const http::Headers& headers);
uint64_t content_length(const http::Headers& headers);
/// Digits only; 0 for what is no number.
uint64_t parse_number(std::string_view text);

}  // namespace assay::connect
