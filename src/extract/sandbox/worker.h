#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "extract/sandbox/shared_page.h"
#include "extract/sandbox/wire.h"

/// The helper's side of the sandbox: what runs in the zygote and in the workers it forks.
namespace assay::sandbox {

/// How a worker answers the request in work. Not thread-safe (a worker has one thread).
class Channel {
 public:
  Channel(int socket, SharedPage& page);

  /// Hands one opaque payload, at most max_payload_bytes, to the parent's FrameHandler. Payloads travel in order, many
  /// in one message; what a request sent is on its way at the latest when the worker turns to a request that may take
  /// long, or waits. Throws std::length_error for a longer payload. Ends the process when the parent is gone.
  void send(std::string_view payload);

  /// Says which member of the object is in work, so that a death can be charged to it. Counts as progress.
  void begin_member(uint64_t ordinal) noexcept;

  /// Tells the watchdog that work goes on. A few nanoseconds.
  void tick() noexcept;

  // Each message wakes the parent, on a processor that has work: few large ones keep a scan of text a tenth faster than
  // those of 64 KiB.
  static constexpr size_t max_message = size_t{144} * 1024;
  static constexpr size_t max_payload_bytes = max_message - sizeof(FrameHeader);

  /// Puts what was sent so far on its way now.
  void flush();

  // For the worker's loop only.
  void begin_request(uint64_t sequence);
  void end_request(const DoneBody& body, uint8_t verdict, std::string_view reason);
  void put(FrameKind kind, uint64_t sequence, uint8_t verdict, std::initializer_list<std::string_view> pieces);

 private:
  int socket_;
  SharedPage& page_;
  uint64_t sequence_ = 0;
  uint64_t ticks_ = 0;
  bool sent_part_ = false;  ///< a message with frames of the current request has left
  size_t used_ = 0;
  size_t finished_bytes_ = 0;  ///< of used_, what belongs to finished requests
  int64_t oldest_finished_ns_ = 0;
  std::array<char, max_message> buffer_;
};

/// What the helper's main gives to run_examiner.
struct ExaminerHooks {
  /// Runs once, in the zygote, before any worker exists and outside the sandbox: reads rules, compiles, warms
  /// libraries. May start no thread that outlives it. An exception's message reaches the parent as core::Error.
  std::function<void(std::string_view setup)> setup;
  /// Runs in each worker after the fork, before it is locked down. May be empty.
  std::function<void()> enter_worker;
  /// Examines one object inside the sandbox. `object` is -1 when the request came without one; it is closed after
  /// the call. `scratch` is an empty file open for reading and writing. extract::Failure becomes the outcome's
  /// verdict; any other exception is a crash.
  std::function<void(std::string_view request, int object, int scratch, Channel& channel)> examine;
};

/// The descriptor on which the helper finds the parent.
inline constexpr int examiner_descriptor = 3;

/// Serves the parent until it closes the connection; to be returned from main. The program must be started by a Pool:
/// from a shell it says so and returns 64.
int run_examiner(const ExaminerHooks& hooks);

}  // namespace assay::sandbox
