#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// One mail (RFC 5322 with MIME): headers, bodies, attachments. What has no headers is given as text.
void extract_eml(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
