#include "connect/files/describe.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <concepts>
#include <system_error>

namespace assay::connect::files {

using model::Verdict;
using model::VerdictKind;

namespace {

/// Hexadecimal numbers with a ':' before all but the first. Made for every file, twice: no formatting library.
template <std::integral... Numbers>
std::string joined_hex(Numbers... numbers) {
  std::array<char, sizeof...(numbers) * 18> text{};  // a sign, 16 digits and a ':' each
  char* at = text.data();
  const auto add = [&](auto number) {
    if (at != text.data()) *at++ = ':';
    at = std::to_chars(at, text.data() + text.size(), number, 16).ptr;
  };
  (add(numbers), ...);
  return {text.data(), at};
}

}  // namespace

Verdict io_error(int error) {
  if (error == ENOENT || error == ENOTDIR) return {VerdictKind::io_error, "it vanished before it was opened"};
  return {VerdictKind::io_error, std::generic_category().message(error)};
}

const char* name_of_special(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFIFO: return "FIFO";
    case S_IFSOCK: return "socket";
    case S_IFCHR: return "character device";
    case S_IFBLK: return "block device";
    default: return "not a file";
  }
}

void describe(const struct stat& info, FileEntry& file) {
  file.size = static_cast<uint64_t>(info.st_size);
  file.mtime_ns = info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec;
  file.ctime_ns = info.st_ctim.tv_sec * 1'000'000'000 + info.st_ctim.tv_nsec;
  file.device = info.st_dev;
  file.inode = info.st_ino;
}

std::string change_id_of(const FileEntry& file) { return joined_hex(file.device, file.inode, file.ctime_ns); }

}  // namespace assay::connect::files
