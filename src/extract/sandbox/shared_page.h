#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>

namespace assay::sandbox {

/// Requests that one worker may have in hand at once; a ring place is reused only after its request was answered.
inline constexpr uint64_t ring_places = 64;

/// Where one request stands, as far as the worker says.
enum class RequestState : uint8_t { queued = 0, begun = 1, finished = 2, revoked = 3 };

/// One page that parent and worker both map. The worker writes it while it works, the parent's watchdog reads it. The
/// worker is not trusted: whatever stands here may be false, so it only ever decides which request of that same worker
/// is charged, or how a violation is named.
struct SharedPage {
  std::atomic<uint64_t> progress;             ///< changes while work goes on
  std::atomic<uint64_t> current;              ///< sequence number of the request in work; 0: none yet
  std::atomic<uint64_t> ordinal;              ///< member ordinal in work
  std::atomic<int64_t> violating_call;        ///< number of the system call that was refused; -1: none
  std::atomic<uint64_t> base_rss_bytes;       ///< resident set when the worker began
  std::atomic<uint64_t> states[ring_places];  ///< sequence * 4 + RequestState

  static uint64_t pack(uint64_t sequence, RequestState state) { return sequence * 4 + static_cast<uint64_t>(state); }
  std::atomic<uint64_t>& place(uint64_t sequence) { return states[sequence % ring_places]; }

  /// Both sides move a request out of `queued` with this, so that it is either begun or revoked, never both.
  bool claim(uint64_t sequence, RequestState state) {
    uint64_t expected = pack(sequence, RequestState::queued);
    return place(sequence).compare_exchange_strong(expected, pack(sequence, state), std::memory_order_acq_rel);
  }
  bool is(uint64_t sequence, RequestState state) {
    return place(sequence).load(std::memory_order_acquire) == pack(sequence, state);
  }
};

static_assert(std::atomic<uint64_t>::is_always_lock_free, "shared between processes");
static_assert(sizeof(SharedPage) <= 4096);
inline constexpr size_t shared_page_bytes = 4096;

}  // namespace assay::sandbox
