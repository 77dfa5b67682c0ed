#include "scan/examine/pipe_input.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "extract/failure.h"

namespace assay::scan {
namespace {

size_t read_some(int fd, std::span<char> out) {
  while (true) {
    const ssize_t n = ::read(fd, out.data(), out.size());
    if (n >= 0) return static_cast<size_t>(n);
    if (errno != EINTR)
      throw extract::Failure(model::VerdictKind::io_error, std::string("read failed: ") + std::strerror(errno));
  }
}

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

}  // namespace

std::unique_ptr<extract::Input> open_pipe(int fd, extract::Scratch& scratch, const model::Limits& limits) {
  const uint64_t bound = limits.max_object_bytes != 0 ? limits.max_object_bytes : limits.max_member_bytes;
  return std::make_unique<extract::SpooledInput>([fd](std::span<char> out) { return read_some(fd, out); }, scratch,
                                                 bound);
}

std::unique_ptr<extract::Input> open_forward(int fd) { return std::make_unique<ForwardInput>(fd); }

}  // namespace assay::scan
