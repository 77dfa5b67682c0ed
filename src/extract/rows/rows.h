#pragma once

#include "extract/extractor.h"

namespace assay::extract {

/// The rows of a database's table (model/row_stream.h), read once and forwards. Values that no cell can hold, binary
/// ones and texts beyond 1 MiB, wait in scratch and are given as members and texts behind the table, named
/// "COLUMN/ROW". A stream that ends without its end mark, or is malformed, is PARTIAL.
void extract_rows(Input& input, const Context& context, Sink& sink);

}  // namespace assay::extract
