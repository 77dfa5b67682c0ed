#include "http/retry.h"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <ctime>
#include <mutex>

namespace assay::http {
namespace {

using std::chrono::milliseconds;

std::optional<milliseconds> retry_after(const Response& answer) {
  const auto value = answer.header("Retry-After");
  if (!value) return std::nullopt;
  uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), seconds);
  if (error == std::errc() && end == value->data() + value->size()) return std::chrono::seconds(seconds);
  if (const auto date = parse_date(*value))
    return std::chrono::seconds(std::max<int64_t>(0, *date - static_cast<int64_t>(std::time(nullptr))));
  return std::nullopt;
}

}  // namespace

bool is_worth_a_retry(int status) noexcept {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

std::optional<milliseconds> delay_before_retry(const RetryPolicy& policy, int attempt, const Response* answer) {
  if (attempt >= policy.most_attempts) return std::nullopt;
  const int doublings = std::min(attempt - 1, 20);
  const milliseconds bound = std::min(policy.most_delay, policy.first_delay * (int64_t{1} << doublings));
  milliseconds delay(::randombytes_uniform(static_cast<uint32_t>(std::max<int64_t>(bound.count(), 0)) + 1));
  if (const auto asked = answer != nullptr ? retry_after(*answer) : std::nullopt) {
    if (*asked > policy.most_retry_after) return std::nullopt;
    delay = std::max(delay, *asked);
  }
  return delay;
}

void wait_before_retry(milliseconds delay, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, delay, [] { return false; });
  if (stop.stop_requested()) throw_stopped();
}

void throw_stopped() { throw core::Error(core::ErrorKind::transient, "stopped"); }

}  // namespace assay::http
