#pragma once

#include <string_view>
#include <vector>

#include "core/glob.h"

namespace assay::connect {

/// What the user left out of a source that gives whole names: as a walk of folders would have judged them, each folder
/// of a name before what is in it.
class NameSelection {
 public:
  /// Throws core::Error(bad_input) for a bad glob.
  NameSelection(const std::vector<std::string>& include, const std::vector<std::string>& exclude)
      : include_(include), exclude_(exclude) {}

  /// Why this name is left out; nullptr when it is not.
  const char* exclusion(std::string_view name) const;

 private:
  core::GlobSet include_;
  core::GlobSet exclude_;
};

}  // namespace assay::connect
