#pragma once

#include "extract/extractor.h"

namespace assay::scan {

/// The extractor of a format; nullptr when there is none.
extract::ExtractFunction extractor_for(extract::Format format);

}  // namespace assay::scan
