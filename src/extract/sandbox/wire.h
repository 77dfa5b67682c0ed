#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/fd.h"

/// What travels between the parent, the zygote and the workers: messages over SOCK_SEQPACKET socket pairs. All three
/// are the same release on the same machine, so the structures are sent as they lie in memory.
namespace assay::sandbox {

inline constexpr size_t max_request_bytes = size_t{64} * 1024;   ///< one request
inline constexpr size_t max_message_bytes = size_t{160} * 1024;  ///< one message of any kind
inline constexpr size_t max_batch = 16;                          ///< requests in one message; one descriptor each
inline constexpr size_t max_reason_bytes = 1024;

// parent -> worker: RequestBatch, then for each request a RequestHeader and its bytes.
struct RequestBatch {
  uint64_t count;
};
struct RequestHeader {
  uint64_t sequence;
  uint32_t size;
  uint32_t has_descriptor;
};

// worker -> parent: frames, as many as fit in a message, each a FrameHeader and its payload.
enum class FrameKind : uint8_t {
  hello = 1,    ///< HelloBody: the worker is locked down
  refused = 2,  ///< text: the worker could not be locked down as far as was asked
  data = 3,     ///< opaque payload of the request
  done = 4,     ///< DoneBody and the reason
};
struct FrameHeader {
  uint64_t sequence;
  uint32_t size;
  FrameKind kind;
  uint8_t verdict;  ///< of a done frame: model::VerdictKind
  uint16_t reserved;
};
struct HelloBody {
  uint32_t layers;  ///< bits of Layer
  int32_t landlock_abi;
};
struct DoneBody {
  uint64_t cpu_us;
  uint64_t peak_rss_bytes;
};

// parent -> zygote: SetupMessage with one descriptor (the setup bytes), then one SpawnMessage with four descriptors
// (worker's socket, shared page, scratch, report) for each worker.
struct SetupMessage {
  uint64_t memory_bytes;
  uint64_t scratch_bytes;
  uint64_t strict;
};
struct SpawnMessage {
  uint64_t reserved;
};
// zygote -> parent on the control socket: one ZygoteReply and, when it failed, text.
struct ZygoteReply {
  uint64_t ready;
};
// zygote -> parent on the report socket of a worker: Spawned with its pidfd, and Exited when it is gone.
struct Spawned {
  int64_t pid;  ///< negative: errno of fork
};
struct Exited {
  int64_t status;  ///< as waitpid gives it
  uint64_t peak_rss_bytes;
  uint64_t cpu_us;
};

/// Exit codes of a worker that say why it ended by itself.
inline constexpr int exit_out_of_memory = 97;
inline constexpr int exit_violation = 98;
inline constexpr int exit_channel_lost = 99;
inline constexpr int exit_not_locked = 100;

/// Sends one message with descriptors; never raises SIGPIPE. Returns 0 or the errno.
int send_message(int socket, std::span<const iovec> parts, std::span<const int> descriptors, int flags);

enum class ReceiveStatus { ok, would_block, closed, malformed };

/// Receives one message. Descriptors go to `descriptors`; where that is null none are accepted. `malformed` is a
/// message longer than the buffer, or one whose descriptors did not fit.
ReceiveStatus receive_message(int socket, std::span<char> buffer, size_t& size, std::vector<core::Fd>* descriptors,
                              int flags);

template <typename T>
iovec as_iovec(const T& value) {
  return {const_cast<void*>(static_cast<const void*>(&value)), sizeof(T)};
}
inline iovec as_iovec(std::string_view bytes) { return {const_cast<char*>(bytes.data()), bytes.size()}; }

/// Both ends of a close-on-exec SOCK_SEQPACKET pair. Throws core::Error.
struct SocketPair {
  core::Fd ours;
  core::Fd theirs;
};
SocketPair make_socket_pair();

}  // namespace assay::sandbox
