#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "server/address.h"

/// What monitoring asks a process: a few pages over HTTP, read only.
namespace assay::server {

struct Page {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

/// How one page comes about.
struct PageSource {
  std::function<Page()> make;  ///< an exception becomes a 500 without its text
  /// Whether `make` may block (asks the database): then it runs on a thread of its own, what it gave is kept for
  /// `keep_ms`, and who asks meanwhile gets the same. Else it runs at once, on the listener's event loop.
  bool may_block = true;
  int64_t keep_ms = 1000;
};

struct ListenerOptions {
  Address address;
  size_t most_connections = 64;          ///< further ones wait until one of these ends
  uint32_t most_header_bytes = 8192;     ///< of one request; more is 431
  int64_t request_time_limit_ms = 5000;  ///< from the beginning of a request, or of the wait for it, to its last byte
  int64_t page_time_limit_ms = 10'000;   ///< for making a page; longer is 503
};

/// Serves GET and HEAD over HTTP/1.1 from a thread of its own, until it is stopped or destroyed.
class Listener {
 public:
  /// Throws core::Error when the address cannot be had: transient when it is in use, else denied or bad_input.
  Listener(const ListenerOptions& options, std::map<std::string, PageSource, std::less<>> pages);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  const Address& address() const noexcept;  ///< with the port that was had
  void stop();                              ///< closes what is open, and waits for a page in the making

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace assay::server
