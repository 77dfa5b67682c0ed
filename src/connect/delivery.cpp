#include "connect/delivery.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "core/error.h"

namespace assay::connect {
namespace {

constexpr size_t piece_bytes = size_t{256} << 10;
constexpr int buffer_bytes = 1 << 20;

core::Fd in_memory(const std::string& bytes) {
  core::Fd fd(::memfd_create("object", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) throw core::error_from_errno("cannot hold an object in memory", errno);
  size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t n = ::pwrite(fd.get(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw core::error_from_errno("cannot hold an object in memory", errno);
    at += static_cast<size_t>(n);
  }
  ::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  return fd;
}

}  // namespace

Delivery::Delivery(std::unique_ptr<ObjectReader> reader)
    : reader_(std::move(reader)), is_standing_(reader_->is_standing()) {
  std::string piece(piece_bytes, '\0');
  size_t n = 0;
  try {
    while (beginning_.size() <= most_in_memory_bytes && (n = reader_->read(piece)) != 0) beginning_.append(piece, 0, n);
  } catch (const ReadFailure& failure) {
    fail(failure.verdict());
    n = 0;
  }
  if (n == 0) {
    reader_.reset();  // and what it holds of the source, which others are about to read
    theirs_ = in_memory(beginning_);
    beginning_ = {};
    return;
  }
  is_stream_ = true;
  int ends[2];
  // A socket, not a pipe: a write to one whose reader is gone can be told not to raise SIGPIPE.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw core::error_from_errno("cannot make a way to the examiner", errno);
  ours_ = core::Fd(ends[0]);
  theirs_ = core::Fd(ends[1]);
  ::shutdown(theirs_.get(), SHUT_WR);
  ::setsockopt(ours_.get(), SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
}

Delivery::~Delivery() = default;

core::Fd Delivery::take_descriptor() { return std::move(theirs_); }

void Delivery::pump() {
  if (!is_stream_) return;
  const auto end_of_stream = [this] {
    ours_ = core::Fd();
    reader_.reset();
  };
  try {
    bool goes_on = write_all(beginning_);
    beginning_ = {};
    std::string piece(piece_bytes, '\0');
    while (goes_on) {
      const size_t n = reader_->read(piece);
      if (n == 0) break;
      goes_on = write_all({piece.data(), n});
    }
  } catch (const ReadFailure& failure) {
    fail(failure.verdict());
  } catch (const std::exception& error) {
    fail({model::VerdictKind::io_error, error.what()});
    end_of_stream();
    throw;
  }
  end_of_stream();
}

bool Delivery::write_all(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(ours_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;  // the examiner closed its end: it has enough, or it died
    bytes = bytes.subspan(static_cast<size_t>(n));
  }
  return true;
}

std::optional<model::Verdict> Delivery::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void Delivery::fail(model::Verdict verdict) {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(verdict);
}

}  // namespace assay::connect
