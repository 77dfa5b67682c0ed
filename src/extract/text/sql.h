#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// A script of SQL: the rows that it inserts as tables, with the names of their columns; all else as text, in which the
/// values are blanked. A script with an "assay:ignore" in its first MiB is text alone: that comment is for lines.
void extract_sql(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
