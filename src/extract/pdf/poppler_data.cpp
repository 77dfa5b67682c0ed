#include "extract/pdf/poppler_data.h"

#include <fcntl.h>
#include <goo/gfile.h>
#include <sys/mman.h>

#include <cstdio>
#include <filesystem>
#include <string_view>
#include <unordered_map>

#include "core/fd.h"

namespace assay::extract {
namespace {

std::unordered_map<std::string, std::string_view>& tables() {
  static std::unordered_map<std::string, std::string_view> by_path;
  return by_path;
}

std::string plain_path(const char* path) { return std::filesystem::path(path).lexically_normal().string(); }

/// The mapping is shared with the file's pages in the kernel's cache and stays until the process ends.
std::string_view map_file(const std::filesystem::directory_entry& file) {
  const core::Fd fd(::open(file.path().c_str(), O_RDONLY | O_CLOEXEC));
  const size_t size = file.file_size();
  if (!fd || size == 0) return {};
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (address == MAP_FAILED) return {};
  return {static_cast<const char*>(address), size};
}

}  // namespace

size_t load_poppler_data(const std::string& folder) {
  if (!tables().empty()) return tables().size();
  std::error_code ignored;
  using Walk = std::filesystem::recursive_directory_iterator;
  for (Walk walk(folder, ignored), end; walk != end; walk.increment(ignored)) {
    if (!walk->is_regular_file(ignored)) continue;
    if (const auto bytes = map_file(*walk); !bytes.empty()) tables()[plain_path(walk->path().c_str())] = bytes;
  }
  return tables().size();
}

}  // namespace assay::extract

/// Poppler calls this function of its own library for every file it opens by name; the program's definition comes
/// before the library's. Other files are not needed, and the sandbox would refuse to open them.
FILE* openFile(const char* path, const char*) {
  const auto& tables = assay::extract::tables();
  const auto found = tables.find(assay::extract::plain_path(path));
  if (found == tables.end()) return nullptr;
  return ::fmemopen(const_cast<char*>(found->second.data()), found->second.size(), "r");
}
