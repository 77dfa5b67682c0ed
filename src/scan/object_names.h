#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::scan {

/// What the objects of a scan are called in a file that outlives it, however the scan's roots are spelled then:
/// "./dir", "dir", "/abs/dir" and "." in it are one.
///
/// A path is called by what it is below the folder of that file, when the scanned root is in that folder, too; else by
/// what it is below the working directory. Each path is also called by its absolute one. What is no path of a root
/// keeps its name.
class ObjectNames {
 public:
  /// Of objects that have but one name.
  ObjectNames() = default;
  /// `roots` are paths as the user spelled them, "-" apart; `file` is where the names are kept, and need not exist.
  ObjectNames(std::span<const std::string> roots, const std::string& file);

  /// The one to be written down.
  std::string name_of(std::string_view object) const;
  /// True when `accepts` does for any of the object's names.
  template <typename Accepts>
  bool any_name(std::string_view object, const Accepts& accepts) const {
    const Root* root = root_of(object);
    if (root == nullptr) return accepts(std::string(object));
    for (const std::string& name : root->names)
      if (accepts(joined(name, object.substr(root->spelled.size())))) return true;
    return false;
  }
  /// What a name stands for that was taken from the roots' spelling, relative to the working directory: a name that
  /// any_name() gives to the same object.
  std::string name_of_spelled(const std::string& object) const;

 private:
  struct Root {
    std::string spelled;             // as objects of it begin
    std::vector<std::string> names;  // of it; the first is to be written
  };
  const Root* root_of(std::string_view object) const;
  static std::string joined(const std::string& name, std::string_view rest);

  bool are_paths_ = false;
  std::vector<Root> roots_;
};

}  // namespace assay::scan
