#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// Rich Text Format 1.9.1: the body as the main text; headers and footers, notes, comments and properties as parts;
/// embedded objects as members. Constant memory, no recursion.
void extract_rtf(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
