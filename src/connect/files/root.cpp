#include "connect/files/root.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "connect/files/describe.h"
#include "connect/files/directory.h"

namespace assay::connect::files {
namespace {

// Name by name, so that kernels without openat2 are held to the same.
core::Fd open_beneath(int root, const std::string& relative) {
  core::Fd above;
  size_t at = 0;
  for (;;) {
    const size_t slash = relative.find('/', at);
    const bool is_last = slash == std::string::npos;
    const std::string name = relative.substr(at, is_last ? slash : slash - at);
    core::Fd fd = open_inside(above ? above.get() : root, name.c_str(), is_last ? 0 : O_DIRECTORY);
    if (is_last || !fd) return fd;
    above = std::move(fd);
    at = slash + 1;
  }
}

}  // namespace

Root::Root(std::string path) : path_(std::move(path)), fd_(open_inside(AT_FDCWD, path_.c_str(), O_DIRECTORY, true)) {
  if (!fd_ && errno != ENOTDIR) error_ = errno;
}

std::string Root::path_of(std::string_view relative) const {
  if (!fd_ && error_ == 0) return path_;
  std::string path = path_;
  if (!path.ends_with('/')) path += '/';
  return path += relative;
}

bool Root::open(const std::string& relative, FileEntry& file, model::Verdict& why) const {
  if (!open_unnamed(relative, file, why)) return false;
  file.path = path_of(relative);
  file.relative = relative;
  return true;
}

bool Root::open_unnamed(const std::string& relative, FileEntry& file, model::Verdict& why) const {
  if (error_ != 0) {
    why = io_error(error_);
    return false;
  }
  // One call where the kernel knows how to stay beneath the root.
  core::Fd fd = fd_ ? open_inside(fd_.get(), relative.c_str(), 0) : open_inside(AT_FDCWD, path_.c_str(), 0, true);
  if (!fd && fd_ && relative.find('/') != std::string::npos && errno != ENOENT) fd = open_beneath(fd_.get(), relative);
  if (!fd) {
    why = errno == ELOOP ? model::Verdict{model::VerdictKind::excluded, "symbolic link"} : io_error(errno);
    return false;
  }
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0) {
    why = io_error(errno);
    return false;
  }
  if (!S_ISREG(info.st_mode)) {
    why = {model::VerdictKind::special_file, name_of_special(info.st_mode)};
    return false;
  }
  file.fd = std::move(fd);
  describe(info, file);
  return true;
}

}  // namespace assay::connect::files
