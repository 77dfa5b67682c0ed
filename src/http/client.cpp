#include "http/client.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "core/printable.h"
#include "http/line.h"

namespace assay::http {
namespace {

constexpr size_t most_idle_lines = 8;
constexpr size_t piece_bytes = size_t{64} << 10;
constexpr size_t most_shown_path_bytes = 300;

}  // namespace

Body::Body(Client& client, std::unique_ptr<Line> line) : client_(client), line_(std::move(line)) {}

Body::~Body() { client_.give_back(std::move(line_)); }

int Body::status() const noexcept { return line_->status(); }
const Headers& Body::headers() const noexcept { return line_->headers(); }
size_t Body::read(std::span<char> out) { return line_->read(out, client_.stop()); }

Response Body::beginning(uint64_t most_bytes) {
  Response response{.status = status(), .headers = headers(), .body = {}};
  std::string piece(piece_bytes, '\0');
  while (response.body.size() < most_bytes) {
    const uint64_t wanted = std::min<uint64_t>(piece.size(), most_bytes - response.body.size());
    const size_t n = read({piece.data(), static_cast<size_t>(wanted)});
    if (n == 0) break;
    response.body.append(piece, 0, n);
  }
  return response;
}

Response Body::take(uint64_t most_bytes) {
  Response response = beginning(most_bytes + 1);
  if (response.body.size() > most_bytes)
    throw core::Error(core::ErrorKind::permanent, fmt::format("an answer is longer than {} bytes", most_bytes));
  return response;
}

Client::Client(ClientOptions options, std::stop_token stop) : options_(std::move(options)), stop_(std::move(stop)) {
  if (!options_.ca_file.empty() && ::access(options_.ca_file.c_str(), R_OK) != 0)
    throw core::Error(
        core::ErrorKind::bad_input,
        fmt::format("ca_file '{}' cannot be read", core::printable(options_.ca_file, most_shown_path_bytes)));
}

Client::~Client() = default;

std::unique_ptr<Line> Client::take_line() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Line>(options_);
  auto line = std::move(idle_.back());
  idle_.pop_back();
  return line;
}

void Client::give_back(std::unique_ptr<Line> line) {
  if (!line) return;
  line->end();
  const std::lock_guard lock(mutex_);
  if (idle_.size() < most_idle_lines) idle_.push_back(std::move(line));
}

std::unique_ptr<Body> Client::attempt(const Request& request, bool is_whole) {
  if (stop_.stop_requested()) throw_stopped();
  auto body = std::make_unique<Body>(*this, take_line());
  body->line_->start(request, is_whole ? options_.total_timeout : std::chrono::milliseconds(0), stop_);
  return body;
}

template <typename Result>
Result Client::with_retries(const RequestMaker& make, bool is_whole,
                            const std::function<Result(std::unique_ptr<Body>)>& end) {
  for (int attempt_number = 1;; ++attempt_number) {
    const Request request = make();
    std::optional<std::chrono::milliseconds> delay;
    try {
      auto body = attempt(request, is_whole);
      const Response answer{.status = body->status(), .headers = body->headers(), .body = {}};
      const bool may_try =
          is_worth_a_retry(answer.status) && (request.is_idempotent || answer.status == 429 || answer.status == 503);
      if (may_try) delay = delay_before_retry(options_.retry, attempt_number, &answer);
      if (!delay) return end(std::move(body));
    } catch (const ConnectionFailure& failure) {
      if (request.is_idempotent || !failure.may_have_arrived())
        delay = delay_before_retry(options_.retry, attempt_number, nullptr);
      if (!delay) throw;
    }
    wait_before_retry(*delay, stop_);
  }
}

Response Client::fetch(const RequestMaker& make) {
  return with_retries<Response>(
      make, true, [this](std::unique_ptr<Body> body) { return body->take(options_.most_response_bytes); });
}

std::unique_ptr<Body> Client::open(const RequestMaker& make) {
  return with_retries<std::unique_ptr<Body>>(make, false, [](std::unique_ptr<Body> body) { return body; });
}

}  // namespace assay::http
