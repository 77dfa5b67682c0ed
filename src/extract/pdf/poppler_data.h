#pragma once

#include <cstddef>
#include <string>

namespace assay::extract {

/// Maps the tables of the poppler-data package into memory, if it is installed, so that poppler's reads of them are
/// served from there. Returns how many files. Call in the process that later forks the readers.
size_t load_poppler_data(const std::string& folder = "/usr/share/poppler");

}  // namespace assay::extract
