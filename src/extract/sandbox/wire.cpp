#include "extract/sandbox/wire.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/error.h"

namespace assay::sandbox {
namespace {

constexpr size_t control_bytes = CMSG_SPACE(sizeof(int) * max_batch);

void take_descriptors(msghdr& header, std::vector<core::Fd>& descriptors) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
      descriptors.emplace_back(fd);
    }
  }
}

}  // namespace

int send_message(int socket, std::span<const iovec> parts, std::span<const int> descriptors, int flags) {
  msghdr header{};
  header.msg_iov = const_cast<iovec*>(parts.data());
  header.msg_iovlen = parts.size();
  alignas(cmsghdr) std::array<char, control_bytes> control{};
  if (!descriptors.empty()) {
    if (descriptors.size() > max_batch) return EINVAL;
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(sizeof(int) * descriptors.size());
    cmsghdr* c = CMSG_FIRSTHDR(&header);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int) * descriptors.size());
    std::memcpy(CMSG_DATA(c), descriptors.data(), sizeof(int) * descriptors.size());
  }
  for (;;) {
    if (::sendmsg(socket, &header, flags | MSG_NOSIGNAL) >= 0) return 0;
    if (errno != EINTR) return errno;
  }
}

ReceiveStatus receive_message(int socket, std::span<char> buffer, size_t& size, std::vector<core::Fd>* descriptors,
                              int flags) {
  iovec part{buffer.data(), buffer.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, control_bytes> control;
  if (descriptors != nullptr) {
    header.msg_control = control.data();
    header.msg_controllen = control.size();
  }
  ssize_t received = -1;
  do {
    received = ::recvmsg(socket, &header, flags | MSG_CMSG_CLOEXEC);
    // A peer that died with unread messages leaves ECONNRESET once, in front of the messages it had sent.
  } while (received < 0 && (errno == EINTR || errno == ECONNRESET));
  if (received < 0) return errno == EAGAIN ? ReceiveStatus::would_block : ReceiveStatus::closed;
  if (descriptors != nullptr) take_descriptors(header, *descriptors);
  if (received == 0) return ReceiveStatus::closed;
  if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) return ReceiveStatus::malformed;
  size = static_cast<size_t>(received);
  return ReceiveStatus::ok;
}

SocketPair make_socket_pair() {
  // The kernel gives twice as much, as far as it lets anyone ask. Who sends needs room for a whole message, and what
  // sockets have unasked is a setting of the machine.
  constexpr int asked_bytes = 2 * int{max_message_bytes};
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    throw core::error_from_errno("cannot make a socket pair for the sandbox", errno);
  for (const int end : ends) ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &asked_bytes, sizeof(asked_bytes));
  return {core::Fd(ends[0]), core::Fd(ends[1])};
}

}  // namespace assay::sandbox
