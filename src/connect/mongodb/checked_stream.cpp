#include "connect/mongodb/checked_stream.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>

namespace assay::connect::mongodb {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int checked_stream_type = 1001;  // libmongoc's own are small numbers
constexpr size_t header_bytes = 16;
constexpr size_t first_bytes = size_t{64} << 10;  // a length that a server only claims takes no more memory
constexpr int32_t op_reply = 1, op_msg = 2013;
constexpr uint32_t more_to_come = 1U << 1U, exhaust_allowed = 1U << 16U;
constexpr size_t reply_fields_bytes = 20;  // responseFlags, cursorID, startingFrom, numberReturned

int32_t number_at(std::string_view bytes, size_t at) {
  int32_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

// The size of the document at the beginning; 0 when it is not sound.
size_t document_size(std::string_view bytes) {
  constexpr int32_t least_bytes = 5;
  if (bytes.size() < least_bytes) return 0;
  const int32_t size = number_at(bytes, 0);
  if (size < least_bytes || static_cast<size_t>(size) > bytes.size()) return 0;
  bson_t bson;
  size_t offset = 0;
  if (!bson_init_static(&bson, reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<size_t>(size)) ||
      !bson_validate(&bson, BSON_VALIDATE_NONE, &offset))
    return 0;
  return static_cast<size_t>(size);
}

bool is_sound_msg(std::string_view body) {
  if (body.size() < 5) return false;
  const auto flags = static_cast<uint32_t>(number_at(body, 0));
  if ((flags & ~(more_to_come | exhaust_allowed)) != 0 || body[4] != 0) return false;
  body.remove_prefix(5);
  return !body.empty() && document_size(body) == body.size();
}

bool is_sound_reply(std::string_view body) {
  if (body.size() < reply_fields_bytes) return false;
  const int32_t documents = number_at(body, reply_fields_bytes - 4);
  body.remove_prefix(reply_fields_bytes);
  for (int32_t i = 0; i < documents; ++i) {
    const size_t size = document_size(body);
    if (size == 0) return false;
    body.remove_prefix(size);
  }
  return documents >= 0 && body.empty();
}

/// A table of functions, which comes first, and what they work on.
struct CheckedStream {
  mongoc_stream_t functions{};
  mongoc_stream_t* lower = nullptr;
  std::function<void(bool)> tell_waiting;
  std::string message;  // as far as it came
  size_t given = 0;
  bool is_whole = false;

  static CheckedStream& of(mongoc_stream_t* stream) { return *reinterpret_cast<CheckedStream*>(stream); }

  size_t left() const { return is_whole ? message.size() - given : 0; }

  // One step towards a whole message: as a read of the lower stream.
  ssize_t fill(int32_t timeout_ms) {
    if (is_whole) {
      message.clear();
      given = 0;
      is_whole = false;
    }
    size_t wanted = header_bytes;
    if (message.size() >= header_bytes) {
      const int32_t length = number_at(message, 0);
      const int32_t operation = number_at(message, 12);
      if (length <= static_cast<int32_t>(header_bytes) || static_cast<size_t>(length) > max_message_bytes ||
          (operation != op_msg && operation != op_reply))
        return fail();
      wanted = std::min(static_cast<size_t>(length), std::max(first_bytes, 2 * message.size()));
    }
    const size_t before = message.size();
    message.resize(wanted);
    const ssize_t n =
        MONGOC(stream_read)(lower, message.data() + before, wanted - before, timeout_ms == 0 ? 0 : 1, timeout_ms);
    const int error = errno;
    message.resize(before + static_cast<size_t>(std::max<ssize_t>(n, 0)));
    errno = error;
    if (n <= 0 || message.size() < header_bytes) return n;
    is_whole = message.size() == static_cast<size_t>(std::max(0, number_at(message, 0)));
    return is_whole && !is_sound_message(message) ? fail() : n;
  }

  ssize_t fail() {
    message.clear();
    is_whole = false;
    errno = EBADMSG;
    return -1;
  }
};

ssize_t checked_readv(mongoc_stream_t* stream, mongoc_iovec_t* iov, size_t count, size_t min_bytes,
                      int32_t timeout_ms) {
  CheckedStream& self = CheckedStream::of(stream);
  const auto until = Clock::now() + std::chrono::milliseconds(std::max(timeout_ms, 0));
  size_t done = 0;
  for (size_t i = 0; i < count; ++i) {
    for (size_t at = 0; at < iov[i].iov_len;) {
      if (self.left() == 0) {
        if (done >= std::max<size_t>(min_bytes, 1)) break;
        const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
        const ssize_t n = self.fill(timeout_ms <= 0 ? timeout_ms : static_cast<int32_t>(std::max<int64_t>(rest, 1)));
        if (n <= 0) return n == 0 ? static_cast<ssize_t>(done) : n;
        continue;
      }
      const size_t piece = std::min(self.left(), static_cast<size_t>(iov[i].iov_len) - at);
      std::memcpy(static_cast<char*>(static_cast<void*>(iov[i].iov_base)) + at, self.message.data() + self.given,
                  piece);
      self.given += piece;
      at += piece;
      done += piece;
    }
  }
  self.tell_waiting(self.left() != 0);
  return static_cast<ssize_t>(done);
}

}  // namespace

bool is_sound_message(std::string_view message) {
  if (message.size() <= header_bytes || message.size() > max_message_bytes ||
      static_cast<size_t>(std::max(0, number_at(message, 0))) != message.size())
    return false;
  const std::string_view body = message.substr(header_bytes);
  switch (number_at(message, 12)) {
    case op_msg: return is_sound_msg(body);
    case op_reply: return is_sound_reply(body);
    default: return false;
  }
}

mongoc_stream_t* make_checked_stream(mongoc_stream_t* lower, std::function<void(bool)> tell_waiting) {
  auto self = std::make_unique<CheckedStream>();
  self->lower = lower;
  self->tell_waiting = std::move(tell_waiting);
  mongoc_stream_t& f = self->functions;
  f.type = checked_stream_type;
  f.destroy = [](mongoc_stream_t* stream) {
    const std::unique_ptr<CheckedStream> one(&CheckedStream::of(stream));
    MONGOC(stream_destroy)(one->lower);
  };
  f.failed = [](mongoc_stream_t* stream) {
    const std::unique_ptr<CheckedStream> one(&CheckedStream::of(stream));
    MONGOC(stream_failed)(one->lower);
  };
  f.close = [](mongoc_stream_t* stream) { return MONGOC(stream_close)(CheckedStream::of(stream).lower); };
  f.flush = [](mongoc_stream_t* stream) { return MONGOC(stream_flush)(CheckedStream::of(stream).lower); };
  f.writev = [](mongoc_stream_t* stream, mongoc_iovec_t* iov, size_t count, int32_t timeout_ms) {
    return MONGOC(stream_writev)(CheckedStream::of(stream).lower, iov, count, timeout_ms);
  };
  f.readv = checked_readv;
  f.setsockopt = [](mongoc_stream_t* stream, int level, int name, void* value, mongoc_socklen_t size) {
    return MONGOC(stream_setsockopt)(CheckedStream::of(stream).lower, level, name, value, size);
  };
  f.get_base_stream = [](mongoc_stream_t* stream) { return CheckedStream::of(stream).lower; };
  f.check_closed = [](mongoc_stream_t* stream) { return MONGOC(stream_check_closed)(CheckedStream::of(stream).lower); };
  f.timed_out = [](mongoc_stream_t* stream) { return MONGOC(stream_timed_out)(CheckedStream::of(stream).lower); };
  f.should_retry = [](mongoc_stream_t* stream) { return MONGOC(stream_should_retry)(CheckedStream::of(stream).lower); };
  return &self.release()->functions;
}

}  // namespace assay::connect::mongodb
