#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/row_stream.h"

namespace assay::connect::postgresql {

/// Appends one line of COPY's text format (manual of PostgreSQL, COPY, "Text Format"), its line end included or not, as
/// a row of cells, each cut at `most_bytes`. Binary columns are bytea in hex format. Throws core::Error(bug) when the
/// line has other than so many fields; `out` is as it was then.
void append_copy_row(std::string_view line, std::span<const model::CellKind> kinds, std::string& out,
                     size_t most_bytes = model::max_cell_bytes);

}  // namespace assay::connect::postgresql
