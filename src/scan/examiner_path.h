#pragma once

#include <string>

namespace assay::scan {

/// Where the examiner is: `given` when not empty, else $ASSAY_EXAMINER, else beside this program, else in
/// ../libexec/assay from it. Throws core::Error(not_found) naming the places that were tried.
std::string find_examiner(const std::string& given);

}  // namespace assay::scan
