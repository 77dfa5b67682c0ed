#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/glob.h"

namespace assay::connect {

/// Which keys of a flat listing are read: its include and exclude globs, with "/" in keys taken for folders.
class KeySelection {
 public:
  /// Throws core::Error(bad_input) for a bad glob.
  KeySelection(const std::vector<std::string>& include, const std::vector<std::string>& exclude)
      : include_(include), exclude_(exclude) {}

  struct Exclusion {
    std::string name;           ///< the folder that is left out with all inside it, or the key itself
    const char* why = nullptr;  ///< nullptr: it is not left out
  };
  Exclusion exclusion(std::string_view name) const;

 private:
  core::GlobSet include_, exclude_;
};

}  // namespace assay::connect
