#include "scan/beside.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <string>

namespace assay::scan {

std::optional<uint64_t> bytes_beside(int fd, std::string_view suffix) {
  std::array<char, PATH_MAX> target{};
  const ssize_t size = ::readlink(fmt::format("/proc/self/fd/{}", fd).c_str(), target.data(), target.size());
  if (size <= 0 || static_cast<size_t>(size) == target.size() || target[0] != '/') return std::nullopt;
  std::string path(target.data(), static_cast<size_t>(size));
  struct stat opened{}, named{};
  if (::fstat(fd, &opened) != 0 || ::lstat(path.c_str(), &named) != 0) return std::nullopt;
  if (opened.st_dev != named.st_dev || opened.st_ino != named.st_ino) return std::nullopt;
  path += suffix;
  if (::stat(path.c_str(), &named) == 0) return static_cast<uint64_t>(named.st_size);
  return errno == ENOENT ? std::optional<uint64_t>(0) : std::nullopt;
}

}  // namespace assay::scan
