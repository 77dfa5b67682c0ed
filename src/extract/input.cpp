#include "extract/input.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "extract/failure.h"

namespace assay::extract {
namespace {

constexpr size_t spool_memory_bytes = size_t{1} << 20;
constexpr size_t pull_bytes = size_t{64} << 10;

size_t pread_fully(int fd, uint64_t offset, std::span<char> out) {
  size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = ::pread(fd, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (n == 0) break;
    if (n < 0) {
      if (errno == EINTR) continue;
      throw Failure(model::VerdictKind::io_error, std::string("read failed: ") + std::strerror(errno));
    }
    done += static_cast<size_t>(n);
  }
  return done;
}

}  // namespace

std::optional<std::string> Input::read_all(size_t max_bytes) {
  if (auto known = known_size(); known && *known > max_bytes) return std::nullopt;
  std::string all;
  while (true) {
    const size_t before = all.size();
    const size_t want = std::min<size_t>(max_bytes + 1 - before, std::max<size_t>(pull_bytes, before));
    all.resize(before + want);
    const size_t n = read_at(before, std::span(all.data() + before, want));
    all.resize(before + n);
    if (all.size() > max_bytes) return std::nullopt;
    if (n < want) return all;
  }
}

size_t MemoryInput::read_at(uint64_t offset, std::span<char> out) {
  if (offset >= bytes_.size()) return 0;
  const size_t n = std::min<uint64_t>(out.size(), bytes_.size() - offset);
  std::memcpy(out.data(), bytes_.data() + offset, n);
  return n;
}

FileInput::FileInput(int fd, uint64_t max_bytes) : fd_(fd), size_(0) {
  struct stat status{};
  if (::fstat(fd, &status) != 0)
    throw Failure(model::VerdictKind::io_error, std::string("fstat failed: ") + std::strerror(errno));
  size_ = static_cast<uint64_t>(status.st_size);
  if (max_bytes != 0) size_ = std::min(size_, max_bytes);
}

size_t FileInput::read_at(uint64_t offset, std::span<char> out) {
  if (offset >= size_) return 0;
  const uint64_t wanted = std::min<uint64_t>(out.size(), size_ - offset);
  const size_t n = pread_fully(fd_, offset, out.first(wanted));
  if (n < wanted) size_ = offset + n;
  return n;
}

void Scratch::append(std::span<const char> bytes) {
  if (fd_ < 0 || top_ + bytes.size() > max_bytes_)
    throw Failure(model::VerdictKind::limit, "scratch space for members");
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::pwrite(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(top_ + done));
    if (n < 0) {
      if (errno == EINTR) continue;
      throw Failure(model::VerdictKind::io_error, std::string("scratch write failed: ") + std::strerror(errno));
    }
    done += static_cast<size_t>(n);
  }
  top_ += bytes.size();
}

void Scratch::truncate_to(uint64_t top) {
  if (top < top_) top_ = top;
  // Space is given back when the stack is empty: one system call an object, not one a member.
  if (top_ == 0 && fd_ >= 0 && ::ftruncate(fd_, 0) != 0) return;
}

SpooledInput::SpooledInput(Pull pull, Scratch& scratch, uint64_t max_bytes)
    : pull_(std::move(pull)), scratch_(scratch), max_bytes_(max_bytes) {}

SpooledInput::~SpooledInput() {
  if (in_scratch_) scratch_.truncate_to(scratch_base_);
}

void SpooledInput::pull_until(uint64_t end) {
  while (!ended_ && pulled_ < end) {
    if (failure_) std::rethrow_exception(failure_);
    try {
      pull_more();
    } catch (const Failure&) {
      failure_ = std::current_exception();
    }
  }
}

void SpooledInput::pull_more() {
  char buffer[pull_bytes];
  const size_t n = pull_(std::span(buffer, sizeof buffer));
  if (n == 0) {
    ended_ = true;
    return;
  }
  if (pulled_ + n > max_bytes_) throw Failure(model::VerdictKind::limit, "max_member_bytes");
  if (!in_scratch_ && memory_.size() + n > spool_memory_bytes) {
    scratch_base_ = scratch_.top();
    in_scratch_ = true;
    scratch_.append(memory_);
    std::string().swap(memory_);
  }
  if (in_scratch_) {
    scratch_.append(std::span<const char>(buffer, n));
  } else {
    memory_.append(buffer, n);
  }
  pulled_ += n;
}

size_t SpooledInput::read_at(uint64_t offset, std::span<char> out) {
  pull_until(offset + out.size());
  if (offset >= pulled_) return 0;
  const size_t n = std::min<uint64_t>(out.size(), pulled_ - offset);
  if (in_scratch_) return pread_fully(scratch_.fd(), scratch_base_ + offset, out.first(n));
  std::memcpy(out.data(), memory_.data() + offset, n);
  return n;
}

std::optional<uint64_t> SpooledInput::known_size() const {
  if (ended_) return pulled_;
  return std::nullopt;
}

uint64_t SpooledInput::size() {
  pull_until(UINT64_MAX);
  return pulled_;
}

}  // namespace assay::extract
