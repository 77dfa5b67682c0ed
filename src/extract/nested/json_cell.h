#pragma once

#include <string_view>

#include "extract/nested/cell_leaves.h"

namespace assay::extract {

/// Takes JSON (RFC 8259) apart: its strings, numbers (every digit of them) and truth values; null is none. False when
/// it is no JSON or was refused; what was taken until then is to be dropped.
bool take_json(std::string_view text, CellLeaves& leaves);

}  // namespace assay::extract
