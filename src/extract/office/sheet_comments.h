#pragma once

#include <string>

#include "extract/office/package.h"

namespace assay::extract {

/// The comments of a sheet of a workbook in XML (ECMA-376-1, 18.7, and the threads of later versions), found by the
/// sheet part's relationships: each a text of its own, with its cell. Takes their parts.
void extract_sheet_comments(Package& package, size_t sheet_part, const std::string& sheet);

/// The parts that the sheet's relationships name as its comments.
std::vector<size_t> comment_parts_of(Package& package, size_t sheet_part);

}  // namespace assay::extract
