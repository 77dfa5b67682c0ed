#include "http/line.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <utility>

#include "core/no_pipe_signal.h"
#include "core/printable.h"

namespace assay::http {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr long buffer_bytes = 256 << 10;
constexpr size_t most_header_bytes = 256 << 10;
constexpr int longest_wait_ms = 500;  // should a wake-up get lost
constexpr size_t most_error_bytes = 300;

void initialise_library() {
  static const CURLcode result = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) throw core::Error(core::ErrorKind::bug, "libcurl cannot be initialised");
}

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = ::curl_easy_setopt(easy, option, value);
  if (code != CURLE_OK)
    throw core::Error(core::ErrorKind::bad_input, fmt::format("HTTP: {}", ::curl_easy_strerror(code)));
}

void append(curl_slist*& list, const std::string& text) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    throw core::Error(core::ErrorKind::bad_input, "a header of an HTTP request must not hold a line break");
  curl_slist* longer = ::curl_slist_append(list, text.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  list = longer;
}

}  // namespace

Line::Line(const ClientOptions& options) : options_(options) {
  initialise_library();
  multi_.reset(::curl_multi_init());
  easy_.reset(::curl_easy_init());
  if (!multi_ || !easy_) throw std::bad_alloc();
}

Line::~Line() { end(); }

void Line::configure(const Request& request, milliseconds total_timeout) {
  CURL* easy = easy_.get();
  ::curl_easy_reset(easy);
  set(easy, CURLOPT_URL, request.url.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_PATH_AS_IS, 1L);
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_QUICK_EXIT, 1L);  // a name server that does not answer is not waited for after a stop
  set(easy, CURLOPT_BUFFERSIZE, buffer_bytes);
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
  if (total_timeout.count() > 0) set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(total_timeout.count()));
  // On a connection that was kept, libcurl sends a request again by itself when the server ended it meanwhile.
  if (!request.is_idempotent) set(easy, CURLOPT_FRESH_CONNECT, 1L);
  if (!options_.use_environment_proxy) set(easy, CURLOPT_PROXY, "");
  set(easy, CURLOPT_FOLLOWLOCATION, options_.most_redirects > 0 ? 1L : 0L);
  set(easy, CURLOPT_MAXREDIRS, static_cast<long>(options_.most_redirects));
  if (!options_.ca_file.empty()) {
    set(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
    set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (!options_.connect_to.empty()) {
    curl_slist* list = nullptr;
    append(list, "::" + options_.connect_to);
    connect_to_.reset(list);
    set(easy, CURLOPT_CONNECT_TO, list);
  }
  set(easy, CURLOPT_WRITEFUNCTION, &Line::write_callback);
  set(easy, CURLOPT_WRITEDATA, this);
  set(easy, CURLOPT_HEADERFUNCTION, &Line::header_callback);
  set(easy, CURLOPT_HEADERDATA, this);
}

void Line::set_method(const Request& request) {
  CURL* easy = easy_.get();
  curl_slist* list = nullptr;
  const auto keep = [&] {  // from the first on: its place stays the list's beginning
    if (!sent_headers_) sent_headers_.reset(list);
  };
  sent_headers_.reset();
  for (const Header& header : request.headers) {
    append(list, header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    keep();
  }
  // What libcurl would add by itself, and no signature covers.
  for (const char* name : {"Expect", "Content-Type", "Accept"}) {
    if (find_header(request.headers, name)) continue;
    append(list, std::string(name) + ":");
    keep();
  }
  set(easy, CURLOPT_HTTPHEADER, list);

  request_body_ = request.body;
  if (request.method == "HEAD") set(easy, CURLOPT_NOBODY, 1L);
  else if (request.method != "GET" || !request_body_.empty()) {
    if (!request_body_.empty() || request.method == "POST" || request.method == "PUT") {
      set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_body_.size()));
      set(easy, CURLOPT_POSTFIELDS, request_body_.data());
    }
    set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

void Line::start(const Request& request, milliseconds total_timeout, const std::stop_token& stop) {
  end();
  if (request.url.find('\0') != std::string::npos)
    throw core::Error(core::ErrorKind::bad_input, "a URL must not hold a NUL");
  shown_url_ = describe_url(request.url);
  status_ = 0;
  headers_.clear();
  header_bytes_ = 0;
  result_ = CURLE_OK;
  is_done_ = are_headers_complete_ = is_paused_ = is_too_long_ = false;
  spilled_.clear();
  spilled_at_ = 0;
  configure(request, total_timeout);
  set_method(request);
  if (::curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK)
    throw core::Error(core::ErrorKind::bug, "libcurl takes no transfer");
  is_running_ = true;
  work_until([this] { return are_headers_complete_; }, stop);
}

void Line::end() {
  if (!is_running_) return;
  ::curl_multi_remove_handle(multi_.get(), easy_.get());
  is_running_ = false;
}

size_t Line::read(std::span<char> out, const std::stop_token& stop) {
  if (stop.stop_requested()) throw_stopped();
  if (spilled_at_ < spilled_.size()) {
    const size_t n = std::min(out.size(), spilled_.size() - spilled_at_);
    std::memcpy(out.data(), spilled_.data() + spilled_at_, n);
    spilled_at_ += n;
    return n;
  }
  out_ = out;
  const auto filled = [&] { return out.size() - out_.size(); };
  if (std::exchange(is_paused_, false)) ::curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
  try {
    work_until([&] { return filled() != 0; }, stop);
  } catch (...) {
    out_ = {};
    throw;
  }
  const size_t n = filled();
  out_ = {};
  return n;
}

template <typename Condition>
void Line::work_until(Condition is_enough, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { ::curl_multi_wakeup(multi_.get()); });
  auto last_progress = Clock::now();
  uint64_t received_before = received_;
  const core::NoPipeSignal no_signal;
  while (!is_enough() && !is_done_) {
    if (stop.stop_requested()) throw_stopped();
    int running = 0;
    if (::curl_multi_perform(multi_.get(), &running) != CURLM_OK)
      throw core::Error(core::ErrorKind::bug, "libcurl's state is broken");
    take_messages();
    if (is_enough() || is_done_) break;
    const auto now = Clock::now();
    if (received_ != std::exchange(received_before, received_)) last_progress = now;
    const auto left = std::chrono::duration_cast<milliseconds>(last_progress + options_.no_progress_timeout - now);
    if (left.count() <= 0)
      throw ConnectionFailure(
          fmt::format("{}: nothing came for {} s", shown_url_,
                      std::chrono::duration_cast<std::chrono::seconds>(options_.no_progress_timeout).count()),
          true);
    ::curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(std::min<int64_t>(left.count() + 1, longest_wait_ms)),
                      nullptr);
  }
  // What came before a failure is given out first.
  if (!is_enough() && is_done_ && result_ != CURLE_OK) fail(result_);
}

void Line::take_messages() {
  int left = 0;
  while (const CURLMsg* message = ::curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    is_done_ = true;
    result_ = message->data.result;
  }
}

void Line::fail(CURLcode code) {
  using core::ErrorKind;
  const std::string what =
      fmt::format("{}: {}", shown_url_, core::printable(::curl_easy_strerror(code), most_error_bytes));
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: throw core::Error(ErrorKind::bad_input, what);
    case CURLE_SSL_CACERT_BADFILE:
      throw core::Error(ErrorKind::bad_input, fmt::format("the authorities in '{}' cannot be read",
                                                          core::printable(options_.ca_file, most_error_bytes)));
    case CURLE_PEER_FAILED_VERIFICATION:
      throw core::Error(ErrorKind::permanent,
                        what + "; if its certificate is from an authority of your own, name it with ca_file");
    case CURLE_TOO_MANY_REDIRECTS: throw core::Error(ErrorKind::permanent, what);
    case CURLE_WRITE_ERROR:
      if (is_too_long_) throw core::Error(ErrorKind::permanent, shown_url_ + ": the answer's headers are too long");
      throw ConnectionFailure(what, true);
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT: throw ConnectionFailure(what, false);
    default: throw ConnectionFailure(what, true);
  }
}

size_t Line::on_body(std::span<const char> bytes) {
  are_headers_complete_ = true;
  if (out_.empty() || spilled_at_ < spilled_.size()) {
    is_paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  const size_t n = std::min(out_.size(), bytes.size());
  std::memcpy(out_.data(), bytes.data(), n);
  out_ = out_.subspan(n);
  spilled_.assign(bytes.data() + n, bytes.size() - n);
  spilled_at_ = 0;
  received_ += bytes.size();
  return bytes.size();
}

bool Line::on_header(std::string_view line) {
  header_bytes_ += line.size();
  received_ += line.size();
  if (header_bytes_ > most_header_bytes) {
    is_too_long_ = true;
    return false;
  }
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {  // the first, or the next after a redirect or an interim answer
    headers_.clear();
    return true;
  }
  if (line.empty()) {
    long status = 0;
    ::curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    status_ = static_cast<int>(status);
    const bool is_redirect = options_.most_redirects > 0 && status_ / 100 == 3 && find_header(headers_, "Location");
    are_headers_complete_ = status_ >= 200 && !is_redirect;
    return true;
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  headers_.push_back({std::string(line.substr(0, colon)), std::string(value)});
  return true;
}

size_t Line::write_callback(char* data, size_t size, size_t count, void* line) {
  return static_cast<Line*>(line)->on_body({data, size * count});
}

size_t Line::header_callback(char* data, size_t size, size_t count, void* line) {
  return static_cast<Line*>(line)->on_header({data, size * count}) ? size * count : 0;
}

}  // namespace assay::http
