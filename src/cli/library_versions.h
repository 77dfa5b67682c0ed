#pragma once

#include <string>

namespace assay::cli {

/// "Vectorscan 5.4.8, PCRE2 10.42, ...": the libraries of this program as they are at run time. Those that read
/// documents are linked into the examiner only.
std::string library_versions();

}  // namespace assay::cli
