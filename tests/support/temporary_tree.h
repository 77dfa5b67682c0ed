#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace assay::tests {

/// A directory that lives as long as this object, readable by every user so that tests can scan it as another one.
class TemporaryTree {
 public:
  /// `parent`: where it is made; "" is $TMPDIR or /tmp.
  explicit TemporaryTree(const std::filesystem::path& parent = {});
  ~TemporaryTree();
  TemporaryTree(const TemporaryTree&) = delete;
  TemporaryTree& operator=(const TemporaryTree&) = delete;

  const std::filesystem::path& root() const { return root_; }
  /// The path of a name below the root, whether it exists or not. The name may hold any bytes.
  std::string path(std::string_view name) const;
  /// Writes a file; directories on its way are made. Returns its path.
  std::string write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path root_;
};

/// The bytes of a file; "" when it cannot be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace assay::tests
