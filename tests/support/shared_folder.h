#pragma once

#include <filesystem>
#include <string_view>

namespace assay::test {

/// A folder that a server of this machine shows, into which tests write past the server. Each file that is written is
/// a second younger than the one before, for protocols that tell whole seconds.
class SharedFolder {
 public:
  explicit SharedFolder(std::filesystem::path path);
  ~SharedFolder();
  SharedFolder(const SharedFolder&) = delete;
  SharedFolder& operator=(const SharedFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path put(std::string_view name, std::string_view content) const;
  void remove(std::string_view name) const;

 private:
  std::filesystem::path path_;
};

}  // namespace assay::test
