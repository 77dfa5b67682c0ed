#include "tests/support/temporary_tree.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace assay::tests {
namespace {

namespace fs = std::filesystem;

// A test may leave a directory that its owner cannot enter.
void make_removable(const fs::path& directory) {
  std::error_code error;
  fs::permissions(directory, fs::perms::owner_all, fs::perm_options::add, error);
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error))
    if (it->is_directory(error) && !it->is_symlink(error)) make_removable(it->path());
}

}  // namespace

TemporaryTree::TemporaryTree(const fs::path& parent) {
  std::string pattern = (parent.empty() ? fs::temp_directory_path() : parent) / "assay-test-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary directory " + pattern);
  root_ = pattern;
  ::chmod(pattern.c_str(), 0755);
}

TemporaryTree::~TemporaryTree() {
  make_removable(root_);
  std::error_code error;
  fs::remove_all(root_, error);
}

std::string TemporaryTree::path(std::string_view name) const { return root_.string() + "/" + std::string(name); }

std::string TemporaryTree::write(std::string_view name, std::string_view content) const {
  const std::string full = path(name);
  fs::create_directories(fs::path(full).parent_path());
  std::ofstream out(full, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) throw std::runtime_error("cannot write " + full);
  return full;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace assay::tests
