#include "connect/name_selection.h"

namespace assay::connect {
namespace {

std::string_view without_slashes_around(std::string_view name) {
  while (name.starts_with('/')) name.remove_prefix(1);
  while (name.ends_with('/')) name.remove_suffix(1);
  return name;
}

}  // namespace

NameSelection::Exclusion NameSelection::exclusion(std::string_view name) const {
  if (include_.empty() && exclude_.empty()) return {};
  const auto excludes = [this](std::string_view path, bool is_folder) {
    const std::string_view bare = without_slashes_around(path);
    return !bare.empty() && exclude_.decide(bare, is_folder).value_or(false);
  };
  bool is_included = include_.empty();
  for (size_t slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/', slash + 1)) {
    const std::string_view folder = name.substr(0, slash);
    if (excludes(folder, true)) return {std::string(folder), "by an exclude pattern"};
    const std::string_view bare = without_slashes_around(folder);
    is_included = is_included || (!bare.empty() && include_.decide(bare, true).value_or(false));
  }
  if (excludes(name, false)) return {std::string(name), "by an exclude pattern"};
  const std::string_view bare = without_slashes_around(name);
  if (!is_included && (bare.empty() || !include_.decide(bare, false).value_or(false)))
    return {std::string(name), "by no include pattern"};
  return {};
}

const char* NameSelection::folder_exclusion(std::string_view folder) const {
  return exclude_.decide(folder, true).value_or(false) ? "by an exclude pattern" : nullptr;
}

}  // namespace assay::connect
