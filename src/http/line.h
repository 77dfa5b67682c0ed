#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "http/client.h"

namespace assay::http {

/// The connection failed, not the server's answer: worth another attempt.
class ConnectionFailure : public core::Error {
 public:
  ConnectionFailure(const std::string& message, bool may_have_arrived)
      : Error(core::ErrorKind::transient, message), may_have_arrived_(may_have_arrived) {}
  /// Whether the server may have seen the request.
  bool may_have_arrived() const noexcept { return may_have_arrived_; }

 private:
  bool may_have_arrived_;
};

/// One transfer at a time, with the connections that it keeps between transfers. Bytes come when they are asked for: in
/// between, libcurl holds the connection back. Not thread-safe.
class Line {
 public:
  explicit Line(const ClientOptions& options);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// Sends a request and waits for the headers of its answer. `total_timeout` 0: none.
  void start(const Request& request, std::chrono::milliseconds total_timeout, const std::stop_token& stop);
  /// As Body::read().
  size_t read(std::span<char> out, const std::stop_token& stop);
  int status() const noexcept { return status_; }
  const Headers& headers() const noexcept { return headers_; }

  bool has_ended() const noexcept { return is_done_ && spilled_at_ == spilled_.size(); }
  /// Ends the transfer; the connection lives on when the answer was read to its end.
  void end();

 private:
  struct EasyDeleter {
    void operator()(CURL* easy) const { ::curl_easy_cleanup(easy); }
  };
  struct ListDeleter {
    void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
  };
  struct MultiDeleter {
    void operator()(CURLM* multi) const { ::curl_multi_cleanup(multi); }
  };

  void configure(const Request& request, std::chrono::milliseconds total_timeout);
  void set_method(const Request& request);
  /// Works until `is_enough`, the end, or a failure, which is thrown.
  template <typename Condition>
  void work_until(Condition is_enough, const std::stop_token& stop);
  void take_messages();
  [[noreturn]] void fail(CURLcode code);
  size_t on_body(std::span<const char> bytes);
  bool on_header(std::string_view line);
  static size_t write_callback(char* data, size_t size, size_t count, void* line);
  static size_t header_callback(char* data, size_t size, size_t count, void* line);

  const ClientOptions& options_;
  std::unique_ptr<CURLM, MultiDeleter> multi_;
  std::unique_ptr<CURL, EasyDeleter> easy_;
  std::unique_ptr<curl_slist, ListDeleter> sent_headers_, connect_to_;
  std::string request_body_, shown_url_;
  bool is_running_ = false, is_done_ = false, are_headers_complete_ = false, is_paused_ = false, is_too_long_ = false;
  CURLcode result_ = CURLE_OK;
  int status_ = 0;
  Headers headers_;
  size_t header_bytes_ = 0;
  std::span<char> out_;  // what read() was given and is not filled yet
  std::string spilled_;  // what came and did not fit
  size_t spilled_at_ = 0;
  uint64_t received_ = 0;
};

}  // namespace assay::http
