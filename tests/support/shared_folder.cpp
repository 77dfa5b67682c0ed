#include "tests/support/shared_folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <stdexcept>
#include <string>

namespace assay::test {

namespace fs = std::filesystem;

SharedFolder::SharedFolder(fs::path path) : path_(std::move(path)) {
  fs::create_directories(path_);
  ::chmod(path_.c_str(), 0777);
}

SharedFolder::~SharedFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path SharedFolder::put(std::string_view name, std::string_view content) const {
  static std::atomic<time_t> second = 1'700'000'000;
  const fs::path path = path_ / name;
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
  const timespec times[2] = {{++second, 0}, {second, 0}};
  if (::utimensat(AT_FDCWD, path.c_str(), times, 0) != 0) throw std::runtime_error("cannot set a time");
  return path;
}

void SharedFolder::remove(std::string_view name) const { fs::remove(path_ / name); }

}  // namespace assay::test
