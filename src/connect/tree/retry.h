#pragma once

#include <stop_token>

#include "connect/tree/remote_tree.h"
#include "core/error.h"
#include "http/retry.h"

namespace assay::connect {

/// Calls `ask`, and calls it again over a new connection while it throws what is worth a retry.
template <typename Ask>
auto ask_again(RemoteTree& tree, const std::stop_token& stop, const Ask& ask) {
  for (int attempt = 1;; ++attempt) {
    std::chrono::milliseconds delay{};
    try {
      return ask();
    } catch (const core::Error& error) {
      if (error.kind() != core::ErrorKind::transient) throw;
      tree.disconnect();
      const auto wait = http::delay_before_retry({}, attempt, nullptr);
      if (!wait || stop.stop_requested()) throw;
      delay = *wait;
    }
    http::wait_before_retry(delay, stop);
  }
}

}  // namespace assay::connect
