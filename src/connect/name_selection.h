#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/glob.h"

namespace assay::connect {

/// Which objects of a source that gives whole names are read, as a walk of folders would judge them: its include and
/// exclude globs, with "/" in names taken for folders.
class NameSelection {
 public:
  /// Throws core::Error(bad_input) for a bad glob.
  NameSelection(const std::vector<std::string>& include, const std::vector<std::string>& exclude)
      : include_(include), exclude_(exclude) {}

  struct Exclusion {
    std::string name;           ///< the folder that is left out with all inside it, or the name itself
    const char* why = nullptr;  ///< nullptr: it is not left out
  };
  Exclusion exclusion(std::string_view name) const;
  /// Why a folder is left out with all inside it; nullptr when it is not. The folders above it were asked about before.
  const char* folder_exclusion(std::string_view folder) const;

 private:
  core::GlobSet include_, exclude_;
};

}  // namespace assay::connect
