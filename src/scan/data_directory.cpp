#include "scan/data_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "core/error.h"
#include "core/printable.h"

namespace assay::scan {
namespace {

// The journal before the store: a journal that outlived its store would be read into the next.
constexpr std::array store_files = {"scan.db-wal", "scan.db-shm", "scan.db"};
constexpr const char* lock_file = "scan.lock";

std::string shown(const std::string& path) { return core::printable(path, 4096); }

[[noreturn]] void refuse(const std::string& message) { throw core::Error(core::ErrorKind::bad_input, message); }

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

void make(const std::string& path) {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    throw core::error_from_errno("cannot make the directory " + shown(path), errno);
}

void check_owner(const struct stat& status, const std::string& path) {
  if (status.st_uid != ::geteuid())
    refuse(fmt::format("{} belongs to another user; give a directory of your own", shown(path)));
}

}  // namespace

DataDirectory::DataDirectory(std::string path, Absent absent) : path_(without_slash(std::move(path))) {
  if (absent == Absent::make) make(path_);
  const core::Fd directory(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat status{};
  if (!directory || ::fstat(directory.get(), &status) != 0)
    throw core::error_from_errno("cannot use the directory " + shown(path_), errno);
  check_owner(status, path_);
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    refuse(fmt::format("others may write to {0}; `chmod go-w {0}` keeps them out", shown(path_)));
  for (const char* name : store_files)
    if (::fstatat(directory.get(), name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
      if (!S_ISREG(status.st_mode)) refuse(fmt::format("{}/{} is no file of a scan", shown(path_), name));
      check_owner(status, path_ + "/" + name);
    }
  lock_ = core::Fd(::openat(directory.get(), lock_file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!lock_) throw core::error_from_errno(fmt::format("cannot write to {}", shown(path_)), errno);
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) == 0) return;
  if (errno == EWOULDBLOCK) refuse(fmt::format("another scan runs in {} at this moment", shown(path_)));
  throw core::error_from_errno(fmt::format("cannot lock {}/{}", shown(path_), lock_file), errno);
}

bool DataDirectory::has_store() const {
  struct stat status{};
  return ::lstat(store_path().c_str(), &status) == 0;
}

void DataDirectory::remove_store() const {
  for (const char* name : store_files) {
    const std::string file = path_ + "/" + name;
    if (::unlink(file.c_str()) != 0 && errno != ENOENT)
      throw core::error_from_errno("cannot remove " + shown(file), errno);
  }
}

std::vector<connect::FileIdentity> DataDirectory::own_files() const {
  std::vector<connect::FileIdentity> files;
  struct stat status{};
  if (::fstat(lock_.get(), &status) == 0) files.push_back({status.st_dev, status.st_ino});
  for (const char* name : store_files)
    if (::lstat((path_ + "/" + name).c_str(), &status) == 0) files.push_back({status.st_dev, status.st_ino});
  return files;
}

}  // namespace assay::scan
