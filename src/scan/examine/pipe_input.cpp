#include "scan/examine/pipe_input.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "extract/failure.h"

namespace assay::scan {

std::unique_ptr<extract::Input> open_pipe(int fd, extract::Scratch& scratch, const model::Limits& limits) {
  auto pull = [fd](std::span<char> out) -> size_t {
    while (true) {
      const ssize_t n = ::read(fd, out.data(), out.size());
      if (n >= 0) return static_cast<size_t>(n);
      if (errno != EINTR)
        throw extract::Failure(model::VerdictKind::io_error, std::string("read failed: ") + std::strerror(errno));
    }
  };
  const uint64_t bound = limits.max_object_bytes != 0 ? limits.max_object_bytes : limits.max_member_bytes;
  return std::make_unique<extract::SpooledInput>(pull, scratch, bound);
}

}  // namespace assay::scan
