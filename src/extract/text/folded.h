#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// iCalendar and vCard: the text, with folded lines joined (folded_text.h).
void extract_folded(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
