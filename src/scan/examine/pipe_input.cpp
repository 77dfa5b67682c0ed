#include "scan/examine/pipe_input.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <utility>

#include "extract/failure.h"

namespace assay::scan {
namespace {

/// Fills a part of the span with what comes next; 0 at the end.
using Source = std::function<size_t(std::span<char>)>;

[[noreturn]] void fail(int error) {
  if (error == EAGAIN)
    throw extract::Failure(model::VerdictKind::io_error, "what it holds comes while one waits, and nothing is there");
  throw extract::Failure(model::VerdictKind::io_error, std::string("read failed: ") + std::strerror(error));
}

size_t read_some(int fd, std::span<char> out) {
  while (true) {
    const ssize_t n = ::read(fd, out.data(), out.size());
    if (n >= 0) return static_cast<size_t>(n);
    if (errno != EINTR) fail(errno);
  }
}

// By offsets of its own, since whoever takes the object up again behind a lethal member shares the descriptor's.
class PositionalSource {
 public:
  explicit PositionalSource(int fd) : fd_(fd) {}
  size_t operator()(std::span<char> out) {
    while (true) {
      const ssize_t n = ::pread(fd_, out.data(), out.size(), at_);
      if (n >= 0) {
        at_ += n;
        return static_cast<size_t>(n);
      }
      if (errno == ESPIPE) return read_some(fd_, out);
      if (errno != EINTR) fail(errno);
    }
  }

 private:
  int fd_;
  off_t at_ = 0;
};

class ForwardInput final : public extract::Input {
 public:
  explicit ForwardInput(int fd) : fd_(fd) {}

  size_t read_at(uint64_t offset, std::span<char> out) override {
    if (offset != at_) throw std::logic_error("a stream is read forwards only");
    const size_t n = out.empty() ? 0 : read_some(fd_, out);
    at_ += n;
    is_at_end_ = n == 0;
    return n;
  }
  std::optional<uint64_t> known_size() const override { return is_at_end_ ? std::optional(at_) : std::nullopt; }
  uint64_t size() override { throw std::logic_error("a stream's size is not known before its end"); }

 private:
  int fd_;
  uint64_t at_ = 0;
  bool is_at_end_ = false;
};

// The beginning of a stream, with what is needed to know whether that is all of it.
class CutInput final : public extract::Input {
 public:
  CutInput(Source source, extract::Scratch& scratch, uint64_t most_bytes)
      : source_(std::move(source)),
        left_(most_bytes),
        spool_([this](std::span<char> out) { return pull(out); }, scratch, most_bytes) {}

  size_t read_at(uint64_t offset, std::span<char> out) override { return spool_.read_at(offset, out); }
  std::optional<uint64_t> known_size() const override { return spool_.known_size(); }
  uint64_t size() override { return spool_.size(); }
  bool is_cut() const override { return is_cut_; }

 private:
  size_t pull(std::span<char> out) {
    if (left_ == 0) {
      char more = 0;
      is_cut_ = is_cut_ || source_({&more, 1}) != 0;
      return 0;
    }
    const size_t n = source_(out.first(std::min<uint64_t>(out.size(), left_)));
    left_ -= n;
    return n;
  }

  Source source_;
  uint64_t left_;
  bool is_cut_ = false;
  extract::SpooledInput spool_;
};

std::unique_ptr<extract::Input> open_source(Source source, extract::Scratch& scratch, const model::Limits& limits) {
  if (limits.max_object_bytes != 0)
    return std::make_unique<CutInput>(std::move(source), scratch, limits.max_object_bytes);
  return std::make_unique<extract::SpooledInput>(std::move(source), scratch, limits.max_member_bytes);
}

}  // namespace

std::unique_ptr<extract::Input> open_pipe(int fd, extract::Scratch& scratch, const model::Limits& limits) {
  return open_source([fd](std::span<char> out) { return read_some(fd, out); }, scratch, limits);
}

std::unique_ptr<extract::Input> open_file(int fd, extract::Scratch& scratch, const model::Limits& limits) {
  struct stat status{};
  if (::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0)
    return open_source(PositionalSource(fd), scratch, limits);
  return std::make_unique<extract::FileInput>(fd, limits.max_object_bytes);
}

std::unique_ptr<extract::Input> open_forward(int fd) { return std::make_unique<ForwardInput>(fd); }

}  // namespace assay::scan
