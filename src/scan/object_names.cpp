#include "scan/object_names.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

namespace assay::scan {
namespace {

namespace fs = std::filesystem;

// Without ".", ".." and a slash at the end; symbolic links stay.
fs::path as_spelled(const fs::path& path) {
  std::error_code error;
  fs::path absolute = fs::absolute(path, error).lexically_normal();
  return absolute.has_filename() || absolute == absolute.root_path() ? absolute : absolute.parent_path();
}

// Through symbolic links, as far as it exists.
fs::path as_resolved(const fs::path& path) {
  std::error_code error;
  const fs::path resolved = fs::weakly_canonical(path, error);
  return error ? as_spelled(path) : as_spelled(resolved);
}

// What `path` is called below `folder`, "" for itself; nullopt when it is elsewhere.
std::optional<std::string> below(const fs::path& path, const fs::path& folder) {
  const std::string relative = path.lexically_relative(folder).string();
  if (relative.empty() || relative == ".." || relative.starts_with("../")) return std::nullopt;
  return relative == "." ? std::string() : relative;
}

std::vector<std::string> names_of_root(const std::string& root, const std::string& file) {
  const fs::path folder = as_spelled(file).parent_path();
  std::vector<std::string> relative, absolute;
  bool is_by_folder = false;
  for (const auto& how : {as_spelled, as_resolved}) {
    const fs::path path = how(root);
    absolute.push_back(path.string());
    if (const auto name = below(path, how(folder))) {
      relative.push_back(*name);
      is_by_folder = true;
    }
  }
  for (const auto& how : {as_spelled, as_resolved})
    if (const auto name = below(how(root), how(".")); name && !is_by_folder) relative.push_back(*name);
  std::vector<std::string> names = relative;
  // One who names a tree by its absolute path means that place, and not where the command happens to run.
  names.insert(is_by_folder || !root.starts_with('/') ? names.end() : names.begin(), absolute.begin(), absolute.end());
  return names;
}

}  // namespace

ObjectNames::ObjectNames(std::span<const std::string> roots, const std::string& file) : are_paths_(true) {
  for (const std::string& root : roots)
    if (root != "-") roots_.push_back({root, names_of_root(root, file)});
  // Of roots inside each other the innermost is an object's.
  std::ranges::sort(roots_, [](const Root& a, const Root& b) { return a.spelled.size() > b.spelled.size(); });
}

const ObjectNames::Root* ObjectNames::root_of(std::string_view object) const {
  const auto root = std::ranges::find_if(roots_, [object](const Root& candidate) {
    const std::string& spelled = candidate.spelled;
    return object.starts_with(spelled) &&
           (object.size() == spelled.size() || spelled.ends_with('/') || object[spelled.size()] == '/');
  });
  return root == roots_.end() ? nullptr : &*root;
}

std::string ObjectNames::joined(const std::string& name, std::string_view rest) {
  while (rest.starts_with('/')) rest.remove_prefix(1);
  if (rest.empty()) return name;
  return name.empty() || name.ends_with('/') ? name + std::string(rest) : name + '/' + std::string(rest);
}

std::string ObjectNames::name_of(std::string_view object) const {
  const Root* root = root_of(object);
  return root == nullptr ? std::string(object) : joined(root->names.front(), object.substr(root->spelled.size()));
}

std::string ObjectNames::name_of_spelled(const std::string& object) const {
  return are_paths_ && object != "-" ? as_spelled(object).string() : object;
}

}  // namespace assay::scan
