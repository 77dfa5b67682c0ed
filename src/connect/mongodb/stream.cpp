#include "connect/mongodb/stream.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "connect/mongodb/checked_stream.h"
#include "connect/tcp.h"
#include "core/error.h"
#include "core/fd.h"

namespace assay::connect::mongodb {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int look_every_ms = 200;
constexpr int socket_stream_type = 1000;  // libmongoc's own are small numbers

/// A socket as libmongoc wants its streams: a table of functions, which comes first.
struct SocketStream {
  mongoc_stream_t functions{};
  core::Fd fd;
  const StreamContext* context = nullptr;
  int last_error = 0;
  bool has_waiting = false;  // above it lie bytes that were read and not asked for yet

  static SocketStream& of(mongoc_stream_t* stream) { return *reinterpret_cast<SocketStream*>(stream); }

  ssize_t fail(int error) {
    errno = last_error = error;
    return -1;
  }
};

// When something that may take so long has to be done; a negative number means for ever, as far as libmongoc goes.
Clock::time_point deadline(int32_t timeout_ms) {
  return timeout_ms < 0 ? Clock::time_point::max() : Clock::now() + milliseconds(timeout_ms);
}

// Waits until the sockets are ready, in small steps. How many are; 0 when time is up; -1, with errno, when it failed or
// all is to end.
int wait_for(std::vector<pollfd>& sockets, Clock::time_point until, const StreamContext& context) {
  for (;;) {
    if (context.is_to_end()) {
      errno = ECANCELED;
      return -1;
    }
    const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now()).count();
    const auto step = static_cast<int>(std::clamp<int64_t>(left, 0, look_every_ms));
    const int ready = ::poll(sockets.data(), sockets.size(), until == Clock::time_point::max() ? look_every_ms : step);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return ready;
    if (until != Clock::time_point::max() && Clock::now() >= until) return 0;
  }
}

bool wait_for(int fd, short event, Clock::time_point until, const StreamContext& context) {
  std::vector<pollfd> one = {{fd, event, 0}};
  const int ready = wait_for(one, until, context);
  if (ready == 0) errno = ETIMEDOUT;
  return ready > 0;
}

bool is_to_wait(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

// One transfer of what is left of the buffers after `done` bytes.
template <typename Transfer>
ssize_t transfer_rest(mongoc_iovec_t* iov, size_t count, size_t done, Transfer transfer) {
  std::vector<iovec> rest;
  for (size_t i = 0; i < count; ++i) {
    const size_t skipped = std::min(done, static_cast<size_t>(iov[i].iov_len));
    done -= skipped;
    if (skipped < iov[i].iov_len)
      rest.push_back({static_cast<char*>(static_cast<void*>(iov[i].iov_base)) + skipped, iov[i].iov_len - skipped});
  }
  msghdr message{};
  message.msg_iov = rest.data();
  message.msg_iovlen = rest.size();
  return transfer(message);
}

size_t bytes_of(const mongoc_iovec_t* iov, size_t count) {
  size_t bytes = 0;
  for (size_t i = 0; i < count; ++i) bytes += iov[i].iov_len;
  return bytes;
}

ssize_t stream_writev(mongoc_stream_t* stream, mongoc_iovec_t* iov, size_t count, int32_t timeout_ms) {
  SocketStream& self = SocketStream::of(stream);
  const auto until = deadline(timeout_ms);
  const size_t wanted = bytes_of(iov, count);
  size_t done = 0;
  while (done < wanted) {
    if (self.context->is_to_end()) return self.fail(ECANCELED);
    const ssize_t n = transfer_rest(
        iov, count, done, [&](const msghdr& m) { return ::sendmsg(self.fd.get(), &m, MSG_NOSIGNAL | MSG_DONTWAIT); });
    if (n < 0 && !is_to_wait(errno)) return self.fail(errno);
    if (n > 0) done += static_cast<size_t>(n);
    if (n < 0 && !wait_for(self.fd.get(), POLLOUT, until, *self.context)) return self.fail(errno);
  }
  return static_cast<ssize_t>(done);
}

ssize_t stream_readv(mongoc_stream_t* stream, mongoc_iovec_t* iov, size_t count, size_t min_bytes, int32_t timeout_ms) {
  SocketStream& self = SocketStream::of(stream);
  const auto until = deadline(timeout_ms);
  const size_t wanted = std::min(std::max<size_t>(min_bytes, 1), bytes_of(iov, count));
  size_t done = 0;
  while (done < wanted) {
    if (self.context->is_to_end()) return self.fail(ECANCELED);
    const ssize_t n =
        transfer_rest(iov, count, done, [&](msghdr& m) { return ::recvmsg(self.fd.get(), &m, MSG_DONTWAIT); });
    if (n == 0) break;  // the server has closed it
    if (n > 0) {
      done += static_cast<size_t>(n);
      continue;
    }
    if (!is_to_wait(errno)) return self.fail(errno);
    if (timeout_ms == 0) return self.fail(EAGAIN);
    if (!wait_for(self.fd.get(), POLLIN, until, *self.context)) return self.fail(errno);
  }
  self.last_error = 0;
  return static_cast<ssize_t>(done);
}

ssize_t stream_poll(mongoc_stream_poll_t* streams, size_t count, int32_t timeout_ms) {
  if (count == 0) return 0;
  bool has_waiting = false;
  for (size_t i = 0; i < count; ++i) {
    const bool is_ready = SocketStream::of(streams[i].stream).has_waiting && (streams[i].events & POLLIN) != 0;
    streams[i].revents = is_ready ? POLLIN : 0;
    has_waiting = has_waiting || is_ready;
  }
  if (has_waiting) return 1;
  std::vector<pollfd> sockets;
  sockets.reserve(count);
  for (size_t i = 0; i < count; ++i)
    sockets.push_back({SocketStream::of(streams[i].stream).fd.get(), static_cast<short>(streams[i].events), 0});
  const int ready = wait_for(sockets, deadline(timeout_ms), *SocketStream::of(streams[0].stream).context);
  // A poll that fails is asked again at once until the time is up, which is not what a stop means.
  for (size_t i = 0; i < count; ++i) streams[i].revents = ready < 0 ? POLLERR : sockets[i].revents;
  return ready < 0 ? static_cast<ssize_t>(count) : ready;
}

int stream_close(mongoc_stream_t* stream) {
  SocketStream::of(stream).fd = core::Fd();
  return 0;
}

int stream_setsockopt(mongoc_stream_t* stream, int level, int name, void* value, mongoc_socklen_t size) {
  return ::setsockopt(SocketStream::of(stream).fd.get(), level, name, value, size);
}

bool stream_check_closed(mongoc_stream_t* stream) {
  char byte = 0;
  const ssize_t n = ::recv(SocketStream::of(stream).fd.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n == 0 || (n < 0 && !is_to_wait(errno));
}

void destroy(mongoc_stream_t* stream) { delete &SocketStream::of(stream); }

SocketStream* make_stream(core::Fd fd, const StreamContext& context) {
  auto self = std::make_unique<SocketStream>();
  self->fd = std::move(fd);
  self->context = &context;
  mongoc_stream_t& f = self->functions;
  f.type = socket_stream_type;
  f.destroy = destroy;
  f.failed = destroy;
  f.close = stream_close;
  f.flush = [](mongoc_stream_t*) { return 0; };
  f.writev = stream_writev;
  f.readv = stream_readv;
  f.setsockopt = stream_setsockopt;
  f.check_closed = stream_check_closed;
  f.poll = stream_poll;
  f.timed_out = [](mongoc_stream_t* stream) { return SocketStream::of(stream).last_error == ETIMEDOUT; };
  f.should_retry = [](mongoc_stream_t* stream) { return is_to_wait(SocketStream::of(stream).last_error); };
  return self.release();
}

// Of a server on this machine; that never takes long.
core::Fd connect_unix(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  core::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw core::error_from_errno(fmt::format("cannot connect to {}", path), errno);
  return fd;
}

core::Fd connected(const mongoc_host_list_t& host, const StreamContext& context) {
  if (host.family == AF_UNIX) return connect_unix(host.host);
  return connect_tcp(host.host, host.port, context.connect_timeout, [&context] { return context.is_to_end(); });
}

// TLS over a stream, with the server's certificate and name verified; nullptr, and the stream destroyed, when they are
// not to be trusted.
mongoc_stream_t* secured(mongoc_stream_t* stream, const char* host, StreamContext& context, bson_error_t* error) {
  mongoc_ssl_opt_t options = *MONGOC(ssl_opt_get_default)();
  options.ca_file = context.ca_file.empty() ? nullptr : context.ca_file.c_str();
  options.pem_file = context.certificate_file.empty() ? nullptr : context.certificate_file.c_str();
  options.weak_cert_validation = false;
  options.allow_invalid_hostname = false;
  mongoc_stream_t* tls = MONGOC(stream_tls_new_with_hostname)(stream, host, &options, 1);
  if (tls == nullptr) {
    MONGOC(stream_destroy)(stream);
    bson_set_error(error, MONGOC_ERROR_STREAM, MONGOC_ERROR_STREAM_SOCKET, "TLS cannot be set up");
    context.has_failed_tls = true;
    return nullptr;
  }
  if (MONGOC(stream_tls_handshake_block)(tls, host, static_cast<int32_t>(context.connect_timeout.count()), error))
    return tls;
  context.has_failed_tls = SocketStream::of(stream).last_error == 0;  // else the connection broke
  MONGOC(stream_destroy)(tls);
  return nullptr;
}

}  // namespace

mongoc_stream_t* open_stream(const mongoc_uri_t* uri, const mongoc_host_list_t* host, void* user_data,
                             bson_error_t* error) {
  StreamContext& context = *static_cast<StreamContext*>(user_data);
  core::Fd fd;
  try {
    fd = connected(*host, context);
  } catch (const std::exception& failure) {  // which must not fly through a library in C
    bson_set_error(error, MONGOC_ERROR_STREAM, MONGOC_ERROR_STREAM_CONNECT, "%s", failure.what());
    return nullptr;
  }
  SocketStream* socket = make_stream(std::move(fd), context);
  mongoc_stream_t* stream = &socket->functions;
  if (MONGOC(uri_get_tls)(uri)) stream = secured(stream, host->host, context, error);
  if (stream == nullptr) return nullptr;
  // It goes with the stream above it.
  return make_checked_stream(stream, [socket](bool has_waiting) { socket->has_waiting = has_waiting; });
}

}  // namespace assay::connect::mongodb
