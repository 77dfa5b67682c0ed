#pragma once

#include <string_view>

#include "extract/nested/cell_leaves.h"

namespace assay::extract {

/// Takes an array of PostgreSQL apart, as its manual has it ("Array Input and Output Syntax"): {a,"b \" c",NULL}, with
/// further braces where it has dimensions, or [1:2]= before it. Elements that are JSON (`of_json`) are taken apart
/// themselves. False when it is none or was refused; what was taken until then is to be dropped.
bool take_postgres_array(std::string_view text, bool of_json, CellLeaves& leaves);

}  // namespace assay::extract
