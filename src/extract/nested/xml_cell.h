#pragma once

#include <string_view>

#include "extract/nested/cell_leaves.h"

namespace assay::extract {

/// Takes well-formed XML apart, a document or several elements side by side: what is written in elements, without
/// blanks around it, and attributes. False when it is none, was refused or has what would be lost: comments, processing
/// instructions, a document type (with its entities). What was taken until then is to be dropped.
bool take_xml(std::string_view text, CellLeaves& leaves);

}  // namespace assay::extract
