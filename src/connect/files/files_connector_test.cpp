#include "connect/files/files_connector.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "connect/conformance.h"

namespace assay::connect::files {
namespace {

namespace fs = std::filesystem;

class FilesPlace final : public ConformancePlace {
 public:
  FilesPlace() {
    std::string pattern = (fs::temp_directory_path() / "assay-test-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~FilesPlace() override { fs::remove_all(root_); }
  const ConnectorKind& kind() const override { return files_kind(); }
  SourceAddress address() const override { return {.roots = {root_}, .settings = {}, .include = {}, .exclude = {}}; }
  void put(std::string_view name, std::string_view content) override {
    const fs::path path = fs::path(root_) / std::string(name);
    fs::create_directories(path.parent_path());
    // As editors do: another file under the same name.
    const std::string fresh = path.string() + ".fresh";
    std::ofstream(fresh, std::ios::binary) << content;
    fs::rename(fresh, path);
  }
  void remove(std::string_view name) override { fs::remove(fs::path(root_) / std::string(name)); }
  bool takes_any_bytes() const override { return true; }

 private:
  std::string root_;
};

std::unique_ptr<ConformancePlace> make_place() { return std::make_unique<FilesPlace>(); }

}  // namespace
}  // namespace assay::connect::files

namespace assay::connect {
INSTANTIATE_TEST_SUITE_P(Files, ConnectorConformance, testing::Values(&files::make_place));
}  // namespace assay::connect
