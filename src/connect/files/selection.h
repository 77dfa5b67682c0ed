#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connect/files/walk.h"
#include "core/glob.h"

namespace assay::connect::files {

/// The patterns of the ignore files of one directory; they speak of paths below it.
struct IgnoreRules {
  size_t directory_bytes = 0;  ///< how much of a relative path names the directory, its slash included
  core::GlobSet patterns;
};

/// Reads the ignore files of a directory. Lines are taken as git takes them: `#` begins a comment, trailing spaces go
/// unless a backslash stands before them; a line that is no pattern matches nothing. nullopt when there are none.
std::optional<IgnoreRules> read_ignore_files(int directory, size_t directory_bytes,
                                             const std::vector<std::string>& names);

/// What the user left out of a tree.
class Selection {
 public:
  /// Throws core::Error(bad_input) for a bad glob.
  explicit Selection(const WalkOptions& options) : include_(options.include), exclude_(options.exclude) {}

  /// Why this path is left out; nullptr when it is not. `relative` is relative to the root of the walk; `is_included`
  /// tells that a directory above it was named by an include pattern. The innermost ignore file that speaks decides.
  const char* exclusion(std::string_view relative, bool is_directory, bool is_included,
                        const std::vector<IgnoreRules>& ignores) const;

  /// Whether an include pattern names the path, or there are no include patterns.
  bool includes(std::string_view relative, bool is_directory) const;

 private:
  core::GlobSet include_;
  core::GlobSet exclude_;
};

}  // namespace assay::connect::files
