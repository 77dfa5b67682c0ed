#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/datasource.h"

namespace assay::cli {

/// What `assay source test` found out about one path of a source.
struct TestedRoot {
  std::string path;
  bool can_be_opened = false;
  bool is_cut_short = false;  ///< there is more than was looked at
  uint64_t files = 0, bytes = 0;
  uint64_t unreadable = 0;            ///< IO_ERROR
  uint64_t left_out = 0;              ///< by globs, ignore files, links, other file systems, special files
  std::vector<std::string> problems;  ///< the first few that could not be read, with the reason
};

/// Opens each path and looks at up to `most_objects` of what is in it, as a scan would. Reads no content.
/// Throws core::Error(bad_input) when the source's configuration cannot be read.
std::vector<TestedRoot> test_files_source(const model::Datasource& source, uint64_t most_objects = 10'000);

std::string describe(const TestedRoot& root);

}  // namespace assay::cli
