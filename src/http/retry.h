#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "http/message.h"

namespace assay::http {

/// How often and how long a request is tried.
struct RetryPolicy {
  int most_attempts = 5;
  std::chrono::milliseconds first_delay{200};          ///< the most that is waited before the second attempt
  std::chrono::milliseconds most_delay{10'000};        ///< of one wait that the server did not ask for
  std::chrono::milliseconds most_retry_after{60'000};  ///< a server that asks for more gets no further attempt
};

/// Whether an answer with this status is worth another attempt: 429, 500, 502, 503, 504.
bool is_worth_a_retry(int status) noexcept;

/// How long to wait before attempt `attempt` + 1, the first being 1: a random time up to first_delay * 2^(attempt - 1),
/// so that many clients do not come back together; and no less than what Retry-After says. nullopt: do not try again.
std::optional<std::chrono::milliseconds> delay_before_retry(const RetryPolicy& policy, int attempt,
                                                            const Response* answer);

/// Throws core::Error(transient) as soon as a stop is requested.
void wait_before_retry(std::chrono::milliseconds delay, const std::stop_token& stop);

/// What is thrown by everything here when a stop was requested.
[[noreturn]] void throw_stopped();

}  // namespace assay::http
