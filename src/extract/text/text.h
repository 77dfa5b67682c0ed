#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// Text of any encoding as it stands, lines kept: plain text, logs, source code, JSON, YAML, INI, and XML, of which
/// nothing is expanded. Constant memory.
void extract_text(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
