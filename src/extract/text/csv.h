#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// Delimited tables (RFC 4180 and its relatives: comma, semicolon, tab, pipe) as one table with the header's names. Row
/// numbers are the lines of the file at which rows start. What turns out not to be a table is given as text.
/// Constant memory.
void extract_csv(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
