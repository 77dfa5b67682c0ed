#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// True when the input begins with a ZIP record.
bool begins_like_zip(Input& input);

/// Members of a ZIP archive: those of its directory, then those that only local headers tell of. Throws
/// Failure(limit) when entries overlap and Failure(partial) when there is no entry at all to be found.
void extract_zip(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
