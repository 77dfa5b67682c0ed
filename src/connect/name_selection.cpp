#include "connect/name_selection.h"

namespace assay::connect {

const char* NameSelection::exclusion(std::string_view name) const {
  bool is_included = include_.empty();
  for (size_t end = name.find('/');; end = name.find('/', end + 1)) {
    const bool is_folder = end != std::string_view::npos;
    const std::string_view path = name.substr(0, end);
    if (!path.empty() && !path.ends_with('/')) {
      if (exclude_.decide(path, is_folder).value_or(false)) return "by an exclude pattern";
      if (!is_included) is_included = include_.decide(path, is_folder).value_or(false);
    }
    if (!is_folder) break;
  }
  return is_included ? nullptr : "by no include pattern";
}

}  // namespace assay::connect
