#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// What an HTML page shows and what its attributes, comments and scripts hold, as one text with the lines of the file.
void extract_html(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
