#include "connect/files/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace assay::connect::files {
namespace {

constexpr size_t buffer_bytes = size_t{32} * 1024;
constexpr int max_tries = 500;
constexpr int tries_at_once = 8;
constexpr auto pause_between_tries = std::chrono::milliseconds(10);

// What getdents64 writes; the name follows, NUL-terminated. Source: getdents(2).
struct EntryHeader {
  uint64_t inode;
  int64_t next_position;
  uint16_t length;
  uint8_t type;
} __attribute__((packed));
constexpr size_t header_bytes = 19;
static_assert(sizeof(EntryHeader) == header_bytes);

int open_once(int directory, const char* name, int flags, bool follow) {
  static std::atomic<bool> has_openat2 = true;
  if (has_openat2.load(std::memory_order_relaxed)) {
    open_how how{};
    how.flags = static_cast<uint64_t>(flags);
    how.resolve = RESOLVE_NO_MAGICLINKS;
    if (!follow) how.resolve |= RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    const long fd = ::syscall(SYS_openat2, directory, name, &how, sizeof(how));
    // Filters of container runtimes that are older than the call answer EPERM for it.
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(fd);
    if (errno == ENOSYS) has_openat2 = false;
  }
  return ::openat(directory, name, flags);
}

bool may_pass(int error) { return error == EMFILE || error == ENFILE || error == EINTR || error == EAGAIN; }

}  // namespace

core::Fd open_inside(int directory, const char* name, int more_flags, bool follow) {
  const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | more_flags | (follow ? 0 : O_NOFOLLOW);
  for (int tries = 1;; ++tries) {
    const int fd = open_once(directory, name, flags, follow);
    if (fd >= 0 || !may_pass(errno) || tries == max_tries) return core::Fd(fd);
    // Descriptors come back as the objects that hold them are done. EAGAIN is a rename that crossed the look-up, or a
    // file that a server has leased out and is taking back.
    if (errno == EMFILE || errno == ENFILE || tries > tries_at_once) std::this_thread::sleep_for(pause_between_tries);
  }
}

int NameBatch::read(int directory, int64_t& position, size_t most) {
  bytes_.clear();
  entries_.clear();
  if (::lseek(directory, position, SEEK_SET) < 0) return errno;
  alignas(8) std::array<char, buffer_bytes> buffer;
  while (entries_.size() < most) {
    const long size = ::syscall(SYS_getdents64, directory, buffer.data(), buffer.size());
    if (size < 0) return errno;
    if (size == 0) break;
    if (take_buffer(buffer.data(), static_cast<size_t>(size), position, most) != 0) return EIO;
  }
  std::sort(entries_.begin(), entries_.end(), [this](const ListedName& a, const ListedName& b) {
    return std::string_view(bytes_.data() + a.offset, a.length) < std::string_view(bytes_.data() + b.offset, b.length);
  });
  return 0;
}

int NameBatch::take_buffer(const char* buffer, size_t size, int64_t& position, size_t most) {
  for (size_t at = 0; at < size && entries_.size() < most;) {
    EntryHeader header{};
    if (size - at < header_bytes) return EIO;
    std::memcpy(&header, buffer + at, header_bytes);
    if (header.length <= header_bytes || header.length > size - at) return EIO;
    const std::string_view name(buffer + at + header_bytes,
                                ::strnlen(buffer + at + header_bytes, header.length - header_bytes));
    at += header.length;
    position = header.next_position;
    // A slash in a name is what a damaged or hostile file system would say.
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos) continue;
    entries_.push_back({static_cast<uint32_t>(bytes_.size()), static_cast<uint32_t>(name.size())});
    bytes_.append(name);
    bytes_.push_back('\0');
  }
  return 0;
}

}  // namespace assay::connect::files
