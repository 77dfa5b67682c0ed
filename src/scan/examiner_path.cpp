#include "scan/examiner_path.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "core/error.h"

namespace assay::scan {

std::string find_examiner(const std::string& given) {
  namespace fs = std::filesystem;
  if (!given.empty()) return given;
  if (const char* path = std::getenv("ASSAY_EXAMINER"); path != nullptr && *path != '\0') return path;
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  std::vector<std::string> tried;
  for (const auto& path : {here / "assay-examiner", here.parent_path() / "libexec" / "assay" / "assay-examiner"}) {
    if (fs::exists(path, error)) return path.string();
    tried.push_back(path.string());
  }
  throw core::Error(core::ErrorKind::not_found,
                    fmt::format("the helper program assay-examiner was not found; looked at {}. Reinstall Assay, or "
                                "set ASSAY_EXAMINER to its path.",
                                fmt::join(tried, " and ")));
}

}  // namespace assay::scan
