#pragma once

#include "extract/extractor.h"
#include "extract/ole/compound_file.h"

namespace assay::extract {

/// Gives the document properties ([MS-OLEPS]) of a compound file as one text part "properties" with a line
/// "name: value" each: the known summary properties and all user-defined ones. Damaged sets are cut with
/// sink.partial. Nothing when there are none.
void extract_properties(CompoundFile& file, Sink& sink);

}  // namespace assay::extract
