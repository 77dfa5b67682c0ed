#include "connect/object_store/range_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::connect {
namespace {

constexpr int most_breaks = 100;  // of one object
constexpr int most_breaks_in_a_row = 5;
constexpr uint64_t most_answer_bytes = uint64_t{64} << 10;
constexpr size_t piece_bytes = size_t{64} << 10;

[[noreturn]] void fail(model::VerdictKind kind, std::string reason) {
  throw ReadFailure({.kind = kind, .reason = std::move(reason)});
}

}  // namespace

RangeReader::RangeReader(Store& store, std::string bucket, std::string key, std::unique_ptr<http::Body> body)
    : store_(store), bucket_(std::move(bucket)), key_(std::move(key)), body_(std::move(body)) {
  version_ = store_.version_of(body_->headers());
  has_size_ = http::find_header(body_->headers(), "Content-Length").has_value();
  size_ = content_length(body_->headers());
}

size_t RangeReader::read(std::span<char> out) {
  for (;;) {
    try {
      const size_t n = body_ ? body_->read(out) : 0;
      offset_ += n;
      if (n != 0) {
        breaks_in_a_row_ = 0;
        return n;
      }
      if (!has_size_ || offset_ >= size_) return 0;
      throw core::Error(core::ErrorKind::transient, "the server sent less than it announced");
    } catch (const core::Error& error) {
      if (error.kind() != core::ErrorKind::transient) throw;
      go_on(error);
    }
  }
}

void RangeReader::go_on(const core::Error& why) {
  using model::VerdictKind;
  const bool has_given_up = ++breaks_ > most_breaks || ++breaks_in_a_row_ > most_breaks_in_a_row;
  if (has_given_up || version_.empty()) throw core::Error(why.kind(), why.what());
  body_.reset();
  body_ = store_.get(bucket_, key_, offset_, version_);
  const int status = body_->status();
  if (status == 412 || status == 416 || status == 404 || status == 410)
    fail(VerdictKind::changed, "replaced or removed while it was read");
  if (status != 200 && status != 206) {
    model::Verdict verdict = store_.judge(body_->beginning(most_answer_bytes));
    throw ReadFailure(std::move(verdict));
  }
  if (store_.version_of(body_->headers()) != version_) fail(VerdictKind::changed, "replaced while it was read");
  if (status == 200) return skip(offset_);
  const std::string range = http::find_header(body_->headers(), "Content-Range").value_or("");
  if (!range.starts_with(fmt::format("bytes {}-", offset_)))
    fail(VerdictKind::io_error, "the server answers with another range than it was asked for");
}

void RangeReader::skip(uint64_t bytes) {
  std::string piece(piece_bytes, '\0');
  while (bytes > 0) {
    const size_t n = body_->read({piece.data(), static_cast<size_t>(std::min<uint64_t>(bytes, piece.size()))});
    if (n == 0) fail(model::VerdictKind::changed, "shorter than when its reading began");
    bytes -= n;
  }
}

}  // namespace assay::connect
